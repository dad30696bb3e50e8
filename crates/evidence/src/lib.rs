//! Evidence.
pub mod bag;
mod bag_read;
mod bag_write;
pub mod bundle;
pub mod finding;
pub mod layout;
pub mod note;
pub mod tree;
