//! The conformance suite as a test binary. `cargo test -p adjourn-connector-testkit --test conformance -- matrix::`
//! runs one platform; names are `platform::area::case`, and ` (absent)` marks negative twins.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use adjourn_connector_testkit::{Role, trials};
use adjourn_domain::time::Time;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let args = Arguments::from_args();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    // A runner that starts a process for each trial names it whole.
    let one = args.filter.as_deref().filter(|_| args.exact).and_then(|name| name.split("::").next());
    let tests = trials(&today(), one).into_iter().map(|trial| {
        let (cases, twins) = counts.entry(trial.platform.clone()).or_default();
        *(if trial.role == Role::Case { cases } else { twins }) += 1;
        Trial::test(trial.name.clone(), move || trial.run().map_err(Failed::from))
    });
    let tests: Vec<Trial> = tests.collect();
    let conclusion = libtest_mimic::run(&args, tests);
    if !args.list && !args.exact {
        say(&counts);
    }
    conclusion.exit();
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
