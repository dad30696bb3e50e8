//! How long something takes: the best of several passes, by the processor's time or by the clock.

use std::time::{Duration, Instant};

use serde::Serialize;

/// How long a measure goes on.
const LONG: Duration = Duration::from_millis(if cfg!(test) { 1 } else { 1_500 });

/// How long a sample of it is, at least.
const SAMPLE: Duration = Duration::from_millis(if cfg!(test) { 1 } else { 300 });

/// How many messages a second.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Rate {
    /// Messages a second.
    pub messages_per_s: f64,
    /// Nanoseconds a message.
    pub ns_per_message: f64,
}

impl Rate {
    #[expect(clippy::cast_precision_loss, reason = "a count of messages, shown")]
    pub(super) fn of(messages: usize, seconds: f64) -> Self {
        let messages = messages as f64;
        let seconds = seconds.max(1e-9);
        Self { messages_per_s: messages / seconds, ns_per_message: seconds * 1e9 / messages.max(1.0) }
    }
}

/// The best of several passes over so many messages, in processor time of this thread.
pub(super) fn best(messages: usize, pass: impl FnMut()) -> Rate {
    Rate::of(messages, best_seconds(thread_seconds, pass))
}

/// The same by the clock.
pub(super) fn wall(messages: usize, pass: impl FnMut()) -> Rate {
    Rate::of(messages, best_seconds(|| None, pass))
}

/// The best of several passes in which every thread does a part of the texts, by the clock.
pub(super) fn together(threads: usize, texts: &[String], work: impl Fn(&[String]) + Sync) -> Rate {
    let part = texts.len().div_ceil(threads.max(1)).max(1);
    wall(texts.len(), || {
        std::thread::scope(|scope| {
            for texts in texts.chunks(part) {
                scope.spawn(|| work(texts));
            }
        });
    })
}

/// Seconds of a pass in the best of several samples. `own` gives the processor's time, where there is one. A sample is long, since the system counts that
/// time in ticks of some milliseconds: the best of short ones would be one that a tick missed.
#[expect(clippy::cast_sign_loss, reason = "between one and a million")]
pub(super) fn best_seconds(own: impl Fn() -> Option<f64>, mut pass: impl FnMut()) -> f64 {
    let first = Instant::now();
    pass();
    let passes =
        (SAMPLE.as_secs_f64() / first.elapsed().as_secs_f64().max(1e-6)).ceil().clamp(1.0, 1e6) as u32;
    let begun = Instant::now();
    let mut best = f64::MAX;
    loop {
        let (clock, before) = (Instant::now(), own());
        (0..passes).for_each(|_| pass());
        let seconds = match (before, own()) {
            (Some(before), Some(after)) if after > before => after - before,
            _ => clock.elapsed().as_secs_f64(),
        };
        best = best.min(seconds / f64::from(passes));
        if begun.elapsed() >= LONG {
            return best;
        }
    }
}

/// Processor time of this thread so far, where Linux tells.
pub(crate) fn thread_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: u64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos).as_secs_f64())
}

/// Most memory that this process has had at a time, in MiB, where Linux tells.
#[expect(clippy::cast_precision_loss, reason = "kibibytes, shown")]
pub(super) fn peak_mib() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_ascii_whitespace().next()?.parse().ok()?;
    Some(kib as f64 / 1024.0)
}

/// Processor time of this process so far, of all its threads, in seconds, where Linux tells (in ticks of a hundredth).
#[expect(clippy::cast_precision_loss, reason = "ticks, shown")]
pub(super) fn process_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in brackets, may hold anything; utime and stime are the 12th and 13th field after it (proc(5)).
    let mut after = text.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let ticks = after.next()?.parse::<u64>().ok()? + after.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / 100.0)
}

/// Lets [`peak_mib`] count from now on, where Linux allows it (proc(5), `clear_refs`).
pub(super) fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
