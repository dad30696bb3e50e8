//! The wire, pure: requests are built and replies are read here, and nothing is sent.

pub(super) mod callback;
pub(super) mod replies;
pub(super) mod requests;

#[cfg(test)]
mod tests;
