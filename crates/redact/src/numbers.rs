//! Numbers: runs of digits, in half width, full width or Chinese, with at most two separators between them.
//!
//! A run is cut into groups at its separators. Every stretch of whole groups whose digits are as many as an identifier has is tried, the surest
//! identifiers first. Time stamps, amounts and order numbers have the wrong length, the wrong beginning or the wrong check digit.

use crate::cells::{Cell, Cells, class};
use crate::check;
use crate::detect::Found;
use crate::dict::Dict;
use crate::kind::{Confidence, Kind};
use crate::lexicon::{Lexicon, Words};

/// Most digits of an identifier, with a country's prefix.
const MOST: usize = 21;
/// Fewest digits of a run that is looked at.
pub(crate) const FEWEST: usize = 5;
/// Fewest digits of a number with a check digit.
const SHORTEST_CHECKED: usize = 12;
/// Most separators between two groups: ` - ` is three.
const GAP: usize = 3;
/// Digits of a number with its country's code, behind a plus (ITU-T E.164; shorter ones are left, since scores have a plus, too).
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 10..=15;
/// Groups of a UUID (RFC 9562), in characters.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];
/// How far before a number a word may stand that says what it is, in characters.
const WINDOW: usize = 5;

/// Digits without a separator between them.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// First cell.
    from: usize,
    /// The cell behind the last.
    to: usize,
    /// The first digit's place among all digits of the run.
    first: usize,
}

impl Group {
    fn len(self) -> usize {
        self.to - self.from
    }
}

/// What a run is taken apart in; kept from text to text.
#[derive(Debug, Default)]
pub(crate) struct Run {
    digits: Vec<u8>,
    groups: Vec<Group>,
}

/// Finds numbers.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, run: &mut Run, found: &mut Found) {
    let mut at = 0;
    let digit = |cell: &Cell| cell.traits.digit() != 0;
    while let Some(start) = cells.all().get(at..).and_then(|rest| rest.iter().position(digit)) {
        at += start;
        let end = run.read(cells, at);
        if run.digits.len() >= FEWEST {
            run.find(cells, lexicon, found);
        }
        at = end.max(at + 1);
    }
}

/// The digit that a cell is.
fn value(cells: &Cells, at: usize) -> Option<u8> {
    cells.get(at).map(|cell| cell.traits.digit()).filter(|digit| *digit != 0)
}

/// What may stand between two groups.
fn separates(cells: &Cells, at: usize) -> bool {
    matches!(cells.ascii(at), b' ' | b'-' | b'.' | b'(' | b')' | b'_')
        || matches!(cells.code(at), 0xb7 | 0x2010..=0x2015 | 0x2212 | 0x30fb | 0x2002..=0x200d | 0x2060 | 0xfe0f | 0x20e3 | 0xfeff)
}

/// What stands between numerals that are read out: a comma. Between digits it would divide numbers.
fn pauses(cells: &Cells, at: usize) -> bool {
    let spoken = |at: usize| cells.get(at).is_some_and(|cell| cell.is(class::HAN_DIGIT));
    matches!(cells.code(at), 0x3001 | 0xff0c | 0x2c) && at > 0 && spoken(at - 1) && spoken(at + 1)
}

impl Run {
    /// Reads a run that begins at a cell; gives the cell behind it.
    fn read(&mut self, cells: &Cells, from: usize) -> usize {
        self.digits.clear();
        self.groups.clear();
        let mut at = from;
        loop {
            let first = self.digits.len();
            let start = at;
            while let Some(digit) = value(cells, at) {
                self.digits.push(digit);
                at += 1;
            }
            self.groups.push(Group { from: start, to: at, first });
            let gap = (0..GAP).take_while(|gap| separates(cells, at + gap)).count();
            let gap = if gap == 0 { usize::from(pauses(cells, at)) } else { gap };
            if gap == 0 || value(cells, at + gap).is_none() {
                return at;
            }
            at += gap;
        }
    }

    fn find(&self, cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
        let mut skip = 0;
        if self
            .groups
            .first()
            .zip(self.groups.last())
            .is_some_and(|(first, last)| uuid(cells, first.from, last.to))
        {
            return;
        }
        for (first, group) in self.groups.iter().enumerate() {
            if first < skip {
                continue;
            }
            let stretches = self.groups.iter().enumerate().skip(first).map(|(last, end)| {
                let digits = self.digits.get(group.first..end.first + end.len()).unwrap_or_default();
                (last, end.to, digits)
            });
            // The surest first: what has a check digit, then what has a form, each as long as it can be.
            let stretches: Vec<_> = stretches.take_while(|(_, _, digits)| digits.len() <= MOST).collect();
            let looks = [checked, formed, told];
            let hit = looks.iter().find_map(|look| {
                stretches.iter().rev().find_map(|(last, end, digits)| {
                    let groups = self.groups.get(first..=*last).unwrap_or_default();
                    let stretch = Stretch { cells, lexicon, groups, digits, from: group.from, to: *end };
                    look(&stretch).map(|(kind, confidence, from, to)| (*last, kind, confidence, from, to))
                })
            });
            if let Some((last, kind, confidence, from, to)) = hit {
                found.add(cells, from, to, kind, confidence);
                skip = last + 1;
            } else if let Some(kind) = stretches.iter().find_map(|(_, _, digits)| almost(digits)) {
                found.reject(kind);
            }
        }
    }
}

/// Whether what stands around a run is a UUID.
fn uuid(cells: &Cells, from: usize, to: usize) -> bool {
    let part = |at: &usize| cells.ascii(*at).is_ascii_hexdigit() || cells.ascii(*at) == b'-';
    let whole = UUID.iter().sum::<usize>() + UUID.len() - 1;
    let before = (0..from).rev().take(whole).take_while(part).count();
    let behind = (to..cells.len()).take(whole).take_while(part).count();
    if before + (to - from) + behind != whole {
        return false;
    }
    let mut at = from - before;
    UUID.iter().all(|length| {
        at += length + 1;
        at == to + behind + 1 || cells.ascii(at - 1) == b'-'
    })
}

/// What digits would be if their check digit agreed.
fn almost(digits: &[u8]) -> Option<Kind> {
    match digits.len() {
        18 if check::resident_form(digits) => Some(Kind::ResidentId),
        14..=19 if check::issued(digits) => Some(Kind::Card),
        _ => None,
    }
}

/// Some whole groups.
struct Stretch<'a> {
    cells: &'a Cells,
    lexicon: &'a Lexicon,
    groups: &'a [Group],
    digits: &'a [u8],
    from: usize,
    to: usize,
}

type Hit = (Kind, Confidence, usize, usize);

impl Stretch<'_> {
    fn hit(&self, kind: Kind, confidence: Confidence) -> Hit {
        (kind, confidence, self.from, self.to)
    }

    /// Whether a word of a list stands before it.
    fn told(&self, list: impl Fn(&Words) -> &Dict) -> bool {
        list(&self.lexicon.words).before(self.cells, self.from, WINDOW)
    }

    fn lengths(&self) -> impl Iterator<Item = usize> {
        self.groups.iter().map(|group| group.len())
    }

    /// Whether it is an amount of money.
    fn money(&self) -> bool {
        let sign = |at: usize| matches!(self.cells.code(at), 0x24 | 0xa3 | 0xa5 | 0x20ac | 0xffe5);
        self.from.checked_sub(1).is_some_and(sign)
            || self.lexicon.words.money.begins(self.cells, self.to).is_some()
    }

    /// Whether it begins with the seconds of a time and their fraction, as in logs.
    fn clock(&self) -> bool {
        let digit = |at: usize| self.cells.get(at).is_some_and(Cell::digit);
        let colon = self
            .from
            .checked_sub(1)
            .is_some_and(|at| self.cells.ascii(at) == b':' && at > 0 && digit(at - 1));
        colon
            && self.groups.first().is_some_and(|group| group.len() == 2 && self.cells.ascii(group.to) == b'.')
    }

    /// Whether the groups are cut as people cut such numbers: not at all, each digit alone, or into few groups.
    fn cut(&self, most: usize) -> bool {
        self.groups.len() <= most || self.lengths().all(|len| len == 1)
    }
}

/// Numbers with a check digit.
fn checked(of: &Stretch<'_>) -> Option<Hit> {
    let digits = of.digits;
    if digits.len() < SHORTEST_CHECKED || inside_a_longer_token(of) {
        return None;
    }
    // The check character X stands behind the digits, with or without a space.
    let gap = usize::from(of.groups.len() > 1 && separates(of.cells, of.to));
    if digits.len() == 17 && of.cells.ascii(of.to + gap).eq_ignore_ascii_case(&b'x') {
        let mut number = [b'X'; 18];
        number.iter_mut().zip(digits).for_each(|(to, from)| *to = *from);
        if check::resident(&number) {
            return Some((Kind::ResidentId, Confidence::Certain, of.from, of.to + gap + 1));
        }
        if check::resident_form(&number) && of.told(|words| &words.resident_id) {
            return Some((Kind::ResidentId, Confidence::Likely, of.from, of.to + gap + 1));
        }
    }
    if digits.len() == 18 {
        if check::resident(digits) {
            return Some(of.hit(Kind::ResidentId, Confidence::Certain));
        }
        if check::credit_code(digits) && of.groups.len() == 1 {
            return Some(of.hit(Kind::CreditCode, Confidence::Certain));
        }
        if check::resident_form(digits) && of.told(|words| &words.resident_id) {
            return Some(of.hit(Kind::ResidentId, Confidence::Likely));
        }
    }
    let whole = of.groups.len() == 1 || of.lengths().all(|len| len <= 6);
    if check::issued(digits) && check::luhn(digits) && whole {
        return Some(of.hit(Kind::Card, Confidence::Certain));
    }
    if (12..=19).contains(&digits.len()) && whole && of.told(|words| &words.card) {
        let confidence = if check::luhn(digits) { Confidence::High } else { Confidence::Likely };
        return Some(of.hit(Kind::Card, confidence));
    }
    None
}

/// Numbers that have a form.
fn formed(of: &Stretch<'_>) -> Option<Hit> {
    let digits = of.digits;
    let length = digits.len();
    let mobile = match length {
        11 => Some(digits),
        13 => digits.strip_prefix(b"86"),
        15 => digits.strip_prefix(b"0086"),
        12 => digits.strip_prefix(b"0"),
        _ => None,
    };
    let plus = of.cells.ascii(of.from.wrapping_sub(1)) == b'+';
    if mobile.is_some_and(check::mobile)
        && of.cut(5)
        && !inside_a_longer_token(of)
        && !of.money()
        && !of.clock()
    {
        return Some((Kind::Mobile, Confidence::High, of.from - usize::from(plus), of.to));
    }
    if let Some(hit) = landline(of) {
        return Some(hit);
    }
    if plus
        && INTERNATIONAL.contains(&length)
        && !digits.starts_with(b"86")
        && digits.first() != Some(&b'0')
        && of.cut(6)
        && !of.money()
    {
        return Some((Kind::Mobile, Confidence::Likely, of.from - 1, of.to));
    }
    if check::resident_old(digits) && !inside_a_longer_token(of) {
        if of.told(|words| &words.resident_id) {
            return Some(of.hit(Kind::ResidentId, Confidence::High));
        }
        // Without a word: one number of fifteen digits in a hundred has such a form by chance, fewer where no order or device is spoken of.
        if of.groups.len() == 1 && !of.told(|words| &words.order) {
            return Some(of.hit(Kind::ResidentId, Confidence::Likely));
        }
    }
    None
}

/// Whether letters before or behind make it a part of something else, a commit's hash for example. A word for telephones does not.
fn inside_a_longer_token(of: &Stretch<'_>) -> bool {
    let letters = |cells: &mut dyn Iterator<Item = usize>| {
        cells.take(20).take_while(|at| of.cells.get(*at).is_some_and(Cell::alnum)).count()
    };
    let before = letters(&mut (0..of.from).rev());
    let behind = letters(&mut (of.to..of.cells.len()));
    let hexadecimal = |at: usize| of.cells.ascii(at).is_ascii_hexdigit();
    before + behind >= 12 || (before > 0 && behind > 0 && hexadecimal(of.from - 1) && hexadecimal(of.to))
}

/// Area code and local number; 400 and 800; an extension behind it.
fn landline(of: &Stretch<'_>) -> Option<Hit> {
    let digits = of.digits;
    let length = digits.len();
    let local = |digits: &[u8]| {
        matches!(digits.len(), 7 | 8) && digits.first().is_some_and(|first| (b'2'..=b'8').contains(first))
    };
    let service = length == 10
        && (digits.starts_with(b"400") || digits.starts_with(b"800"))
        && of.cut(4)
        && !of.money()
        && !of.told(|words| &words.order);
    // Codes of two digits behind the zero go with eight digits.
    let national = |digits: &[u8]| {
        [3, 4].into_iter().any(|code| {
            digits.split_at_checked(code).is_some_and(|(code, rest)| {
                of.lexicon.area_code(check::number(code))
                    && code.first() == Some(&b'0')
                    && local(rest)
                    && (code.len() == 4 || rest.len() == 8)
            })
        })
    };
    let abroad = digits.strip_prefix(b"86").map(|rest| [b"0", rest].concat());
    let known = (10..=12).contains(&length) && national(digits)
        || abroad.is_some_and(|digits| (10..=12).contains(&digits.len()) && national(&digits));
    let told = local(digits)
        && of.groups.len() <= 2
        && of.told(|words| &words.phone)
        && of.groups.first().is_some_and(|group| group.len() >= 3);
    if !(service || known && of.cut(4) || told) || inside_a_longer_token(of) {
        return None;
    }
    let confidence = if told { Confidence::Likely } else { Confidence::High };
    let open = matches!(of.cells.ascii(of.from.wrapping_sub(1)), b'(' | b'+');
    let to = extension(of.cells, of.lexicon, of.to);
    Some((Kind::Landline, confidence, of.from - usize::from(open), to))
}

/// The end of an extension behind a number: `-123`, `ext 123`, or the same in Chinese.
fn extension(cells: &Cells, lexicon: &Lexicon, at: usize) -> usize {
    let space = |at: usize| usize::from(cells.ascii(at) == b' ');
    let word_at = at + space(at);
    let Some(word) = lexicon.words.extension.begins(cells, word_at) else { return at };
    let from = word_at + word + space(word_at + word);
    let digits = (from..from + 6).take_while(|at| cells.get(*at).is_some_and(Cell::digit)).count();
    if digits == 0 || cells.get(from + digits).is_some_and(Cell::alnum) { at } else { from + digits }
}

/// Numbers that only a word beside them makes what they are.
fn told(of: &Stretch<'_>) -> Option<Hit> {
    let length = of.digits.len();
    if of.groups.len() == 1
        && (5..=12).contains(&length)
        && of.digits.first() != Some(&b'0')
        && of.told(|words| &words.qq)
    {
        return Some(of.hit(Kind::Qq, Confidence::High));
    }
    if of.groups.len() == 1 && matches!(length, 8 | 9) && of.told(|words| &words.passport) {
        return Some(of.hit(Kind::Permit, Confidence::Likely));
    }
    None
}
