//! The benchmark counts right. How long it takes is nobody's business here.

use std::sync::Arc;

use adjourn_app::ports::Append;
use adjourn_store::bench::{BenchOptions, BenchStep, journal};

struct Plain;

impl BenchStep for Plain {
    fn step(&self, run: usize, step: usize) -> Append {
        crate::common::one(&format!("g-{run}"), step as u64, "a step")
    }
}

#[test]
fn every_step_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let options =
        BenchOptions { runs: 20, steps_per_run: 3, concurrency: 8, threads: 2, lone_runs: 2, disk_probes: 2 };
    let step: Arc<dyn BenchStep> = Arc::new(Plain);
    let figures = journal(dir.path(), &options, &step).unwrap();
    assert_eq!((figures.engine.steps, figures.bare.steps, figures.lone.steps), (60, 60, 6));
    assert_eq!(figures.lone.commits, 6);
    assert!((1..=60).contains(&figures.engine.commits));
    assert!(figures.engine.wal_bytes_per_step.unwrap() > 0.0);
    assert!(figures.bytes_per_event > 100.0);
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["engine"]["steps"], 60);
    assert_eq!(json["options"]["concurrency"], 8);
}
