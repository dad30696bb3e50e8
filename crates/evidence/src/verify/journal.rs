//! The journal of a bundle: every line in the log's tree, every payload as committed, nothing left out.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};

use adjourn_domain::canonical::{Hash, canonical_json, unhex};
use serde_json::Value;

use super::review::Plan;
use super::{Check, FindingCode, StatementCode, canonical};
use crate::finding::Finding;
use crate::layout::{JOURNAL, JournalHeader, JournalLine};
use crate::note::Checkpoint;
use crate::tree::{leaf_hash, verify_inclusion};

/// No line may be longer; events are small, messages are elsewhere.
const MAX_LINE_BYTES: u64 = 16 * 1024 * 1024;
/// After so many bad lines nobody reads on.
const MAX_FINDINGS: usize = 100;

/// The kinds of events that later checks look at; others are checked and not kept.
const KEPT: [&str; 25] = [
    "plan_drawn",
    "approved",
    "rejected",
    "confirmed",
    "staled",
    "intent",
    "sealed",
    "seal_read_back",
    "verdict",
    "judged",
    "hold_added",
    "hold_lifted",
    "principal_added",
    "run_started",
    "answered",
    "wait_started",
    "wait_ended",
    "read_back",
    "person_asked",
    "handover_accepted",
    "applied",
    "delegated",
    "delegation_revoked",
    "passkey_added",
    "passkey_revoked",
];

/// The path of the journal in the bundle.
pub(super) fn file() -> String {
    format!("data/{JOURNAL}")
}

/// An event that later checks look at.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) seq: u64,
    pub(super) stream: String,
    pub(super) kind: String,
    pub(super) at: String,
    pub(super) actor: String,
    /// `None` once it was destroyed.
    pub(super) payload: Option<Value>,
}

impl Event {
    /// A text field of the payload.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.payload.as_ref()?.get(name)?.as_str()
    }

    /// A hash field of the payload.
    pub(super) fn hash(&self, name: &str) -> Option<Hash> {
        Hash::from_hex(self.text(name)?)
    }

    /// May this be an irreversible act? An intent whose payload was destroyed may: unknown is not harmless.
    pub(super) fn may_be_irreversible(&self) -> bool {
        self.kind == "intent"
            && self
                .payload
                .as_ref()
                .is_none_or(|payload| payload.get("irreversible") != Some(&Value::Bool(false)))
    }
}

/// The events of a bundle: of each stream, by rising `seq`.
#[derive(Debug, Default)]
pub(super) struct Journal {
    streams: BTreeMap<String, Vec<Event>>,
}

impl Journal {
    /// Reads and checks the journal, one line at a time.
    pub(super) fn read(check: &mut Check<'_>, checkpoint: Option<&Checkpoint>, plan: &Plan) -> Self {
        let mut journal = Self::default();
        let mut reader = match check.files.open(&file()) {
            Ok(opened) => BufReader::new(opened),
            Err(finding) => {
                check.findings.push(finding);
                return journal;
            }
        };
        let before = check.findings.len();
        let (mut line, mut state) = (Vec::new(), Progress::default());
        loop {
            line.clear();
            match reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    check.find(FindingCode::Unreadable, file(), format!("it can't be read: {error}"));
                    break;
                }
            }
            state.number += 1;
            match state.line(&line, checkpoint, plan, check) {
                Ok(Some(event)) => journal.streams.entry(event.stream.clone()).or_default().push(event),
                Ok(None) => {}
                Err((code, says)) => {
                    check.find(code, file(), format!("line {}: {says}", state.number));
                    if check.findings.len() > before + MAX_FINDINGS {
                        break;
                    }
                }
            }
        }
        if state.number == 0 {
            check.find(FindingCode::FileForm, file(), "the journal is empty");
        }
        state.say(check, checkpoint);
        journal
    }

    /// The events of these kinds on a stream.
    pub(super) fn of<'a>(&'a self, stream: &'a str, kinds: &'a [&'a str]) -> impl Iterator<Item = &'a Event> {
        let events = self.streams.get(stream).into_iter().flatten();
        events.filter(move |event| kinds.contains(&event.kind.as_str()))
    }

    /// The events of a stream.
    pub(super) fn events<'a>(&'a self, stream: &str) -> impl Iterator<Item = &'a Event> {
        self.streams.get(stream).into_iter().flatten()
    }

    /// The events of a kind on any stream.
    pub(super) fn anywhere<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Event> {
        self.streams.values().flatten().filter(move |event| event.kind == kind)
    }

    /// Everything that can't be taken back, or may be such.
    pub(super) fn irreversible(&self) -> impl Iterator<Item = &Event> {
        self.anywhere("intent").filter(|event| event.may_be_irreversible())
    }
}

/// What is remembered from line to line.
#[derive(Default)]
struct Progress {
    number: u64,
    last_seq: u64,
    versions: BTreeMap<String, u64>,
    destroyed: u64,
    /// Streams that begin in the middle of their history.
    cut: Vec<(String, u64)>,
}

impl Progress {
    fn line(
        &mut self,
        bytes: &[u8],
        checkpoint: Option<&Checkpoint>,
        plan: &Plan,
        check: &mut Check<'_>,
    ) -> Result<Option<Event>, (FindingCode, String)> {
        let form = |says: &str| (FindingCode::FileForm, says.to_owned());
        let bytes = bytes.strip_suffix(b"\n").ok_or_else(|| form("it has no end, or is far too long"))?;
        let value = canonical(bytes).ok_or_else(|| form("it is not canonical JSON"))?;
        let line: JournalLine = serde_json::from_value(value).map_err(|error| form(&error.to_string()))?;
        let leaf = canonical_json(&line.header).map_err(|error| form(&error.to_string()))?;
        let header: JournalHeader =
            serde_json::from_value(line.header).map_err(|error| form(&error.to_string()))?;
        self.order(&header, plan)?;
        if let Some(checkpoint) = checkpoint {
            let index = header.seq.saturating_sub(1);
            let leaf = leaf_hash(&leaf);
            if !verify_inclusion(&leaf, index, checkpoint.size, &line.proof, &checkpoint.root) {
                let says = format!("event {} is not in the log that the checkpoint signs", header.seq);
                check.findings.push(Finding::new(FindingCode::JournalInclusion, file(), says));
            }
        }
        match (&line.salt, &line.payload) {
            (Some(salt), Some(payload)) => {
                let salt = unhex(salt).ok_or_else(|| form("the salt is not hex"))?;
                let payload = canonical_json(payload).map_err(|error| form(&error.to_string()))?;
                if Hash::of_parts(&[&salt, &payload]) != header.commitment {
                    let says = format!("the payload of event {} is not the committed one", header.seq);
                    return Err((FindingCode::JournalCommitment, says));
                }
            }
            (None, None) => self.destroyed += 1,
            _ => return Err(form("salt and payload are destroyed together or not at all")),
        }
        Ok(KEPT.contains(&header.kind.as_str()).then_some(Event {
            seq: header.seq,
            stream: header.stream,
            kind: header.kind,
            at: header.at,
            actor: header.actor,
            payload: line.payload,
        }))
    }

    /// Numbers rise; of the case and its groups no event is left out.
    fn order(&mut self, header: &JournalHeader, plan: &Plan) -> Result<(), (FindingCode, String)> {
        let wrong = |says: String| Err((FindingCode::JournalOrder, says));
        if header.seq <= self.last_seq {
            return wrong(format!("event {} comes after event {}", header.seq, self.last_seq));
        }
        self.last_seq = header.seq;
        let last = self.versions.insert(header.stream.clone(), header.version);
        let is_case = header.stream == plan.case;
        if !is_case && !plan.groups.contains(&header.stream) {
            return Ok(());
        }
        match last {
            None if is_case && header.version != 1 => {
                wrong(format!("the case begins with its event {}, not with its first one", header.version))
            }
            None => {
                if header.version > 1 {
                    self.cut.push((header.stream.clone(), header.version));
                }
                Ok(())
            }
            Some(last) if last.checked_add(1) != Some(header.version) => {
                wrong(format!("of {} event {} follows event {last}", header.stream, header.version))
            }
            Some(_) => Ok(()),
        }
    }

    fn say(self, check: &mut Check<'_>, checkpoint: Option<&Checkpoint>) {
        if let Some(checkpoint) = checkpoint {
            check.prove(
                StatementCode::Journal,
                &[
                    ("events", self.number.to_string()),
                    ("size", checkpoint.size.to_string()),
                    ("origin", checkpoint.origin.clone()),
                ],
                format!(
                    "{} events are in the log {} of {} entries, unchanged and in this order.",
                    self.number, checkpoint.origin, checkpoint.size
                ),
            );
        }
        if self.destroyed > 0 {
            check.rest(
                StatementCode::Destroyed,
                &[("events", self.destroyed.to_string())],
                format!("The contents of {} events were destroyed and can't be checked.", self.destroyed),
            );
        }
        for (stream, version) in self.cut {
            check.rest(
                StatementCode::EarlierHistory,
                &[("stream", stream.clone()), ("version", version.to_string())],
                format!(
                    "Of {stream} the bundle carries events from number {version} on, not the earlier ones."
                ),
            );
        }
    }
}
