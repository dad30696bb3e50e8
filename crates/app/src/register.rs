//! Taking groups into the register from a ledger: who owns them, how to reach the owner, how important they are.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::asset::{AssetChange, Day, Holding, Person, Said};
use adjourn_domain::canonical::{Hash, hex};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::Connection;
use adjourn_domain::group::{Activity, Kind, Snapshot};
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId};
use adjourn_domain::plan::Note;
use adjourn_domain::register::{LEDGER, Registration};
use adjourn_domain::run::RunCommand;
use adjourn_domain::time::Time;
use serde::Serialize;

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::Signer;

mod ask;
mod entry;
mod leavers;
mod one;
mod renew;
mod view;

pub use ask::{Asks, Choice, OwnerAsked, RenewalGroup, RenewalPage};
pub use entry::{AnsweredEntry, Entry, OwedEntry};
pub use leavers::{Departures, LeaverLine, NewDebt, StillOwner};
pub use one::OneWish;
pub use renew::Until;
pub(crate) use view::Marks;
pub use view::{Rules, View};

/// Groups that are written in one transaction.
const BATCH: usize = 200;

/// A row of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerRow {
    /// The line in the file.
    pub line: u64,
    /// The group's name.
    pub name: Option<String>,
    /// The platform.
    pub platform: String,
    /// The owner's name.
    pub owner: String,
    /// How to reach the owner.
    pub contact: String,
    /// The class; the connection's if `None`.
    pub class: Option<String>,
    /// The platform's id of the group.
    pub id: Option<String>,
    /// Its kind.
    pub kind: Said<Kind>,
    /// What it says about the group as an asset.
    pub asset: AssetRow,
}

/// What a ledger's row, or a person, says about a group as an asset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetRow {
    /// What it is for.
    pub purpose: Said<String>,
    /// The deputy's name.
    pub deputy: Said<String>,
    /// How to reach the deputy.
    pub deputy_contact: Said<String>,
    /// The unit of the organisation.
    pub unit: Said<String>,
    /// What it holds.
    pub holds: Said<BTreeSet<Holding>>,
    /// Its last day.
    pub expires: Said<Day>,
    /// How it is to end.
    pub exit_plan: Said<String>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    /// The line in the file.
    pub line: u64,
    /// Why.
    pub note: Note,
}

/// What became of a ledger's rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Registered {
    /// Groups that are new in the register.
    pub new: Vec<GroupId>,
    /// Groups of which the ledger says something new.
    pub changed: Vec<GroupId>,
    /// Groups that are as they were.
    pub same: usize,
    /// Groups without a way to reach their owner.
    pub no_contact: usize,
    /// Rows that were not taken.
    pub problems: Vec<RowProblem>,
}

impl App {
    /// Takes the rows of a ledger into the register. A row that can't be taken is said to be so and stops no other one.
    /// With `dry`, nothing is written.
    pub async fn register(
        &self,
        rows: &[LedgerRow],
        ledger: Hash,
        connections: &[ConnectionId],
        dry: bool,
        signer: &dyn Signer,
    ) -> Result<Registered, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let ways = ways(&org, connections)?;
        let now = self.clock.now();
        let none = CaseState::new("c-none".into());
        let mut done = Registered::default();
        let mut seen: BTreeMap<GroupId, u64> = BTreeMap::new();
        for batch in rows.chunks(BATCH) {
            let mut tx = self.journal.begin(now, &by);
            let mut handed = Vec::new();
            for row in batch {
                let taken = self.way(&org, &ways, row).and_then(|connection| {
                    let id = self.journal.keys.group_id(connection.id.as_str(), &native(row))?;
                    Ok((connection, id))
                });
                let (connection, id) = match taken {
                    Ok(taken) => taken,
                    Err(Refused::Row(note)) => {
                        done.problems.push(RowProblem { line: row.line, note });
                        continue;
                    }
                    Err(Refused::All(error)) => return Err(error),
                };
                if let Some(first) = seen.insert(id.clone(), row.line) {
                    let note = Note::new("ledger-duplicate").with("first", first);
                    done.problems.push(RowProblem { line: row.line, note });
                    continue;
                }
                if org.destroyed.contains(&id) {
                    done.problems.push(RowProblem { line: row.line, note: Note::new("ledger-destroyed") });
                    continue;
                }
                let before = self.journal.group(&id).await?;
                let fresh = before.version == 0;
                let class = row.class.clone().unwrap_or_else(|| connection.class.clone());
                let known = before.registration.as_deref();
                let mut registration = self.registration(&row.owner, &row.contact, &row.asset, known)?;
                registration.kind = row.kind.clone().over(registration.kind);
                registration.ledger = Some(ledger);
                registration.row = row.line;
                done.no_contact += usize::from(registration.contact.is_empty());
                let events = before.decide(
                    &none,
                    RunCommand::Register {
                        snapshot: Box::new(snapshot(row, connection, before.snapshot.as_ref(), now)),
                        class,
                        registration: Box::new(registration),
                    },
                    now,
                )?;
                match (fresh, events.is_empty()) {
                    (true, _) => done.new.push(id),
                    (false, true) => done.same += 1,
                    (false, false) => done.changed.push(id),
                }
                if !dry && !events.is_empty() {
                    let owner = before.registration.as_ref().map(|known| known.owner.clone());
                    let after = tx.group(before, &events)?;
                    self.put_card(&mut tx, &after)?;
                    if !fresh && owner != after.registration.as_ref().map(|known| known.owner.clone()) {
                        handed.push(after);
                    }
                }
            }
            tx.commit().await?;
            for group in handed {
                self.hand_tasks(&group, &by).await?;
            }
        }
        Ok(done)
    }

    /// The connection that a row's group is reached through.
    fn way<'a>(
        &self,
        org: &'a Org,
        ways: &BTreeMap<String, ConnectionId>,
        row: &LedgerRow,
    ) -> Result<&'a Connection, Refused> {
        let id = ways
            .get(&row.platform)
            .ok_or_else(|| Refused::Row(Note::new("ledger-connection").with("given", &row.platform)))?;
        if let Some(class) = &row.class
            && self.policy.of(class).is_err()
        {
            return Err(Refused::Row(Note::new("ledger-class").with("given", class)));
        }
        Ok(org.connection(id)?)
    }

    /// What is known after somebody spoke. What was not spoken of stays.
    pub(crate) fn registration(
        &self,
        owner: &str,
        contact: &str,
        says: &AssetRow,
        known: Option<&Registration>,
    ) -> Result<Registration, AppError> {
        let AssetRow { purpose, deputy, deputy_contact, unit, holds, expires, exit_plan } = says.clone();
        let known_deputy = known.and_then(|known| known.asset.deputy.as_ref());
        let deputy = match (deputy, deputy_contact) {
            (Said::Unmentioned, Said::Is(contact)) => {
                let deputy = known_deputy.ok_or_else(|| AppError::new("register.deputy"))?;
                Said::Is(self.person(&deputy.name, &contact)?)
            }
            (Said::Unmentioned, _) => Said::Unmentioned,
            (Said::Blank, _) => Said::Blank,
            (Said::Is(name), contact) => {
                // The same name without a word about the contact is the same person.
                let same = known_deputy.filter(|deputy| plain(&deputy.name) == plain(&name));
                let contact = contact.over(same.map(|deputy| deputy.contact.clone())).unwrap_or_default();
                Said::Is(self.person(&name, &contact)?)
            }
        };
        let change = AssetChange { deputy, unit, holds, expires, exit_plan };
        let owner = self.person(owner, contact)?;
        Ok(Registration {
            owner: owner.id,
            owner_name: owner.name,
            contact: owner.contact,
            purpose: purpose.over(known.and_then(|known| known.purpose.clone())),
            kind: known.and_then(|known| known.kind),
            ledger: None,
            row: 0,
            asset: known.map(|known| known.asset.clone()).unwrap_or_default().after(change),
        })
    }

    /// The person with this name and this contact: spelling with spaces and case is nothing.
    pub(crate) fn person(&self, name: &str, contact: &str) -> Result<Person, AppError> {
        Ok(Person {
            id: self.journal.keys.owner_id(&plain(name), &plain(contact))?,
            name: name.to_owned(),
            contact: contact.to_owned(),
        })
    }
}

/// A name or contact as it counts.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

enum Refused {
    Row(Note),
    All(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::All(error)
    }
}

/// Connections by the platform that they lead to: those that are named, or all.
fn ways(org: &Org, named: &[ConnectionId]) -> Result<BTreeMap<String, ConnectionId>, AppError> {
    let all: Vec<&Connection> = if named.is_empty() {
        org.connections.values().collect()
    } else {
        named.iter().map(|id| org.connection(id)).collect::<Result<_, _>>()?
    };
    let mut ways: BTreeMap<String, ConnectionId> = BTreeMap::new();
    for connection in all {
        // A drill's connection plays a platform that is not its own.
        let platform =
            connection.settings.get("platform").map_or(connection.platform.as_str(), String::as_str);
        if let Some(other) = ways.insert(platform.to_owned(), connection.id.clone()) {
            return Err(AppError::new("ledger.connections")
                .with("platform", platform)
                .with("connections", format!("{other}, {}", connection.id)));
        }
    }
    Ok(ways)
}

/// The platform's id where the ledger has it, else one that the same row gives every time.
fn native(row: &LedgerRow) -> NativeId {
    if let Some(id) = &row.id {
        return NativeId(id.clone());
    }
    let name = row.name.as_deref().unwrap_or_default();
    let parts: [&[u8]; 5] = [row.platform.as_bytes(), b"\0", name.as_bytes(), b"\0", row.owner.as_bytes()];
    let hash = Hash::of_parts(&parts);
    NativeId(format!("ledger:{}", hex(hash.0.get(..12).unwrap_or_default())))
}

fn snapshot(row: &LedgerRow, connection: &Connection, known: Option<&Snapshot>, now: Time) -> Snapshot {
    Snapshot {
        platform: connection.platform.clone(),
        connection: connection.id.clone(),
        native: native(row),
        name: row.name.clone(),
        alias: None,
        kind: row.kind.clone().over(known.map(|known| known.kind)).unwrap_or_default(),
        owners: Vec::new(),
        members: Vec::new(),
        links: Vec::new(),
        encrypted: false,
        activity: Activity::Unknown,
        events: None,
        details: BTreeMap::new(),
        seen_by: LEDGER.into(),
        seen_at: now,
    }
}
