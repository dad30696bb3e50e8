//! A small model of a chat platform: accounts, groups, links, messages and notices under [`Rules`] that are data.
//!
//! Every simulator is a front over a [`World`]: it speaks its platform's wire protocol and asks the world what may be
//! done, what happens, and who sees it. So the rules of a platform, which come from its profile, are obeyed in one place.
//! A person's hands in the platform's own app are a door of the world itself ([`World::door`], [`ClientAct`]), the same
//! behind every front.
//!
//! ```text
//! connector ─► wire ─► front (one per platform) ─► World under Rules ◄─ /client/…: a person in the platform's own app
//! ```
//!
//! No clock, no randomness: ids come from counters, times from inputs.

mod end;
mod group;
mod make;
mod manage;
mod past;
mod person;
pub mod phone;
mod rules;
mod spec;
mod world;

pub use group::{Ended, File, Group, Handed, Link, Membership, Message};
pub use make::NewGroup;
pub use past::{Odd, Past, PastSpec};
pub use person::{ClientAct, ClientRefusal, Screen, client, client_obeys, look, obey, told, unescaped};
pub use rules::{Api, Confirm, LinkFate, NoticeTo, Rules, Who};
pub use spec::{AccountSpec, GroupSpec, LinkSpec, Role, TokenSpec, WorldSpec};
pub use world::{Notice, Refusal, World};
