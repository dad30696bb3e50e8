//! A corpus to measure on: Chinese chat as it is, in which every identifier is labelled. One seed makes one corpus, on every machine.
//!
//! About one message in eight has an identifier, written as people write: with separators, in full width, in Chinese numerals. Everybody and everything in
//! it is invented; check digits are right.

use std::fmt::Write as _;

use crate::check;
use crate::kind::Kind;

/// Members of the group that the corpus is from.
pub const MEMBERS: usize = 500;
/// Of a hundred messages, how many have an identifier.
const WITH: u64 = 12;
/// First message, in seconds since 1970.
const BEGINS: u64 = 1_700_000_000;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Number of the message, from 0.
    pub id: u64,
    /// Seconds since 1970.
    pub time: u64,
    /// Name of the member who sent it.
    pub sender: String,
    /// The text.
    pub text: String,
    /// Where which identifier is in the text: first byte, the byte behind the last, kind.
    pub labels: Vec<(usize, usize, Kind)>,
}

impl Message {
    /// The message as a JSON line, with its end.
    pub fn write(&self, out: &mut String) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let _ = writeln!(
            out,
            "{{\"id\":{},\"time\":{},\"sender\":{},\"text\":{}}}",
            self.id,
            self.time,
            quoted(&self.sender),
            quoted(&self.text)
        );
    }
}

/// The messages of a seed, without an end.
pub struct Corpus {
    chance: Chance,
    pieces: Pieces,
    members: Vec<String>,
    id: u64,
    time: u64,
}

struct Pieces {
    filler: Vec<&'static str>,
    text: Vec<&'static str>,
    named: Vec<&'static str>,
    given: Vec<&'static str>,
    surname: Vec<&'static str>,
    road: Vec<&'static str>,
    place: Vec<&'static str>,
    estate: Vec<&'static str>,
    digits: Vec<char>,
}

impl Pieces {
    fn read() -> Self {
        let text = include_str!("../data/corpus.txt");
        let body = |name: &str| {
            text.split("\n[")
                .find_map(|part| part.strip_prefix(name)?.strip_prefix("]\n"))
                .unwrap_or_default()
        };
        let lines = |name| body(name).lines().collect();
        let words = |name| body(name).split_whitespace().collect();
        Self {
            filler: lines("filler"),
            text: lines("text"),
            named: lines("named"),
            given: words("given"),
            surname: words("surname"),
            road: words("road"),
            place: words("place"),
            estate: words("estate"),
            digits: include_str!("../data/digits.txt").lines().nth(1).unwrap_or_default().chars().collect(),
        }
    }
}

impl Corpus {
    /// The corpus of a seed.
    pub fn new(seed: u64) -> Self {
        let (mut chance, pieces) = (Chance(seed), Pieces::read());
        let members = (0..MEMBERS).map(|_| name(&mut chance, &pieces)).collect();
        Self { chance, pieces, members, id: 0, time: BEGINS }
    }

    /// The members' names; some of them share one.
    pub fn members(&self) -> &[String] {
        &self.members
    }

    fn text(&mut self) -> (String, Vec<(usize, usize, Kind)>) {
        let Self { chance, pieces, members, .. } = self;
        let template = match chance.below(100) {
            ..WITH if chance.below(3) == 0 => chance.pick(&pieces.named),
            ..WITH => chance.pick(&pieces.text),
            _ => return (self.filler(), Vec::new()),
        };
        let (mut text, mut labels) = (String::new(), Vec::new());
        let mut rest = template;
        while let Some((before, kind, behind)) = rest.split_once('{').and_then(|(before, rest)| {
            let (kind, behind) = rest.split_once('}')?;
            Some((before, Kind::from_slug(kind)?, behind))
        }) {
            text.push_str(before);
            let start = text.len();
            // Most people who are spoken of are members.
            let person = match chance.below(10) {
                0 => name(chance, pieces),
                _ => chance.pick(members),
            };
            identifier(kind, &person, chance, pieces, &mut text);
            labels.push((start, text.len(), kind));
            rest = behind;
        }
        text.push_str(rest);
        (text, labels)
    }

    fn filler(&mut self) -> String {
        let mut text = self.chance.pick(&self.pieces.filler).to_owned();
        while self.chance.below(3) == 0 {
            text.push('\u{ff0c}');
            text.push_str(self.chance.pick(&self.pieces.filler));
        }
        text
    }
}

impl Iterator for Corpus {
    type Item = Message;

    fn next(&mut self) -> Option<Message> {
        let (text, labels) = self.text();
        self.time += 1 + self.chance.below(90);
        let sender = self.chance.pick(&self.members);
        let message = Message { id: self.id, time: self.time, sender, text, labels };
        self.id += 1;
        Some(message)
    }
}

fn name(chance: &mut Chance, pieces: &Pieces) -> String {
    format!("{}{}", chance.pick(&pieces.surname), chance.pick(&pieces.given))
}

/// Writes an identifier in one of the forms that people write.
fn identifier(kind: Kind, person: &str, chance: &mut Chance, pieces: &Pieces, out: &mut String) {
    match kind {
        Kind::Mobile => {
            let digits = format!("1{}{}", 3 + chance.below(7), chance.digits(9));
            match chance.below(8) {
                0 => cut(&digits, &[3, 4, 4], ' ', out),
                1 => cut(&digits, &[3, 4, 4], '-', out),
                2 => {
                    let _ = write!(out, "+86{digits}");
                }
                3 => out.extend(digits.chars().map(wide)),
                4 => out.extend(digits.chars().map(|c| {
                    c.to_digit(10).and_then(|at| pieces.digits.get(at as usize).copied()).unwrap_or(c)
                })),
                _ => out.push_str(&digits),
            }
        }
        Kind::Landline => {
            let code = chance.pick(&["010", "021", "0755", "0571", "028"]);
            let local = format!("{}{}", 2 + chance.below(7), chance.digits(7));
            let mark = chance.pick(&["-", "", " "]);
            let _ = write!(out, "{code}{mark}{local}");
        }
        Kind::ResidentId => {
            let region = chance.pick(&["110105", "310115", "440305", "330106", "510107"]);
            let (year, month, day) = (1960 + chance.below(45), 1 + chance.below(12), 1 + chance.below(28));
            let body = format!("{region}{year}{month:02}{day:02}{}", chance.digits(3));
            let last =
                (b"0123456789X".iter()).find(|last| check::resident(&[body.as_bytes(), &[**last]].concat()));
            let whole = format!("{body}{}", last.map_or('0', |last| char::from(*last)));
            match chance.below(6) {
                0 => cut(&whole, &[6, 8, 4], ' ', out),
                1 => out.extend(whole.chars().map(wide)),
                _ => out.push_str(&whole),
            }
        }
        Kind::Card => {
            let body = format!("62{}", chance.digits(16));
            let last = (b'0'..=b'9').find(|last| check::luhn(&[body.as_bytes(), &[*last]].concat()));
            let whole = format!("{body}{}", last.map_or('0', char::from));
            if chance.below(4) == 0 { cut(&whole, &[4, 4, 4, 4, 3], ' ', out) } else { out.push_str(&whole) }
        }
        Kind::CreditCode => {
            let body = format!(
                "9{}{}{}",
                chance.below(3) + 1,
                chance.pick(&["110108", "440300", "310115"]),
                chance.digits(9)
            );
            let last = (b"0123456789ABCDEFGHJKLMNPQRTUWXY".iter())
                .find(|last| check::credit_code(&[body.as_bytes(), &[**last]].concat()));
            let _ = write!(out, "{body}{}", last.map_or('0', |last| char::from(*last)));
        }
        Kind::Passport => {
            let _ = write!(out, "E{}", chance.digits(8));
        }
        Kind::Permit => {
            let _ = write!(out, "H{}", chance.digits(10));
        }
        Kind::Plate => {
            let province = chance.pick(&["\u{4eac}", "\u{6caa}", "\u{7ca4}", "\u{6d59}", "\u{82cf}"]);
            let _ = write!(out, "{province}{}{}", chance.pick(&["A", "B", "C"]), chance.digits(5));
        }
        Kind::Email => {
            let _ = write!(
                out,
                "{}{}@{}",
                chance.pick(&["zhang", "li.si", "wang_wu", "chen"]),
                chance.digits(3),
                chance.pick(&["example.com", "mail.example.cn"])
            );
        }
        Kind::Ip => {
            let _ = write!(out, "10.{}.{}.{}", chance.below(256), chance.below(256), chance.below(256));
        }
        Kind::Link => {
            let _ = write!(out, "https://example.com/reset?token={}ab{}", chance.digits(8), chance.digits(8));
        }
        Kind::Wechat => {
            let _ = write!(out, "wxid_{}a{}", chance.digits(6), chance.digits(6));
        }
        Kind::Qq => {
            let _ = write!(out, "{}{}", 1 + chance.below(9), chance.digits(8));
        }
        Kind::Address => {
            if chance.below(4) > 0 {
                out.push_str(chance.pick(&pieces.place));
            }
            let _ = write!(out, "{}{}\u{53f7}", chance.pick(&pieces.road), 1 + chance.below(300));
            if chance.below(2) == 0 {
                let _ = write!(
                    out,
                    "{}{}\u{53f7}\u{697c}{}\u{5ba4}",
                    chance.pick(&pieces.estate),
                    1 + chance.below(20),
                    101 + chance.below(900)
                );
            }
        }
        Kind::Person => out.push_str(person),
    }
}

fn cut(text: &str, parts: &[usize], mark: char, out: &mut String) {
    let mut at = 0;
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            out.push(mark);
        }
        out.push_str(text.get(at..at + part).unwrap_or_default());
        at += part;
    }
}

fn wide(c: char) -> char {
    char::from_u32(c as u32 + 0xfee0).unwrap_or(c)
}

/// Numbers that a seed makes (`SplitMix64`; Steele, Lea, Flood, OOPSLA 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn pick<T: Clone + Default>(&mut self, of: &[T]) -> T {
        let at = self.below(of.len() as u64) as usize;
        of.get(at).cloned().unwrap_or_default()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_is_one_corpus_and_labels_are_where_they_say() {
        let (one, two) = (Corpus::new(7).take(2_000), Corpus::new(7).take(2_000));
        let mut kinds = std::collections::BTreeSet::new();
        for (one, two) in one.zip(two) {
            assert_eq!(one, two);
            for (start, end, kind) in one.labels {
                assert!(start < end && one.text.get(start..end).is_some());
                kinds.insert(kind);
            }
        }
        assert!(kinds.len() >= 13, "{kinds:?}");
        assert_ne!(Corpus::new(8).next(), Corpus::new(7).next());
    }
}
