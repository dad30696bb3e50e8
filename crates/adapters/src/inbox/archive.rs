//! An organisation's archive of messages, which has the records of every chat. In a group's folder lie that group's records
//! alone, byte for byte, and the numbers of the others: so what is missing can still be told, nothing of a group stays
//! when its key is destroyed, and chats that nobody governs are not kept at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::{FileKind, Looked};
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::upload::Upload;
use adjourn_formats::archive::{self, Row};
use sha2::{Digest as _, Sha256};

use super::{FileInbox, findings, refused};

/// Bytes at the beginning of a file in which its first record is looked for.
const HEAD: u64 = 1024 * 1024 + 4096;
/// Bytes of a portion that are held before they are written.
const HELD: usize = 64 * 1024;

/// Whether a file is an archive.
pub(super) fn is(file: &Path) -> std::io::Result<bool> {
    let mut head = Vec::new();
    fs::File::open(file)?.take(HEAD).read_to_end(&mut head)?;
    Ok(archive::begins(&head))
}

/// What is in an archive; the records of `group` count, or all.
pub(super) fn look(
    file: &Path,
    group: Option<&NativeId>,
    progress: &dyn Fn(u64),
) -> Result<Looked, AppError> {
    let source = fs::File::open(file).map_err(|error| AppError::io(&error, file.display()))?;
    let pulled = archive::survey(BufReader::new(source), |_, _| Ok(()), progress);
    let pulled = pulled.map_err(|error| refused(file, error))?;
    let counted = || pulled.rooms.iter().filter(|(id, _)| group.is_none_or(|group| group.as_str() == *id));
    Ok(Looked {
        kind: FileKind::Archive,
        format: archive::FORMAT.to_owned(),
        platform: Some(archive::PLATFORM),
        // Its times have no zone of their own.
        zone: String::new(),
        sha256: pulled.sha256,
        original: None,
        bytes: pulled.bytes,
        records: if group.is_some() { counted().map(|(_, room)| room.records).sum() } else { pulled.records },
        first: counted().map(|(_, room)| room.first).min(),
        last: counted().map(|(_, room)| room.last).max(),
        ended: 0,
        unreadable: pulled.findings.unreadable,
        noticed: pulled.findings.total,
        findings: findings(&pulled.findings),
        name: None,
        groups: pulled.rooms.keys().map(|id| NativeId(id.clone())).collect(),
    })
}

/// Keeps each group's part of an archive, which must still be the one that was looked at.
pub(super) fn keep(
    inbox: &FileInbox,
    connection: &ConnectionId,
    groups: &[(GroupId, NativeId)],
    file: &Path,
    upload: &Upload,
) -> Result<Vec<(GroupId, Upload)>, AppError> {
    let mut parts = BTreeMap::new();
    for (id, native) in groups {
        let dir = inbox.group_dir(connection, (id, native), None)?;
        parts.insert(native.as_str(), Part::begin(id.clone(), dir)?);
    }
    let source = fs::File::open(file).map_err(|error| AppError::io(&error, file.display()))?;
    let mut runs = Runs::default();
    let pulled = archive::survey(
        BufReader::new(source),
        |row, bytes| {
            runs.add(row);
            let own = row.record.as_ref().and(row.room.as_deref());
            own.and_then(|own| parts.get_mut(own)).map_or(Ok(()), |part| part.take(&runs, row, bytes))
        },
        |_| {},
    );
    let same = pulled.map_err(|error| refused(file, error))?;
    if same.sha256 != upload.sha256 {
        for part in parts.into_values() {
            fs::remove_file(&part.path).map_err(|error| AppError::io(&error, part.path.display()))?;
        }
        return Err(AppError::new("upload.changed").with("says", file.display()));
    }
    let mut kept = Vec::new();
    for part in parts.into_values() {
        if let Some((id, dir, entry)) = part.end(&runs, upload)? {
            inbox.enter(connection, &id, &dir, &entry)?;
            kept.push((id, entry));
        }
    }
    Ok(kept)
}

/// The numbers of an archive, in runs without a gap.
#[derive(Default)]
struct Runs(Vec<(u64, u64)>);

impl Runs {
    fn add(&mut self, row: &Row) {
        match self.0.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(row.first) => *last = row.seq,
            _ => self.0.push((row.first, row.seq)),
        }
    }
}

/// What is kept of one group.
struct Part {
    id: GroupId,
    dir: PathBuf,
    path: PathBuf,
    held: Vec<u8>,
    hasher: Sha256,
    bytes: u64,
    records: u64,
    span: Option<(Time, Time)>,
    /// The run in which the last number lies that was written, and that number.
    at: (usize, Option<u64>),
}

impl Part {
    fn begin(id: GroupId, dir: PathBuf) -> Result<Self, AppError> {
        let path = dir.join("archive.new");
        fs::File::create(&path).map_err(|error| AppError::io(&error, path.display()))?;
        Ok(Self {
            id,
            dir,
            path,
            held: Vec::new(),
            hasher: Sha256::new(),
            bytes: 0,
            records: 0,
            span: None,
            at: (0, None),
        })
    }

    /// Takes a record of the group, on a line of its own, after the numbers of the others before it.
    fn take(&mut self, runs: &Runs, row: &Row, bytes: &[u8]) -> std::io::Result<()> {
        self.others(runs, Some(row.first))?;
        // Between the texts of a record white space is white space.
        let mut line: Vec<u8> =
            bytes.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
        line.push(b'\n');
        self.write(&line)?;
        self.at.1 = Some(row.seq);
        self.records += 1;
        if let Some(record) = &row.record {
            let (first, last) = self.span.unwrap_or((record.at, record.at));
            self.span = Some((first.min(record.at), last.max(record.at)));
        }
        Ok(())
    }

    /// Writes the numbers that were not written yet, below a number or all.
    fn others(&mut self, runs: &Runs, below: Option<u64>) -> std::io::Result<()> {
        while let Some((first, last)) = runs.0.get(self.at.0).copied() {
            let from = self.at.1.map_or(Some(first), |at| at.checked_add(1)).map(|from| from.max(first));
            let to = below.map_or(Some(last), |below| below.checked_sub(1)).map(|to| to.min(last));
            if let (Some(from), Some(to)) = (from, to)
                && from <= to
            {
                self.write(archive::left_out(from, to).as_bytes())?;
                self.at.1 = Some(to);
            }
            if below.is_some_and(|below| below <= last) {
                break;
            }
            self.at.0 += 1;
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.held.extend_from_slice(bytes);
        if self.held.len() >= HELD { self.flush() } else { Ok(()) }
    }

    /// Opened for each portion: there may be more groups than files can be open.
    fn flush(&mut self) -> std::io::Result<()> {
        fs::OpenOptions::new().append(true).open(&self.path)?.write_all(&self.held)?;
        self.held.clear();
        Ok(())
    }

    /// Puts the part where it stays, with its entry; `None` when the archive has nothing of the group.
    fn end(mut self, runs: &Runs, upload: &Upload) -> Result<Option<(GroupId, PathBuf, Upload)>, AppError> {
        let io = |error: std::io::Error, path: &Path| AppError::io(&error, path.display());
        if self.records == 0 {
            fs::remove_file(&self.path).map_err(|error| io(error, &self.path))?;
            return Ok(None);
        }
        self.others(runs, None).and_then(|()| self.flush()).map_err(|error| io(error, &self.path))?;
        let sha256 = Hash(self.hasher.finalize().into());
        let target = self.dir.join(format!("{sha256}.file"));
        fs::File::open(&self.path)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&self.path, &target))
            .map_err(|error| io(error, &target))?;
        let entry = Upload {
            sha256,
            original: Some(upload.sha256),
            bytes: self.bytes,
            records: self.records,
            first: self.span.map(|(first, _)| first),
            last: self.span.map(|(_, last)| last),
            ..upload.clone()
        };
        Ok(Some((self.id, self.dir, entry)))
    }
}

#[cfg(test)]
mod tests {
    use adjourn_app::ports::Inbox as _;

    use super::*;

    const FILE: &str = include_str!("../../../formats/fixtures/wecom_archive.jsonl");

    fn gid(native: &str) -> GroupId {
        format!("g-{native}").into()
    }

    fn upload(looked: &Looked) -> Upload {
        Upload {
            identity: "main".into(),
            witness: false,
            by: "p-1".into(),
            received_at: Time::from_millis(1_603_400_000_000),
            format: looked.format.clone(),
            zone: looked.zone.clone(),
            sha256: looked.sha256,
            original: None,
            bytes: looked.bytes,
            records: looked.records,
            first: looked.first,
            last: looked.last,
            ended: 0,
            unreadable: looked.unreadable,
            noticed: looked.noticed,
            findings: looked.findings.clone(),
        }
    }

    fn rewritten(rooms: &[(usize, &str)]) -> String {
        let room = "wrjc7bDwAASxc8tZvBErFE02BtPWyAAA";
        let mut lines: Vec<String> = FILE.lines().map(str::to_owned).collect();
        for (at, of) in rooms {
            lines[*at] = lines[*at].replace(room, of);
        }
        lines.join("\n").replace(room, "a")
    }

    #[test]
    fn each_group_gets_its_own_records_and_the_numbers_of_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("archive");
        // Groups a, b and one that nobody governs, as an array over many lines.
        let text = rewritten(&[(1, "b"), (2, "c"), (4, "b")]).replace("\"msgid\"", "\n  \"msgid\"");
        fs::write(&file, format!("\u{feff}[{}]", text.replace("}\n{", "},\n{"))).unwrap();
        assert!(is(&file).unwrap());
        let inbox = FileInbox::new(&dir.path().join("inbox"));
        let looked = inbox.look(&file, None, None, &|_, _| {}).unwrap();
        assert_eq!((looked.kind, looked.records), (FileKind::Archive, 7));
        assert_eq!(looked.groups, ["a".into(), "b".into(), "c".into()]);
        assert_eq!(inbox.look(&file, None, Some(&"b".into()), &|_, _| {}).unwrap().records, 2);
        let groups = [(gid("a"), "a".into()), (gid("b"), "b".into()), (gid("d"), "d".into())];
        let kept = inbox.keep_archive(&"wc".into(), &groups, &file, &upload(&looked)).unwrap();
        let counts: Vec<(&str, u64)> = kept.iter().map(|(id, entry)| (id.as_str(), entry.records)).collect();
        assert_eq!(counts, [("g-a", 3), ("g-b", 2)]);
        let whole = |entry: &Upload| {
            let (bytes, size) = inbox.read(&"wc".into(), &entry.sha256, 0, 1 << 20).unwrap().unwrap();
            assert_eq!((Hash::of(&bytes), size), (entry.sha256, entry.bytes));
            assert_eq!(entry.original, Some(looked.sha256));
            String::from_utf8(bytes).unwrap()
        };
        let [(_, of_a), (_, of_b)] = kept.as_slice() else { panic!("{kept:?}") };
        let (a, b) = (whole(of_a), whole(of_b));
        let numbers = |text: &str| {
            let rows = archive::read(text.as_bytes(), None).unwrap().rows;
            let own = rows.iter().filter(|row| row.record.is_some()).map(|row| row.seq).collect::<Vec<_>>();
            (own, archive::gaps(None, &rows))
        };
        let gaps = vec![(104, 106), (108, 108), (110, 9_007_199_254_740_992)];
        assert_eq!(numbers(&a), (vec![100, 103, 109], gaps.clone()));
        assert_eq!(numbers(&b), (vec![101, 107], gaps));
        assert!(a.contains("{\"seq\":101,\"through\":102}\n{\"seq\": 103"), "{a}");
        assert!(!a.contains("\"b\"") && !a.contains("\"c\"") && !b.contains("\"roomid\": \"a\""));
        assert!(inbox.uploads(&"wc".into(), &"d".into()).unwrap().is_empty());
        // The key of one group is destroyed: its records go, and the other's stay.
        inbox.forget(&gid("a")).unwrap();
        assert!(inbox.read(&"wc".into(), &of_a.sha256, 0, 10).unwrap().is_none());
        assert_eq!(whole(of_b), b);
    }

    #[test]
    fn a_file_that_changed_in_between_is_not_kept_and_one_in_a_wrong_order_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("archive.jsonl");
        fs::write(&file, rewritten(&[])).unwrap();
        let inbox = FileInbox::new(&dir.path().join("inbox"));
        let entry = upload(&inbox.look(&file, None, None, &|_, _| {}).unwrap());
        let lines: Vec<&str> = FILE.lines().collect();
        fs::write(&file, lines[..2].join("\n")).unwrap();
        let groups = [(gid("a"), "a".into())];
        let error = inbox.keep_archive(&"wc".into(), &groups, &file, &entry).unwrap_err();
        assert_eq!(error.code(), "upload.changed");
        assert!(inbox.uploads(&"wc".into(), &"a".into()).unwrap().is_empty());
        fs::write(&file, [lines[1], lines[0]].join("\n")).unwrap();
        let error = inbox.look(&file, None, None, &|_, _| {}).unwrap_err();
        assert_eq!(error.code(), "upload.order");
    }
}
