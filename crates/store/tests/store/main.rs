//! The store from outside: against a model, by several processes, when things go wrong.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod bench;
mod common;
mod faults;
mod model;
mod processes;
