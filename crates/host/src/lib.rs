//! The host: runs connectors for the use cases.
//!
//! It refuses what is not effective before any I/O, gives every call its context (transport, time, settings, secrets of
//! the identity), reads irreversible effects back through a witness, and turns a connector's error into the port's.

mod ears;
mod guard;
mod inbox;
mod links;
mod listening;
mod pushed;
mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_app::ports::{Call, Clock, Delivery, Hearing, Inspected, Kept, Keys, PlatformError, Platforms};
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Kind, Order, Retry, Secret, Tokens, Transport,
};
use adjourn_domain::call::{CountPage, ExportPage, GroupRef, Heard, IdentityInfo, Memo, ReadBack};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{IdentityId, NativeId, PlatformId};
use adjourn_domain::plan::Note;
use adjourn_domain::verdict::Signal;
use async_trait::async_trait;

pub use ears::Ears;
pub use inbox::InboxLinks;
pub use links::{HttpLinks, Links, PausedFn};

/// Pages of a listing, at most.
const MAX_PAGES: usize = 100_000;
/// Pages in a row that bring no group that was not there before, at most.
const MAX_IDLE_PAGES: usize = 100;

/// Gives the connector of a platform.
pub type Catalog = Arc<dyn Fn(&PlatformId, bool) -> Option<Box<dyn Connector>> + Send + Sync>;

/// Runs connectors.
pub struct Host {
    catalog: Catalog,
    links: Arc<dyn Links>,
    ears: Arc<dyn Ears>,
    keys: Arc<dyn Keys>,
    clock: Arc<dyn Clock>,
    kept: Option<Arc<dyn Kept>>,
    effective: guard::Effective,
    tokens: tokens::Kept,
}

impl Host {
    /// A host over a catalogue of connectors and the ways to their platforms. Its connectors know nothing of what platforms
    /// told by themselves.
    pub fn new(catalog: Catalog, links: Arc<dyn Links>, keys: Arc<dyn Keys>, clock: Arc<dyn Clock>) -> Self {
        Self {
            catalog,
            links,
            ears: Arc::new(ears::Deaf),
            keys,
            clock,
            kept: None,
            effective: guard::Effective::default(),
            tokens: tokens::Kept::default(),
        }
    }

    /// The same host, whose connectors know what was kept of what platforms told by themselves.
    #[must_use]
    pub fn with_kept(self, kept: Arc<dyn Kept>) -> Self {
        Self { kept: Some(kept), ..self }
    }

    /// The same, with what platforms tell by themselves.
    #[must_use]
    pub fn with_ears(self, ears: Arc<dyn Ears>) -> Self {
        Self { ears, ..self }
    }

    fn open<'a>(
        &self,
        connection: &'a Connection,
        identity: &'a IdentitySpec,
    ) -> Result<Open<'a>, PlatformError> {
        let connector =
            (self.catalog)(&connection.platform, connection.drill).ok_or_else(|| PlatformError {
                code: "platform.unknown",
                effect: Effect::NotApplied,
                retry_s: None,
                passing: false,
                says: connection.platform.to_string(),
            })?;
        let transport = self.links.link(connection, identity).map_err(|error| port(&error))?;
        let secrets = self
            .keys
            .secrets(connection.id.as_str(), identity.id.as_str())
            .map_err(|error| PlatformError {
                code: error.code(),
                effect: Effect::NotApplied,
                retry_s: None,
                passing: false,
                says: error.to_string(),
            })?
            .into_iter()
            .map(|(name, value)| (name, Secret::new(value)))
            .collect();
        let tokens = self.tokens.of(&connection.id, &identity.id);
        let heard = self.ears.heard(connection, identity);
        Ok(Open { connector, transport, secrets, tokens, heard, connection, identity })
    }

    fn actor<'a>(&self, connection: &'a Connection) -> Result<Open<'a>, PlatformError> {
        let identity = connection.identities.iter().find(|identity| !identity.witness);
        self.open(connection, identity.ok_or_else(no_identity)?)
    }

    fn context<'a>(&self, open: &'a Open<'_>) -> Context<'a> {
        Context {
            transport: &*open.transport,
            now: self.clock.now(),
            connection: &open.connection.id,
            identity: &open.identity.id,
            witness: open.identity.witness,
            settings: &open.connection.settings,
            secrets: &open.secrets,
            tokens: &open.tokens,
            heard: &open.heard,
        }
    }

    /// Who the acting identity is, and what it may do.
    async fn ask_who(&self, open: &Open<'_>) -> Result<IdentityInfo, PlatformError> {
        let info = open.connector.whoami(&self.context(open)).await.map_err(|error| port(&error))?;
        self.effective.note(&open.connection.id, &open.identity.id, &info.capabilities).await;
        Ok(info)
    }

    /// Refuses `op` unless it is effective for the acting identity, before any call of that operation.
    async fn guard(&self, open: &Open<'_>, op: Op) -> Result<(), PlatformError> {
        let cx = self.context(open);
        let allowed = self.effective.allows(&*open.connector, &cx, op).await.map_err(|error| port(&error))?;
        if allowed { Ok(()) } else { Err(port(&ConnectorError::unsupported(op))) }
    }
}

/// A connector with everything that one identity needs.
struct Open<'a> {
    connector: Box<dyn Connector>,
    transport: Arc<dyn Transport>,
    secrets: BTreeMap<String, Secret>,
    tokens: Arc<Tokens>,
    heard: Vec<Heard>,
    connection: &'a Connection,
    identity: &'a IdentitySpec,
}

fn inspected(open: &Open<'_>, info: IdentityInfo, snapshot: Snapshot) -> Inspected {
    let descriptor = open.connector.descriptor();
    let mut capabilities = open.connector.narrow(info.capabilities, &snapshot);
    // Making a group is done to no group that is there; no plan is stale because it became possible.
    capabilities.0.retain(|row| row.op != Op::Create);
    Inspected {
        capabilities,
        snapshot,
        own_account: info.account,
        residue: descriptor.residue.clone(),
        unknown: descriptor.unknown.clone(),
        max_announcement: descriptor.max_announcement,
    }
}

/// A listing without an end. Asked again, it would have none either.
fn endless(says: &str) -> ConnectorError {
    ConnectorError::protocol(says).retry(Retry::Never)
}

fn no_identity() -> PlatformError {
    PlatformError {
        code: "config.missing",
        effect: Effect::NotApplied,
        retry_s: None,
        passing: false,
        says: "identity".to_owned(),
    }
}

/// A connector's error as the port's.
fn port(error: &ConnectorError) -> PlatformError {
    let retry_s = match error.retry {
        Retry::After(seconds) => Some(seconds),
        Retry::Never | Retry::Backoff => None,
    };
    let upstream = if error.upstream.is_empty() { String::new() } else { format!(" ({})", error.upstream) };
    PlatformError {
        code: error.kind.code(),
        effect: error.effect,
        retry_s,
        passing: error.retry != Retry::Never,
        says: format!("{}{upstream}", error.says),
    }
}

fn order(call: &Call) -> Order {
    Order {
        op: call.op,
        group: call.group.clone(),
        key: call.key.clone(),
        undo: call.undo,
        params: call.params.clone(),
        memo: call.memo.clone(),
    }
}

#[async_trait]
impl Platforms for Host {
    async fn whoami(
        &self,
        connection: &Connection,
        identity: &IdentityId,
    ) -> Result<IdentityInfo, PlatformError> {
        let spec = connection.identities.iter().find(|spec| spec.id == *identity).ok_or_else(no_identity)?;
        let open = self.open(connection, spec)?;
        let info = open.connector.whoami(&self.context(&open)).await.map_err(|error| port(&error))?;
        self.effective.note(&connection.id, &spec.id, &info.capabilities).await;
        Ok(info)
    }

    fn pushed(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<Heard>, PlatformError> {
        self.read_delivery(connection, identity, delivery, |events, cx, request| events.pushed(cx, request))
    }

    fn greeted(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<u8>, PlatformError> {
        self.read_delivery(connection, identity, delivery, |events, cx, request| events.greeted(cx, request))
    }

    async fn stream(
        &self,
        connection: &Connection,
        identity: &IdentityId,
    ) -> Result<Box<dyn Hearing>, PlatformError> {
        self.open_stream(connection, identity).await
    }

    async fn list(&self, connection: &Connection) -> Result<Vec<GroupRef>, PlatformError> {
        let open = self.actor(connection)?;
        let mut all: BTreeMap<NativeId, GroupRef> = BTreeMap::new();
        let mut cursor: Option<String> = None;
        let mut idle = 0;
        for _ in 0..MAX_PAGES {
            let cx = self.context(&open);
            let page = open.connector.list(&cx, cursor.as_deref()).await.map_err(|error| port(&error))?;
            let before = all.len();
            all.extend(page.items.into_iter().map(|item| (item.native.clone(), item)));
            if page.next.is_none() {
                return Ok(all.into_values().collect());
            }
            idle = if all.len() > before { 0 } else { idle + 1 };
            if page.next == cursor || idle > MAX_IDLE_PAGES {
                return Err(port(&endless("the listing repeats a page")));
            }
            cursor = page.next;
        }
        // What is there of it is not all of it.
        Err(port(&endless("the listing does not end")))
    }

    async fn inspect(&self, connection: &Connection, group: &NativeId) -> Result<Inspected, PlatformError> {
        let open = self.actor(connection)?;
        let info = self.ask_who(&open).await?;
        let snapshot = open.connector.get(&self.context(&open), group).await.map_err(|error| port(&error))?;
        Ok(inspected(&open, info, snapshot))
    }

    async fn inspect_unseen(
        &self,
        connection: &Connection,
        snapshot: Snapshot,
    ) -> Result<Inspected, PlatformError> {
        let open = self.actor(connection)?;
        let info = self.ask_who(&open).await?;
        Ok(inspected(&open, info, snapshot))
    }

    async fn act(&self, connection: &Connection, call: &Call) -> Result<Memo, PlatformError> {
        let mut open = self.actor(connection)?;
        self.remember(&mut open, &call.group).await?;
        self.guard(&open, call.op).await?;
        let verb = open.connector.verb(call.op).ok_or_else(|| port(&ConnectorError::unsupported(call.op)))?;
        verb.act(&self.context(&open), &order(call)).await.map_err(|error| port(&error))
    }

    async fn read_back(&self, connection: &Connection, call: &Call) -> Result<ReadBack, PlatformError> {
        let witness = connection.identities.iter().find(|identity| identity.witness);
        let mut open = match witness.filter(|_| call.through_witness()) {
            Some(witness) => self.open(connection, witness)?,
            None => self.actor(connection)?,
        };
        self.remember(&mut open, &call.group).await?;
        let verb = open.connector.verb(call.op).ok_or_else(|| port(&ConnectorError::unsupported(call.op)))?;
        verb.read_back(&self.context(&open), &order(call)).await.map_err(|error| port(&error))
    }

    async fn export_page(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, PlatformError> {
        let open = self.actor(connection)?;
        self.guard(&open, Op::Export).await?;
        let exporter =
            open.connector.exporter().ok_or_else(|| port(&ConnectorError::unsupported(Op::Export)))?;
        exporter.page(&self.context(&open), group, cursor).await.map_err(|error| port(&error))
    }

    async fn export_beyond(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<ExportPage>, PlatformError> {
        let open = self.actor(connection)?;
        self.guard(&open, Op::Export).await?;
        let exporter =
            open.connector.exporter().ok_or_else(|| port(&ConnectorError::unsupported(Op::Export)))?;
        exporter.beyond(&self.context(&open), group, cursor).await.map_err(|error| port(&error))
    }

    async fn recount(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<CountPage>, PlatformError> {
        let open = self.actor(connection)?;
        self.guard(&open, Op::Export).await?;
        let exporter =
            open.connector.exporter().ok_or_else(|| port(&ConnectorError::unsupported(Op::Export)))?;
        exporter.recount(&self.context(&open), group, cursor).await.map_err(|error| port(&error))
    }

    async fn count(&self, connection: &Connection, group: &NativeId) -> Result<Option<u64>, PlatformError> {
        let open = self.actor(connection)?;
        let exporter =
            open.connector.exporter().ok_or_else(|| port(&ConnectorError::unsupported(Op::Export)))?;
        exporter.count(&self.context(&open), group).await.map_err(|error| port(&error))
    }

    async fn gaps(&self, connection: &Connection, group: &NativeId) -> Result<Vec<Note>, PlatformError> {
        let open = self.actor(connection)?;
        let exporter =
            open.connector.exporter().ok_or_else(|| port(&ConnectorError::unsupported(Op::Export)))?;
        exporter.gaps(&self.context(&open), group).await.map_err(|error| port(&error))
    }

    async fn media(
        &self,
        connection: &Connection,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Vec<u8>, PlatformError> {
        let open = self.actor(connection)?;
        let exporter =
            open.connector.exporter().ok_or_else(|| port(&ConnectorError::unsupported(Op::Export)))?;
        let media = exporter.media(&self.context(&open), group, id).await;
        media.map(|bytes| bytes.to_vec()).map_err(|error| match error.kind {
            Kind::NotFound => PlatformError { code: "group.unknown", ..port(&error) },
            _ => port(&error),
        })
    }

    async fn probe(
        &self,
        connection: &Connection,
        group: &NativeId,
        known: Option<&NativeId>,
    ) -> Vec<Signal> {
        let mut signals = Vec::new();
        for identity in &connection.identities {
            let Ok(mut open) = self.open(connection, identity) else { continue };
            // What can't be read is not known; the other signals still count.
            let _ = self.remember(&mut open, group).await;
            if let Some(verifier) = open.connector.verifier() {
                signals.extend(verifier.signals(&self.context(&open), group, known).await);
            }
        }
        signals
    }
}
