//! The guard: what each identity was last found to be allowed to do.

use std::collections::HashMap;

use adjourn_connector_kit::{Connector, ConnectorError, Context};
use adjourn_domain::capability::{Capabilities, Op, Support};
use adjourn_domain::ids::{ConnectionId, IdentityId};
use tokio::sync::Mutex;

/// Effective capabilities by connection and identity, as last probed.
#[derive(Default)]
pub(crate) struct Effective(Mutex<HashMap<(ConnectionId, IdentityId), Capabilities>>);

impl Effective {
    /// Notes what a probe found.
    pub(crate) async fn note(
        &self,
        connection: &ConnectionId,
        identity: &IdentityId,
        capabilities: &Capabilities,
    ) {
        self.0.lock().await.insert((connection.clone(), identity.clone()), capabilities.clone());
    }

    /// Whether the identity may do `op` itself; probes once if nothing is known.
    pub(crate) async fn allows(
        &self,
        connector: &dyn Connector,
        cx: &Context<'_>,
        op: Op,
    ) -> Result<bool, ConnectorError> {
        // What the connector can never do is refused without asking the platform anything.
        if !connector
            .descriptor()
            .capabilities
            .iter()
            .any(|row| row.op == op && row.support != Support::Unsupported)
        {
            return Ok(false);
        }
        let key = (cx.connection.clone(), cx.identity.clone());
        let known = self.0.lock().await.get(&key).map(|capabilities| capabilities.support(op));
        let support = if let Some(support) = known {
            support
        } else {
            let info = connector.whoami(cx).await?;
            let support = info.capabilities.support(op);
            self.0.lock().await.insert(key, info.capabilities);
            support
        };
        Ok(matches!(support, Support::Native | Support::Emulated))
    }
}
