//! The benchmarks at a small size: that they run, that nothing goes wrong, and that their reports have their fields. No time is asserted.
#![expect(clippy::unwrap_used, reason = "test code: what is not there is a failed test")]

use std::process::Command;

use serde_json::Value;

/// Runs a benchmark and gives its report; whatever it made under its data folder is gone.
fn report(args: &[&str]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
    command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(dir.path()).arg("--data").arg(&data);
    let output = command.args(["--json", "bench"]).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn archives_are_made_opened_verified_and_searched() {
    let whole = report(&["archive", "--messages", "500,2000", "--threads", "2"]);
    for (size, messages) in [(0, 500), (1, 2_000)] {
        let size = &whole["sizes"][size];
        assert!(size["messages"] == messages && size["opened"] == true, "{size}");
        assert!(size["peak_mib"].as_f64().is_some_and(|peak| peak > 0.0), "{size}");
    }
    let verified = report(&["verify", "--messages", "3000", "--runs", "1"]);
    // Debian's openssl is there (scripts/peers/install.sh).
    for path in [
        "/bytes",
        "/inside/quick_ms",
        "/inside/full_ms",
        "/quick/best_ms",
        "/full/best_ms",
        "/openssl/best_ms",
    ] {
        assert!(
            verified.pointer(path).and_then(Value::as_f64).is_some_and(|figure| figure > 0.0),
            "{path}: {verified}"
        );
    }
    let searched = report(&["search", "--messages", "2000"]);
    let asked = searched["asked"].as_array().unwrap();
    assert!(asked.len() >= 10 && asked.iter().all(|kind| kind["questions"].as_u64() > Some(0)), "{searched}");
}

#[test]
fn the_consoles_benchmark_runs_without_errors_and_reports_what_it_measured() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
    command.env_clear().current_dir(dir.path()).arg("--data").arg(&data).args(["--json", "bench", "console"]);
    command.args(["--groups", "20,120", "--requests", "2"]);
    command.args(["--load", "--seconds", "3", "--readers", "6", "--rate", "10", "--news", "2"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |path: &str| {
        report.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path}: {report}"))
    };

    for path in ["/program/version_ms/p50", "/program/binary_mib", "/program/idle_rss_mib"] {
        assert!(number(path) > 0.0, "{path}");
    }
    for (n, groups) in [20.0, 120.0].into_iter().enumerate() {
        assert!((number(&format!("/sizes/{n}/groups")) - groups).abs() < 0.5);
        assert!(number(&format!("/sizes/{n}/rss/pages")) > 0.0);
        let pages = report.pointer(&format!("/sizes/{n}/pages")).and_then(Value::as_array).unwrap();
        // Every view of the register, searches, a page in the middle, and what is not a list.
        assert!(pages.len() >= 20, "{pages:?}");
        for page in pages {
            for field in ["/wall_ms/p50", "/wall_ms/p99", "/cpu_ms/p99", "/first_ms", "/bytes"] {
                assert!(page.pointer(field).is_some_and(Value::is_number), "{field}: {page}");
            }
        }
    }

    assert_eq!(report["load"]["errors"], 0, "{}", report["load"]);
    assert!(number("/load/requests") >= 20.0 && number("/load/rows") >= 5.0);
    // Every reader was told, of the last row too, and read its page again.
    assert_eq!(report["load"]["readers_up_to_date"], 6, "{}", report["load"]);
    assert!(number("/load/events_fewest") >= 2.0 && number("/load/rereads") >= 12.0);
    assert_eq!(report["load"]["rss_mib"].as_array().unwrap().len(), 12);
    // What it made is gone, and nothing else was opened.
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0);
}
