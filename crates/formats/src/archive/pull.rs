//! An archive that somebody hands in, read from end to end: which groups it has records of, which numbers are missing, and
//! what is wrong with it. No texts are kept.

use std::collections::BTreeMap;
use std::io::BufRead;

use adjourn_domain::canonical::Hash;
use adjourn_domain::time::Time;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{FIELDS, Object, Row, between, gap, object, row};
use crate::finding::{Findings, Refused};
use crate::parser::MAX_ROW;
use crate::survey::ReadError;

/// Groups that are told apart in one archive, at most.
const MAX_ROOMS: usize = 100_000;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its size in bytes.
    pub bytes: u64,
    /// Records that were read, those of no group among them.
    pub records: u64,
    /// Records by group.
    pub rooms: BTreeMap<String, Room>,
    /// What was noticed.
    pub findings: Findings,
}

/// The records of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// How many.
    pub records: u64,
    /// The time of the first of them.
    pub first: Time,
    /// The time of the last of them.
    pub last: Time,
}

/// Whether a file that begins like this is an archive: its first object has the fields of a record.
pub fn begins(head: &[u8]) -> bool {
    let from = head.get(between(head)..).unwrap_or_default();
    let Object::Whole(length) = object(from) else { return false };
    let first = from.get(..length).and_then(|bytes| serde_json::from_slice::<Map<String, Value>>(bytes).ok());
    first.is_some_and(|first| {
        let has = |name: &&str| first.contains_key(*name);
        // A change of the archive itself has another name for who and when.
        FIELDS.iter().all(has) || (["seq", "msgid", "action", "user", "time"].iter().all(has))
    })
}

/// Reads a whole archive; memory does not grow with it. `each` gets every row with its bytes, `progress` the bytes read
/// so far.
///
/// # Errors
/// When the file is not taken or can't be read: a record that is too long, numbers that do not rise, nothing at all.
pub fn survey(
    mut file: impl BufRead,
    mut each: impl FnMut(&Row, &[u8]) -> std::io::Result<()>,
    mut progress: impl FnMut(u64),
) -> Result<Pulled, ReadError> {
    let mut hasher = Sha256::new();
    let (mut bytes, mut held) = (0_u64, Vec::new());
    let mut sum = Sum::default();
    loop {
        let portion = file.fill_buf()?;
        let (size, end) = (portion.len(), portion.is_empty());
        hasher.update(portion);
        held.extend_from_slice(portion);
        file.consume(size);
        bytes += size as u64;
        let used = sum.take(&held, end, &mut each)?;
        held.drain(..used);
        progress(bytes);
        if end {
            break;
        }
    }
    if sum.number == 0 {
        return Err(Refused::Empty.into());
    }
    Ok(Pulled {
        sha256: Hash(hasher.finalize().into()),
        bytes,
        records: sum.records,
        rooms: sum.rooms,
        findings: sum.findings,
    })
}

#[derive(Default)]
struct Sum {
    /// Rows so far, those that can't be read among them.
    number: u64,
    records: u64,
    last: Option<u64>,
    /// Bytes of a row that is not whole yet, in which no end was found.
    searched: usize,
    rooms: BTreeMap<String, Room>,
    findings: Findings,
}

impl Sum {
    /// Takes the rows at the start of `held`, and gives the bytes that they took.
    fn take(
        &mut self,
        held: &[u8],
        end: bool,
        each: &mut impl FnMut(&Row, &[u8]) -> std::io::Result<()>,
    ) -> Result<usize, ReadError> {
        // A long row is looked at again only when it has grown by as much as was looked at.
        if !end && self.searched > 0 && held.len() < self.searched * 2 && held.len() <= MAX_ROW {
            return Ok(0);
        }
        self.searched = 0;
        let mut used = between(held);
        while let Some(rest) = held.get(used..).filter(|rest| !rest.is_empty()) {
            let line = rest.iter().position(|byte| *byte == b'\n');
            let length = match object(rest) {
                _ if rest.first() != Some(&b'{') => match line {
                    Some(line) => self.lost(line, "row.json"),
                    None if end => self.lost(rest.len(), "row.json"),
                    None => break,
                },
                Object::Whole(length) => {
                    self.one(rest.get(..length).unwrap_or_default(), each)?;
                    length
                }
                Object::Broken(length) => self.lost(length, "row.json"),
                Object::Cut if end => self.lost(rest.len(), "file.truncated"),
                Object::Cut => break,
            };
            used += length;
            used += between(held.get(used..).unwrap_or_default());
        }
        let open = held.len() - used;
        if open > MAX_ROW {
            return Err(Refused::RowTooLong { row: self.number + 1, limit: MAX_ROW }.into());
        }
        self.searched = if used == 0 { open } else { 0 };
        Ok(used)
    }

    /// Counts a row that can't be read.
    fn lost(&mut self, length: usize, code: &str) -> usize {
        self.number += 1;
        self.findings.lost(self.number, code);
        length
    }

    fn one(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&Row, &[u8]) -> std::io::Result<()>,
    ) -> Result<(), ReadError> {
        if bytes.len() > MAX_ROW {
            return Err(Refused::RowTooLong { row: self.number + 1, limit: MAX_ROW }.into());
        }
        let Ok(row) = row(bytes) else {
            let code = if std::str::from_utf8(bytes).is_err() { "row.encoding" } else { "row.format" };
            self.lost(0, code);
            return Ok(());
        };
        self.number += 1;
        if let Some(last) = self.last.filter(|last| row.first <= *last) {
            return Err(Refused::Order { row: self.number, seq: row.first, last }.into());
        }
        if gap(self.last, &row).is_some() {
            self.findings.note(self.number, "archive.gap");
        }
        self.last = Some(row.seq);
        match &row.record {
            None => self.findings.note(self.number, "archive.left_out"),
            Some(record) => {
                self.records += 1;
                self.room(&row, record.at);
            }
        }
        each(&row, bytes)?;
        Ok(())
    }

    fn room(&mut self, row: &Row, at: Time) {
        let Some(id) = &row.room else { return };
        if let Some(room) = self.rooms.get_mut(id) {
            room.records += 1;
            room.first = room.first.min(at);
            room.last = room.last.max(at);
        } else if self.rooms.len() < MAX_ROOMS {
            self.rooms.insert(id.clone(), Room { records: 1, first: at, last: at });
        } else if !self.findings.has("file.many_groups") {
            self.findings.note(self.number, "file.many_groups");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../fixtures/wecom_archive.jsonl");
    const ROOM: &str = "wrjc7bDwAASxc8tZvBErFE02BtPWyAAA";

    fn read(bytes: &[u8]) -> Result<Pulled, ReadError> {
        survey(bytes, |_, _| Ok(()), |_| {})
    }

    fn codes(bytes: &[u8]) -> Vec<(u64, String)> {
        read(bytes).unwrap().findings.first.into_iter().map(|found| (found.row, found.code)).collect()
    }

    fn refused(bytes: &[u8]) -> Refused {
        match read(bytes) {
            Err(ReadError::Refused(refused)) => refused,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn req_h4_an_archive_tells_its_groups_and_the_numbers_that_are_missing() {
        let pulled = read(FILE.as_bytes()).unwrap();
        assert_eq!((pulled.records, pulled.bytes), (7, FILE.len() as u64));
        assert_eq!(pulled.sha256, Hash::of(FILE.as_bytes()));
        let rooms: Vec<(&str, u64)> =
            pulled.rooms.iter().map(|(id, room)| (id.as_str(), room.records)).collect();
        assert_eq!(rooms, [(ROOM, 6)], "a change of the archive is of no group");
        // The last number is beyond 53 bits, and the gap before it is one gap.
        let gap = |row| (row, "archive.gap".to_owned());
        assert_eq!(codes(FILE.as_bytes()), [gap(5), gap(6), gap(7)]);
    }

    #[test]
    fn it_is_known_by_its_first_record_whatever_is_around_it() {
        let array = format!("\u{feff} [\n{}]", FILE.lines().collect::<Vec<_>>().join(",\n"));
        assert_eq!(read(array.as_bytes()).unwrap().rooms, read(FILE.as_bytes()).unwrap().rooms);
        let switch = FILE.lines().last().unwrap();
        for text in [FILE, &array, &format!("\u{feff}{FILE}"), switch] {
            assert!(begins(text.as_bytes()), "{text}");
        }
        let unnumbered = FILE.replace("\"seq\"", "\"no\"");
        for text in
            ["", "{", "[]", "hello", r#"{"seq":1}"#, r#"[{"seq":1,"time":"t","talker":"x"}]"#, &unnumbered]
        {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn rows_that_cannot_be_read_are_numbered_and_the_others_stay() {
        let lines: Vec<&str> = FILE.lines().take(4).collect();
        let lost = |row, code: &str| (row, code.to_owned());
        // Cut off in the middle of the last record.
        let cut = lines.join("\n");
        let cut = &cut.as_bytes()[..cut.len() - 30];
        assert_eq!(codes(cut), [lost(4, "file.truncated")]);
        assert_eq!((read(cut).unwrap().records, read(cut).unwrap().findings.unreadable), (3, 1));
        // A line that lost its end does not take the next one with it.
        let torn = [lines[0], &lines[1][..lines[1].len() - 6], lines[2], lines[3]].join("\n");
        assert_eq!(codes(torn.as_bytes()), [lost(2, "row.json"), lost(3, "archive.gap")]);
        let junk = [lines[0], "<html>", lines[1], "nothing"].join("\n");
        assert_eq!(codes(junk.as_bytes()), [lost(2, "row.json"), lost(4, "row.json")]);
        let mut bytes = format!("{}\n{}\n", lines[0], lines[1].replace("ChenMin", "\u{1}\u{1}")).into_bytes();
        bytes.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = 0xff);
        assert_eq!(codes(&bytes), [lost(2, "row.encoding")]);
        // What is no whole number of 64 bits is no number of a record.
        let wide = [lines[0], &lines[1].replace("101,", "18446744073709551616,")].join("\n");
        assert_eq!(codes(wide.as_bytes()), [lost(2, "row.format")]);
        let text = [lines[0], &lines[1].replace("101,", "\"18446744073709551615\",")].join("\n");
        assert_eq!(codes(text.as_bytes()), [lost(2, "archive.gap")]);
    }

    #[test]
    fn a_wrong_order_an_endless_row_and_nothing_are_refused() {
        let lines: Vec<&str> = FILE.lines().collect();
        let swapped = [lines[1], lines[0]].join("\n");
        assert_eq!(refused(swapped.as_bytes()), Refused::Order { row: 2, seq: 100, last: 101 });
        assert_eq!(refused(b" \n[]\n"), Refused::Empty);
        let row = |length: usize| {
            let text = "x".repeat(length);
            format!(
                "{}\n{}",
                lines[0],
                lines[1].replace("\"content\": \"", &format!("\"content\": \"{text}"))
            )
        };
        assert_eq!(read(row(MAX_ROW - 1000).as_bytes()).unwrap().records, 2);
        let long = Refused::RowTooLong { row: 2, limit: MAX_ROW };
        assert_eq!(refused(row(MAX_ROW).as_bytes()), long);
        assert_eq!(refused(row(5 * MAX_ROW).trim_end_matches('}').as_bytes()), long);
    }

    #[test]
    fn rows_are_the_same_however_the_bytes_come() {
        let whole = read(FILE.as_bytes()).unwrap();
        for size in [1, 7, 100, 1000] {
            let mut rows = Vec::new();
            let file = std::io::BufReader::with_capacity(size, FILE.as_bytes());
            let pulled = survey(
                file,
                |_, bytes| {
                    rows.push(String::from_utf8_lossy(bytes).into_owned());
                    Ok(())
                },
                |_| {},
            );
            assert_eq!(pulled.unwrap(), whole, "{size}");
            assert_eq!(rows, FILE.lines().collect::<Vec<_>>(), "{size}");
        }
    }
}
