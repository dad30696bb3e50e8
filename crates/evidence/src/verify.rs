//! Verifying a bundle offline: is it whole, and what does it prove?
//!
//! Three layers, each of which a forger would have to beat:
//! 1. the **bags**: every byte is hashed ([`crate::bag`]);
//! 2. the **log**: whoever writes the manifests anew can't write the journal anew, whose tree the checkpoint
//!    signs and a time stamp dates, and which names the plan and the archive bags; the same signature
//!    names the bundle's content;
//! 3. the **people**: approvals are signed over the hash of the plan.
//!
//! On top come the rules: approvals and read-back before anything irreversible, no certificate without its
//! verdict. A bundle with any finding proves nothing here: `proved` is then empty. What is proved still
//! rests on something, and `rests_on` says on what. The folder must not change while it is verified.

mod deposit;
mod destruction;
mod group;
mod journal;
mod kinds;
mod review;
mod stamp;
mod who;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use adjourn_domain::canonical::{Hash, canonical_json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::journal::Journal;
use self::review::{Plan, Review};
use crate::bag::{Files, inspect};
use crate::bundle::{EXTENSION, content_hash_of};
use crate::deposit::KeeperKey;
pub use crate::finding::{Finding, FindingCode, Statement, StatementCode};
use crate::layout::{
    CHECKPOINT, CHECKPOINT_DEPOSIT, CHECKPOINT_STAMP, GROUPS, LOG_PEM, LOG_VKEY, PLAN, REPORT,
};
use crate::note::{Checkpoint, LogKey};

/// No JSON file of a bundle that is read as a whole may be longer.
const MAX_JSON_BYTES: u64 = 256 * 1024 * 1024;
const MAX_KEY_BYTES: u64 = 4096;
const MAX_NOTE_BYTES: u64 = 64 * 1024;

/// What the verifier brings along; whatever is not given is taken on trust and said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyOptions {
    /// PEM certificates that vouch for time stamp authorities.
    pub tsa_ca: Option<Vec<u8>>,
    /// The log's verifier key (C2SP vkey), known from elsewhere.
    pub log_key: Option<String>,
    /// The key of the keeper of evidence, known from elsewhere.
    pub deposit_key: Option<KeeperKey>,
    /// Leaves out the pass over every message: then the archive's counts rest on who sealed it, and that is said.
    pub quick: bool,
}

/// The outcome, in the shape of `adjourn verify --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Is there no finding?
    pub ok: bool,
    /// What makes the bundle invalid.
    pub findings: Vec<Finding>,
    /// What it proves; nothing if it is invalid.
    pub proved: Vec<Statement>,
    /// What that rests on.
    pub rests_on: Vec<Statement>,
}

/// Verifies the bundle at `dir`.
pub fn verify_bundle(dir: &Path, options: &VerifyOptions) -> Report {
    let inspection = inspect(dir);
    let mut check = Check {
        files: &inspection.files,
        options,
        findings: inspection.findings,
        proved: Vec::new(),
        rests_on: Vec::new(),
    };
    let (files, bytes) = check
        .files
        .below("")
        .fold((0_u64, 0_u64), |(files, bytes), (_, entry)| (files + 1, bytes + entry.bytes));
    let bag_hash = inspection.bag_hash.map(|hash| hash.to_hex()).unwrap_or_default();
    check.prove(
        StatementCode::Intact,
        &[("files", files.to_string()), ("bytes", bytes.to_string()), ("bag_hash", bag_hash)],
        "No file was changed, added or taken away since the bag was closed.",
    );
    check.rest(
        StatementCode::Platform,
        &[],
        "What the platforms showed us was what they had: nobody but a platform can prove that.",
    );
    let checkpoint = check.checkpoint();
    if let Some(checkpoint) = &checkpoint {
        check.content(checkpoint);
    }
    if check.is_report() {
        check.report();
    } else if let Some(plan) = check.plan() {
        let journal = Journal::read(&mut check, checkpoint.as_ref(), &plan);
        check.plan_in_journal(&plan, &journal);
        let review = Review::check(&mut check, &plan, &journal);
        check.group_folders(&plan, &journal);
        for group in &plan.groups {
            group::check(&mut check, group, &plan, &journal, &review);
            kinds::check(&mut check, group, &plan, &journal, &plan.value);
        }
    }
    check.stamp(&format!("data/{CHECKPOINT_STAMP}"), &format!("data/{CHECKPOINT}"));
    check.deposit(&format!("data/{CHECKPOINT_DEPOSIT}"), &format!("data/{CHECKPOINT}"));
    check.into_report()
}

/// A verification under way.
struct Check<'a> {
    files: &'a Files,
    options: &'a VerifyOptions,
    findings: Vec<Finding>,
    proved: Vec<Statement>,
    rests_on: Vec<Statement>,
}

impl Check<'_> {
    fn find(&mut self, code: FindingCode, file: impl Into<String>, says: impl Into<String>) {
        self.findings.push(Finding::new(code, file, says));
    }

    fn prove(&mut self, code: StatementCode, args: &[(&str, String)], says: impl Into<String>) {
        self.proved.push(Statement::new(code, args, says));
    }

    fn rest(&mut self, code: StatementCode, args: &[(&str, String)], says: impl Into<String>) {
        self.rests_on.push(Statement::new(code, args, says));
    }

    /// Reads a file that must be there.
    fn read(&mut self, path: &str, limit: u64) -> Option<Vec<u8>> {
        self.files.read(path, limit).map_err(|finding| self.findings.push(finding)).ok()
    }

    /// Reads and parses a JSON file that must be there and canonical, so that no two readers can
    /// understand it differently.
    fn json<T: DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let bytes = self.read(path, MAX_JSON_BYTES)?;
        let parsed = canonical(&bytes).and_then(|value| serde_json::from_value(value).ok());
        if parsed.is_none() {
            self.find(FindingCode::FileForm, path, "this is not the canonical JSON that it should be");
        }
        parsed
    }

    /// The checkpoint, if its signature holds.
    fn checkpoint(&mut self) -> Option<Checkpoint> {
        let (note_path, key_path) = (format!("data/{CHECKPOINT}"), format!("data/{LOG_VKEY}"));
        let note = self.read(&note_path, MAX_NOTE_BYTES);
        let vkey = self.read(&key_path, MAX_KEY_BYTES);
        let pem_path = format!("data/{LOG_PEM}");
        let pem = self.read(&pem_path, MAX_KEY_BYTES);
        let key = String::from_utf8(vkey?).ok().and_then(|text| LogKey::parse(&text).ok());
        let Some(key) = key else {
            self.find(FindingCode::LogKey, key_path, "this is not a verifier key");
            return None;
        };
        if pem.is_some_and(|pem| pem != key.to_pem().as_bytes()) {
            self.find(FindingCode::LogKey, pem_path, "this is another key than log.vkey");
        }
        let shown = [("key", key.to_vkey())];
        match &self.options.log_key {
            Some(expected) if LogKey::parse(expected.trim()).as_ref() == Ok(&key) => {
                self.rest(StatementCode::KeyGiven, &shown, "The log's key is the one that you gave.");
            }
            Some(_) => {
                self.find(FindingCode::LogKey, key_path, "the log's key is not the one that you gave");
                return None;
            }
            None => self.rest(
                StatementCode::KeyFromBundle,
                &shown,
                "The log's key came with the bundle: compare it with the one you know, or give it.",
            ),
        }
        let note = String::from_utf8(note?).ok();
        let opened = note.as_deref().map(|note| Checkpoint::open(note, &key));
        match opened {
            Some(Ok(checkpoint)) => Some(checkpoint),
            Some(Err(error)) => {
                self.find(FindingCode::CheckpointSignature, note_path, error.to_string());
                None
            }
            None => {
                self.find(FindingCode::CheckpointSignature, note_path, "this is not a signed note");
                None
            }
        }
    }

    /// Whether the bag holds a report and no case.
    fn is_report(&self) -> bool {
        let there = |name: &str| self.files.get(&format!("data/{name}")).is_some();
        there(REPORT) && !there(PLAN)
    }

    /// A report proves that it says what it said when it was sealed; what it says is told from the journal.
    fn report(&mut self) {
        let path = format!("data/{REPORT}");
        let hash = self.files.get(&path).map(|entry| entry.hash.to_hex()).unwrap_or_default();
        let Some(value) = self.json::<Value>(&path) else { return };
        if destruction::is_one(&value) {
            destruction::check(self, &path, value.clone());
        }
        let form = value.get("adjourn").and_then(Value::as_str).unwrap_or_default().to_owned();
        if form.is_empty() {
            return self.find(FindingCode::FileForm, path, "the report does not say what it is");
        }
        self.prove(
            StatementCode::Report,
            &[("form", form), ("sha256", hash)],
            "The report is the one that the log's signature names.",
        );
        let says = "What it says was told from the journal by whoever holds the log's key.";
        self.rest(StatementCode::Told, &[], says);
    }

    fn plan(&mut self) -> Option<Plan> {
        let path = format!("data/{PLAN}");
        let hash = self.files.get(&path).map(|entry| entry.hash);
        let value: Value = self.json(&path)?;
        let plan = hash.and_then(|hash| Plan::read(hash, &value));
        if plan.is_none() {
            self.find(FindingCode::FileForm, path, "the plan lacks its case, requester, review or groups");
        }
        plan
    }

    /// The last plan that the journal knows of must be this one.
    fn plan_in_journal(&mut self, plan: &Plan, journal: &Journal) {
        let drawn =
            journal.of(&plan.case, &["plan_drawn"]).any(|event| event.hash("plan_hash") == Some(plan.hash));
        if drawn {
            self.prove(
                StatementCode::Plan,
                &[("plan_hash", plan.hash.to_hex())],
                "The plan is the one that was drawn.",
            );
        } else {
            let says = format!("the journal knows no plan with the hash {}", plan.hash);
            self.find(FindingCode::PlanHash, format!("data/{PLAN}"), says);
        }
    }

    /// The checkpoint must name the bundle's content as it is.
    fn content(&mut self, checkpoint: &Checkpoint) {
        let files: BTreeMap<String, Hash> =
            self.files.below("data/").map(|(path, entry)| (format!("data/{path}"), entry.hash)).collect();
        let found = content_hash_of(&files).to_hex();
        let said: Vec<_> =
            checkpoint.extensions.iter().filter_map(|line| line.strip_prefix(EXTENSION)).collect();
        if said == [found.as_str()] {
            let says = "The bundle's content is the one that the log's signature names.";
            return self.prove(StatementCode::Content, &[("content_hash", found)], says);
        }
        let says = format!("the content's hash is {found}, the checkpoint names {said:?}");
        self.find(FindingCode::BundleContent, format!("data/{CHECKPOINT}"), says);
    }

    /// Groups of the plan only, in folders and in what was done.
    fn group_folders(&mut self, plan: &Plan, journal: &Journal) {
        let prefix = format!("data/{GROUPS}/");
        let folders: BTreeSet<String> = self
            .files
            .below(&prefix)
            .map(|(path, _)| path.split_once('/').map_or(path, |(group, _)| group).to_owned())
            .collect();
        for folder in folders.iter().filter(|folder| !plan.groups.contains(*folder)) {
            self.find(FindingCode::PlanGroups, format!("{prefix}{folder}"), "the plan has no such group");
        }
        for event in journal.irreversible().filter(|event| !plan.groups.contains(&event.stream)) {
            let says = format!("event {} is irreversible and its group is not in the plan", event.seq);
            self.findings.push(Finding::new(FindingCode::PlanGroups, journal::file(), says));
        }
    }

    fn into_report(mut self) -> Report {
        let ok = self.findings.is_empty();
        if !ok {
            self.proved.clear();
        }
        Report { ok, findings: self.findings, proved: self.proved, rests_on: self.rests_on }
    }
}

/// Parses JSON that must be canonical.
fn canonical(bytes: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    (canonical_json(&value).ok()? == bytes).then_some(value)
}
