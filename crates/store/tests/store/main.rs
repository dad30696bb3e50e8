//! The store from outside: against a model, by several processes, when things go wrong.

mod bench;
mod common;
mod faults;
mod model;
mod processes;
