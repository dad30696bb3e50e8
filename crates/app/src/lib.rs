//! Use cases of Adjourn, and the ports that they need.

pub mod error;
pub mod ports;

pub use error::AppError;
