//! Bags, bundles and time stamps: what we make, what is damaged or forged, and what other tools say of it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

mod bag;
mod common;
mod forged;
mod kinds;
mod timestamp;
mod verify;
mod who;
