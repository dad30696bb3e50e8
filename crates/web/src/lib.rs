//! What the API and the pages share: whose request it is, what keeps other sites out, and one set of words for groups, steps and events
//! (which the command line uses as well).

pub mod cells;
pub mod clocks;
pub mod guard;
pub mod language;
pub mod limits;
mod patient;
pub mod records;
pub mod refusal;
pub mod register;
pub mod route;
pub mod session;
pub mod shapes;
pub mod wording;
