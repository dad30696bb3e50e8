//! The lists that detection rests on, and the table of classes. Where they come from: `data/README.md`.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::cells::class;

/// Weight of a character that the table of given names does not have.
const STRANGE: i32 = -45;

/// Words by subject, as characters in lower case.
pub(crate) struct Words(HashMap<&'static str, Vec<Vec<u32>>>);

impl Words {
    fn read(text: &'static str) -> Self {
        let mut lists: HashMap<&str, Vec<Vec<u32>>> = HashMap::new();
        let mut name = "";
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(list) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                name = list;
            } else {
                lists.entry(name).or_default().extend(line.split_whitespace().map(codes));
            }
        }
        // Longer words first: the first that fits is the right one.
        for words in lists.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        Self(lists)
    }

    /// A list; none is empty.
    pub(crate) fn of(&self, list: &str) -> &[Vec<u32>] {
        self.0.get(list).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What is known about characters and words.
pub(crate) struct Lexicon {
    classes: Box<[u16]>,
    surnames: Map<u32, i32>,
    double: Map<(u32, u32), i32>,
    given: Map<u32, (i32, i32)>,
    /// Words that are no names, by a hash of their characters: how common they are.
    common: Map<u64, i32>,
    places: Map<u64, ()>,
    longest_place: usize,
    area_codes: [bool; 10_000],
    pub(crate) words: Words,
}

impl Lexicon {
    /// Reads the lists. `members` are the first characters of listed names.
    pub(crate) fn new(members: impl Iterator<Item = u32>) -> Self {
        let words = Words::read(include_str!("../data/words.txt"));
        let mut classes = vec![0_u16; 0x1_0000].into_boxed_slice();
        let mut mark = |code: u32, class: u16| {
            if let Some(cell) = classes.get_mut(code as usize) {
                *cell |= class;
            }
        };
        for code in 0x4e00..=0x9fff {
            mark(code, class::HAN);
        }
        for shift in [0, 0xfee0] {
            (b'0'..=b'9').for_each(|byte| mark(u32::from(byte) + shift, class::DIGIT));
            (b'A'..=b'Z').chain(b'a'..=b'z').for_each(|byte| mark(u32::from(byte) + shift, class::LETTER));
            mark(u32::from(b'@') + shift, class::AT);
            mark(u32::from(b':') + shift, class::COLON);
            b",;!?\n\r\t".iter().for_each(|byte| mark(u32::from(*byte) + shift, class::STOP));
        }
        (b"\n\r\t").iter().for_each(|byte| mark(u32::from(*byte), class::STOP));
        // The ideographic comma and full stop, and quotation marks.
        [0x3001, 0x3002, 0x201c, 0x201d, 0x2026, 0x300c, 0x300d].iter().for_each(|code| mark(*code, class::STOP));
        for (list, class) in [
            ("address_core", class::ROAD),
            ("province_of_plate", class::PLATE),
            ("plate_end", class::PLATE_END),
            ("han_digits", class::HAN_DIGIT),
        ] {
            for word in words.of(list) {
                let last = if list == "address_core" { word.last().map(std::slice::from_ref).unwrap_or_default() } else { word };
                last.iter().for_each(|code| mark(*code, class));
            }
        }
        for word in words.of("address_guide") {
            word.first().into_iter().for_each(|code| mark(*code, class::GUIDE));
        }
        members.for_each(|code| mark(code, class::MEMBER));

        let (mut surnames, mut double) = (Map::default(), Map::default());
        for [name, weight] in rows(include_str!("../data/surnames.tsv")) {
            match (codes(name).as_slice(), weight.parse()) {
                ([one], Ok(weight)) => drop(surnames.insert(*one, weight)),
                ([one, two], Ok(weight)) => drop(double.insert((*one, *two), weight)),
                _ => {}
            }
        }
        surnames.keys().chain(double.keys().map(|(first, _)| first)).for_each(|code| mark(*code, class::SURNAME));
        let given = rows(include_str!("../data/given.tsv"))
            .filter_map(|[c, first, last]| {
                Some((c.chars().next()? as u32, (first.parse().ok()?, last.parse().ok()?)))
            })
            .collect();
        let common = rows(include_str!("../data/words.tsv"))
            .filter_map(|[word, weight]| Some((hash(codes(word)), weight.parse().ok()?)))
            .collect();
        let names = include_str!("../data/places.txt").lines().filter(|line| !line.starts_with('#')).map(codes);
        let names: Vec<Vec<u32>> = names.collect();
        let longest_place = names.iter().map(Vec::len).max().unwrap_or(0);
        let places = names.into_iter().map(|name| (hash(name), ())).collect();
        let mut area_codes = [false; 10_000];
        for code in include_str!("../data/area_codes.txt").lines().filter_map(|line| line.parse::<usize>().ok()) {
            area_codes.get_mut(code).into_iter().for_each(|known| *known = true);
        }
        Self { classes, surnames, double, given, common, places, longest_place, area_codes, words }
    }

    /// The digit that a Chinese numeral means, as ASCII. Each line of the list has the ten digits in order; a digit that is written in another way
    /// stands at the same place.
    pub(crate) fn han_digit(&self, code: u32) -> Option<u8> {
        let at = self.words.of("han_digits").iter().find_map(|row| row.iter().position(|known| *known == code))?;
        Some(b'0' + at as u8)
    }

    /// The classes of a character.
    pub(crate) fn class(&self, code: u32) -> u16 {
        self.classes.get(code as usize).copied().unwrap_or(0)
    }

    /// Whether a character stands for a letter in a house number.
    pub(crate) fn is_stem(&self, code: u32) -> bool {
        self.words.of("stems").iter().any(|stem| stem.first() == Some(&code))
    }

    pub(crate) fn surname(&self, code: u32) -> Option<i32> {
        self.surnames.get(&code).copied()
    }

    pub(crate) fn double_surname(&self, first: u32, second: u32) -> Option<i32> {
        self.double.get(&(first, second)).copied()
    }

    /// Weights of a character as the first of two and as the last of a given name.
    pub(crate) fn given(&self, code: u32) -> (i32, i32) {
        self.given.get(&code).copied().unwrap_or((STRANGE, STRANGE))
    }

    /// How common a word is that is no name: 0 when it is none.
    pub(crate) fn common(&self, word: impl IntoIterator<Item = u32>) -> i32 {
        self.common.get(&hash(word)).copied().unwrap_or(0)
    }

    /// Length in characters of the longest place's name that begins here, or 0.
    pub(crate) fn place(&self, codes: impl IntoIterator<Item = u32>) -> usize {
        let (mut sum, mut found) = (SEED, 0);
        for (count, code) in codes.into_iter().take(self.longest_place).enumerate() {
            sum = step(sum, code);
            if self.places.contains_key(&sum) {
                found = count + 1;
            }
        }
        found
    }

    /// Whether a number with its leading zero is an area code.
    pub(crate) fn area_code(&self, code: u64) -> bool {
        self.area_codes.get(code as usize).copied().unwrap_or(false)
    }
}

/// A text's characters, Latin ones in lower case.
pub(crate) fn codes(text: &str) -> Vec<u32> {
    text.chars().map(|c| c.to_ascii_lowercase() as u32).collect()
}

fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let row = [(); N].map(|()| cells.next().unwrap_or_default());
        row.last().is_some_and(|cell| !cell.is_empty()).then_some(row)
    })
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(sum: u64, code: u32) -> u64 {
    (sum ^ u64::from(code)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

fn hash(codes: impl IntoIterator<Item = u32>) -> u64 {
    codes.into_iter().fold(SEED, step)
}

/// A map whose keys are small or hashes already: the lists are ours, so nobody can choose keys that collide.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}
