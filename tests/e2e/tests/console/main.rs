//! The console in a real Chromium: people get their accounts by one-time links, sign in, draw a plan, review it, apply it, and see the group gone;
//! and what other sites, other people and wrong passwords get.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

mod account;
mod case;
mod door;
mod drill;
mod hooks;
mod hostile;
mod notice;
mod places;
mod review;
mod schema;
mod served;
mod step;
mod uploads;
mod watched;
