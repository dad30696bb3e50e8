//! The verbs and reads, one file each.
//!
//! There are two kinds of groups, with calls of their own: groups that an app made, and customer groups. The setting
//! `appchats` names the first; [`groups::Chat::of`] tells them apart.

pub(super) mod announce;
pub(super) mod api;
pub(super) mod create;
pub(super) mod dissolve;
pub(super) mod events;
pub(super) mod export;
pub(super) mod groups;
pub(super) mod handover;
pub(super) mod inbox;
pub(super) mod leave;
pub(super) mod transfer;
pub(super) mod unlink;
pub(super) mod verify;

#[cfg(test)]
mod tests;
