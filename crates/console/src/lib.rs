//! Pages of Adjourn, rendered on the server: they work without script, on a phone and on paper; only a passkey needs one.
//! One folder per page.

pub mod audit;
pub mod certificate;
pub mod html;
pub mod local;
pub mod passkey;
pub mod renewal;
pub mod task;
