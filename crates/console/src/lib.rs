//! Pages of Adjourn, rendered on the server: they work without script, on a phone and on paper; only a passkey needs one.
//! One folder per page, its template beside its code.

pub mod audit;
mod case;
pub mod certificate;
pub mod desk;
mod door;
pub mod drill;
pub mod frame;
mod groups;
pub mod html;
pub mod live;
pub mod local;
pub mod passkey;
mod people;
mod platforms;
pub mod renewal;
pub mod task;
mod today;
