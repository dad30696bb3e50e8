//! `bench console` over a handful of groups: that it runs, that nothing goes wrong under a little load, and that the report has its fields. No time is
//! asserted.

use std::process::Command;

use serde_json::Value;

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
