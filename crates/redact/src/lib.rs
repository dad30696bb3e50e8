//! Finds personal identifiers in Chinese chat and replaces them with keyed pseudonyms.
//!
//! The crate does no I/O and needs nothing of Adjourn. A [`Detector`] knows the names of a group's members and is shared by threads; each thread has a
//! [`Scratch`]. What is found are [`Span`]s on the boundaries of characters; whatever is outside them is never touched.
//!
//! It finds identifiers in half width, full width and Chinese numerals, with the separators that people put between, next to Han without a space. It
//! does not find everything: what it can't find is in the documentation of [`Kind`] and in every report.

mod address;
mod beside;
mod buildings;
mod cells;
mod check;
pub mod corpus;
mod detect;
mod dict;
mod dotted;
mod fields;
mod fold;
mod format;
mod kind;
pub mod laws;
mod lexicon;
mod lines;
mod members;
mod mentions;
mod names;
mod network;
mod numbers;
mod pseudonym;
mod remembered;
mod report;
mod sketch;
pub mod system_rows;
mod tokens;
mod walk;

pub use detect::{Detector, NAME_THRESHOLD, Scratch};
pub use fields::{Field, Fields};
pub use kind::{Confidence, Kind, Span};
pub use lines::{Fault, Lines, MAX_LINE};
pub use members::Members;
pub use pseudonym::{Labels, Pseudonyms};
pub use report::{KindReport, NOT_COVERED, Report, Tally};
