//! The inventory: which groups there are, as seen by which identity and when.

use std::collections::BTreeSet;

use adjourn_domain::capability::{Op as CallOp, Support};
use adjourn_domain::event::Connection;
use adjourn_domain::group::{Activity, Snapshot};
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId, PrincipalId};
use adjourn_domain::register::LEDGER;
use adjourn_domain::run::{GroupState, Phase, Run, RunCommand};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Verdict;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::AppError;
use crate::journal::Tx;
use crate::ports::{Inspected, KeyId};
use crate::register::{Entry, OwedEntry};

mod book;
mod lines;
mod place;

pub use book::{Book, Page, Wanted};
pub use place::{place, stop};

/// A group's line in the inventory: a read model, encrypted under the group's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The group.
    pub group: GroupId,
    /// Its platform.
    pub platform: String,
    /// The connection.
    pub connection: ConnectionId,
    /// The platform's id.
    pub native: NativeId,
    /// The name; `None` when it has none.
    pub name: Option<String>,
    /// The alias.
    pub alias: Option<String>,
    /// Owners.
    pub owners: Vec<NativeId>,
    /// Whether nobody has told who owns it.
    #[serde(default)]
    pub owner_unknown: bool,
    /// Number of members.
    pub members: usize,
    /// Whether nobody has told who is in it; the number is then of those who are known.
    #[serde(default)]
    pub members_unknown: bool,
    /// Number of links.
    pub links: usize,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Last activity.
    pub activity: Activity,
    /// Its class.
    pub class: String,
    /// Its place on the way, a slug.
    pub state: String,
    /// The case that it is in.
    pub case: Option<String>,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// Number of holds.
    pub holds: usize,
    /// When it was seen.
    pub seen_at: Time,
    /// By which identity.
    pub seen_by: String,
    /// What the register says; `None` when it does not name the group.
    #[serde(default)]
    pub register: Option<Entry>,
    /// Whether it is known to be over, so that nobody has to look after it any more.
    #[serde(default)]
    pub over: bool,
    /// Successors that are owed.
    #[serde(default)]
    pub owed: Vec<OwedEntry>,
    /// Whether there is a record to keep: a case had it, or somebody has decided about its record.
    #[serde(default)]
    pub recorded: bool,
    /// Who has to accept the handover of its work and has not.
    #[serde(default)]
    pub nominee: Option<PrincipalId>,
    /// The form that the line was written in; lines of an older form are made anew when they are read.
    #[serde(default)]
    pub form: u8,
}

/// The form of lines that are written now.
const FORM: u8 = 2;

impl Card {
    /// The name for people.
    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.alias.as_deref()).unwrap_or(self.native.as_str())
    }

    /// The card of a group, if it was ever seen.
    pub fn of(group: &GroupState) -> Option<Self> {
        let snapshot = group.snapshot.as_ref()?;
        Some(Self {
            group: group.id.clone(),
            platform: snapshot.platform.to_string(),
            connection: snapshot.connection.clone(),
            native: snapshot.native.clone(),
            name: snapshot.name.clone(),
            alias: snapshot.alias.clone(),
            owners: snapshot.owners.clone(),
            // A ledger's word is no platform's: nobody has looked yet.
            owner_unknown: snapshot.owner_unknown() || snapshot.seen_by.as_str() == LEDGER,
            members: snapshot.members.len(),
            members_unknown: snapshot.members_unknown() || snapshot.seen_by.as_str() == LEDGER,
            links: snapshot.links.len(),
            encrypted: snapshot.encrypted,
            activity: snapshot.activity,
            class: group.class.clone(),
            state: place(group).to_owned(),
            case: group.run.as_ref().map(|run| run.case.to_string()),
            verdict: group.run.as_ref().and_then(|run| run.verdict),
            holds: group.holds.len(),
            seen_at: snapshot.seen_at,
            seen_by: snapshot.seen_by.to_string(),
            register: Entry::of(group),
            over: group.over(),
            owed: OwedEntry::of(group),
            nominee: waits_for_nominee(group).cloned(),
            recorded: group.run.is_some() || group.records.review.is_some(),
            form: FORM,
        })
    }
}

/// Who has to accept the handover of a group's work and has not, while its run goes on.
pub fn waits_for_nominee(group: &GroupState) -> Option<&PrincipalId> {
    let open = |run: &&Run| run.accepted_at.is_none() && matches!(run.phase, Phase::Active | Phase::Paused);
    group.run.as_ref().filter(open)?.part.way.nominee.as_ref()
}

/// What of a group its line of the inventory depends on: two states with the same one have the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardKey {
    seen_at: Option<Time>,
    place: &'static str,
    verdict: Option<Verdict>,
    holds: usize,
    started_at: Option<Time>,
    nominee: Option<PrincipalId>,
    class: String,
}

impl CardKey {
    /// The key of a group.
    pub fn of(group: &GroupState) -> Self {
        Self {
            seen_at: group.snapshot.as_ref().map(|snapshot| snapshot.seen_at),
            place: place(group),
            verdict: group.run.as_ref().and_then(|run| run.verdict),
            holds: group.holds.len(),
            started_at: group.run.as_ref().map(|run| run.started_at),
            nominee: waits_for_nominee(group).cloned(),
            class: group.class.clone(),
        }
    }
}

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ScanReport {
    /// Seen for the first time.
    pub new: Vec<GroupId>,
    /// Seen changed.
    pub changed: Vec<GroupId>,
    /// Seen as before.
    pub same: usize,
    /// Known, and no longer in the listing. Not seen is not gone.
    pub not_seen: Vec<GroupId>,
    /// Of these, what an identity has seen before and nobody has proved gone: to be looked into.
    pub vanished: Vec<GroupId>,
    /// Groups whose owners are others than at the last look.
    pub owner_changed: Vec<OwnerChange>,
    /// Seen, and not in the register.
    pub unregistered: Vec<GroupId>,
    /// Groups that are owed no successor any more, because another owner was seen.
    pub settled: Vec<GroupId>,
    /// Listed, and could not be looked at.
    pub failed: Vec<FailedLook>,
}

/// Who owned a group at the last look, and who does now, as accounts of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerChange {
    /// The group.
    pub group: GroupId,
    /// Before.
    pub before: Vec<NativeId>,
    /// Now.
    pub after: Vec<NativeId>,
}

impl OwnerChange {
    /// The change between two looks. A ledger's word, or a look that told nothing, is none.
    fn between(before: &GroupState, after: &GroupState) -> Option<Self> {
        let (old, new) = (before.snapshot.as_ref()?, after.snapshot.as_ref()?);
        let told = |snapshot: &Snapshot| !snapshot.owner_unknown() && snapshot.seen_by.as_str() != LEDGER;
        (told(old) && told(new) && old.owners != new.owners).then(|| Self {
            group: after.id.clone(),
            before: old.owners.clone(),
            after: new.owners.clone(),
        })
    }
}

/// A group that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedLook {
    /// The platform's id.
    pub native: NativeId,
    /// The error slug.
    pub code: String,
}

impl App {
    /// Looks at every group of a connection and notes what is new.
    pub async fn scan(&self, connection: &ConnectionId) -> Result<ScanReport, AppError> {
        let org = self.journal.org().await?;
        let connection = org.connection(connection)?;
        let listed = self.patiently(|| self.platforms.list(connection)).await?;
        let mut report = ScanReport::default();
        let mut seen = BTreeSet::new();
        let total = listed.len() as u64;
        for (n, found) in listed.into_iter().enumerate() {
            let id = self.journal.keys.group_id(connection.id.as_str(), &found.native)?;
            seen.insert(id.clone());
            if org.destroyed.contains(&id) {
                continue;
            }
            match self.patiently(|| self.platforms.inspect(connection, &found.native)).await {
                Ok(inspected) => {
                    let before = self.journal.group(&id).await?;
                    let after = self.see(connection, before.clone(), inspected.snapshot).await?;
                    let owed = |state: &GroupState| state.upkeep.debts.open().count();
                    if owed(&after) < owed(&before) {
                        report.settled.push(id.clone());
                    }
                    if after.registration.is_none() {
                        report.unregistered.push(id.clone());
                    }
                    report.owner_changed.extend(OwnerChange::between(&before, &after));
                    match (before.version, after.version == before.version) {
                        (0, _) => report.new.push(id.clone()),
                        (_, true) => report.same += 1,
                        (_, false) => report.changed.push(id.clone()),
                    }
                }
                Err(error) => {
                    report.failed.push(FailedLook { native: found.native, code: error.code.to_owned() });
                }
            }
            self.progress.count(&id, "scan", n as u64 + 1, Some(total));
        }
        for card in self.cards().await? {
            if card.connection == connection.id && !seen.contains(&card.group) {
                if card.seen_by != LEDGER && !card.over {
                    report.vanished.push(card.group.clone());
                }
                report.not_seen.push(card.group);
            }
        }
        Ok(report)
    }

    /// Notes how a group was seen.
    pub(crate) async fn see(
        &self,
        connection: &Connection,
        group: GroupState,
        snapshot: Snapshot,
    ) -> Result<GroupState, AppError> {
        let class = if group.class.is_empty() { connection.class.clone() } else { group.class.clone() };
        let now = self.clock.now();
        let case = adjourn_domain::case::CaseState::new("c-none".into());
        let events =
            group.decide(&case, RunCommand::See { snapshot: Box::new(snapshot.sorted()), class }, now)?;
        if events.is_empty() {
            return Ok(group);
        }
        let mut tx = self.journal.begin(now, "scan");
        let group = tx.group(group, &events)?;
        self.put_card(&mut tx, &group)?;
        tx.commit().await?;
        Ok(group)
    }

    /// Writes the group's line of the inventory in the same transaction as its events.
    pub fn put_card(&self, tx: &mut Tx<'_>, group: &GroupState) -> Result<(), AppError> {
        if let Some(card) = Card::of(group) {
            let sealed = self.journal.seal_view(&KeyId::Group(group.id.clone()), &card)?;
            tx.view("group", &group.id, Some(sealed));
        }
        Ok(())
    }

    /// All groups that can be read, by name.
    pub async fn cards(&self) -> Result<Vec<Card>, AppError> {
        let mut cards = self.readable(self.journal.store.views("group").await?).await?;
        cards.sort_by(|a, b| (a.label(), &a.group).cmp(&(b.label(), &b.group)));
        Ok(cards)
    }

    /// The line of one group, if it can be read.
    pub(crate) async fn card(&self, id: &GroupId) -> Result<Option<Card>, AppError> {
        let Some(sealed) = self.journal.store.view("group", id.as_str()).await? else { return Ok(None) };
        match self.journal.open_view::<Card>(&KeyId::Group(id.clone()), &sealed)? {
            Some(card) if card.form == FORM => Ok(Some(card)),
            Some(card) => Ok(Some(self.card_anew(card).await?)),
            None => Ok(None),
        }
    }

    /// A line of an older form, with what is in it now.
    async fn card_anew(&self, card: Card) -> Result<Card, AppError> {
        Ok(Card::of(&self.journal.group(&card.group).await?).unwrap_or(card))
    }

    /// The group that a person means: by our id, the platform's id, the alias, or the name.
    pub async fn resolve(&self, text: &str) -> Result<GroupId, AppError> {
        // Most who ask have the id at hand, and need not wait until all lines are read.
        if let Some(card) = self.card(&text.into()).await? {
            return Ok(card.group);
        }
        meant(&self.named(text).await?, text)
    }

    /// The group that a person means, also by our id when its key was destroyed: then its name is gone.
    pub async fn resolve_record(&self, text: &str) -> Result<GroupId, AppError> {
        let error = match self.resolve(text).await {
            Err(error) if error.code() == "group.unknown" => error,
            other => return other,
        };
        let destroyed = self.journal.org().await?.destroyed;
        destroyed.into_iter().find(|group| group.as_str() == text).ok_or(error)
    }

    /// The groups that a person means, each once, in this order.
    pub async fn resolve_all(&self, texts: &[String]) -> Result<Vec<GroupId>, AppError> {
        let mut groups = Vec::with_capacity(texts.len());
        for text in texts {
            let id = self.resolve(text).await?;
            if !groups.contains(&id) {
                groups.push(id);
            }
        }
        Ok(groups)
    }

    /// A group as it is on its platform now, for somebody who plans: asked again when the platform can't answer at once.
    pub(crate) async fn look(&self, group: &GroupState) -> Result<Inspected, AppError> {
        self.seen_now(group, true).await
    }

    /// A group as it is on its platform now.
    pub(crate) async fn inspect(&self, group: &GroupState) -> Result<Inspected, AppError> {
        self.seen_now(group, false).await
    }

    async fn seen_now(&self, group: &GroupState, again: bool) -> Result<Inspected, AppError> {
        let snapshot =
            group.snapshot.as_ref().ok_or_else(|| AppError::new("group.unknown").with("group", &group.id))?;
        let org = self.journal.org().await?;
        let connection = org.connection(&snapshot.connection)?;
        let ask = || self.platforms.inspect(connection, &snapshot.native);
        let answer = if again { self.patiently(ask).await } else { ask().await };
        match answer {
            // Only a ledger knows it: where a person does everything anyhow, that is enough to plan.
            Err(error) if error.code == "group.unknown" && snapshot.seen_by.as_str() == LEDGER => {
                let unseen = self.platforms.inspect_unseen(connection, snapshot.clone()).await?;
                let by_hand = unseen.capabilities.support(CallOp::Dissolve) == Support::Assisted;
                if by_hand { Ok(unseen) } else { Err(error.into()) }
            }
            other => Ok(other?),
        }
    }
}

fn meant(cards: &[Card], text: &str) -> Result<GroupId, AppError> {
    if let Some(card) = cards.iter().find(|card| card.group.as_str() == text || card.native.as_str() == text)
    {
        return Ok(card.group.clone());
    }
    let named: Vec<&Card> = cards
        .iter()
        .filter(|card| card.name.as_deref() == Some(text) || card.alias.as_deref() == Some(text))
        .collect();
    match named.as_slice() {
        [] => Err(AppError::new("group.unknown").with("group", text)),
        [one] => Ok(one.group.clone()),
        several => Err(AppError::new("group.ambiguous").with("group", text).with("count", several.len())),
    }
}
