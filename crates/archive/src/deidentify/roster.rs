//! The list of a group's members, as people have it: names line by line, or a table (CSV, XLSX) with a header.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use adjourn_redact::{Detector, Members};

use crate::ledger::{LedgerError, Line, lines};

/// Signs between several names in one cell.
const BETWEEN: [char; 9] = [';', '|', '/', '\n', '\u{ff1b}', '\u{3001}', '\u{ff0f}', ',', '\u{ff0c}'];

/// What people write above which column.
static WORDS: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/words.json")).unwrap_or_default());

/// Members, and what of their list can't be looked for.
#[derive(Debug, Default, Clone)]
pub struct Roster {
    /// The members.
    pub members: Members,
    /// How many people there are.
    pub people: u32,
    /// Names and accounts that are too short or too common to be looked for.
    pub unusable: u64,
    /// Names that several people have: in a text they are the first one's.
    pub shared: u64,
    /// Of the people, those whom no list has and the archive itself tells.
    pub learned: u32,
    /// Those of whom the archive told an account.
    claimed: HashSet<u32>,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Account,
}

impl Roster {
    /// Reads a list. With a header, columns that it does not know are left alone; without one, the first cell of a line is a name and others are further
    /// names of the same person.
    ///
    /// # Errors
    /// When it is no table in a known encoding.
    pub fn read(bytes: &[u8]) -> Result<Self, LedgerError> {
        let (_, lines) = lines(bytes)?;
        let mut lines = lines.into_iter().filter(|line| !line.blank()).peekable();
        let header = lines.peek().and_then(columns);
        if header.is_some() {
            lines.next();
        }
        let mut roster = Self::default();
        for line in lines {
            roster.person(&line, header.as_deref());
        }
        Ok(roster)
    }

    /// Learns from an archive that an account has these names. A list that knows the account or one of the names is believed; but two accounts of the archive
    /// are two people, whatever they are called. An everyday word is a name where names stand and a word elsewhere.
    pub fn learn<'a>(&mut self, account: &str, names: impl IntoIterator<Item = &'a str>, words: &Detector) {
        let names: Vec<&str> = names.into_iter().collect();
        let named = || {
            let known = names.iter().filter_map(|name| self.members.called(name));
            known.into_iter().find(|person| !self.claimed.contains(person))
        };
        let known = self.members.called(account).or_else(named);
        let person = known.unwrap_or(self.people);
        let mut added = self.members.add_account(person, account);
        // What stands in the place of an account may be a name.
        added |= self.name(person, account, words);
        for name in names {
            if self.members.called(name).is_none() {
                added |= self.name(person, name, words);
            }
        }
        if !account.is_empty() {
            self.claimed.insert(person);
        }
        self.count(known, added);
    }

    /// Learns that somebody has this name, of whom nothing else is known.
    pub fn learn_name(&mut self, name: &str, words: &Detector) {
        if self.members.called(name).is_none() {
            let added = self.name(self.people, name, words);
            self.count(None, added);
        }
    }

    fn name(&mut self, person: u32, name: &str, words: &Detector) -> bool {
        !words.is_word(name) && self.members.add(person, name) || self.members.add_alone(person, name)
    }

    fn count(&mut self, known: Option<u32>, added: bool) {
        if known.is_none() && added {
            self.people += 1;
            self.learned += 1;
        }
    }

    fn person(&mut self, line: &Line, header: Option<&[Option<Column>]>) {
        let person = self.people;
        self.people += 1;
        for (at, cell) in line.cells.iter().enumerate() {
            let column = match header {
                Some(header) => header.get(at).copied().flatten(),
                None => Some(Column::Name),
            };
            let Some(column) = column else { continue };
            for part in cell.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty()) {
                self.part(person, part, column);
            }
        }
    }

    fn part(&mut self, person: u32, part: &str, column: Column) {
        let others = self.members.person(part).is_some_and(|known| known != person);
        self.shared += u64::from(others);
        // An account of letters is written in texts like a name.
        let name = self.members.add(person, part);
        let account = column == Column::Account && self.members.add_account(person, part);
        self.unusable += u64::from(!name && !account);
    }
}

/// The columns, when a line is a header: it has a word for names or accounts in it.
fn columns(line: &Line) -> Option<Vec<Option<Column>>> {
    let column = |cell: &String| {
        let cell = cell.trim().to_lowercase();
        let has = |slug: &str| {
            WORDS.get(slug).is_some_and(|words| words.iter().any(|word| word.to_lowercase() == cell))
        };
        match () {
            () if has("name") || has("alias") => Some(Column::Name),
            () if has("account") => Some(Column::Account),
            () => None,
        }
    };
    let columns: Vec<_> = line.cells.iter().map(column).collect();
    columns.iter().any(Option::is_some).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_a_plain_list_say_who_is_who() {
        let table = "Name,Department,Aliases,Phone\nLi Lei,sales,Lilei; LL,138 0013 8000\nHan Meimei,sales,,\nLi Lei,it,,\n";
        let roster = Roster::read(table.as_bytes()).unwrap();
        assert_eq!((roster.people, roster.shared, roster.unusable), (3, 1, 0));
        let person = |name: &str| roster.members.person(name);
        assert_eq!([person("lilei"), person("LL"), person("13800138000"), person("Li Lei")], [Some(0); 4]);
        assert_eq!((person("Han Meimei"), person("sales")), (Some(1), None));
        let list = Roster::read(b"Li Lei\nHan Meimei\n\nX\n").unwrap();
        assert_eq!((list.people, list.unusable, list.members.person("Han Meimei")), (3, 1, Some(1)));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert!(Roster::read(b"\x28\xb5\x2f\xfd\x00\x00\xff\xff\xff").is_err());
    }
}
