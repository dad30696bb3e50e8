//! The one conformance suite of all connectors.
//!
//! A case is a function over a [`Bench`]: a connector, and its simulator with the seeded world, made anew for every
//! case. Each case says which operation it needs. Where the connection does not have that operation natively, the
//! case's *negative twin* runs under the same name: a typed refusal, and the simulator saw no request. So every name is
//! there for every platform, and nothing is skipped silently; a known deviation is an entry in the descriptor, with a
//! date on which it expires.
//!
//! ```text
//! targets() × cases::all() ─► trial: case, or twin, or deviation ─► libtest-mimic in tests/conformance.rs
//! ```

pub mod bench;
pub mod cases;
pub mod deviation;
pub mod matrix;
pub mod pins;
pub mod rig;
pub mod twin;

pub use bench::{Bench, targets};
pub use cases::{Case, Need};
pub use matrix::matrix_markdown;

/// What a case says: nothing, or what is wrong.
pub type Outcome = Result<(), String>;

/// Fails the case unless the condition holds.
macro_rules! check {
    ($condition:expr, $($says:tt)+) => {
        if !$condition {
            return Err(format!($($says)+));
        }
    };
}
pub(crate) use check;

/// How a trial was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The case itself.
    Case,
    /// Its negative twin.
    Twin,
}

/// One case on one platform.
pub struct Trial {
    /// `platform::area::case`, and ` (absent)` for a twin.
    pub name: String,
    /// The platform.
    pub platform: String,
    /// Case or twin.
    pub role: Role,
    run: Box<dyn FnOnce() -> Outcome + Send>,
}

impl Trial {
    /// Runs it.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn run(self) -> Outcome {
        (self.run)()
    }
}

/// Every case on every platform, or on the target named `only`. `today` (`YYYY-MM-DD`) decides which deviations have expired.
pub fn trials(today: &str, only: Option<&str>) -> Vec<Trial> {
    let mut trials = Vec::new();
    for target in targets(only) {
        let target = std::sync::Arc::new(target);
        for case in cases::all() {
            trials.push(trial(&target, case, today));
        }
    }
    trials
}

fn trial(bench: &std::sync::Arc<Bench>, case: Case, today: &str) -> Trial {
    let role = if bench.meets(case.need) { Role::Case } else { Role::Twin };
    let suffix = if role == Role::Twin { " (absent)" } else { "" };
    let name = format!("{}::{}::{}{suffix}", bench.name, case.area, case.name);
    let today = today.to_owned();
    let of_trial = bench.clone();
    let run = move || {
        let result = match role {
            Role::Case => (case.run)(&of_trial),
            Role::Twin => twin::run(&of_trial, case.need),
        };
        deviation::judge(
            &of_trial.declared.deviations,
            &format!("{}::{}", case.area, case.name),
            &today,
            result,
        )
    };
    Trial { name, platform: bench.name.clone(), role, run: Box::new(run) }
}
