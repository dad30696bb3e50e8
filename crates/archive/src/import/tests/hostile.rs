//! Exports that are cut, changed, in another encoding, packed, or endless.

use io::Read;
use std::collections::BTreeMap;

use super::super::json::{self, Event};
use super::super::text_lines::{self, TextLine};
use super::*;

/// Codes that a refusal may have.
const CODES: [&str; 9] = [
    "upload.format",
    "upload.empty",
    "upload.encoding",
    "upload.row_too_long",
    "upload.order",
    "upload.package",
    "upload.place",
    "upload.packed",
    "upload.incomplete",
];

/// The files of an export, by their names below it; a single file has the empty one.
fn files(path: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn below(dir: &Path, top: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, top, files);
            } else {
                files.insert(path.strip_prefix(top).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    if path.is_dir() {
        below(path, path, &mut files);
    } else {
        files.insert(PathBuf::new(), fs::read(path).unwrap());
    }
    files
}

/// Reads whatever it is. A refusal has a code; what came out until then is good in itself: written, it reads back as it is.
fn whatever(path: &Path, what: &str) -> Option<Imported> {
    let mut writer = Writer::plain(Vec::new());
    let mut lines = Vec::new();
    let read = read(path, &Options::default(), |line| {
        writer.write(&line)?;
        lines.push(line);
        Ok(())
    });
    let bytes = writer.finish().unwrap();
    let mut reader = Reader::new(bytes.as_slice()).unwrap();
    for line in lines {
        assert!(reader.next_line().unwrap().unwrap().unwrap() == line, "{what}");
    }
    match read {
        Ok((_, imported)) => Some(imported),
        Err(error) => {
            assert!(CODES.contains(&error.code()), "{what}: {error}");
            None
        }
    }
}

/// Puts an export with one file changed where nobody else is, and gives it to `look`.
fn changed(path: &str, mut look: impl FnMut(&str, &mut dyn FnMut(&[u8]) -> Option<Imported>, &[u8])) {
    let dir = tempfile::tempdir().unwrap();
    let all = files(&here(path));
    for (name, bytes) in &all {
        for (name, bytes) in &all {
            let to = dir.path().join("export").join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(if name.as_os_str().is_empty() { dir.path().join("export.file") } else { to }, bytes)
                .unwrap();
        }
        let single = name.as_os_str().is_empty();
        let export = dir.path().join(if single { "export.file" } else { "export" });
        let file = if single { export.clone() } else { export.join(name) };
        let what = format!("{path} {}", name.display());
        let mut give = |bytes: &[u8]| {
            fs::write(&file, bytes).unwrap();
            whatever(&export, &what)
        };
        look(&what, &mut give, bytes);
    }
}

#[test]
fn req_x1_an_export_that_is_cut_at_any_place_is_refused_or_said() {
    for path in GOLDEN {
        let whole = lines(&here(path)).1;
        changed(path, |what, give, bytes| {
            for cut in (0..bytes.len()).step_by(97) {
                let Some(imported) = give(&bytes[..cut]) else { continue };
                // Between two lines of a text, a cut can't be seen.
                let line = bytes[..cut].last() == Some(&b'\n') || bytes[cut] == b'\n';
                let fewer = imported.records < whole.records;
                assert!(!fewer || imported.lost() || line, "{what} cut at {cut}: {imported:?}");
            }
        });
    }
}

#[test]
fn changed_bytes_never_break_what_comes_out() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut chance = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for path in GOLDEN {
        changed(path, |_, give, bytes| {
            for _ in 0..24 {
                let mut bytes = bytes.to_vec();
                for _ in 0..=chance(6) {
                    let at = chance(bytes.len());
                    bytes[at] = u8::try_from(chance(256)).unwrap();
                }
                give(&bytes);
            }
        });
    }
}

#[test]
fn another_encoding_and_other_packing_are_refused_by_name() {
    let refused = |bytes: &[u8]| {
        let (_dir, path) = temp("x.json", bytes);
        let error = read(&path, &Options::default(), |_| Ok(())).unwrap_err();
        (error.code(), error.to_string())
    };
    for path in ["telegram/group.json", "weflow/group.json", "memotrace/session.csv", "chatlab/group.jsonl"] {
        let text = fs::read_to_string(here(path)).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        let (gbk, _, _) = encoding_rs::GB18030.encode(text);
        let (code, says) = refused(&gbk);
        assert!(code == "upload.encoding" && says.contains("GBK"), "{path}: {says}");
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for wide in [[b"\xff\xfe".as_slice(), &wide].concat(), wide] {
            // Without a mark it is known by the first letters, if those are Latin.
            if !text.is_char_boundary(1) && !wide.starts_with(b"\xff\xfe") {
                continue;
            }
            let (code, says) = refused(&wide);
            assert!(code == "upload.encoding" && says.contains("UTF-16"), "{path}: {says}");
        }
    }
    for (begin, name) in [(b"\x1f\x8b\x08\x00".as_slice(), "gzip"), (b"7z\xbc\xaf\x27\x1c", "7z")] {
        let (code, says) = refused(begin);
        assert!(code == "upload.packed" && says.contains(name), "{says}");
    }
    let (code, _) = refused(&zstd::encode_all(b"[1,2,3]".as_slice(), 3).unwrap());
    assert_eq!(code, "upload.packed");
}

/// Very much of one letter, which nobody holds.
fn endless(around: (&'static [u8], &'static [u8]), bytes: u64) -> impl Read {
    around.0.chain(io::repeat(b'x').take(bytes)).chain(around.1)
}

/// The most memory that this process ever had, in bytes.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    most.and_then(|most| most.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[test]
fn a_line_of_a_gigabyte_is_passed_over_without_being_held() {
    let before = memory();
    let mut met = Vec::new();
    text_lines::each(endless((b"1\n", b"\n2\n"), 1 << 30), |line| {
        met.push(matches!(line, TextLine::Whole(_)));
        Ok(())
    })
    .unwrap();
    assert_eq!(met, [true, false, true]);
    let mut met = Vec::new();
    let end = json::walk::<io::Error>(
        endless((b"{\"a\":[1,\"", b"\",2]}"), 1 << 28),
        |path| matches!(path, [] | ["a"]),
        |path, event| {
            if let ["a", "*"] = path {
                met.push(matches!(event, Event::Value(_)));
            }
            Ok(())
        },
    )
    .unwrap();
    assert_eq!((met, end), (vec![true, false, true], json::End::Whole));
    let header = b"Time,SenderName,Sender,TalkerName,Talker,Content\n2024-05-01 10:00:00,a,b,c,d,";
    let mut parser = adjourn_formats::Parser::new(Zone::default());
    let mut input = endless((header, b"\n"), 1 << 30);
    let mut buffer = vec![0; 1 << 20];
    let refused = loop {
        let read = input.read(&mut buffer).unwrap();
        assert!(read > 0, "it has to stop long before the end");
        if let Err(refused) = parser.feed(&buffer[..read], &mut Vec::new()) {
            break refused;
        }
    };
    assert_eq!(refused.code(), "upload.row_too_long");
    assert!(memory() - before < 256 << 20, "{} bytes", memory() - before);
}

#[test]
fn clocks_before_1970_are_times_like_others_and_no_time_is_a_row_that_is_listed() {
    let text = fs::read_to_string(here("discord/channel.json")).unwrap();
    for (typed, at) in [
        ("1969-12-31T23:59:59+00:00", Some(-1000)),
        ("0001-01-01T00:00:00+00:00", Some(-62_135_596_800_000)),
        ("-1", None),
    ] {
        let (_dir, path) = temp("a.json", text.replacen("2026-01-01T10:05:00+00:00", typed, 1).as_bytes());
        let (_, imported, lines) = lines(&path);
        let found = records(&lines).iter().any(|record| Some(record.at.as_millis()) == at);
        assert_eq!((found, imported.findings.unreadable), (at.is_some(), u64::from(at.is_none())), "{typed}");
    }
    let text = fs::read_to_string(here("telegram/group.json")).unwrap();
    let (from, to) = text.split_once("\"date_unixtime\": \"").unwrap();
    let (_, rest) = to.split_once('"').unwrap();
    let (_dir, path) = temp("result.json", format!("{from}\"date_unixtime\": \"-86400\"{rest}").as_bytes());
    let (_, imported, lines) = lines(&path);
    assert!(records(&lines).iter().any(|record| record.at.as_millis() == -86_400_000), "{imported:?}");
}

#[test]
fn a_packed_archive_that_is_cut_off_says_so() {
    let packed = fs::read(here("slack/testarchive.zip.archive.jsonl.zst")).unwrap();
    for cut in (0..packed.len()).step_by(packed.len() / 24) {
        let (_dir, path) = temp("archive.jsonl.zst", &packed[..cut]);
        let Some(imported) = whatever(&path, &format!("cut at {cut}")) else { continue };
        assert!(imported.lost() && imported.findings.has("file.truncated"), "cut at {cut}: {imported:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_neither_an_archive_nor_a_part_of_one() {
    let dir = tempfile::tempdir().unwrap();
    let (to, part) = (dir.path().join("out.jsonl.zst"), dir.path().join(".out.jsonl.zst.part"));
    // What is written lies beside its place first: there, on a disk that has no room.
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let error = to_file(&here("telegram/all.json"), &to, &Options::default()).unwrap_err();
    let ImportError::Io { path, source } = &error else { panic!("{error}") };
    assert_eq!((path, source.kind()), (&to, io::ErrorKind::StorageFull));
    assert!(!to.exists() && part.symlink_metadata().is_err());
}
