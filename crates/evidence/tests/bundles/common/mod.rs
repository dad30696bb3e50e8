//! What several tests need.

pub(crate) mod authority;
pub(crate) mod bundle;
pub(crate) mod case;
pub(crate) mod who;
