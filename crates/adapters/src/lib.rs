//! The remaining ports of the use cases: keys, clock, chance, vault, time stamp authority, keeper of evidence, profile files.

pub mod accounts;
pub mod bundles;
pub mod claims;
mod client;
pub mod clock;
pub mod deposits;
pub mod exports;
pub mod handed;
pub mod hooks;
pub mod image;
pub mod inbox;
pub mod keys;
pub mod law;
mod mac;
pub mod originals;
pub mod parties;
mod private;
pub mod profiles;
pub mod rng;
pub mod signer;
pub mod stamps;
pub mod storage;
pub mod tables;
pub mod vault;
