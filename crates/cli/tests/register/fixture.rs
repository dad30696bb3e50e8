//! Ten thousand groups and three hundred leavers as two files, and what follows from the files alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use adjourn_domain::asset::{Day, Length};

/// Groups in the ledger.
pub(crate) const GROUPS: usize = 10_000;
/// People who own them.
const PEOPLE: usize = 1_200;
/// Leavers, of whom the last ten own nothing.
pub(crate) const LEAVERS: usize = 300;

/// The ledger. Every third group has no deputy; of ten groups one expires soon, one has expired, one does much later.
pub(crate) fn ledger(today: Day) -> String {
    let mut text =
        "name,platform,owner,contact,class,id,deputy,deputy contact,unit,holds,expires,exit plan\n"
            .to_owned();
    for n in 0..GROUPS {
        let (owner, deputy) = (n * 7_919 % PEOPLE, (n * 31 + 1) % PEOPLE);
        let stands_in = if n % 3 == 0 || deputy == owner {
            ",".to_owned()
        } else {
            format!("Person {deputy},139-{deputy:04}")
        };
        let expires = match n % 10 {
            0 => today.later(Length::Days(10)).unwrap().to_string(),
            1 => "2020/01/31".to_owned(),
            2 => "2099-12-31".to_owned(),
            _ => String::new(),
        };
        writeln!(
            text,
            "Group {n},qq,Person {owner},139-{owner:04},important,r-{n},{stands_in},Unit {},personal data;vouchers,{expires},",
            n % 7
        )
        .unwrap();
    }
    text
}

/// The list of leavers: every fourth person, the telephone number as another program writes it.
pub(crate) fn leavers() -> String {
    let mut text = "name,contact,leaving date\n".to_owned();
    for n in 0..LEAVERS {
        let (name, contact) = if n < LEAVERS - 10 {
            (format!("Person {}", n * 4), format!("139-{:04}", n * 4))
        } else {
            (format!("Nobody {n}"), format!("138-{n:04}"))
        };
        writeln!(text, "{name},{contact},").unwrap();
    }
    text
}

/// A group as the ledger's text has it.
pub(crate) struct Line<'a> {
    pub(crate) id: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) deputy: &'a str,
    pub(crate) expires: &'a str,
}

/// The lines of a ledger, read without anything of ours.
pub(crate) fn lines(ledger: &str) -> Vec<Line<'_>> {
    ledger
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            Line { id: cells[5], owner: cells[2], deputy: cells[6], expires: cells[10] }
        })
        .collect()
}

/// A successor that has to be named: group, role, leaver.
pub(crate) type Debt = (String, String, String);

/// What two files owe, with the deputy who is proposed for an owner.
pub(crate) fn owed(ledger: &str, leavers: &str) -> BTreeMap<Debt, Option<String>> {
    let leaving: BTreeSet<&str> =
        leavers.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let mut owed = BTreeMap::new();
    for line in lines(ledger) {
        let deputy_leaves = leaving.contains(line.deputy);
        if leaving.contains(line.owner) {
            let proposed = (!line.deputy.is_empty() && !deputy_leaves).then(|| line.deputy.to_owned());
            owed.insert((line.id.to_owned(), "owner".to_owned(), line.owner.to_owned()), proposed);
        }
        if deputy_leaves {
            owed.insert((line.id.to_owned(), "deputy".to_owned(), line.deputy.to_owned()), None);
        }
    }
    owed
}
