//! Bags: what we write passes the checks of other tools, and what is wrong with a bag is found.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::case::{Scenario, archive, files, log_key, reseal};
use adjourn_domain::canonical::Hash;
use adjourn_evidence::bag::{BagError, BagInfo, BagWriter, SealedBag, inspect, validate};
use adjourn_evidence::finding::FindingCode;

fn info() -> BagInfo {
    BagInfo {
        bagging_date: "2026-11-23".into(),
        fields: vec![("Source-Organization".into(), "\u{5b66}\u{6821}".into())],
    }
}

/// A bag with a few files.
fn small(dir: &Path) -> SealedBag {
    let mut bag = BagWriter::create(dir).unwrap();
    bag.add_bytes("b/\u{7fa4}.txt", b"hello").unwrap();
    bag.add_bytes("a.txt", b"").unwrap();
    let mut file = bag.add_file("b/streamed").unwrap();
    for n in 0..1000_u32 {
        file.write_all(&n.to_be_bytes()).unwrap();
    }
    file.close().unwrap();
    bag.finish(&info()).unwrap()
}

/// The reference implementation, for whoever has installed the peers.
fn bagit_py() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.peers/venv/bin/bagit.py");
    path.is_file().then_some(path)
}

fn codes(dir: &Path) -> Vec<FindingCode> {
    let mut codes: Vec<_> = validate(dir).iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn a_bag_is_written_as_the_rfc_says() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("bag");
    let sealed = small(&at);
    let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
    assert_eq!(read("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    assert_eq!(
        read("bag-info.txt"),
        "Bagging-Date: 2026-11-23\nPayload-Oxum: 4005.3\nSource-Organization: \u{5b66}\u{6821}\n"
    );
    let manifest = read("manifest-sha256.txt");
    let paths: Vec<_> = manifest.lines().map(|line| &line[66..]).collect();
    assert_eq!(paths, ["data/a.txt", "data/b/streamed", "data/b/\u{7fa4}.txt"]);
    assert!(manifest.contains(&format!("{}  data/b/\u{7fa4}.txt\n", Hash::of(b"hello"))));
    assert_eq!((sealed.files, sealed.bytes), (3, 4005));
    assert_eq!(sealed.bag_hash, Hash::of(read("tagmanifest-sha256.txt").as_bytes()));
    assert_eq!(inspect(&at).bag_hash, Some(sealed.bag_hash));
    assert_eq!(validate(&at), []);
    assert!(!dir.path().join("bag.partial").exists());
}

#[test]
fn sha256sum_and_bagit_py_accept_our_bags_and_refuse_altered_ones() {
    let dir = tempfile::tempdir().unwrap();
    let bags = ["small", "archive", "case"].map(|name| dir.path().join(name));
    small(&bags[0]);
    archive(&bags[1]);
    Scenario::good().write(&bags[2], None);
    for bag in &bags {
        let sums = |name: &str| {
            let done =
                Command::new("sha256sum").current_dir(bag).args(["--strict", "--quiet", "-c", name]).output();
            done.unwrap().status.success()
        };
        let bagit = bagit_py().map(|script| {
            move || {
                let done = Command::new(&script).arg("--validate").arg(bag).output().unwrap();
                done.status.success()
            }
        });
        assert!(sums("manifest-sha256.txt") && sums("tagmanifest-sha256.txt"), "{}", bag.display());
        assert!(bagit.as_ref().is_none_or(|valid| valid()), "{}", bag.display());

        let victim = files(bag)
            .into_iter()
            .find(|path| path.starts_with("data/") && path.extension().is_some())
            .unwrap();
        let good = fs::read(bag.join(&victim)).unwrap();
        fs::write(bag.join(&victim), [good.as_slice(), b"!"].concat()).unwrap();
        assert!(!sums("manifest-sha256.txt"));
        assert!(bagit.as_ref().is_none_or(|valid| !valid()), "{}", bag.display());
        assert!(codes(bag).contains(&FindingCode::BagAltered));
        fs::write(bag.join(&victim), good).unwrap();
        assert_eq!(validate(bag), []);
    }
}

#[test]
fn openssl_accepts_the_signature_of_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("case");
    Scenario::good().write(&case, None);
    // These are the commands of docs/reference/bundle.md.
    let script = "sed '/^$/,$d' data/checkpoint > ../note.txt\n\
                  sed -n 's/^\u{2014} [^ ]* //p' data/checkpoint | base64 -d | tail -c 64 > ../note.sig\n\
                  openssl pkeyutl -verify -rawin -pubin -inkey data/log.pem -in ../note.txt -sigfile ../note.sig";
    let run = || Command::new("sh").current_dir(&case).args(["-ec", script]).output().unwrap();
    let good = run();
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    let note = fs::read_to_string(case.join("data/checkpoint")).unwrap();
    fs::write(case.join("data/checkpoint"), note.replacen("log\n", "lag\n", 1)).unwrap();
    assert!(!run().status.success());
    assert_eq!(fs::read_to_string(case.join("data/log.vkey")).unwrap().trim(), log_key().to_vkey());
}

#[test]
fn names_with_percent_and_line_breaks_are_encoded_and_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("bag");
    let mut bag = BagWriter::create(&at).unwrap();
    for name in ["100%", "two\nlines", "cr\r", "a%0Ab", " spaces  two", "*star", "back\\slash"] {
        bag.add_bytes(name, name.as_bytes()).unwrap();
    }
    bag.finish(&info()).unwrap();
    let manifest = fs::read_to_string(at.join("manifest-sha256.txt")).unwrap();
    for encoded in
        ["data/100%25\n", "data/two%0Alines\n", "data/cr%0D\n", "data/a%250Ab\n", "  data/ spaces  two\n"]
    {
        assert!(manifest.contains(encoded), "{encoded}");
    }
    assert_eq!(validate(&at), []);
}

#[test]
fn the_writer_refuses_what_is_no_good() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("bag");
    let mut bag = BagWriter::create(&at).unwrap();
    for path in ["", "/etc/passwd", "../a", "a/../../b", "a//b", "."] {
        assert!(matches!(bag.add_bytes(path, b""), Err(BagError::Path(_))), "{path}");
    }
    bag.add_bytes("a", b"1").unwrap();
    assert!(matches!(bag.add_bytes("a", b"2"), Err(BagError::Twice(_))));
    let bad =
        BagInfo { bagging_date: "2026-11-23".into(), fields: vec![("Note".into(), "two\nlines".into())] };
    assert!(matches!(bag.finish(&bad), Err(BagError::Info(_))));
    assert!(!at.exists() && !dir.path().join("bag.partial").exists(), "nothing is left of a failed bag");

    let mut bag = BagWriter::create(&at).unwrap();
    bag.add_file("begun").unwrap().write_all(b"half").unwrap();
    assert!(matches!(bag.finish(&info()), Err(BagError::Unfinished(_))));

    small(&at);
    assert!(matches!(BagWriter::create(&at), Err(BagError::Exists(_))));
    assert!(matches!(BagWriter::create(Path::new("/")), Err(BagError::Target(_))));
}

#[test]
fn what_a_crash_left_behind_is_thrown_away_by_the_next_attempt() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("bag");
    let mut bag = BagWriter::create(&at).unwrap();
    bag.add_bytes("old", b"old").unwrap();
    std::mem::forget(bag);
    assert!(dir.path().join("bag.partial/data/old").exists() && !at.exists());
    small(&at);
    assert_eq!(validate(&at), []);
    assert!(!at.join("data/old").exists());
}

#[test]
fn a_tree_is_copied_byte_for_byte_and_links_in_it_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (inner, outer) = (dir.path().join("inner"), dir.path().join("outer"));
    small(&inner);
    let mut bag = BagWriter::create(&outer).unwrap();
    bag.copy_tree("carried", &inner).unwrap();
    bag.finish(&info()).unwrap();
    assert_eq!(files(&inner), files(&outer.join("data/carried")));
    for path in files(&inner) {
        assert_eq!(
            fs::read(inner.join(&path)).unwrap(),
            fs::read(outer.join("data/carried").join(path)).unwrap()
        );
    }
    assert_eq!(validate(&outer), []);
    assert_eq!(validate(&outer.join("data/carried")), []);

    std::os::unix::fs::symlink("/etc/hostname", inner.join("data/link")).unwrap();
    let mut bag = BagWriter::create(&dir.path().join("other")).unwrap();
    assert!(matches!(bag.copy_tree("carried", &inner), Err(BagError::Special(_))));
    assert!(matches!(bag.add_existing("x", &inner.join("data/link")), Err(BagError::Special(_))));
}

#[test]
fn every_kind_of_damage_has_its_finding() {
    type Damage = fn(&Path);
    let append = |path: &Path, text: &str| {
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    let cases: [(&str, Damage, FindingCode); 9] = [
        ("a file added", |bag| fs::write(bag.join("data/more"), "x").unwrap(), FindingCode::BagExtra),
        ("a tag file added", |bag| fs::write(bag.join("fetch.txt"), "x").unwrap(), FindingCode::BagExtra),
        ("an empty folder", |bag| fs::create_dir(bag.join("data/none")).unwrap(), FindingCode::BagExtra),
        ("a file gone", |bag| fs::remove_file(bag.join("data/a.txt")).unwrap(), FindingCode::BagMissing),
        (
            "no manifest",
            |bag| fs::remove_file(bag.join("manifest-sha256.txt")).unwrap(),
            FindingCode::BagMissing,
        ),
        ("altered", |bag| fs::write(bag.join("data/a.txt"), "x").unwrap(), FindingCode::BagAltered),
        (
            "a link",
            |bag| {
                fs::remove_file(bag.join("data/a.txt")).unwrap();
                std::os::unix::fs::symlink("/dev/null", bag.join("data/a.txt")).unwrap();
            },
            FindingCode::BagEscape,
        ),
        (
            "a folder that is a link",
            |bag| std::os::unix::fs::symlink("/", bag.join("data/root")).unwrap(),
            FindingCode::BagEscape,
        ),
        (
            "another version",
            |bag| fs::write(bag.join("bagit.txt"), "BagIt-Version: 0.97\n").unwrap(),
            FindingCode::BagForm,
        ),
    ];
    for (name, damage, code) in cases {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("bag");
        small(&at);
        damage(&at);
        assert!(codes(&at).contains(&code), "{name}: {:?}", validate(&at));
    }
    let hash = Hash::of(b"").to_hex();
    let lines = [
        (format!("{hash}  ../outside\n"), FindingCode::BagEscape),
        (format!("{hash}  data/../../outside\n"), FindingCode::BagEscape),
        (format!("{hash}  /etc/passwd\n"), FindingCode::BagEscape),
        (format!("{hash}  bagit.txt\n"), FindingCode::BagForm),
        (format!("{hash} data/one-space\n"), FindingCode::BagForm),
        (format!("{hash}  data/%zz\n"), FindingCode::BagForm),
        (format!("{}  data/upper\n", hash.to_uppercase()), FindingCode::BagForm),
        (format!("{hash}  data/no-end"), FindingCode::BagForm),
        (format!("{hash}  data/{}\n", "long".repeat(5000)), FindingCode::BagForm),
        (format!("{hash}  data/z\n{hash}  data/z\n"), FindingCode::BagDuplicate),
        ("\u{0}\n".repeat(3), FindingCode::BagForm),
    ];
    for (line, code) in lines {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("bag");
        small(&at);
        append(&at.join("manifest-sha256.txt"), &line);
        assert!(codes(&at).contains(&code), "{line:.80}: {:?}", validate(&at));
    }
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("bag");
    small(&at);
    reseal(&at);
    let text = fs::read_to_string(at.join("bag-info.txt")).unwrap();
    fs::write(at.join("bag-info.txt"), text.replace("4005", "4006")).unwrap();
    assert_eq!(codes(&at), [FindingCode::BagAltered, FindingCode::BagCount]);
}
