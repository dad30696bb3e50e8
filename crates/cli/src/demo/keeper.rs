//! The drill's keeper of evidence: the simulated one, in the same process, on the drill's clock. The reply to its first
//! deposit is lost, and there is one receipt all the same.

use std::sync::{Arc, Mutex};

use adjourn_adapters::deposits::{Answer, Ask, KeeperDeposits, Wire, failed};
use adjourn_app::ports::{Deposit, DepositError, Deposits};
use adjourn_connector_kit::Transport;
use adjourn_connector_kit::transport::Request;
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_evidence::deposit::KeeperKey;
use adjourn_sim::{FaultKind, FaultPlan, Manner, SimKeeper, SimTransport, VirtualClock, share};
use async_trait::async_trait;

/// Deposits with a keeper whose key follows from the drill's seed: without its receipts nothing is sealed or closed.
pub(super) fn deposits(drill: u64, clock: &Arc<VirtualClock>) -> Arc<dyn Deposits> {
    let faults = FaultPlan::nth(1, FaultKind::ReplyLost);
    let (wire, key) = wire(seed(drill), Manner::Honest, faults, clock);
    Arc::new(KeeperDeposits::new(wire, key, Deposit::Required))
}

/// The seed of the keeper's key.
pub(super) fn seed(drill: u64) -> [u8; 32] {
    Hash::of_parts(&[b"adjourn demo keeper", &drill.to_be_bytes()]).0
}

/// The way to a keeper, and its key.
pub(super) fn wire(
    seed: [u8; 32],
    manner: Manner,
    faults: FaultPlan,
    clock: &Arc<VirtualClock>,
) -> (DrillWire, KeeperKey) {
    let keeper = SimKeeper::new(seed, Arc::new(Mutex::new(manner)));
    let key = keeper.key();
    (DrillWire(SimTransport::new(share(Box::new(keeper)), clock.clone(), faults)), key)
}

/// The protocol without a socket.
pub(super) struct DrillWire(SimTransport);

#[async_trait]
impl Wire for DrillWire {
    async fn ask(&self, ask: &Ask) -> Result<Answer, DepositError> {
        let none = |says: String| failed(Effect::NotApplied, &says);
        let (method, body) = match ask {
            Ask::Put(_, body) => ("PUT", body.clone()),
            Ask::Keeper | Ask::Get(_) => ("GET", Vec::new()),
        };
        let mut request = Request::new(body.into());
        *request.method_mut() = method.parse().map_err(|_| none(method.to_owned()))?;
        let uri = format!("http://keeper.invalid/{}", ask.path());
        *request.uri_mut() = uri.parse().map_err(|_| none(uri))?;
        let reply = self.0.call(request).await.map_err(|error| {
            let effect = if error.cause.before_sending() { Effect::NotApplied } else { Effect::Unknown };
            failed(effect, &error.says)
        })?;
        Ok(Answer { status: reply.status().as_u16(), body: reply.body().to_vec() })
    }
}
