//! The minutes of how a record was fixed (requirement S2): who, with which device, by which clock, in which steps, with
//! which hashes. They are told from the journal, up to the read-back of the sealed archive, so that they come out the same
//! whenever they are made.

use adjourn_domain::canonical::{CanonicalError, Hash, canonical_json};
use adjourn_domain::event::GroupEvent;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::run::GroupState;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::AppError;

/// What is signed before the bytes of the minutes.
pub const PREFIX: &[u8] = b"adjourn minutes/v1\n";

/// The minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// Format and version: `minutes/v1`.
    pub adjourn: String,
    /// The matter.
    pub matter: String,
    /// The case.
    pub case: CaseId,
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// The platform.
    pub platform: String,
    /// The platform's id of it.
    pub native: String,
    /// The plan that was carried out.
    pub plan_hash: Hash,
    /// Who took part: the requester, the reviewers, whoever did something by hand.
    pub people: Vec<Person>,
    /// With what it was done.
    pub device: Device,
    /// By which clock.
    pub clock: ClockNote,
    /// What was done, in order.
    pub steps: Vec<Row>,
    /// Hash of the sealed archive, as closed.
    pub archive_sha256: Hash,
    /// Hash of the sealed archive, as read back.
    pub read_back_sha256: Hash,
    /// Records in it.
    pub records: u64,
    /// Whether nothing is missing.
    pub complete: bool,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The principal.
    pub principal: String,
    /// The name.
    pub name: String,
    /// As what: `requester`, `reviewer`, `by_hand`.
    pub part: String,
}

/// With what the record was fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The program and its version.
    pub software: String,
    /// The installation's key, by which it is known.
    pub installation: String,
    /// The connection.
    pub connection: String,
    /// The identity that looked.
    pub identity: String,
}

/// By which clock the times are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockNote {
    /// `system`, UTC.
    pub source: String,
    /// Whether an independent authority stamped the archive.
    pub stamped: bool,
    /// First time of the minutes.
    pub from: Time,
    /// Last time of the minutes.
    pub to: Time,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// When.
    pub at: Time,
    /// Kind of the event.
    pub event: String,
    /// The step, if it is a step's.
    pub step: String,
    /// What came of it: a slug, a number of records, a hash.
    pub result: String,
}

/// Minutes with the installation's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The minutes.
    pub minutes: Minutes,
    /// SHA-256 of their canonical bytes.
    pub sha256: Hash,
    /// The installation's public key, Ed25519, in hex.
    pub public_key: String,
    /// Signature over [`PREFIX`] and the canonical bytes, in hex.
    pub signature: String,
}

impl Minutes {
    /// The bytes that are signed.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        Ok([PREFIX, &canonical_json(self)?].concat())
    }
}

impl App {
    /// The minutes of a group's run, signed by the installation. The archive must be sealed.
    pub async fn minutes(&self, group: &GroupState) -> Result<Signed, AppError> {
        let missing = || AppError::new("minutes.early").with("group", &group.id);
        let run = group.run.as_ref().ok_or_else(missing)?;
        let (sealed, read_back) = run.sealed.zip(run.seal_read_back).ok_or_else(missing)?;
        let events = self.journal.group_events(&group.id).await?;
        let begun = events
            .iter()
            .rposition(|(_, event)| matches!(event, GroupEvent::RunStarted { plan_hash, .. } if *plan_hash == run.plan_hash))
            .ok_or_else(missing)?;
        let (mut steps, mut hands, mut stamped) = (Vec::new(), Vec::new(), false);
        let mut end = run.started_at;
        for (at, event) in events.into_iter().skip(begun) {
            end = at;
            if let GroupEvent::PersonDone { by, .. } = &event {
                hands.push(by.clone());
            }
            if let GroupEvent::Sealed { stamped: by_authority, .. } = &event {
                stamped = *by_authority;
            }
            let last = matches!(event, GroupEvent::SealReadBack { .. });
            steps.extend(row(at, &event));
            if last {
                break;
            }
        }
        let case = self.journal.known_case(&run.case).await?;
        let org = self.journal.org().await?;
        let mut people = Vec::new();
        let mut add = |id: &adjourn_domain::ids::PrincipalId, part: &str| {
            people.push(Person { principal: id.to_string(), name: org.name(id), part: part.to_owned() });
        };
        if let Some(head) = &case.head {
            add(&head.requester, "requester");
        }
        for (approval, _) in &case.approvals {
            add(&approval.statement.principal, "reviewer");
        }
        for by in &hands {
            add(by, "by_hand");
        }
        people.sort();
        people.dedup();
        let identity = org.connection(&run.part.connection)?.identities.first();
        let receipt = run.receipt.clone().unwrap_or_default();
        let minutes = Minutes {
            adjourn: "minutes/v1".to_owned(),
            matter: run.part.way.judicial.clone().unwrap_or_default(),
            case: run.case.clone(),
            group: group.id.clone(),
            name: run.part.name.clone(),
            platform: run.part.platform.to_string(),
            native: run.part.native.to_string(),
            plan_hash: run.plan_hash,
            people,
            device: Device {
                software: concat!("adjourn/", env!("CARGO_PKG_VERSION")).to_owned(),
                installation: self.journal.keys.installation(),
                connection: run.part.connection.to_string(),
                identity: identity.map(|identity| identity.id.to_string()).unwrap_or_default(),
            },
            clock: ClockNote { source: "system, UTC".to_owned(), stamped, from: run.started_at, to: end },
            steps,
            archive_sha256: sealed,
            read_back_sha256: read_back,
            records: receipt.total,
            complete: receipt.complete,
        };
        let signature = self.journal.keys.attest(&minutes.bytes()?);
        Ok(Signed {
            sha256: Hash::of(&canonical_json(&minutes)?),
            public_key: self.journal.keys.installation(),
            signature,
            minutes,
        })
    }
}

/// An event as a row; none for what says nothing about the record.
fn row(at: Time, event: &GroupEvent) -> Option<Row> {
    let effect = |effect: &adjourn_domain::capability::Effect| {
        serde_json::to_value(effect)
            .ok()
            .and_then(|slug| slug.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let (step, result) = match event {
        GroupEvent::RunStarted { plan_hash, .. } => (String::new(), plan_hash.to_hex()),
        GroupEvent::Intent { step, attempt, .. } => (step.clone(), format!("#{attempt}")),
        GroupEvent::Outcome { step, effect: found, .. }
        | GroupEvent::ReadBack { step, effect: found, .. } => (step.clone(), effect(found)),
        GroupEvent::Exported { step, receipt } => (step.clone(), receipt.total.to_string()),
        GroupEvent::Sealed { bag_hash, .. } | GroupEvent::SealReadBack { bag_hash } => {
            (String::new(), bag_hash.to_hex())
        }
        GroupEvent::Answered { step, answer } => (step.clone(), answer.reference.clone()),
        GroupEvent::PersonAsked { step, .. } => (step.clone(), String::new()),
        GroupEvent::PersonDone { step, evidence, .. } => {
            let hashes: Vec<_> = evidence.iter().map(|file| file.sha256.to_hex()).collect();
            (step.clone(), hashes.join(" "))
        }
        _ => return None,
    };
    Some(Row { at, event: event.kind().to_owned(), step, result })
}
