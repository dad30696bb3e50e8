//! The JSON API of a running `serve`: who may ask for what, the whole way of a plan by script, what is refused and stays in the journal, and what
//! another people's tool makes of the document.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

mod desk;
mod document;
mod refused;
mod rights;
mod way;
