//! What is asked in which order, for every method of the contract. Requests and replies themselves are in `wire`.

pub(crate) mod announce;
pub(crate) mod api;
pub(crate) mod around;
pub(crate) mod create;
pub(crate) mod dissolve;
pub(crate) mod empty;
pub(crate) mod export;
pub(crate) mod freeze;
pub(crate) mod history;
pub(crate) mod leave;
pub(crate) mod media;
pub(crate) mod power;
pub(crate) mod rooms;
#[cfg(test)]
mod tests;
pub(crate) mod transfer;
pub(crate) mod unlink;
pub(crate) mod verify;
