//! The lists that detection rests on, and the table of classes. Where they come from: `data/README.md`.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use crate::cells::{Cells, Traits, class, half_width};
use crate::dict::Dict;
use crate::fold;
use crate::kind::Kind;
use crate::pseudonym::Labels;

/// Least weight of a character that names have had for some years, in tenths of a nat.
const GIVEN_NOW: i8 = 25;

/// Words by subject. Each list of `words.txt` is a field.
pub(crate) struct Words {
    pub(crate) phone: Dict,
    pub(crate) resident_id: Dict,
    pub(crate) card: Dict,
    pub(crate) passport: Dict,
    pub(crate) qq: Dict,
    pub(crate) wechat: Dict,
    pub(crate) extension: Dict,
    pub(crate) titles: Dict,
    pub(crate) before_name: Dict,
    pub(crate) name_label: Dict,
    pub(crate) after_name: Dict,
    pub(crate) belongs: Dict,
    pub(crate) kin: Dict,
    pub(crate) not_kin: Dict,
    pub(crate) conjunction: Dict,
    pub(crate) of: Dict,
    pub(crate) mail: Dict,
    pub(crate) mail_top: Dict,
    pub(crate) plate_told: Dict,
    pub(crate) organisation_after: Dict,
    pub(crate) address_guide: Dict,
    pub(crate) guide_not: Dict,
    pub(crate) address_link: Dict,
    pub(crate) address_core: Dict,
    pub(crate) address_number: Dict,
    pub(crate) section: Dict,
    pub(crate) annex: Dict,
    pub(crate) address_place: Dict,
    pub(crate) address_stop: Dict,
    pub(crate) address_break: Dict,
    pub(crate) poi: Dict,
    pub(crate) poi_public: Dict,
    pub(crate) unit_not: Dict,
    pub(crate) unit: Dict,
    pub(crate) unit_strong: Dict,
    pub(crate) zone: Dict,
    pub(crate) place_suffix: Dict,
    pub(crate) district_end: Dict,
    pub(crate) address_inner: Dict,
    pub(crate) place_end: Dict,
    pub(crate) stems: Dict,
    pub(crate) called: Dict,
    pub(crate) called_short: Dict,
    pub(crate) not_called: Dict,
    pub(crate) call: Dict,
    pub(crate) nobody: Dict,
    pub(crate) never_given: Dict,
    pub(crate) joins: Dict,
    pub(crate) example_name: Dict,
    pub(crate) elements: Dict,
    pub(crate) order: Dict,
    pub(crate) version: Dict,
    pub(crate) money: Dict,
    pub(crate) transliterated: Dict,
    provinces: Vec<u32>,
    given_now: Vec<u32>,
    pub(crate) plate_end: Dict,
}

impl Words {
    fn read(text: &'static str) -> Self {
        let list = |name: &str| {
            let body = text.split('[').find_map(|part| part.strip_prefix(name)?.strip_prefix(']'));
            let lines = body.unwrap_or_default().lines().filter(|line| !line.starts_with('#'));
            lines.flat_map(str::split_whitespace)
        };
        let dict = |name: &str| Dict::new(list(name).map(codes));
        let characters = |name: &str| list(name).flat_map(str::chars).map(|c| c as u32).collect();
        Self {
            phone: dict("phone"),
            resident_id: dict("resident_id"),
            card: dict("card"),
            passport: dict("passport"),
            qq: dict("qq"),
            wechat: dict("wechat"),
            extension: dict("extension"),
            titles: dict("titles"),
            before_name: dict("before_name"),
            name_label: dict("name_label"),
            after_name: dict("after_name"),
            belongs: dict("belongs"),
            kin: dict("kin"),
            not_kin: dict("not_kin"),
            conjunction: dict("conjunction"),
            of: dict("of"),
            mail: dict("mail"),
            mail_top: dict("mail_top"),
            plate_told: dict("plate_told"),
            organisation_after: dict("organisation_after"),
            address_guide: dict("address_guide"),
            guide_not: dict("guide_not"),
            address_link: dict("address_link"),
            address_core: dict("address_core"),
            address_number: dict("address_number"),
            section: dict("section"),
            annex: dict("annex"),
            address_place: dict("address_place"),
            address_stop: dict("address_stop"),
            address_break: dict("address_break"),
            poi: dict("poi"),
            poi_public: dict("poi_public"),
            unit_not: dict("unit_not"),
            unit: dict("unit"),
            unit_strong: dict("unit_strong"),
            zone: dict("zone"),
            place_suffix: dict("place_suffix"),
            district_end: dict("district_end"),
            address_inner: dict("address_inner"),
            place_end: dict("place_end"),
            stems: dict("stems"),
            called: dict("called"),
            called_short: dict("called_short"),
            not_called: dict("not_called"),
            call: dict("call"),
            nobody: dict("nobody"),
            never_given: dict("never_given"),
            joins: dict("joins"),
            example_name: dict("example_name"),
            elements: Dict::new(
                include_str!("../data/elements.txt")
                    .lines()
                    .filter(|line| !line.starts_with('#'))
                    .flat_map(str::split_whitespace)
                    .map(codes),
            ),
            order: dict("order"),
            version: dict("version"),
            money: dict("money"),
            transliterated: dict("transliterated"),
            provinces: characters("province_of_plate"),
            given_now: characters("given_now"),
            plate_end: dict("plate_end"),
        }
    }
}

/// Bits for the common words' hashes: one word in sixteen that is none has its bit set, and all of them lie in the cache.
const COMMON_BITS: usize = 1 << 19;

/// What is known about characters and words.
pub(crate) struct Lexicon {
    traits: Box<[Traits]>,
    double: Map<(u32, u32), i32>,
    /// Words that are no names, by a hash of their characters: how common they are.
    common: Map<u64, i32>,
    /// A bit for each of these hashes: most stretches of text are told apart by that alone, without a look into the large map.
    common_bits: Box<[u64]>,
    places: HashSet<u64, BuildHasherDefault<Mix>>,
    /// Districts as people call them behind a city's name, without what they are.
    short_places: HashSet<u64, BuildHasherDefault<Mix>>,
    /// The longest place by its first two characters.
    place_heads: Map<(u32, u32), usize>,
    area_codes: [bool; 10_000],
    pub(crate) words: Words,
}

impl Lexicon {
    /// Reads the lists. `members` are the first characters of listed names.
    pub(crate) fn new(members: impl Iterator<Item = u32>) -> Self {
        let words = Words::read(include_str!("../data/words.txt"));
        let mut traits = vec![Traits::UNKNOWN; 0x1_0000].into_boxed_slice();
        for (code, of) in (0..).zip(traits.iter_mut()) {
            let ascii = half_width(code);
            let digit = if ascii.is_ascii_digit() { ascii } else { han_digit(code).unwrap_or(0) };
            *of = Traits::of(ascii, digit);
            if digit != 0 && ascii == 0 {
                of.mark(class::HAN_DIGIT);
            }
        }
        let mut mark = |code: u32, class: u16| {
            if let Some(of) = traits.get_mut(code as usize) {
                of.mark(class);
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
        for code in [0x3001, 0x3002, 0x201c, 0x201d, 0x2026, 0x300c, 0x300d] {
            mark(code, class::STOP);
        }
        words.address_core.tails().for_each(|code| mark(code, class::ROAD));
        words
            .poi
            .tails()
            .chain(words.poi_public.tails())
            .chain(words.unit.tails())
            .for_each(|code| mark(code, class::BUILDING));
        words.address_guide.heads().for_each(|code| mark(code, class::GUIDE));
        words.provinces.iter().for_each(|code| mark(*code, class::PLATE));
        for code in [0xb7, 0x2022, 0x30fb] {
            mark(code, class::DOT);
        }
        words.elements.heads().chain(words.kin.heads()).for_each(|code| mark(code, class::PART));
        members.for_each(|code| mark(code, class::MEMBER));

        let mut double: Map<(u32, u32), i32> = Map::default();
        let mut single = Vec::new();
        for [name, weight] in rows(include_str!("../data/surnames.tsv")) {
            match (codes(name).as_slice(), weight.parse::<i8>()) {
                ([one], Ok(weight)) => {
                    single.push((*one, weight));
                    mark(*one, class::SURNAME);
                }
                ([one, two], Ok(weight)) => {
                    double.insert((*one, *two), i32::from(weight));
                    mark(*one, class::SURNAME);
                }
                _ => {}
            }
        }
        let common: Map<u64, i32> = rows(include_str!("../data/words.tsv"))
            .filter_map(|[word, weight]| Some((hash(codes(word)), weight.parse().ok()?)))
            .collect();
        let mut common_bits = vec![0_u64; COMMON_BITS / 64].into_boxed_slice();
        for hash in common.keys() {
            let (at, bit) = common_slot(*hash);
            common_bits.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
        }
        let names =
            include_str!("../data/places.txt").lines().filter(|line| !line.starts_with('#')).map(codes);
        let names: Vec<Vec<u32>> = names.collect();
        names.iter().filter_map(|name| name.first()).for_each(|code| mark(*code, class::PLACE));
        let mut place_heads = Map::default();
        for name in &names {
            if let [first, second, ..] = name[..] {
                let longest: &mut usize = place_heads.entry((first, second)).or_default();
                *longest = name.len().max(*longest);
            }
        }
        for (code, weight) in single {
            traits.get_mut(code as usize).into_iter().for_each(|of| of.set_surname(weight));
        }
        for (first, _) in double.keys() {
            traits.get_mut(*first as usize).into_iter().for_each(Traits::set_double);
        }
        for [name, first, last] in rows(include_str!("../data/given.tsv")) {
            let of = name.chars().next().and_then(|c| traits.get_mut(c as usize));
            if let (Some(of), Ok(first), Ok(last)) = (of, first.parse(), last.parse()) {
                of.set_given(first, last);
            }
        }
        for code in &words.given_now {
            if let Some(of) = traits.get_mut(*code as usize) {
                let (first, last) = of.given();
                of.set_given(first.max(GIVEN_NOW), last.max(GIVEN_NOW));
            }
        }
        // Last, with all that was marked: a traditional character is known as its simplified one is.
        for (traditional, simple) in fold::pairs() {
            let known = traits.get(simple as usize).copied().unwrap_or(Traits::UNKNOWN);
            traits.get_mut(traditional as usize).into_iter().for_each(|of| *of = known.folded());
        }
        let short = |name: &Vec<u32>| {
            let suffix = words.place_suffix.end_of(name)?;
            (name.len() >= suffix + 2).then(|| hash(name.iter().take(name.len() - suffix).copied()))
        };
        let short_places = names.iter().filter_map(short).collect();
        let places = names.into_iter().map(hash).collect();
        let mut area_codes = [false; 10_000];
        for code in
            include_str!("../data/area_codes.txt").lines().filter_map(|line| line.parse::<usize>().ok())
        {
            area_codes.get_mut(code).into_iter().for_each(|known| *known = true);
        }
        Self { traits, double, common, common_bits, places, short_places, place_heads, area_codes, words }
    }

    /// The word for a kind in pseudonyms.
    pub(crate) fn label(kind: Kind, labels: Labels) -> &'static str {
        match labels {
            Labels::English => kind.slug(),
            Labels::Chinese => LABELS.get(kind as usize).copied().unwrap_or_default(),
        }
    }

    /// What is known about a character.
    pub(crate) fn traits(&self, code: u32) -> Traits {
        self.traits.get(code as usize).copied().unwrap_or(Traits::UNKNOWN)
    }

    /// Weight of a surname of two characters.
    pub(crate) fn double_surname(&self, first: u32, second: u32) -> Option<i32> {
        self.double.get(&(first, second)).copied()
    }

    /// How common a word is that is no name: 0 when it is none.
    pub(crate) fn common(&self, word: impl IntoIterator<Item = u32>) -> i32 {
        let hash = hash(word);
        let (at, bit) = common_slot(hash);
        if self.common_bits.get(at).is_none_or(|bits| bits & bit == 0) {
            return 0;
        }
        self.common.get(&hash).copied().unwrap_or(0)
    }

    /// Length of the longest place's name that begins at a cell and ends before another, or 0.
    pub(crate) fn place(&self, cells: &Cells, from: usize, to: usize) -> usize {
        self.longest(cells, from, to, |sum| self.places.contains(&sum))
    }

    /// Length of the longest district's name at a cell as people say it, without what it is, or 0.
    pub(crate) fn short_place(&self, cells: &Cells, from: usize, to: usize) -> usize {
        self.longest(cells, from, to, |sum| self.short_places.contains(&sum))
    }

    /// The same of a place that stands behind another: a district's short name does, and a zone.
    pub(crate) fn place_behind(&self, cells: &Cells, from: usize) -> usize {
        let known = |sum| self.places.contains(&sum) || self.short_places.contains(&sum);
        let zone = self.words.zone.begins(cells, from).unwrap_or(0);
        self.longest(cells, from, cells.len(), known).max(zone)
    }

    fn longest(&self, cells: &Cells, from: usize, to: usize, known: impl Fn(u64) -> bool) -> usize {
        if !cells.get(from).is_some_and(|cell| cell.is(class::PLACE)) {
            return 0;
        }
        let Some(longest) = self.place_heads.get(&(cells.code(from), cells.code(from + 1))) else { return 0 };
        let (mut sum, mut found) = (SEED, 0);
        for (count, cell) in cells.slice(from, to).iter().take(*longest).enumerate() {
            sum = step(sum, cell.code);
            if known(sum) {
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

/// The kinds' words in Chinese, in the order of [`Kind`].
static LABELS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("../data/labels.txt").lines().collect());

/// The digit that a Chinese numeral means, as ASCII. Each line of the list has the ten digits in order; a digit that is written in another way stands
/// at the same place.
pub(crate) fn han_digit(code: u32) -> Option<u8> {
    static DIGITS: LazyLock<Vec<(u32, u8)>> = LazyLock::new(|| {
        let rows = include_str!("../data/digits.txt").lines();
        rows.flat_map(|row| row.chars().map(|c| c as u32).zip(b'0'..=b'9')).collect()
    });
    // Digits in circles are written like the spoken ones: as a text, not as a number.
    match code {
        0x2460..=0x2468 => Some(b'1' + (code - 0x2460) as u8),
        0x24ea => Some(b'0'),
        _ => DIGITS.iter().find(|(known, _)| *known == code).map(|(_, digit)| *digit),
    }
}

/// A text's characters, Latin ones in lower case, traditional ones simplified.
pub(crate) fn codes(text: &str) -> Vec<u32> {
    text.chars().map(|c| fold::simplified(c.to_ascii_lowercase() as u32)).collect()
}

fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        let row = [(); N].map(|()| cells.next().unwrap_or_default());
        row.last().is_some_and(|cell| !cell.is_empty()).then_some(row)
    })
}

/// Where a hash has its bit.
fn common_slot(hash: u64) -> (usize, u64) {
    let bit = hash as usize % COMMON_BITS;
    (bit / 64, 1 << (bit % 64))
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(sum: u64, code: u32) -> u64 {
    (sum ^ u64::from(code)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
}

fn hash(codes: impl IntoIterator<Item = u32>) -> u64 {
    codes.into_iter().fold(SEED, step)
}

/// A map whose keys are small or hashes already: the lists are ours, so nobody can choose keys that collide.
pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}
