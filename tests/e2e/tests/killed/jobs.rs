//! Where the process is killed: the places that the undisturbed way gives.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

/// A place to kill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    /// `name#n`.
    Point(String),
    /// The n-th changing request (from 1), with its line; held before the server has it, or after it had its effect.
    Request { n: usize, line: String, forwarded: bool },
    /// So many milliseconds after the process has passed `name#n`: in the middle of the writing that follows.
    After(String, u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) room: &'static str,
    pub(super) at: At,
    /// Whether the killed worker's lease is left as it is.
    pub(super) waits: bool,
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  ", self.room)?;
        match &self.at {
            At::Point(point) => write!(f, "{point}")?,
            At::Request { n, line, forwarded } => {
                let how = if *forwarded { "reply lost" } else { "never sent" };
                write!(f, "request {n}, {how}: {line}")?;
            }
            At::After(point, ms) => write!(f, "{ms} ms after {point}")?,
        }
        if self.waits { write!(f, "  (waits)") } else { Ok(()) }
    }
}

/// What the undisturbed way passed.
pub(super) struct Reference {
    pub(super) points: Vec<String>,
    pub(super) changes: Vec<String>,
    /// Tables of the server that still name the room afterwards.
    pub(super) traces: BTreeSet<String>,
    /// How often each kind of event is in the bundle's journal, apart from attempts and looks.
    pub(super) facts: BTreeMap<String, usize>,
    pub(super) took: Duration,
}

/// The cycles.
///
/// * Large room: every point name where it is first passed; every probe and file, every third page; every changing
///   request, never sent and with its reply lost. And in the middle of what is written: a page, the archive bag, the bundle.
/// * Small room: before and after every commit, with and without an intent in it. The points `intent.*`, `act.*`,
///   `read_back.*` and `probe.*` lie directly beside one, with nothing written in between.
///
/// The daily run takes of those the first of every name and kind, and of the rest every thirtieth: the same places each time.
pub(super) fn jobs(reference: &BTreeMap<&'static str, Reference>, all: bool) -> Vec<Job> {
    let jobs = every(reference);
    if all {
        return jobs;
    }
    let (mut kinds, mut rest) = (BTreeSet::new(), 0);
    let daily = jobs.into_iter().filter(|job| {
        let kind = match &job.at {
            At::Point(point) => name(point).to_owned(),
            At::Request { line, .. } => line.clone(),
            At::After(point, _) => format!("after {}", name(point)),
        };
        if kinds.insert((kind, job.waits)) {
            return true;
        }
        rest += 1;
        rest % 30 == 0
    });
    daily.collect()
}

fn every(reference: &BTreeMap<&'static str, Reference>) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (room, way) in reference {
        let mut names = BTreeSet::new();
        for point in &way.points {
            let (name, n) = point.split_once('#').unwrap();
            let first = names.insert(name.to_owned());
            let chosen = if *room == "project" {
                first
                    || name.starts_with("probe.")
                    || name == "export.media.after"
                    || (name == "export.page.after" && n.parse::<u32>().unwrap() % 3 == 0)
            } else {
                name.contains(".commit.")
            };
            if chosen {
                jobs.push(Job { room, at: At::Point(point.clone()), waits: false });
            }
        }
        for (n, line) in way.changes.iter().enumerate().filter(|_| *room == "project") {
            for forwarded in [false, true] {
                jobs.push(Job {
                    room,
                    at: At::Request { n: n + 1, line: line.clone(), forwarded },
                    waits: false,
                });
            }
        }
    }
    for (point, moments) in [
        ("export.page.before#1", &[5, 15][..]),
        ("seal.before#1", &[30, 100, 300]),
        ("bundle.before#1", &[30, 100, 200, 300, 500]),
    ] {
        for ms in moments {
            jobs.push(Job { room: "project", at: At::After(point.to_owned(), *ms), waits: false });
        }
    }
    jobs.push(Job { room: "legacy", at: At::Point("export.page.after#1".to_owned()), waits: true });
    jobs
}

pub(super) fn name(point: &str) -> &str {
    point.split('#').next().unwrap_or(point)
}
