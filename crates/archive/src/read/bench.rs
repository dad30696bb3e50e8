//! How long building an index and asking it take, on the generated corpus. One seed asks the same of everybody.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use adjourn_domain::time::Time;
use adjourn_redact::corpus::{Corpus, Message};
use serde::Serialize;

use super::index::io_at;
use super::{Index, IndexError, Place, Query, Wanted, index_path};
use crate::bench::timing::thread_seconds;

/// Questions of each kind.
const QUESTIONS: usize = 100;
/// Rows of an answer.
const LIMIT: usize = 20;
/// Words of Latin letters that the corpus has often.
const LATIN: [&str; 5] = ["example", "com", "token", "zhang*", "https"];
/// Seconds of a window of time.
const WINDOW: u64 = 30 * 24 * 3600;

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// Messages.
    pub messages: u64,
    /// Bytes of the copy.
    pub copy_bytes: u64,
    /// Bytes of its index.
    pub index_bytes: u64,
    /// Seconds that building took.
    pub build_s: f64,
    /// Messages that were indexed in a second.
    pub build_per_s: u64,
    /// Milliseconds until the index of an unchanged copy is open.
    pub open_ms: f64,
    /// Milliseconds that answers took, by kind of question.
    pub asked: Vec<Asked>,
    /// Most memory that the process held, in KiB, as the system says; `None` where it does not.
    pub memory_kib: Option<u64>,
}

/// Answers of one kind of question.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// The kind.
    pub kind: &'static str,
    /// Questions.
    pub questions: usize,
    /// Of these, with an answer.
    pub answered: usize,
    /// Half of them took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 95 of 100.
    pub p95_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// The slowest one.
    pub max_ms: f64,
    /// Processor time of one, on the average.
    pub cpu_ms: Option<f64>,
}

/// Writes a corpus into `dir`, builds its index and asks it.
///
/// # Errors
/// [`IndexError`].
pub fn bench(dir: &Path, messages: u64, seed: u64) -> Result<Figures, IndexError> {
    let copy = dir.join("copy.jsonl");
    let mut file = BufWriter::new(File::create(&copy).map_err(io_at(&copy))?);
    let (mut line, mut sample) = (String::new(), Vec::new());
    let every = (messages / QUESTIONS as u64).max(1);
    for message in Corpus::new(seed).take(usize::try_from(messages).unwrap_or(usize::MAX)) {
        line.clear();
        message.write(&mut line);
        file.write_all(line.as_bytes()).map_err(io_at(&copy))?;
        if message.id % every == 0 && sample.len() < QUESTIONS {
            sample.push(message);
        }
    }
    file.flush().map_err(io_at(&copy))?;
    let began = Instant::now();
    drop(Index::ensure(&copy, &mut |_| {})?);
    let took = began.elapsed();
    let build_s = took.as_secs_f64();
    let build_per_s =
        messages.saturating_mul(1000) / u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let began = Instant::now();
    let index = Index::ensure(&copy, &mut |_| {})?;
    let open_ms = began.elapsed().as_secs_f64() * 1000.0;
    let size = |path: &Path| fs::metadata(path).map(|meta| meta.len()).map_err(io_at(path));
    Ok(Figures {
        messages,
        copy_bytes: size(&copy)?,
        index_bytes: size(&index_path(&copy))?,
        build_s,
        build_per_s,
        open_ms,
        asked: questions(&sample)
            .into_iter()
            .map(|(kind, all)| ask(&index, kind, &all))
            .chain([page(&index, &sample)])
            .collect::<Result<_, _>>()?,
        memory_kib: memory(),
    })
}

/// The questions, by kind. Each is made of a message that is there.
fn questions(sample: &[Message]) -> Vec<(&'static str, Vec<Wanted>)> {
    let part = |message: &Message, from: usize, count: usize| {
        let han: Vec<char> = message.text.chars().filter(|c| !c.is_ascii()).collect();
        han.iter().skip(from.min(han.len().saturating_sub(count))).take(count).collect::<String>()
    };
    let made = |typed: &dyn Fn(&Message) -> String| -> Vec<Wanted> {
        let plain = |query| Wanted { query, from: None, to: None, sender: None, limit: LIMIT };
        sample.iter().filter_map(|message| Query::parse(&typed(message)).map(plain)).collect()
    };
    let with =
        |typed: &dyn Fn(&Message) -> String, more: &dyn Fn(&Message, Wanted) -> Wanted| -> Vec<Wanted> {
            let pairs = sample.iter().filter_map(|message| {
                let query = Query::parse(&typed(message))?;
                Some(more(message, Wanted { query, from: None, to: None, sender: None, limit: LIMIT }))
            });
            pairs.collect()
        };
    let at = |seconds: u64| Some(Time::from_millis(i64::try_from(seconds).unwrap_or(0) * 1000));
    vec![
        ("one character", made(&|message| part(message, 0, 1))),
        ("two characters", made(&|message| part(message, 0, 2))),
        ("four characters", made(&|message| part(message, 1, 4))),
        ("two words of two characters", made(&|m| format!("{} {}", part(m, 0, 2), part(m, 4, 2)))),
        ("two words of one character", made(&|m| format!("{} {}", part(m, 0, 1), part(m, 5, 1)))),
        ("a whole message", made(&|message| format!("\"{}\"", message.text.replace('"', " ")))),
        (
            "a Latin word",
            made(&|m| LATIN.get(m.id as usize % LATIN.len()).copied().unwrap_or_default().to_owned()),
        ),
        ("two Latin words", made(&|m| format!("example {}", if m.id % 2 == 0 { "com" } else { "reset" }))),
        ("a word that is not there", made(&|message| format!("zq{}", message.id))),
        (
            "one character by one sender",
            with(&|message| part(message, 0, 1), &|message, wanted| Wanted {
                sender: Some(message.sender.clone()),
                ..wanted
            }),
        ),
        (
            "two characters in a month",
            with(&|message| part(message, 0, 2), &|message, wanted| Wanted {
                from: at(message.time.saturating_sub(WINDOW)),
                to: at(message.time + 1),
                ..wanted
            }),
        ),
    ]
}

fn ask(index: &Index, kind: &'static str, all: &[Wanted]) -> Result<Asked, IndexError> {
    let (mut took, mut answered, before) = (Vec::new(), 0, thread_seconds());
    for wanted in all {
        let began = Instant::now();
        answered += usize::from(!index.search(wanted)?.rows.is_empty());
        took.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(summed(kind, answered, took, before))
}

fn page(index: &Index, sample: &[Message]) -> Result<Asked, IndexError> {
    let (mut took, mut answered, before) = (Vec::new(), 0, thread_seconds());
    for message in sample {
        let began = Instant::now();
        let page = index.page(&Place::At(message.id + 1), 40)?;
        answered += usize::from(!page.is_empty());
        took.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(summed("a page of 40", answered, took, before))
}

#[expect(clippy::cast_precision_loss, reason = "a count of questions, shown")]
fn summed(kind: &'static str, answered: usize, mut took: Vec<f64>, before: Option<f64>) -> Asked {
    let cpu = before.and_then(|before| Some(thread_seconds()? - before));
    let cpu_ms = cpu.map(|cpu| (cpu * 1e5 / took.len().max(1) as f64).round() / 100.0);
    took.sort_by(f64::total_cmp);
    let at = |share: usize| {
        let place = (took.len() * share).div_ceil(100).saturating_sub(1);
        took.get(place).map_or(0.0, |ms| (ms * 100.0).round() / 100.0)
    };
    Asked {
        kind,
        questions: took.len(),
        answered,
        p50_ms: at(50),
        p95_ms: at(95),
        p99_ms: at(99),
        max_ms: at(100),
        cpu_ms,
    }
}

/// The high-water mark of the process' memory, as Linux tells it (`proc(5)`, `VmHWM`).
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
