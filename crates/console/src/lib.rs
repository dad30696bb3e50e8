//! Pages of Adjourn, rendered on the server: they work without script, on a phone and on paper; only a passkey needs one.
//! One folder per page, its template beside its code.

mod account;
pub mod audit;
mod audits;
mod case;
pub mod certificate;
pub mod desk;
mod door;
pub mod drill;
mod evidence;
pub mod frame;
mod groups;
pub mod guide;
pub mod html;
mod kept;
mod links;
pub mod live;
pub mod local;
pub mod notice;
pub mod passkey;
mod people;
mod platforms;
pub mod qr;
mod register;
pub mod renewal;
mod settings;
pub mod task;
mod today;
pub mod tools;
mod typed;
