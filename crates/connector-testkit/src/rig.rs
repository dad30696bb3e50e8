//! One seeded world with the connector in front of it, and the short ways to use both.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::task::{Poll, Waker};

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{PersonActs, Seeded};
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, GroupRef, Heard, IdentityInfo, Memo, Order, ReadBack, Tokens,
};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::group::{LinkKind, Snapshot, Standing};
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::message::Record;
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Signal;
use adjourn_sim::{FaultPlan, Inbox, Shared, SimTransport, VirtualClock, listen, share};
use serde_json::{Map, Value};

/// Most pages, and most looks at something that takes a while.
const MAX_TURNS: usize = 200;
/// When every case begins; later than all seeded history.
const BEGIN_MS: i64 = 1_795_420_800_000;

/// Through whose eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The identity that acts.
    Main,
    /// The witness.
    Witness,
    /// An identity with secrets that the platform refuses.
    Wrong,
    /// An identity whose secrets have expired.
    Expired,
    /// An identity that may do nothing.
    Powerless,
}

/// A connector in front of a seeded world.
pub struct Rig {
    /// The connector.
    pub connector: Box<dyn Connector>,
    /// The busy group.
    pub busy: NativeId,
    /// The quiet group.
    pub quiet: NativeId,
    /// Number of groups in the listing.
    pub groups: usize,
    /// Number of records of the busy group.
    pub records: usize,
    /// Settings of the connection.
    pub settings: BTreeMap<String, String>,
    /// The clock.
    pub clock: Arc<VirtualClock>,
    secrets: [BTreeMap<String, Secret>; 5],
    person: Option<PersonActs>,
    simulator: Shared,
    connection: ConnectionId,
    identities: [IdentityId; 5],
    inbox: Inbox,
    /// Sessions on which the platform tells the acting identity and the witness of its own accord.
    ears: Vec<(Who, u64)>,
    tokens: Tokens,
}

/// Pages, each with the cursor that leads to it.
pub type Pages<T> = Vec<(Option<String>, Vec<T>)>;

/// Runs a future that never waits.
///
/// # Errors
/// When it does wait: a connector has nothing to wait for but its transport.
pub fn now<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err("the connector waits for something that is not its transport".to_owned()),
    }
}

/// A result with its error in words.
///
/// # Errors
/// The same error in words.
pub fn told<T>(what: &str, result: Result<T, ConnectorError>) -> Result<T, String> {
    result.map_err(|error| format!("{what}: {error} (effect {:?})", error.effect))
}

impl Rig {
    /// Puts the connector in front of the world.
    pub fn new(connector: Box<dyn Connector>, seeded: Seeded) -> Self {
        let names = ["main", "witness", "wrong", "expired", "powerless"];
        let (simulator, inbox) = listen(seeded.simulator);
        let rig = Self {
            connector,
            busy: seeded.busy,
            quiet: seeded.quiet,
            groups: seeded.groups,
            records: seeded.records,
            settings: seeded.settings,
            clock: VirtualClock::at(Time::from_millis(BEGIN_MS)),
            secrets: [
                seeded.secrets,
                seeded.witness_secrets,
                seeded.wrong_secrets,
                seeded.expired_secrets,
                seeded.powerless_secrets,
            ],
            person: seeded.person,
            simulator: share(simulator),
            connection: ConnectionId::from("suite"),
            identities: names.map(IdentityId::from),
            // A token that is got for every call is one more request that can fail.
            tokens: Tokens::forgetful(),
            inbox,
            ears: Vec::new(),
        };
        rig.listening()
    }

    /// Opens the streams of the identities that look, where the platform has any.
    fn listening(mut self) -> Self {
        let Some(events) = self.connector.events() else { return self };
        let door = self.door(FaultPlan::none());
        let mut ears = Vec::new();
        for who in [Who::Main, Who::Witness] {
            // A platform that only pushes opens none.
            let cx = self.deaf(who, &door, &self.settings, self.secrets(who));
            if let Ok(Ok(request)) = now(events.stream(&cx)) {
                ears.push((who, self.inbox.open(&self.simulator, self.clock.now(), request)));
            }
        }
        self.ears = ears;
        self
    }

    /// What an identity heard so far. It has to outlive every context, and a suite's process is short.
    fn heard(&self, who: Who) -> &'static [Heard] {
        let (Some(events), door) = (self.connector.events(), self.door(FaultPlan::none())) else {
            return &[];
        };
        let cx = self.deaf(who, &door, &self.settings, self.secrets(who));
        let frames = self.ears.iter().filter(|(ear, _)| *ear == who);
        let frames = frames.flat_map(|(_, session)| self.inbox.frames(*session));
        let heard: Vec<Heard> =
            frames.flat_map(|bytes| events.frame(&cx, &bytes).unwrap_or_default().heard).collect();
        if heard.is_empty() { &[] } else { Box::leak(heard.into_boxed_slice()) }
    }

    /// A way to the simulator, with what goes wrong on it.
    pub fn door(&self, plan: FaultPlan) -> SimTransport {
        SimTransport::new(self.simulator.clone(), self.clock.clone(), plan)
    }

    /// What a connector gets for a call.
    pub fn cx<'a>(&'a self, who: Who, door: &'a SimTransport) -> Context<'a> {
        self.cx_with(who, door, &self.settings, self.secrets(who))
    }

    /// The same with other settings and secrets.
    pub fn cx_with<'a>(
        &'a self,
        who: Who,
        door: &'a SimTransport,
        settings: &'a BTreeMap<String, String>,
        secrets: &'a BTreeMap<String, Secret>,
    ) -> Context<'a> {
        Context { heard: self.heard(who), ..self.deaf(who, door, settings, secrets) }
    }

    /// The same for an identity that was told nothing.
    fn deaf<'a>(
        &'a self,
        who: Who,
        door: &'a SimTransport,
        settings: &'a BTreeMap<String, String>,
        secrets: &'a BTreeMap<String, Secret>,
    ) -> Context<'a> {
        let [main, witness, wrong, expired, powerless] = &self.identities;
        let identity = match who {
            Who::Main => main,
            Who::Witness => witness,
            Who::Wrong => wrong,
            Who::Expired => expired,
            Who::Powerless => powerless,
        };
        Context {
            transport: door,
            now: self.clock.now(),
            connection: &self.connection,
            identity,
            witness: who == Who::Witness,
            settings,
            secrets,
            tokens: &self.tokens,
            heard: &[],
        }
    }

    /// The secrets of an identity.
    pub fn secrets(&self, who: Who) -> &BTreeMap<String, Secret> {
        let [main, witness, wrong, expired, powerless] = &self.secrets;
        match who {
            Who::Main => main,
            Who::Witness => witness,
            Who::Wrong => wrong,
            Who::Expired => expired,
            Who::Powerless => powerless,
        }
    }

    /// Who an identity is.
    pub fn whoami(&self, who: Who, door: &SimTransport) -> Result<IdentityInfo, ConnectorError> {
        self.read(who, door, |cx, connector| now(connector.whoami(cx)))
    }

    fn read<T>(
        &self,
        who: Who,
        door: &SimTransport,
        ask: impl FnOnce(&Context<'_>, &dyn Connector) -> Result<Result<T, ConnectorError>, String>,
    ) -> Result<T, ConnectorError> {
        let cx = self.cx(who, door);
        ask(&cx, self.connector.as_ref())
            .unwrap_or_else(|says| Err(ConnectorError::new(adjourn_connector_kit::Kind::Protocol, says)))
    }

    /// All pages of the listing, from `cursor`; each page with the cursor that leads to it.
    pub fn list(
        &self,
        who: Who,
        door: &SimTransport,
        cursor: Option<String>,
    ) -> Result<Pages<GroupRef>, ConnectorError> {
        pages(cursor, |cursor| {
            let page = self.read(who, door, |cx, connector| now(connector.list(cx, cursor)))?;
            Ok((page.items, page.next))
        })
    }

    /// All pages of a history, from `cursor`; each page with the cursor that leads to it.
    pub fn history(
        &self,
        group: &NativeId,
        door: &SimTransport,
        cursor: Option<String>,
    ) -> Result<Pages<Record>, ConnectorError> {
        let unsupported = || ConnectorError::unsupported(Op::Export);
        let exporter = self.connector.exporter().ok_or_else(unsupported)?;
        pages(cursor, |cursor| {
            let page = self.read(Who::Main, door, |cx, _| now(exporter.page(cx, group, cursor)))?;
            Ok((page.records, page.next))
        })
    }

    /// A group.
    pub fn get(&self, group: &NativeId, door: &SimTransport) -> Result<Snapshot, ConnectorError> {
        self.read(Who::Main, door, |cx, connector| now(connector.get(cx, group)))
    }

    /// An order as a plan's step and the host give it. The link is the first that is neither our own nor money; the
    /// media are what the export found; the new owner is the first person who is none yet.
    pub fn order(&self, op: Op, group: &NativeId) -> Order {
        let mut params = Map::new();
        if op == Op::RemoveMedia {
            let pages = self.history(group, &self.door(FaultPlan::none()), None).unwrap_or_default();
            let files =
                pages.into_iter().flat_map(|(_, records)| records).flat_map(|record| record.attachments);
            params.insert("media".to_owned(), files.map(|file| Value::from(file.id.as_str())).collect());
        }
        if op == Op::Announce {
            params.insert(
                "text".to_owned(),
                Value::from("\u{516c}\u{544a}: this group ends on Friday <b>&amp;</b> @all"),
            );
        }
        if op == Op::Unlink {
            let links =
                self.get(group, &self.door(FaultPlan::none())).map(|seen| seen.links).unwrap_or_default();
            if let Some(link) = links.iter().find(|link| !link.own && link.kind != LinkKind::Payment) {
                params.insert("link".to_owned(), Value::from(link.id.as_str()));
                params.insert("link_kind".to_owned(), Value::from(link.kind.slug()));
                params.insert("link_name".to_owned(), Value::from(link.name.as_str()));
            }
        }
        if op == Op::Transfer {
            let seen = self.get(group, &self.door(FaultPlan::none()));
            let members = seen.map(|seen| seen.members).unwrap_or_default();
            let (owners, others): (Vec<_>, Vec<_>) =
                members.iter().partition(|member| member.standing == Standing::Owner);
            if let Some(other) = others.iter().find(|member| !member.bot) {
                params.insert("to".to_owned(), Value::from(other.id.as_str()));
            }
            let owners = owners.iter().map(|owner| Value::from(owner.id.as_str()));
            params.insert("from".to_owned(), owners.collect());
        }
        if op == Op::Create {
            return self.creation(group, "n-suite:create");
        }
        let key = format!("{group}:01-{}", op.slug());
        Order { op, group: group.clone(), key, undo: false, params, memo: Value::Null }
    }

    /// An order for a new group under `key`, with somebody of `group` in it.
    pub fn creation(&self, group: &NativeId, key: &str) -> Order {
        let door = self.door(FaultPlan::none());
        let own = self.whoami(Who::Main, &door).map_or_else(|_| "".into(), |info| info.account);
        let members = self.get(group, &door).map(|seen| seen.members).unwrap_or_default();
        let other = members.iter().filter(|member| !member.bot && member.id != own);
        let members: Vec<Value> = other.take(2).map(|member| Value::from(member.id.as_str())).collect();
        let mut params = Map::new();
        params.insert("name".to_owned(), Value::from("Audit Y-\u{9879}\u{76ee} 2026"));
        params.insert("kind".to_owned(), Value::from("ordinary"));
        params.insert("members".to_owned(), Value::from(members));
        let key = key.to_owned();
        Order { op: Op::Create, group: "".into(), key, undo: false, params, memo: Value::Null }
    }

    /// Makes the call of an order.
    pub fn act(&self, who: Who, door: &SimTransport, order: &Order) -> Result<Memo, ConnectorError> {
        let verb = self.connector.verb(order.op).ok_or_else(|| ConnectorError::unsupported(order.op))?;
        self.read(who, door, |cx, _| now(verb.act(cx, order)))
    }

    /// Reads back until it is known, as the worker would: later when told so, with what it was told to remember, and
    /// through a witness where the verb is irreversible.
    pub fn read_back(&self, order: &Order) -> Result<Effect, ConnectorError> {
        self.found(order).map(|found| found.effect)
    }

    /// The same, with what is to be remembered.
    pub fn found(&self, order: &Order) -> Result<ReadBack, ConnectorError> {
        let verb = self.connector.verb(order.op).ok_or_else(|| ConnectorError::unsupported(order.op))?;
        let through = match order.op {
            Op::Dissolve | Op::Purge | Op::RemoveMedia | Op::Restore => Who::Witness,
            _ => Who::Main,
        };
        let door = self.door(FaultPlan::none());
        let mut order = order.clone();
        for _ in 0..MAX_TURNS {
            let found: ReadBack = self.read(through, &door, |cx, _| now(verb.read_back(cx, &order)))?;
            if found.effect != Effect::Unknown {
                return Ok(found);
            }
            if !found.memo.is_null() {
                order.memo = found.memo;
            }
            // What nobody can ever tell is not asked for again.
            let Some(retry_s) = found.retry_s else { return Ok(ReadBack::unknowable()) };
            self.clock.advance_secs(retry_s.max(1));
        }
        Ok(ReadBack::unknowable())
    }

    /// How often the effect really happened.
    pub fn effects(&self, op: Op, group: &NativeId) -> u32 {
        let simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        simulator.effects().get(&(op, group.clone())).copied().unwrap_or(0)
    }

    /// The same, where a new group's id is not known before: then in all groups.
    pub fn times(&self, op: Op, group: &NativeId) -> u32 {
        if op != Op::Create {
            return self.effects(op, group);
        }
        let simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        simulator.effects().iter().filter(|((of, _), _)| *of == op).map(|(_, times)| times).sum()
    }

    /// A person does it in the platform's own client.
    ///
    /// # Errors
    /// When the world has no person.
    pub fn person(&self, op: Op, group: &NativeId) -> Result<(), String> {
        let person = self.person.ok_or("an operation is assisted, and the world has no person")?;
        let mut simulator = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        person(simulator.as_mut(), op, group, self.clock.now());
        Ok(())
    }

    /// All signals of the acting identity and of the witness.
    ///
    /// # Errors
    /// When the connector waits for something.
    pub fn signals(
        &self,
        group: &NativeId,
        known: Option<&NativeId>,
        door: &SimTransport,
    ) -> Result<Vec<Signal>, String> {
        let Some(verifier) = self.connector.verifier() else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for who in [Who::Main, Who::Witness] {
            all.extend(now(verifier.signals(&self.cx(who, door), group, known))?);
        }
        Ok(all)
    }
}

/// Walks pages. A cursor that comes again ends the walk with an error, as the contract says.
fn pages<T>(
    from: Option<String>,
    mut page: impl FnMut(Option<&str>) -> Result<(Vec<T>, Option<String>), ConnectorError>,
) -> Result<Pages<T>, ConnectorError> {
    let mut cursor = from;
    let mut seen = Vec::new();
    let mut all = Vec::new();
    for _ in 0..MAX_TURNS {
        let (items, next) = page(cursor.as_deref())?;
        all.push((cursor.clone(), items));
        let Some(next) = next else { return Ok(all) };
        if cursor.as_ref() == Some(&next) || seen.contains(&next) {
            return Err(ConnectorError::protocol("a cursor came again"));
        }
        seen.push(next.clone());
        cursor = Some(next);
    }
    Err(ConnectorError::protocol("pages without end"))
}
