//! The vocabulary and the rules of Adjourn.

pub mod canonical;
