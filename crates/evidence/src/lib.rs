//! Evidence of Adjourn: what an auditor gets, and how it is checked offline with standard tools.
//!
//! ```text
//! case bag = "the bundle" (BagIt 1.0)                         bound by
//! ├─ bagit.txt  bag-info.txt
//! ├─ manifest-sha256.txt  tagmanifest-sha256.txt              bag hash = SHA-256 of the tag manifest
//! └─ data/
//!    ├─ plan.json            canonical bytes ─ plan hash ───► events plan_drawn, approved; approvals
//!    ├─ principals.json      keys of the people
//!    ├─ approvals.json       signed over the plan hash
//!    ├─ journal.jsonl        headers = leaves, with proofs ─► root in the checkpoint
//!    ├─ checkpoint           size, root, content hash ──────► signature of the log's key
//!    ├─ checkpoint.tsr       time of all that ──────────────► time stamp authority (RFC 3161)
//!    ├─ checkpoint.deposit.json  a third party keeps that ► receipt signed by the keeper
//!    ├─ log.vkey  log.pem    the log's key, twice
//!    └─ groups/g-…/
//!       ├─ archive/          the archive bag, byte for byte ► events sealed, seal_read_back; archive.tsr
//!       │  └─ data/          messages.jsonl.zst receipt.json members.json links.json media.json media/…
//!       ├─ archive.tsr  archive.deposit.json  tail.jsonl.zst
//!       ├─ announcements.json  probes.json  residue.json  evidence/
//!       ├─ verdict.json      ────────────────────────────────► event judged
//!       └─ certificate.json  if and only if the verdict is gone
//! ```
//!
//! Who writes evidence starts at [`bundle`], who checks it at [`verify`]. Below lie, each usable alone:
//! [`bag`] (BagIt), [`tree`] (RFC 9162), [`note`] (C2SP signed notes and checkpoints), [`timestamp`] (RFC 3161), [`deposit`] (receipts of a keeper of evidence).
//! [`layout`] has the names and shapes of the files, [`finding`] what a check can say.
//!
//! No network, no clock, no randomness: nonces, keys and times are arguments. Files are read and written
//! here and nowhere else is anything done with them.

pub mod bag;
mod bag_read;
mod bag_write;
pub mod bundle;
mod cms;
pub mod deposit;
mod der;
pub mod finding;
pub mod layout;
pub mod note;
pub mod passkey;
pub mod timestamp;
pub mod tree;
pub mod verify;
mod x509;
