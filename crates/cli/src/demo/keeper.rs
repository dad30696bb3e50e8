//! The drill's keeper of evidence: the simulated one, in the same process, on the drill's clock. The reply to its first
//! deposit is lost, and there is one receipt all the same.

use std::sync::Arc;

use adjourn_adapters::deposits::{Answer, Ask, KeeperDeposits, Wire, failed};
use adjourn_app::ports::{Deposit, DepositError, Deposits};
use adjourn_connector_kit::Transport;
use adjourn_connector_kit::transport::Request;
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_sim::{FaultKind, FaultPlan, SimKeeper, SimTransport, VirtualClock, share};
use async_trait::async_trait;

/// Deposits with a keeper whose key follows from the seed. As in earnest where they are required, nothing ends without a receipt.
pub(super) fn deposits(seed: u64, clock: &Arc<VirtualClock>) -> Arc<dyn Deposits> {
    let seed = Hash::of_parts(&[b"adjourn demo keeper", &seed.to_be_bytes()]).0;
    let keeper = SimKeeper::new(seed, Arc::default());
    let key = keeper.key();
    let faults = FaultPlan::nth(1, FaultKind::ReplyLost);
    let wire = DrillWire(SimTransport::new(share(Box::new(keeper)), clock.clone(), faults));
    Arc::new(KeeperDeposits::new(wire, key, Deposit::Required))
}

/// The protocol without a socket.
struct DrillWire(SimTransport);

#[async_trait]
impl Wire for DrillWire {
    async fn ask(&self, ask: &Ask) -> Result<Answer, DepositError> {
        let (method, body) = match ask {
            Ask::Put(_, body) => ("PUT", body.clone()),
            Ask::Keeper | Ask::Get(_) => ("GET", Vec::new()),
        };
        let none = |says: String| failed(Effect::NotApplied, &says);
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
