//! A long history that was there before anybody looked: made anew from its seed whenever it is asked for, and never held. Only for export drills: nothing
//! in it can be edited or taken back, and phones don't show it.

use std::collections::BTreeMap;

use adjourn_domain::export::Days;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::group::{File, Message};

/// Name of the file that is there.
const FILE: &str = "f-past";

/// What is odd about a message of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Odd {
    /// It has no sender.
    Shapeless,
    /// It says that it is from 1969.
    Ancient,
    /// It has the id of the one before it.
    Doubled,
    /// It carries a file.
    File,
    /// It carries a file that is gone.
    Vanished,
}

/// The history as data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PastSpec {
    /// How many messages.
    pub records: u64,
    /// Fixes every word of them.
    pub seed: u64,
    /// Seconds between two of them.
    pub pace_s: u64,
    /// Messages on a page; the platform's own number if 0.
    pub page: usize,
    /// How many of them are encrypted, spread evenly.
    pub undecryptable: u64,
    /// First and last of those that the platform fails to read, with every page that has one of them.
    pub broken: Vec<(u64, u64)>,
    /// What is odd, by position from 1.
    pub odd: BTreeMap<u64, Odd>,
}

/// The history of a group.
#[derive(Debug, Clone)]
pub struct Past {
    spec: PastSpec,
    start: Time,
    people: Vec<String>,
    lines: Vec<String>,
}

impl Past {
    /// The history that begins at `start`, of these people, who say these lines.
    pub fn new(spec: PastSpec, start: Time, people: Vec<String>, lines: Vec<String>) -> Self {
        Self { spec, start, people, lines }
    }

    /// How many messages.
    pub fn records(&self) -> u64 {
        self.spec.records
    }

    /// Messages on a page, if the platform's own number does not count.
    pub fn page(&self) -> Option<usize> {
        Some(self.spec.page).filter(|page| *page > 0)
    }

    /// When the message at a position was sent.
    pub fn at(&self, seq: u64) -> Time {
        match self.spec.odd.get(&seq) {
            Some(Odd::Ancient) => Time::from_millis(-1_000),
            _ => self.start.plus_secs(seq.saturating_mul(self.spec.pace_s.max(1))),
        }
    }

    /// Whether the platform can read the message at a position.
    pub fn is_readable(&self, seq: u64) -> bool {
        !self.spec.broken.iter().any(|(first, last)| (*first..=*last).contains(&seq))
    }

    /// Whether the message at a position has no sender on the wire.
    pub fn is_shapeless(&self, seq: u64) -> bool {
        self.spec.odd.get(&seq) == Some(&Odd::Shapeless)
    }

    /// The message at a position from 1.
    pub fn message(&self, seq: u64) -> Option<Message> {
        if seq == 0 || seq > self.spec.records {
            return None;
        }
        let odd = self.spec.odd.get(&seq);
        let dark = odd.is_none() && self.is_dark(seq);
        let (first, second) = (mixed(self.spec.seed ^ seq), mixed(self.spec.seed.rotate_left(32) ^ seq));
        let said = pick(&self.lines, first).map(|line| format!("{line} {first:016x}{second:016x}"));
        let named = if odd == Some(&Odd::Doubled) { seq.saturating_sub(1) } else { seq };
        let file = |id: String| File {
            id,
            name: format!("{seq}.txt"),
            bytes: self.file().len() as u64,
            media_type: "text/plain".to_owned(),
        };
        Some(Message {
            id: format!("m-{named:05}"),
            seq,
            kind: if dark { RecordKind::Undecryptable } else { RecordKind::Message },
            at: self.at(seq),
            sender: pick(&self.people, second).cloned().unwrap_or_default(),
            text: said.filter(|_| !dark),
            reply_to: None,
            target: None,
            file: match odd {
                Some(Odd::File) => Some(file(FILE.to_owned())),
                Some(Odd::Vanished) => Some(file(format!("{FILE}-{seq}"))),
                _ => None,
            },
        })
    }

    /// The content of its file.
    pub fn file(&self) -> String {
        self.lines.join("\n")
    }

    /// Whether a file of it is there.
    pub fn has_file(&self, id: &str) -> bool {
        id == FILE
    }

    /// How many messages there are on each day.
    pub fn days(&self) -> Days {
        let mut days = Days::default();
        (1..=self.spec.records).for_each(|seq| days.count(self.at(seq)));
        days
    }

    /// The messages that are encrypted lie evenly, from a place that the seed gives.
    fn is_dark(&self, seq: u64) -> bool {
        let Some(stride) = self.spec.records.checked_div(self.spec.undecryptable) else { return false };
        let stride = stride.max(1);
        (seq - 1) % stride == self.spec.seed % stride && (seq - 1) / stride < self.spec.undecryptable
    }
}

fn pick(from: &[String], number: u64) -> Option<&String> {
    let place = number.checked_rem(from.len() as u64)?;
    from.get(usize::try_from(place).unwrap_or_default())
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_whenever_it_is_asked_for_and_has_what_was_put_in() {
        let spec = PastSpec {
            records: 10_007,
            seed: 5,
            pace_s: 20,
            undecryptable: 300,
            broken: vec![(40, 49)],
            odd: [(8, Odd::Ancient), (9, Odd::Doubled)].into(),
            ..PastSpec::default()
        };
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let past = Past::new(spec, Time::from_millis(0), names(&["a", "b"]), names(&["x", "y"]));
        let all: Vec<Message> = (1..=past.records()).map(|seq| past.message(seq).unwrap()).collect();
        assert_eq!(all.iter().filter(|message| message.kind == RecordKind::Undecryptable).count(), 300);
        assert_eq!((all[8].id.as_str(), all[8].seq, past.message(9)), ("m-00008", 9, Some(all[8].clone())));
        assert_eq!(past.days().0.values().sum::<u64>(), 10_006, "1969 is on no day");
        assert!(
            past.is_readable(39) && !past.is_readable(40) && !past.is_readable(49) && past.is_readable(50)
        );
        assert_eq!((past.message(0), past.message(10_008)), (None, None));
    }
}
