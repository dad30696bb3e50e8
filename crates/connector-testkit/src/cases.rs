//! The cases, area by area.

mod announce;
mod create;
mod descriptor;
mod dissolve;
mod export;
mod freeze;
mod get;
mod hostile;
mod leave;
mod list;
mod probe;
mod remains;
mod sweep;
mod transfer;
mod unlink;
mod verify;

use adjourn_domain::capability::{Op, Support};

use crate::{Bench, Outcome};

/// What a case needs of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it runs for every connector.
    Nothing,
    /// The operation, by the platform or by a person.
    Have(Op),
    /// The operation, by the platform.
    Native(Op),
}

/// One case.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its area.
    pub area: &'static str,
    /// Its name, a sentence in short.
    pub name: &'static str,
    /// What it needs.
    pub need: Need,
    /// The case.
    pub run: fn(&Bench) -> Outcome,
}

/// Every case, in order.
pub fn all() -> Vec<Case> {
    [
        descriptor::CASES,
        probe::CASES,
        list::CASES,
        get::CASES,
        export::CASES,
        create::CASES,
        announce::CASES,
        freeze::CASES,
        unlink::CASES,
        transfer::CASES,
        leave::CASES,
        dissolve::CASES,
        remains::CASES,
        sweep::CASES,
        sweep::ABSENT,
        verify::CASES,
        hostile::CASES,
    ]
    .concat()
}

/// A case.
const fn case(area: &'static str, name: &'static str, need: Need, run: fn(&Bench) -> Outcome) -> Case {
    Case { area, name, need, run }
}

/// Grades in their order, the best last.
fn rank(support: Support) -> u8 {
    match support {
        Support::Native => 3,
        Support::Emulated => 2,
        Support::Assisted => 1,
        Support::Unsupported => 0,
    }
}
