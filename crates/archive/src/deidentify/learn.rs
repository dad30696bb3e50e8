//! Who wrote, and whom the platform's own rows name: names and accounts that an archive tells about its own people, so that they are found in its texts, too.
//!
//! A line whose sender was seen already is not read; so a look over a file costs little. Nothing is learned that is a common word, and nothing that a list of
//! members says otherwise.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read};

use adjourn_redact::{Detector, MAX_LINE, system_rows};
use memchr::memmem::{Finder, FinderRev};
use serde::Deserialize;

use super::roster::Roster;

/// People who are learned, at most.
const MOST: u32 = 200_000;

/// What a line says about a person.
#[derive(Debug, Deserialize)]
struct Seen<'a> {
    #[serde(borrow, default)]
    sender: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    sender_name: Option<Cow<'a, str>>,
    #[serde(default)]
    participant: Option<Participant>,
    #[serde(borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    text: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
struct Participant {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    nickname: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    email: Option<String>,
}

/// Adds to a list who wrote the lines of an input.
///
/// # Errors
/// When it can't be read.
pub fn learn(input: impl Read, roster: &mut Roster, words: &Detector) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 18, input);
    // The record's own is the last one in canonical lines: the platform's bytes stand before it.
    let (sender, participant) = (FinderRev::new("\"sender\""), Finder::new("\"participant\""));
    let system_row = Finder::new("\"kind\":\"system\"");
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    let mut line = Vec::new();
    while roster.people < MOST {
        line.clear();
        if input.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let behind = sender.rfind(&line).map(|at| at + sender.needle().len());
        let new = match behind.and_then(|at| line.get(at..)) {
            // As it is written: another way of writing the same is read once more, no harm.
            Some(rest) => {
                let value = rest.get(..value_end(rest)).unwrap_or_default();
                !known.contains(value) && known.insert(value.to_vec())
            }
            None => participant.find(&line).is_some(),
        };
        if (new || system_row.find(&line).is_some())
            && let Ok(seen) = serde_json::from_slice::<Seen<'_>>(&line)
        {
            take(&seen, roster, words);
        }
    }
    Ok(())
}

/// Where the value behind a key ends, with what is between.
fn value_end(rest: &[u8]) -> usize {
    let mut quotes = memchr::memchr_iter(b'"', rest);
    let _ = quotes.next();
    quotes.next().unwrap_or(rest.len().min(200))
}

fn take(seen: &Seen<'_>, roster: &mut Roster, words: &Detector) {
    if let Some(sender) = seen.sender.as_deref() {
        roster.learn(sender, seen.sender_name.as_deref(), words);
    }
    if seen.kind.as_deref() == Some("system") {
        let text = seen.text.as_deref().unwrap_or_default();
        system_rows::people(text)
            .into_iter()
            .filter_map(|at| text.get(at))
            .for_each(|name| roster.learn_name(name, words));
    }
    if let Some(of) = &seen.participant {
        let names = [&of.name, &of.nickname].into_iter().flatten().chain(&of.aliases).map(String::as_str);
        roster.learn(&of.id, names, words);
        roster.learn(&of.id, of.email.as_deref(), words);
    }
}

#[cfg(test)]
mod tests {
    use adjourn_redact::Members;

    use super::*;

    #[test]
    fn an_archive_tells_its_own_people_and_common_words_are_nobodys_names() {
        let words = Detector::new(Members::new());
        let mut roster = Roster::read(b"name,account\nLi Lei,U01\n").unwrap();
        let lines = "{\"participant\":{\"id\":\"U02\",\"name\":\"Han Meimei\",\"aliases\":[\"Meimei\"]}}\n\
                     {\"sender\":\"U01\",\"sender_name\":\"Lilei\",\"text\":\"a\"}\n\
                     {\"sender\" : \"\u{738b}\u{5efa}\u{56fd}\"}\nno json\n\
                     {\"sender\":\"U03\",\"sender_name\":\"\u{5988}\u{5988}\"}\n{\"sender\":\"U03\",\"sender_name\":\"Jim\"}\n\
                     {\"kind\":\"system\",\"sender\":\"\",\"text\":\"\\\"Grey Cat\\\" recalled a message\"}\n\
                     {\"kind\":\"message\",\"sender\":\"\",\"text\":\"\\\"Old Oak\\\" recalled a message\"}";
        learn(lines.as_bytes(), &mut roster, &words).unwrap();
        let person = |name: &str| roster.members.person(name);
        assert!(
            person("U01").is_some() && person("Lilei") == person("U01") && person("Li Lei") == person("U01")
        );
        assert!(person("U02").is_some() && person("Meimei") == person("U02"));
        assert!(person("\u{738b}\u{5efa}\u{56fd}").is_some() && person("U03").is_some());
        // A word is a name where names stand.
        let word = "\u{5988}\u{5988}";
        assert!(person(word).is_none() && roster.members.called(word) == person("U03"));
        // A member can type what a row of the platform's own says.
        assert!(person("Grey Cat").is_some() && person("Old Oak").is_none());
        assert_eq!((roster.people, roster.learned), (5, 4));
    }

    #[test]
    fn two_accounts_are_two_people_whatever_they_are_called_and_a_list_is_believed() {
        let words = Detector::new(Members::new());
        let lines = "{\"kind\":\"system\",\"sender\":\"\",\"text\":\"\\\"Li Lei\\\" recalled a message\"}\n\
                     {\"sender\":\"U1\",\"sender_name\":\"Li Lei\"}\n{\"sender\":\"U2\",\"sender_name\":\"Li Lei\"}\n\
                     {\"sender\":\"7\",\"sender_name\":\"\u{5988}\u{5988}\"}\n{\"sender\":\"8\",\"sender_name\":\"\u{5988}\u{5988}\"}";
        for (list, people) in [("", 4), ("name\nLi Lei\n", 4), ("name,account\nLi Lei,U1\n", 4)] {
            let mut roster = Roster::read(list.as_bytes()).unwrap();
            learn(lines.as_bytes(), &mut roster, &words).unwrap();
            let called = |name: &str| roster.members.called(name).unwrap();
            assert_eq!(roster.people, people, "{list}");
            assert!(called("U1") != called("U2") && called("7") != called("8"), "{list}");
            // Who is called so is the first one.
            assert_eq!((called("Li Lei"), called("\u{5988}\u{5988}")), (called("U1"), called("7")), "{list}");
        }
    }
}
