//! Listed people: whoever is in the group is found exactly, under every name and account that the list has for them.

use std::collections::{BTreeMap, HashMap};

use crate::cells::{Cells, class};
use crate::detect::Found;
use crate::fold;
use crate::kind::{Kind, Span};
use crate::lexicon::Map;
use crate::pseudonym::canonical;

/// Longest name that is listed, in characters.
const LONGEST: usize = 100;

/// Pairs of characters, a bit for several of them.
#[derive(Debug, Clone)]
struct Heads([u64; 512]);

impl Default for Heads {
    fn default() -> Self {
        Self([0; 512])
    }
}

impl Heads {
    fn slot(first: u32, second: u32) -> (usize, u64) {
        let mixed = (first << 16 ^ second).wrapping_mul(0x9e37_79b1) >> 17;
        ((mixed >> 6) as usize, 1 << (mixed & 63))
    }

    fn add(&mut self, first: u32, second: u32) {
        let (at, bit) = Self::slot(first, second);
        self.0.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
    }

    fn may(&self, first: u32, second: u32) -> bool {
        let (at, bit) = Self::slot(first, second);
        self.0.get(at).is_some_and(|bits| bits & bit != 0)
    }
}

/// Stands in a name for what is between its words, however it is written.
const GAP: u32 = u32::MAX;
/// Most signs between two words of a Latin name: a comma and a space.
const BETWEEN: usize = 2;
/// Fewest letters of a Latin name that is found with nothing between its words; shorter ones may be words.
const SHORTEST_JOINED: usize = 6;

/// A name of somebody.
#[derive(Debug, Clone)]
struct Name {
    codes: Vec<u32>,
    person: u32,
    /// 0 as it was listed, 1 with anything between its words, 2 with its words in another order.
    rank: u8,
}

impl Name {
    /// How many of a text's characters are this name; `None` when the text does not begin with it.
    fn length(&self, mut text: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let mut length = 0;
        for known in &self.codes {
            if *known != GAP {
                text.next().filter(|code| code == known)?;
                length += 1;
                continue;
            }
            let between = text.clone().take(BETWEEN).take_while(|code| separates(*code)).count();
            if let Some(last) = between.checked_sub(1) {
                text.nth(last)?;
            } else if self.codes.iter().filter(|code| **code != GAP).count() < SHORTEST_JOINED {
                return None;
            }
            length += between;
        }
        Some(length)
    }
}

/// What people write between the words of a Latin name.
fn separates(code: u32) -> bool {
    matches!(code, 0x20 | 0x2c | 0x2d | 0x2e | 0x5f | 0xb7)
}

/// People and their names. The same person may have several.
#[derive(Debug, Default, Clone)]
pub struct Members {
    /// By the first two characters; the longest name first, of several the one that was listed so.
    names: Map<(u32, u32), Vec<Name>>,
    /// Which first two characters there may be: most others are told apart by that alone.
    heads: Heads,
    /// Accounts, telephone numbers and the like, in their plain form.
    accounts: HashMap<String, u32>,
    /// Names that count only where a name stands alone, in their plain form.
    alone: HashMap<String, u32>,
    /// What a person's pseudonym is made from.
    identities: BTreeMap<u32, String>,
    /// How often a name was a person's first one.
    firsts: HashMap<String, u32>,
}

impl Members {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a name of a person. `false` when it can't be looked for: shorter than two characters, longer than 100, or without a letter. Whoever calls
    /// should tell so.
    pub fn add(&mut self, person: u32, name: &str) -> bool {
        let written = name.trim();
        let name: Vec<u32> = written.chars().map(|c| plain(c as u32)).collect();
        let (Some(first), Some(second)) = (name.first(), name.get(1)) else { return false };
        let letters = name.iter().filter_map(|code| char::from_u32(*code)).any(char::is_alphabetic);
        if name.len() > LONGEST || !letters {
            return false;
        }
        self.identify(person, written);
        self.list(*first, *second, Name { codes: name.clone(), person, rank: 0 });
        self.vary(&name, person);
        true
    }

    /// Lists the other ways to write a Latin name of two words or more: `Zhang Wei` as `zhangwei`, `Zhang-Wei`, `Wei Zhang` and `Wei, Zhang`.
    fn vary(&mut self, name: &[u32], person: u32) {
        let words: Vec<&[u32]> =
            name.split(|code| separates(*code)).filter(|word| !word.is_empty()).collect();
        let letter = |code: &u32| u8::try_from(*code).is_ok_and(|byte| byte.is_ascii_lowercase());
        if words.len() < 2 || !words.iter().all(|word| word.len() > 1 && word.iter().all(letter)) {
            return;
        }
        for (rank, turns) in [(1, 0), (2, 1), (2, words.len() - 1)] {
            let mut words = words.clone();
            words.rotate_left(turns);
            let codes = words.join(&GAP);
            if let [first, second, ..] = codes[..] {
                self.list(first, second, Name { codes, person, rank });
            }
        }
    }

    fn list(&mut self, first: u32, second: u32, name: Name) {
        self.heads.add(first, second);
        let names = self.names.entry((first, second)).or_default();
        if !names.iter().any(|known| known.codes == name.codes) {
            names.push(name);
            names.sort_by_key(|name| (std::cmp::Reverse(name.codes.len()), name.rank));
        }
    }

    /// Adds an account of a person: a number, an address, an id. It is found where it stands alone, and in texts where it is an identifier of some kind.
    /// `false` when it is shorter than three characters.
    pub fn add_account(&mut self, person: u32, account: &str) -> bool {
        let written = account.trim();
        if written.chars().count() < 3 {
            return false;
        }
        self.identify(person, written);
        for kind in [Kind::Mobile, Kind::Landline, Kind::Qq, Kind::Email] {
            let plain = plain_account(kind, written);
            if plain.len() >= 3 {
                self.accounts.entry(plain).or_insert(person);
            }
        }
        true
    }

    /// Adds a name that is an everyday word, a single character or none of letters: where a name stands by itself it is the person's, and in what people say
    /// it is a word. Whoever has it first keeps it. `false` when it is empty or somebody's.
    pub fn add_alone(&mut self, person: u32, name: &str) -> bool {
        let plain = plain_account(Kind::Person, name);
        // `*` is everybody.
        if plain.is_empty() || plain == "*" || self.called(name).is_some() {
            return false;
        }
        self.identify(person, name.trim());
        self.alone.insert(plain, person);
        true
    }

    /// How many names and accounts there are.
    pub fn len(&self) -> usize {
        self.names.values().flatten().filter(|name| name.rank == 0).count()
            + self.accounts.len()
            + self.alone.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.accounts.is_empty() && self.alone.is_empty()
    }

    /// What people's pseudonyms are made from: their first name or account, numbered where several people have the same.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (u32, &str)> {
        self.identities.iter().map(|(person, identity)| (*person, identity.as_str()))
    }

    fn identify(&mut self, person: u32, name: &str) {
        if self.identities.contains_key(&person) {
            return;
        }
        let count = self.firsts.entry(name.to_owned()).or_default();
        let identity = if *count == 0 { name.to_owned() } else { format!("{name}\0{count}") };
        *count += 1;
        self.identities.insert(person, identity);
    }

    /// Says of identifiers whose they are, where an account is listed.
    pub(crate) fn own(&self, text: &str, spans: &mut [Span]) {
        if self.accounts.is_empty() {
            return;
        }
        for span in spans.iter_mut().filter(|span| span.person.is_none() && span.kind.is_structured()) {
            let plain = plain_account(span.kind, text.get(span.start..span.end).unwrap_or_default());
            span.person = self.accounts.get(&plain).copied();
        }
    }

    /// The first characters of all names, in both cases and widths.
    pub(crate) fn firsts(&self) -> impl Iterator<Item = u32> {
        self.names.keys().flat_map(|(first, _)| {
            let upper = char::from_u32(*first).map_or(*first, |c| c.to_ascii_uppercase() as u32);
            let wide = |code: u32| if (0x21..=0x7e).contains(&code) { code + 0xfee0 } else { code };
            [*first, upper, wide(*first), wide(upper)]
        })
    }

    /// Whose name or account a text is, wholly.
    pub fn person(&self, name: &str) -> Option<u32> {
        self.named(name).or_else(|| {
            if self.accounts.is_empty() || name.len() > 4 * LONGEST {
                return None;
            }
            self.accounts.get(&plain_account(Kind::Email, name)).copied()
        })
    }

    /// The same where nothing but a name can stand.
    pub fn called(&self, name: &str) -> Option<u32> {
        self.person(name).or_else(|| {
            if self.alone.is_empty() || name.len() > 4 * LONGEST {
                return None;
            }
            self.alone.get(&plain_account(Kind::Person, name)).copied()
        })
    }

    fn named(&self, name: &str) -> Option<u32> {
        let mut codes = name.trim().chars().map(|c| plain(c as u32));
        let (first, second) = (codes.next()?, codes.next()?);
        if !self.heads.may(first, second) {
            return None;
        }
        let names = self.names.get(&(first, second))?;
        let codes = name.trim().chars().map(|c| plain(c as u32));
        let whole =
            |known: &&Name| known.length(codes.clone()).is_some_and(|len| len == codes.clone().count());
        names.iter().find(whole).map(|name| name.person)
    }

    pub(crate) fn find(&self, cells: &Cells, found: &mut Found) {
        let mut done = 0;
        for at in cells.begins(class::MEMBER) {
            if at < done {
                continue;
            }
            if let Some((length, person)) = self.at(cells, at) {
                found.add_person(cells, at, at + length, person);
                done = at + length;
            }
        }
    }

    fn at(&self, cells: &Cells, at: usize) -> Option<(usize, u32)> {
        let code = |at: usize| cells.code(at);
        let (first, second) = (code(at), code(at + 1));
        if !self.heads.may(first, second) {
            return None;
        }
        let names = self.names.get(&(first, second))?;
        let latin = |at: usize| cells.get(at).is_some_and(|cell| cell.is(class::LETTER));
        let text = cells.slice(at, cells.len()).iter().map(|cell| cell.code);
        names.iter().find_map(|name| {
            let length = match name.rank {
                0 => cells.has(at, &name.codes).then_some(name.codes.len()),
                _ => name.length(text.clone()),
            }?;
            let end = at + length;
            // A Latin name is a word: `Ann` is not in `Annual`.
            let cut = (at > 0 && latin(at) && latin(at - 1)) || (latin(end - 1) && latin(end));
            (!cut).then_some((length, name.person))
        })
    }
}

/// An account in the form in which it is compared.
fn plain_account(kind: Kind, account: &str) -> String {
    let mut plain = String::new();
    canonical(kind, account, &mut plain);
    plain
}

/// A character in half width, lower case and simplified.
fn plain(code: u32) -> u32 {
    let narrow = if (0xff01..=0xff5e).contains(&code) { code - 0xfee0 } else { code };
    if narrow < 0x80 { u32::from((narrow as u8).to_ascii_lowercase()) } else { fold::simplified(narrow) }
}
