//! The wire, pure: build a call, read a reply, an event or a frame.

pub(super) mod events;
pub(super) mod files;
pub(super) mod frames;
pub(super) mod ids;
pub(super) mod implementation;
pub(super) mod messages;
pub(super) mod replies;
pub(super) mod requests;
pub(super) mod spelling;
pub(super) mod text;

#[cfg(test)]
mod tests;
