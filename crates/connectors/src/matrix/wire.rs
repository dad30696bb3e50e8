//! The wire, pure: requests are built here and replies are read here, without a transport.

pub(crate) mod delete;
pub(crate) mod events;
pub(crate) mod ids;
pub(crate) mod power;
pub(crate) mod requests;
pub(crate) mod rooms;
pub(crate) mod state;
#[cfg(test)]
mod tests;
