//! Bags, bundles, time stamps and deposits: what we make, what is damaged or forged, and what other tools say of it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod bag;
mod common;
mod deposit;
mod forged;
mod kinds;
mod timestamp;
mod verify;
mod who;
