//! Pages of Adjourn, rendered on the server: they work without script, on a phone and on paper. One folder per page.

pub mod audit;
pub mod html;
pub mod local;
pub mod renewal;
pub mod task;
