//! What several tests need.
#![allow(dead_code, unreachable_pub, clippy::allow_attributes, reason = "no test uses all of it")]

pub mod authority;
pub mod bundle;
pub mod case;
