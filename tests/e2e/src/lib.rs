//! The harness with which end-to-end tests run the built `adjourn` against real peers.
//!
//! - [`Synapse`]: a real Matrix homeserver, restored from a packed snapshot. Its database is read directly, so that the
//!   truth of a count or a deletion never comes from the API under test.
//! - [`Tsa`]: a real RFC 3161 responder (`openssl ts`) with its own certificate authority.
//! - [`Seaweed`]: a real S3-compatible store with Object Lock.
//! - [`LyingProxy`]: stands in front of any and misbehaves by rule, keeping a log of what it saw and passed on.
//! - [`Browser`]: a headless Chromium; [`Simulator`]: `adjourn sim`, whose pages a person at a phone walks through.
//! - [`Adjourn`]: runs the binary, in the foreground or in the background, and kills it from outside.
//!
//! Everything here panics with a message that says what to do: a test that cannot start is a failed test.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::format_push_string,
    reason = "test code: it waits for real processes on a real clock, and a broken peer is a failed test"
)]

mod adjourn;
mod browser;
mod disk;
mod gate;
pub mod http;
mod listener;
mod office;
mod peers;
mod proxy;
mod recording;
mod refdesk;
mod seaweed;
mod simulator;
mod stage;
mod synapse;
mod tsa;

pub use adjourn::{Adjourn, Output, Running};
pub use browser::{Browser, Download, Focus};
pub use disk::Disk;
pub use gate::Gate;
pub use office::Office;
pub use peers::{Peers, tempdir, wait_for, workspace_root};
pub use proxy::{Action, Lie, LyingProxy, Seen};
pub use recording::Recorder;
pub use refdesk::{PLAIN, RefDesk};
pub use seaweed::{KEY, SECRET, Seaweed};
pub use simulator::Simulator;
pub use stage::{Access, Room, Scene, at_once, certificates, shared};
pub use synapse::{Limits, Synapse, User, encode};
pub use tempfile::TempDir;
pub use tsa::Tsa;
