//! A whole bundle with two groups, made by the writers, with every choice open to change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use adjourn_domain::canonical::{Hash, canonical_json, hex};
use adjourn_domain::deposit::{DepositReceipt, RECEIPT_FORM};
use adjourn_domain::time::Time;
use adjourn_evidence::bag::{BagInfo, SealedBag};
use adjourn_evidence::bundle::{ArchiveBundle, CaseBundle};
use adjourn_evidence::deposit::sign;
use adjourn_evidence::layout::{
    ApprovalRecord, Certificate, JournalLine, Observation, PrincipalRecord, Receipt, Verdict,
};
use adjourn_evidence::note::LogKey;
use adjourn_evidence::tree::{Tree, leaf_hash};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

pub(crate) const ORIGIN: &str = "adjourn.test/log";
pub(crate) const LOG_SEED: [u8; 32] = [1; 32];
pub(crate) const KEEPER_SEED: [u8; 32] = [2; 32];
pub(crate) const CASE: &str = "c-1";
pub(crate) const AT: &str = "2026-11-23T02:15:00.000Z";

/// One event before it is numbered.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) stream: String,
    pub(crate) kind: String,
    pub(crate) payload: Value,
}

pub(crate) fn event(stream: &str, kind: &str, payload: Value) -> Event {
    Event { stream: stream.to_owned(), kind: kind.to_owned(), payload }
}

/// Gives the RFC 3161 reply over bytes.
pub(crate) type Stamper<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

/// What goes into a bundle.
pub(crate) struct Scenario {
    pub(crate) plan: Value,
    pub(crate) principals: Vec<PrincipalRecord>,
    pub(crate) approvals: Vec<ApprovalRecord>,
    pub(crate) archive: SealedBag,
    pub(crate) events: Vec<Event>,
    pub(crate) verdict: String,
    pub(crate) certificate: Option<Certificate>,
    /// Numbers of events whose payload is destroyed.
    pub(crate) destroyed: Vec<u64>,
    /// What people and parties handed in for `g-1`.
    pub(crate) handed_in: Vec<Vec<u8>>,
    /// In whose name and with what people spoke.
    pub(crate) who: super::who::Spoken,
    _work: tempfile::TempDir,
}

pub(crate) fn key(of: &str) -> SigningKey {
    SigningKey::from_bytes(&Hash::of(of.as_bytes()).0)
}

pub(crate) fn principal(id: &str, role: &str) -> PrincipalRecord {
    let public_key = hex(key(id).verifying_key().as_bytes());
    PrincipalRecord { id: id.into(), name: format!("N. {id}"), role: role.into(), public_key, added_by: None }
}

pub(crate) fn approval(who: &str, plan_hash: Hash, signer: &str) -> ApprovalRecord {
    let nonce = "00112233445566778899aabbccddeeff";
    let statement = json!({
        "adjourn": "approval/v1", "case": CASE, "plan_hash": plan_hash, "principal": who,
        "decision": "approve", "at": AT, "nonce": nonce,
    });
    let signature = key(signer).sign(&canonical_json(&statement).unwrap());
    ApprovalRecord {
        principal: who.into(),
        plan_hash,
        at: AT.into(),
        nonce: nonce.into(),
        decision: "approve".into(),
        signature: hex(&signature.to_bytes()),
        on_behalf: None,
        passkey: None,
    }
}

/// A keeper's receipt.
pub(crate) fn receipt(digest: &Hash, number: &str, seed: &[u8; 32]) -> Vec<u8> {
    let receipt = DepositReceipt {
        adjourn: RECEIPT_FORM.into(),
        at: Time::parse(AT).unwrap(),
        digest: *digest,
        issuer: "SIMULATED \u{5b58}\u{8bc1} \"keeper\"".into(),
        name: "c-1".into(),
        number: number.into(),
        simulated: true,
    };
    sign(&receipt, seed).unwrap()
}

/// The archive bag of `g-1`.
pub(crate) fn archive(dir: &Path) -> SealedBag {
    let mut bag = ArchiveBundle::create(dir).unwrap();
    let mut messages = bag.messages().unwrap();
    for n in 0..300 {
        let kind = if n % 10 == 0 { "image" } else { "text" };
        messages
            .push(&json!({"id": format!("m-{n}"), "kind": kind, "text": "\u{7fa4}\u{804a} text"}))
            .unwrap();
    }
    assert_eq!(messages.close().unwrap(), 300);
    bag.members(&[json!({"id": "u-1"})]).unwrap();
    bag.links::<[Value]>(&[]).unwrap();
    bag.media("f-1", "cat.png", b"a cat").unwrap();
    bag.media("f-2", "same cat.png", b"a cat").unwrap();
    let dog = dir.with_file_name("dog.png");
    fs::write(&dog, b"a dog").unwrap();
    assert_eq!(bag.media_file("f-3", "dog.png", &dog).unwrap(), Hash::of(b"a dog"));
    bag.receipt(&Receipt {
        counts: BTreeMap::from([("image".into(), 30), ("text".into(), 270)]),
        total: 300,
        first: Value::Null,
        last: Value::Null,
        gaps: vec![],
        undecryptable: vec![],
        complete: true,
    })
    .unwrap();
    bag.finish(&BagInfo { bagging_date: "2026-11-23".into(), fields: vec![] }).unwrap()
}

impl Scenario {
    /// A case that went well: `g-1` is gone, of `g-2` nothing irreversible was asked.
    pub(crate) fn good() -> Self {
        let work = tempfile::tempdir().unwrap();
        let plan = json!({
            "adjourn": "plan/v1", "case": CASE, "requester": "p-asker", "reason": "the project ended",
            "groups": [{"group": "g-1", "class": "ordinary", "steps": []}, {"group": "g-2", "class": "ordinary", "steps": []}],
            "review": {"rules": [{"role": "business", "count": 1}, {"role": "compliance", "count": 1}], "typed_confirmation": false},
        });
        let plan_hash = Hash::of(&canonical_json(&plan).unwrap());
        let archive = archive(&work.path().join("archive-g-1"));
        let principals = vec![
            principal("p-asker", "admin"),
            principal("p-boss", "business"),
            principal("p-law", "compliance"),
        ];
        let approvals = vec![approval("p-boss", plan_hash, "p-boss"), approval("p-law", plan_hash, "p-law")];
        let mut events: Vec<Event> = principals
            .iter()
            .map(|principal| event("org", "principal_added", serde_json::to_value(principal).unwrap()))
            .collect();
        events.extend([
            event("g-1", "seen", json!({"name": "\u{9879}\u{76ee}\u{7fa4}"})),
            event("g-2", "seen", json!({"name": "other"})),
            event(CASE, "plan_drawn", json!({"plan_hash": plan_hash})),
        ]);
        events.extend(
            approvals.iter().map(|record| event(CASE, "approved", serde_json::to_value(record).unwrap())),
        );
        events.extend([
            event("g-1", "intent", json!({"step": "01", "op": "freeze", "irreversible": false})),
            event("g-1", "outcome", json!({"step": "01", "effect": "applied"})),
            event("g-1", "sealed", json!({"bag_hash": archive.bag_hash, "bytes": 1, "files": 1})),
            event("g-1", "seal_read_back", json!({"bag_hash": archive.bag_hash})),
            event("g-1", "intent", json!({"step": "02", "op": "dissolve", "irreversible": true})),
            event("g-1", "outcome", json!({"step": "02", "effect": "unknown"})),
            event("g-1", "probe", json!({"says": "gone"})),
            event("g-1", "verdict", json!({"verdict": "gone"})),
            event("g-2", "verdict", json!({"verdict": "hidden"})),
        ]);
        let certificate = Some(Certificate {
            group: "g-1".into(),
            case: CASE.into(),
            plan_hash,
            verdict: "gone".into(),
            proved_by: "witness".into(),
            observation: Observation { from: AT.into(), to: AT.into(), length_s: 259_200, probes: 1 },
            more: BTreeMap::new(),
        });
        let verdict = "gone".to_owned();
        Self {
            plan,
            principals,
            approvals,
            archive,
            events,
            verdict,
            certificate,
            destroyed: vec![],
            handed_in: vec![],
            who: super::who::Spoken::default(),
            _work: work,
        }
    }

    pub(crate) fn plan_hash(&self) -> Hash {
        Hash::of(&canonical_json(&self.plan).unwrap())
    }

    /// Where the `nth` event of this kind is.
    pub(crate) fn find(&self, kind: &str, nth: usize) -> usize {
        self.events.iter().enumerate().filter(|(_, event)| event.kind == kind).nth(nth).unwrap().0
    }

    /// Moves an event.
    pub(crate) fn move_event(&mut self, from: usize, to: usize) {
        let event = self.events.remove(from);
        self.events.insert(to, event);
    }

    /// Writes the bundle; `stamp` gets bytes to have stamped; they are deposited as well.
    pub(crate) fn write(&self, dir: &Path, stamp: Option<Stamper<'_>>) -> SealedBag {
        let mut bundle = CaseBundle::create(dir).unwrap();
        bundle.plan(&canonical_json(&self.plan).unwrap()).unwrap();
        bundle.principals(&self.principals).unwrap();
        bundle.approvals(&self.approvals).unwrap();
        self.who.write(&mut bundle);
        bundle.archive("g-1", &self.archive.dir).unwrap();
        if let Some(stamp) = stamp {
            let tag_manifest = fs::read(self.archive.dir.join("tagmanifest-sha256.txt")).unwrap();
            bundle.archive_timestamp("g-1", &stamp(&tag_manifest)).unwrap();
            let kept = receipt(&Hash::of(&tag_manifest), "N-1", &KEEPER_SEED);
            bundle.archive_deposit("g-1", &kept).unwrap();
        }
        let mut tail = bundle.tail("g-1").unwrap();
        tail.push(&json!({"id": "m-300", "kind": "text"})).unwrap();
        tail.close().unwrap();
        for (group, verdict) in [("g-1", self.verdict.as_str()), ("g-2", "hidden")] {
            let sha256 = self.plan.get("announcement_sha256").cloned().unwrap_or_default();
            bundle.announcements(group, &[json!({"text": "bye", "sha256": sha256})]).unwrap();
            bundle.probes(group, &[json!({"says": "gone"})]).unwrap();
            bundle.residue(group, &json!({"left": []})).unwrap();
            bundle.verdict(group, &Verdict { verdict: Some(verdict.into()), more: BTreeMap::new() }).unwrap();
        }
        if !self.handed_in.is_empty() {
            let folder = tempfile::tempdir().unwrap();
            for bytes in &self.handed_in {
                fs::write(folder.path().join(Hash::of(bytes).to_hex()), bytes).unwrap();
            }
            bundle.evidence("g-1", folder.path()).unwrap();
        }
        if let Some(certificate) = &self.certificate {
            bundle.certificate(&certificate.group, certificate).unwrap();
        }
        let (lines, root) = self.journal(&self.events);
        let size = lines.len() as u64;
        bundle.journal(lines).unwrap();
        let note = bundle.checkpoint(ORIGIN, &LOG_SEED, size, root).unwrap();
        if let Some(stamp) = stamp {
            bundle.checkpoint_timestamp(&stamp(note.as_bytes())).unwrap();
            let kept = receipt(&Hash::of(note.as_bytes()), "N-2", &KEEPER_SEED);
            bundle.checkpoint_deposit(&kept).unwrap();
        }
        bundle
            .finish(&BagInfo {
                bagging_date: "2026-11-23".into(),
                fields: vec![("Adjourn-Case".into(), CASE.into())],
            })
            .unwrap()
    }

    fn journal(&self, events: &[Event]) -> (Vec<JournalLine>, Hash) {
        let mut versions = BTreeMap::<&str, u64>::new();
        let mut lines = Vec::new();
        for (seq, event) in (1_u64..).zip(events) {
            let version = versions.entry(&event.stream).or_default();
            *version += 1;
            let salt = Hash::of(&seq.to_be_bytes()).0;
            let commitment = Hash::of_parts(&[&salt, &canonical_json(&event.payload).unwrap()]);
            let header = json!({
                "seq": seq, "stream": event.stream, "version": *version, "kind": event.kind,
                "at": AT, "actor": "worker", "commitment": commitment,
            });
            let kept = !self.destroyed.contains(&seq);
            let opened = kept.then(|| (salt.as_slice(), event.payload.clone()));
            lines.push(JournalLine::new(&header, opened, vec![]).unwrap());
        }
        let leaves = lines.iter().map(|line| leaf_hash(&canonical_json(&line.header).unwrap())).collect();
        let tree = Tree::new(leaves);
        for (index, line) in lines.iter_mut().enumerate() {
            line.proof = tree.inclusion_proof(index).unwrap();
        }
        (lines, tree.root())
    }
}

pub(crate) fn log_key() -> LogKey {
    LogKey::from_seed(ORIGIN, &LOG_SEED).unwrap()
}

/// Every file below `dir`, as paths from it, sorted.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().to_owned());
            }
        }
    }
    found.sort_by_key(|path| path.to_string_lossy().into_owned());
    found
}

/// Writes all tag files of a bag anew, as a forger would.
pub(crate) fn reseal(dir: &Path) {
    let (mut manifest, mut bytes, mut count) = (String::new(), 0, 0);
    for path in files(dir).iter().filter(|path| path.starts_with("data")) {
        let content = fs::read(dir.join(path)).unwrap();
        manifest.extend([&Hash::of(&content).to_hex(), "  ", path.to_str().unwrap(), "\n"]);
        bytes += content.len();
        count += 1;
    }
    fs::write(dir.join("manifest-sha256.txt"), manifest).unwrap();
    let info = format!("Bagging-Date: 2026-11-23\nPayload-Oxum: {bytes}.{count}\n");
    fs::write(dir.join("bag-info.txt"), info).unwrap();
    let tags = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]
        .map(|name| format!("{}  {name}\n", Hash::of(&fs::read(dir.join(name)).unwrap())))
        .concat();
    fs::write(dir.join("tagmanifest-sha256.txt"), tags).unwrap();
}
