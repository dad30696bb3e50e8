//! The vocabulary and the rules of Adjourn.
//!
//! Everything that decides is here, and nothing here can act: no I/O, no clock, no randomness, no async.
//! A fact is an event ([`event::GroupEvent`], [`event::CaseEvent`], [`event::OrgEvent`]); state is events folded (`evolve`); a wish becomes events or a
//! [`refusal::Refusal`] (`decide`); what has to be done next follows from state and time (`due`).
//!
//! ```text
//! command ─► decide(state, command, now) ─► events ─► evolve(state, event) ─► state ─► due(state, now) ─► action
//! ```
//!
//! Streams: one per group ([`run`]: hold, run, observation, intents) and one per case ([`case`]: plan, approvals).

pub mod announcement;
pub mod approval;
pub mod asset;
pub mod audit;
pub mod call;
pub mod canonical;
pub mod capability;
pub mod case;
pub mod certificate;
pub mod changes;
pub mod claims;
pub mod clocks;
pub mod connection;
pub mod delegation;
pub mod deposit;
pub mod destruction;
pub mod drift;
pub mod envelope;
pub mod event;
pub mod export;
pub mod fact;
pub mod group;
pub mod guide;
pub mod ids;
pub mod instruction;
pub mod joint;
pub mod kinds;
pub mod knowledge;
pub mod law;
pub mod left_out;
pub mod member_notice;
pub mod message;
pub mod notice;
pub mod party;
pub mod passkey;
pub mod plan;
pub mod planner;
pub mod policy;
pub mod pseudonyms;
pub mod quota;
pub mod reaction;
pub mod reading;
pub mod refusal;
pub mod register;
pub mod renewal;
pub mod reply;
pub mod retention;
pub mod review;
pub mod run;
pub mod short_code;
pub mod stored;
pub mod succession;
pub mod task;
pub mod template;
pub mod time;
pub mod token;
pub mod upload;
pub mod verdict;
