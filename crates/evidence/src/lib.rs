//! Evidence.
pub mod bag;
mod bag_read;
mod bag_write;
pub mod bundle;
mod cms;
mod der;
pub mod finding;
pub mod layout;
pub mod note;
pub mod timestamp;
pub mod tree;
pub mod verify;
mod x509;
