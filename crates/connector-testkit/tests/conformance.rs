//! The conformance suite as a test binary. `cargo test -p adjourn-connector-testkit --test conformance -- matrix::`
//! runs one platform; names are `platform::area::case`, and ` (absent)` marks negative twins.
//!
//! nextest starts a process for each test, which takes longer than most cases: there all cases of an area are one test, which names each that fails.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{SystemTime, UNIX_EPOCH};

use adjourn_connector_testkit::{Role, trials};
use adjourn_domain::time::Time;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let args = Arguments::from_args();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    // A runner that starts a process for each trial names it whole.
    let one = args.filter.as_deref().filter(|_| args.exact).and_then(|name| name.split("::").next());
    let mut groups: BTreeMap<String, Vec<adjourn_connector_testkit::Trial>> = BTreeMap::new();
    let together = std::env::var_os("NEXTEST").is_some();
    for trial in trials(&today(), one) {
        let (cases, twins) = counts.entry(trial.platform.clone()).or_default();
        *(if trial.role == Role::Case { cases } else { twins }) += 1;
        let area = trial.name.rsplit_once("::").filter(|_| together).map(|(area, _)| area.to_owned());
        groups.entry(area.unwrap_or_else(|| trial.name.clone())).or_default().push(trial);
    }
    let tests: Vec<Trial> =
        groups.into_iter().map(|(name, trials)| Trial::test(name, move || run(trials))).collect();
    let conclusion = libtest_mimic::run(&args, tests);
    if !args.list && !args.exact {
        say(&counts);
    }
    conclusion.exit();
}

/// Runs all of them, whatever fails.
fn run(trials: Vec<adjourn_connector_testkit::Trial>) -> Result<(), Failed> {
    let mut failed = Vec::new();
    for trial in trials {
        let name = trial.name.clone();
        // A case that panics takes no other one with it; what it said is printed above.
        match catch_unwind(AssertUnwindSafe(|| trial.run())) {
            Ok(Ok(())) => {}
            Ok(Err(why)) => failed.push(format!("{name}: {why}")),
            Err(_) => failed.push(format!("{name}: panicked")),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
}

#[expect(clippy::print_stdout, reason = "a test binary reports on stdout")]
fn say(counts: &BTreeMap<String, (usize, usize)>) {
    let platforms: Vec<String> =
        counts.iter().map(|(name, (cases, twins))| format!("{name}: {cases} cases, {twins} twins")).collect();
    println!("{}", platforms.join(" · "));
}

/// Deviations expire by the real date, which nothing else in the suite looks at.
#[expect(clippy::disallowed_methods, reason = "the one place of the suite that asks for the time")]
fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Time::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)).to_string();
    now.chars().take(10).collect()
}
