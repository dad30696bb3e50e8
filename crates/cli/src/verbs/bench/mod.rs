//! `bench`: the project's own benchmarks. The numbers to hold, and what was measured, are in docs/reference/performance.md.

pub(super) mod archive;
pub(super) mod console;
pub(super) mod journal;
pub(super) mod redact;
pub(super) mod search;
pub(super) mod verify;
