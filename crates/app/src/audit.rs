//! Compliance audits: the journal of a period read once, checked, and frozen.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::asset::Day;
use adjourn_domain::audit::{self, CaseFile, Every, Evidence, GroupFile, Limits, Period, Report};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::{CaseEvent, GroupEvent, OrgEvent};
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::law::Pack;
use adjourn_domain::policy::Policy;
use adjourn_domain::run::GroupState;
use adjourn_domain::time::Time;
use serde::de::DeserializeOwned;

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::{BundleInfo, KeyId, OpenRow, ReportInput, Signer};

/// Rows that are read at once.
const BATCH: usize = 10_000;
/// The read model with the reports, by their hash.
const VIEW: &str = "audit";

/// An audit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The report.
    pub report: Report,
    /// SHA-256 of its canonical bytes.
    pub sha256: Hash,
    /// The report that it was compared with.
    pub last: Option<Report>,
}

impl App {
    /// The period that a schedule asks for and that nobody has audited yet.
    pub fn audit_due(&self, org: &Org, every: Every) -> Option<Period> {
        let due = every.last_before(self.clock.now(), self.utc_offset_minutes())?;
        (!org.audits.iter().any(|audit| audit.period == due)).then_some(due)
    }

    /// Audits a period because a schedule asks for it.
    pub async fn audit_scheduled(&self, period: Period, limits: Limits) -> Result<Audited, AppError> {
        let org = self.journal.org().await?;
        self.audit_by(period, limits, &org, "worker".to_owned()).await
    }

    /// Audits a period. Nothing is written; the same period gives the same findings at any time.
    ///
    /// # Errors
    /// `audit.period` when the period is empty or not over.
    pub async fn audit(
        &self,
        period: Period,
        limits: Limits,
        signer: &dyn Signer,
    ) -> Result<Audited, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.to_string();
        self.audit_by(period, limits, &org, by).await
    }

    async fn audit_by(
        &self,
        period: Period,
        limits: Limits,
        org: &Org,
        by: String,
    ) -> Result<Audited, AppError> {
        let now = self.clock.now();
        if period.from >= period.until || period.until > now {
            return Err(AppError::new("audit.period").with("from", period.from).with("until", period.until));
        }
        let read = self.read_until(period).await?;
        let events = read.events;
        let evidence = read.evidence(period, self.policy.clone(), self.profiles.laws()?, limits);
        let (coverage, checked, findings) = audit::find(&evidence);
        let last = self.last_audit(org).await?;
        let report = Report {
            adjourn: audit::FORMAT.to_owned(),
            period,
            made_at: now,
            made_by: by,
            events,
            policy_sha256: Hash::of(&canonical_json(&self.policy)?),
            limits,
            coverage,
            checked,
            compared: audit::compare(&findings, last.as_ref())?,
            findings,
        };
        Ok(Audited { sha256: report.hash()?, report, last })
    }

    /// Hands the report over as a sealed bag, with what is made of it for people (`files`), notes it down, and keeps it for
    /// the next audit to be compared with.
    pub async fn close_audit(
        &self,
        audited: &Audited,
        files: Vec<(String, Vec<u8>)>,
    ) -> Result<BundleInfo, AppError> {
        let report = &audited.report;
        let Period { from, until, utc_offset_minutes: offset } = report.period;
        // The last day that is in it.
        let last = Time::from_millis(until.as_millis() - 1);
        let short = audited.sha256.to_hex().get(..8).unwrap_or_default().to_owned();
        let input = ReportInput {
            kind: "audits",
            name: format!("{}_{}_{short}", Day::of(from, offset), Day::of(last, offset)),
            now: report.made_at,
            report: report.bytes()?,
            files,
            leaves: self.journal.store.leaves().await?,
        };
        let info = self.vault.write_report(input).await?;
        let org = self.journal.org().await?;
        let event = OrgEvent::Audited {
            period: report.period,
            report: audited.sha256,
            bag_hash: info.bag_hash,
            events: report.events,
            findings: report.findings.len() as u64,
        };
        let mut tx = self.journal.begin(report.made_at, &report.made_by);
        tx.org(&org, &event)?;
        tx.view(VIEW, &audited.sha256.to_hex(), Some(self.journal.seal_view(&KeyId::Org, report)?));
        tx.commit().await?;
        Ok(info)
    }

    /// The newest report, if there is one.
    async fn last_audit(&self, org: &Org) -> Result<Option<Report>, AppError> {
        let Some(last) = org.audits.last() else { return Ok(None) };
        self.audit_report(&last.report).await
    }

    /// A report that was handed over, by its hash.
    pub async fn audit_report(&self, hash: &Hash) -> Result<Option<Report>, AppError> {
        let Some(sealed) = self.journal.store.view(VIEW, &hash.to_hex()).await? else { return Ok(None) };
        self.journal.open_view(&KeyId::Org, &sealed)
    }

    /// Reads the journal up to the end of a period, once.
    async fn read_until(&self, period: Period) -> Result<Journaled, AppError> {
        let mut read = Journaled::default();
        let mut from = 1;
        loop {
            let rows = self.journal.store.rows(from, BATCH).await?;
            let Some(last) = rows.last().map(|row| row.header.seq) else { return Ok(read) };
            for row in &rows {
                // Times may go back where a clock was set; positions don't.
                if row.header.at < period.until {
                    read.take(self.journal.open(row)?, period)?;
                }
            }
            from = last + 1;
        }
    }
}

/// A journal until a moment, sorted into streams.
#[derive(Default)]
struct Journaled {
    events: u64,
    groups: BTreeMap<GroupId, GroupFile>,
    unreadable: BTreeSet<GroupId>,
    cases: BTreeMap<CaseId, CaseFile>,
    org: Vec<(Time, OrgEvent)>,
}

impl Journaled {
    fn take(&mut self, row: OpenRow, period: Period) -> Result<(), AppError> {
        self.events += 1;
        let (stream, at) = (&row.header.stream, row.header.at);
        if let Some(id) = stream.group() {
            let Some(event) = read::<GroupEvent>(row.payload)? else {
                self.groups.remove(&id);
                self.unreadable.insert(id);
                return Ok(());
            };
            let file = self
                .groups
                .entry(id.clone())
                .or_insert_with(|| GroupFile { state: GroupState::new(id), events: Vec::new() });
            file.state.apply(at, &event);
            if period.has(at) {
                file.events.push((at, event));
            }
        } else if let Some(id) = stream.case() {
            let Some(event) = read::<CaseEvent>(row.payload)? else { return Ok(()) };
            let file = self
                .cases
                .entry(id.clone())
                .or_insert_with(|| CaseFile { state: CaseState::new(id.clone()), events: Vec::new() });
            file.state = std::mem::replace(&mut file.state, CaseState::new(id)).evolve(&event);
            file.events.push((at, event));
        } else if let Some(event) = read::<OrgEvent>(row.payload)? {
            self.org.push((at, event));
        }
        Ok(())
    }

    fn evidence(self, period: Period, policy: Policy, packs: Vec<Pack>, limits: Limits) -> Evidence {
        Evidence {
            period,
            groups: self.groups.into_values().collect(),
            destroyed: self.unreadable.len() as u64,
            cases: self.cases.into_values().collect(),
            org: self.org,
            policy,
            packs,
            limits,
        }
    }
}

/// The event; `None` when its key was destroyed.
fn read<E: DeserializeOwned>(payload: Option<serde_json::Value>) -> Result<Option<E>, AppError> {
    payload.map(|payload| Ok(serde_json::from_value(payload)?)).transpose()
}
