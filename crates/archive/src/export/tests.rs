//! One small archive with every field, as every format; golden files under `tests/data/export`, written anew where `ADJOURN_BLESS` is set.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use super::*;

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

fn wish(target: Target) -> Wish {
    Wish {
        target,
        conversation: None,
        zone: Zone::default(),
        tongue: Tongue::Chinese,
        exact: false,
        progress: Arc::default(),
    }
}

fn converted(wish: &Wish) -> (tempfile::TempDir, PathBuf, Exported) {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    let exported = convert(&data("export/all.jsonl"), &to, wish).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing beside it");
    (dir, to, exported)
}

fn golden(name: &str, bytes: &[u8]) {
    let path = data(&format!("export/{name}"));
    if std::env::var_os("ADJOURN_BLESS").is_some() {
        fs::write(&path, bytes).unwrap();
    }
    assert!(fs::read(&path).unwrap() == bytes, "{name}: ADJOURN_BLESS=1 writes it again");
}

#[test]
fn req_x1_a_table_has_the_tools_columns_and_calculates_nothing() {
    let (_dir, to, exported) = converted(&wish(Target::Csv));
    assert_eq!((exported.records, exported.conversations, exported.files), (8, 2, 1));
    let bytes = fs::read(&to).unwrap();
    golden("all.csv", &bytes);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains(",'=SUM(A1:A9)\n"), "{text}");
    let (_dir, to, _) = converted(&Wish { exact: true, ..wish(Target::Csv) });
    assert!(fs::read_to_string(&to).unwrap().contains(",=SUM(A1:A9)\n"));
    // The reader of the tool's own files takes it.
    let (format, imported) = import::read(&to, &import::Options::default(), |_| Ok(())).unwrap();
    assert_eq!((format, imported.records, imported.findings.unreadable), (import::Format::ChatlogCsv, 8, 0));
}

#[test]
fn chatlab_comes_back_as_far_as_it_holds_a_chat() {
    for (target, name) in [(Target::Chatlab, "all.chatlab.json"), (Target::ChatlabJsonl, "all.chatlab.jsonl")]
    {
        let refused = convert(&data("export/all.jsonl"), &data("export/never"), &wish(target)).unwrap_err();
        assert!(matches!(&refused, ExportError::Several(names) if names.len() == 2), "{refused}");
        let (_dir, to, exported) = converted(&Wish { conversation: Some("C1".to_owned()), ..wish(target) });
        assert_eq!((exported.records, exported.conversations), (7, 1));
        golden(name, &fs::read(&to).unwrap());
        let mut records = Vec::new();
        import::read(&to, &import::Options::default(), |line| {
            if let Line::Record(record) = line {
                records.push(*record);
            }
            Ok(())
        })
        .unwrap();
        let mut source = Vec::new();
        import::read(&data("export/all.jsonl"), &import::Options::default(), |line| {
            if let Line::Record(record) = line {
                source.push(*record);
            }
            Ok(())
        })
        .unwrap();
        source.retain(|record| record.conversation.as_ref().is_some_and(|of| of.as_str() == "C1"));
        for (got, had) in records.iter().zip(&source) {
            let seconds = |record: &Record| record.at.as_millis().div_euclid(1000);
            assert_eq!((&got.id, seconds(got), &got.sender), (&had.id, seconds(had), &had.sender));
            assert_eq!((&got.text, &got.reply_to, got.recalled), (&had.text, &had.reply_to, had.recalled));
        }
        assert_eq!(records.len(), source.len());
    }
    let unknown = Wish { conversation: Some("C9".to_owned()), ..wish(Target::Csv) };
    let refused = convert(&data("export/all.jsonl"), &data("export/never"), &unknown).unwrap_err();
    assert!(matches!(refused, ExportError::Unknown(_)) && !data("export/never").exists());
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn a_day_of_a_conversation_is_a_file_of_rsmf_and_a_message_of_e_mail() {
    let (_dir, to, exported) = converted(&wish(Target::Rsmf));
    let found = files(&to);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    // The days of Shanghai, not of UTC.
    assert_eq!(names, ["0001-2026-01-01-01.rsmf", "0001-2026-01-02-01.rsmf", "0002-2026-01-01-01.rsmf"]);
    assert_eq!(exported.files, 3);
    let mail = String::from_utf8(found["0001-2026-01-01-01.rsmf"].clone()).unwrap();
    for header in ["X-RSMF-Version: 2.0.0", "X-RSMF-EventCount: 3", "X-RSMF-Application: slack"] {
        assert!(mail.contains(header), "{header}: {mail}");
    }
    golden("all.rsmf", mail.as_bytes());
    let (_dir, to, exported) = converted(&wish(Target::Eml));
    let found = files(&to);
    assert_eq!((found.len(), exported.files), (3, 3));
    golden("all.eml", &found["0001-2026-01-01-01.eml"]);
}

#[test]
fn a_folder_is_replaced_only_by_what_a_conversion_would_write_there() {
    let (_dir, to, _) = converted(&wish(Target::Eml));
    convert(&data("export/all.jsonl"), &to, &wish(Target::Eml)).unwrap();
    assert_eq!(files(&to).len(), 3);
    fs::write(to.join("mine.txt"), "mine").unwrap();
    for target in Target::ALL {
        let refused = convert(&data("export/all.jsonl"), &to, &wish(target)).unwrap_err();
        assert!(matches!(&refused, ExportError::Foreign(path) if *path == to), "{refused}");
    }
    assert_eq!(files(&to).len(), 4);
    // What settles later than that look is as careful.
    let beside = Beside::of(&to);
    fs::write(beside.path(), "a file").unwrap();
    assert!(beside.settle().is_err());
    assert_eq!(fs::read(to.join("mine.txt")).unwrap(), b"mine");
}

/// The files are held against the published schema by `jsonschema` in the command line's tests; here against what it was.
#[test]
fn a_manifest_names_only_parents_that_it_has() {
    let mut people = People::default();
    let mut records = Vec::new();
    import::read(&data("export/all.jsonl"), &import::Options::default(), |line| {
        match line {
            Line::Record(record) => records.push(*record),
            other => people.learn(other),
        }
        Ok(())
    })
    .unwrap();
    let day = days::Day {
        people: &people,
        conversation: people.conversations.values().next().unwrap(),
        records: &records[3..7],
        date: "2026-01-02",
        part: 1,
        zone: &Zone::default(),
        tongue: Tongue::English,
    };
    let manifest = rsmf::manifest(&day);
    assert!(manifest["events"].as_array().unwrap().iter().all(|event| event.get("parent").is_none()));
    golden("rsmf_manifest.json", format!("{manifest:#}\n").as_bytes());
}

#[test]
fn a_page_shows_texts_as_texts_and_asks_nobody_for_anything() {
    let (_dir, to, exported) = converted(&wish(Target::Html));
    assert_eq!(exported.files, 1);
    let bytes = fs::read(&to).unwrap();
    golden("all.html", &bytes);
    let page = String::from_utf8(bytes).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("[U+202E]"));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("http://") && !page.contains("https://"), "no address of anything");
}

#[test]
fn columns_are_read_back_and_the_archives_own_form_is_the_same_again() {
    use parquet::file::reader::FileReader as _;
    let (_dir, to, _) = converted(&wish(Target::Parquet));
    let reader = parquet::file::reader::SerializedFileReader::new(fs::File::open(&to).unwrap()).unwrap();
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    let column = |row: usize, name: &str| {
        let fields = rows[row].get_column_iter().find(|(of, _)| *of == name);
        fields.map(|(_, value)| value.to_string()).unwrap()
    };
    assert_eq!(column(1, "text"), "\"=SUM(A1:A9)\"");
    assert_eq!(
        (column(2, "text"), column(7, "conversation_name")),
        ("null".to_owned(), "\"\u{6797}\u{5c0f}\u{96e8}\"".to_owned())
    );
    let (_dir, to, _) = converted(&wish(Target::Jsonl));
    let mut text = String::new();
    zstd::Decoder::new(fs::File::open(&to).unwrap()).unwrap().read_to_string(&mut text).unwrap();
    let records = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.contains("\"kind\":\"") && line.contains("\"raw\""))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(records(&text), records(&fs::read_to_string(data("export/all.jsonl")).unwrap()));
}

#[test]
fn a_disk_that_is_full_is_told_and_leaves_nothing() {
    let mut people = People::default();
    let mut records = Vec::new();
    import::read(&data("export/all.jsonl"), &import::Options::default(), |line| {
        match line {
            Line::Record(record) => records.push(*record),
            other => people.learn(other),
        }
        Ok(())
    })
    .unwrap();
    for target in Target::ALL.into_iter().filter(|target| !target.is_folder()) {
        let ended = open(&wish(target), Path::new("/dev/full"), &people, None).and_then(|mut sink| {
            for record in &records {
                sink.record(&people, record.clone())?;
            }
            sink.finish(&people)
        });
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::StorageFull, "{}", target.slug());
    }
    let to = Path::new("/dev/full/never");
    let error = convert(&data("export/all.jsonl"), to, &wish(Target::Csv)).unwrap_err();
    assert!(matches!(error, ExportError::Write { .. }), "{error}");
}
