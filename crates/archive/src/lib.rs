//! Exports on disk, and what an organisation writes about itself: ledgers (its own list of its groups) and lists of people
//! who leave.
//!
//! An export is canonical JSONL in zstd, one frame a page, with a checkpoint beside it: after a kill at any point it goes
//! on where the last durable page ended, and no record is written twice. Media are stored once by content hash. The
//! receipt is counted from what was written, not from what was asked for. A closed bag is handed over as one file ([`pack`]).

pub mod anonymise;
pub mod bench;
mod chatlab;
mod chunks;
pub mod deidentify;
pub mod export;
pub mod import;
pub mod leavers;
pub mod ledger;
pub mod model;
pub mod pack;
mod place;
pub mod read;
pub mod sealed;
pub mod staging;

pub use staging::{ArchiveError, Staging, StagingState};
