//! Exports in tar files and in bags: read as they are, and refused when they are not what they should be.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use adjourn_domain::canonical::Hash;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

/// A tar file with one entry after the other: name, kind, content.
fn tar(entries: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, bytes) in entries {
        let mut block = [0_u8; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        block[148..156].fill(b' ');
        block[156] = *kind;
        block[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&block);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let (_dir, path) = temp("export.tar.gz", bytes);
    read(&path, &Options::default(), |_| Ok(())).unwrap_err().code().to_owned()
}

#[test]
fn req_x1_a_zulip_export_is_read_out_of_its_tar_file_in_whatever_order_it_lies_there() {
    let folder = here("zulip/export");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| folder.join(name).is_file())
        .collect();
    let (_, expected, all) = lines(&folder);
    names.sort();
    for turned in [false, true] {
        if turned {
            names.reverse();
        }
        let files: Vec<(String, Vec<u8>)> = names
            .iter()
            .map(|name| (format!("zulip-export-x/{name}"), fs::read(folder.join(name)).unwrap()))
            .collect();
        let mut entries: Vec<(&str, u8, &[u8])> = vec![("zulip-export-x/", b'5', b"")];
        let pax = b"30 path=zulip-export-x/a-long\n";
        entries.extend([("pax", b'x', pax.as_slice()), ("short", b'0', b"{}")]);
        entries.extend(files.iter().map(|(name, bytes)| (name.as_str(), b'0', bytes.as_slice())));
        let plain = tar(&entries);
        for bytes in [gzip(&plain), plain] {
            let (_dir, path) = temp("export.tar.gz", &bytes);
            let (format, imported, found) = lines(&path);
            assert_eq!((format, &imported), (Format::ZulipExport, &expected));
            assert!(found == all);
        }
    }
}

#[test]
fn a_tar_file_that_leads_out_is_cut_off_altered_or_a_bomb_is_refused() {
    for (name, kind) in
        [("../realm.json", b'0'), ("/realm.json", b'0'), ("a/../../b", b'0'), ("l", b'2'), ("h", b'1')]
    {
        assert_eq!(refused(&gzip(&tar(&[(name, kind, b"")]))), "upload.place", "{name}");
    }
    assert_eq!(refused(&tar(&[("a", b'0', b"1"), ("a", b'0', b"2")])), "upload.place");
    let good = tar(&[("realm.json", b'0', &[b'x'; 3000]), ("messages-000001.json", b'0', b"{}")]);
    let packed = gzip(&good);
    assert_eq!(refused(&packed[..packed.len() - 12]), "upload.package");
    assert_eq!(refused(&good[..1500]), "upload.package");
    let mut altered = good.clone();
    altered[512 + 3072 + 130] ^= 1;
    assert_eq!(refused(&altered), "upload.package", "a header's sum");
    let bomb = vec![0; 32 * 1024 * 1024];
    assert_eq!(refused(&gzip(&tar(&[("realm.json", b'0', &bomb)]))), "upload.package");
}

#[test]
fn a_link_in_a_zip_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.zip");
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    writer.add_symlink("users.json", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    writer.finish().unwrap();
    assert_eq!(detect(&path).unwrap_err().code(), "upload.place");
}

/// A case's bundle of two groups, one with a tail; its manifest is right.
fn bundle(dir: &Path) {
    let group = |ids: &[&str]| {
        let mut writer = Writer::zstd(Vec::new()).unwrap();
        for id in ids {
            let at = adjourn_domain::time::Time::from_millis(1);
            writer
                .write(&Line::Record(Box::new(Record::new(
                    (*id).into(),
                    RecordKind::Message,
                    at,
                    "a".into(),
                ))))
                .unwrap();
        }
        writer.finish().unwrap()
    };
    let members = br#"[{"id":"a","name":"Ada","standing":"owner","bot":false}]"#.to_vec();
    let files = BTreeMap::from([
        ("data/groups/g-1/archive/data/messages.jsonl.zst", group(&["1", "2"])),
        ("data/groups/g-1/archive/data/members.json", members),
        ("data/groups/g-1/tail.jsonl.zst", group(&["3"])),
        ("data/groups/g-2/archive/data/messages.jsonl.zst", group(&["4"])),
    ]);
    let mut manifest = String::new();
    for (name, bytes) in &files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        let _ = writeln!(manifest, "{}  {name}", Hash::of(bytes));
    }
    fs::write(dir.join("bagit.txt"), "BagIt-Version: 1.0\n").unwrap();
    fs::write(dir.join("manifest-sha256.txt"), manifest).unwrap();
}

#[test]
fn req_g11_the_archives_of_a_bundle_are_read_when_they_are_what_its_manifest_says() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("c-1");
    bundle(&folder);
    let zip = dir.path().join("c-1.zip");
    crate::pack::pack(&folder, "c-1", fs::File::create(&zip).unwrap()).unwrap();
    for path in [&folder, &zip] {
        let (format, imported, found) = lines(path);
        assert_eq!(
            (format, imported.records, imported.conversations, imported.participants),
            (Format::ArchiveBag, 4, 2, 1)
        );
        let of = |record: &Record| (record.id.to_string(), record.conversation.clone().unwrap().to_string());
        let all: Vec<(String, String)> = records(&found).into_iter().map(of).collect();
        let shown: Vec<(&str, &str)> = all.iter().map(|(id, of)| (id.as_str(), of.as_str())).collect();
        assert_eq!(shown, [("1", "g-1"), ("2", "g-1"), ("3", "g-1"), ("4", "g-2")]);

        let bag = Bag::find(path).unwrap().unwrap();
        assert_eq!(bag.names(), ["g-1", "g-1/tail", "g-2"]);
        let one = Bag::find(&path.join("g-1/tail")).unwrap().unwrap();
        assert_eq!(one.names(), ["g-1/tail"]);
        let mut bytes = Vec::new();
        one.messages("g-1/tail").unwrap().read_to_end(&mut bytes).unwrap();
        assert!(bytes == fs::read(folder.join("data/groups/g-1/tail.jsonl.zst")).unwrap());
        assert_eq!(Bag::find(&path.join("g-3")).err().unwrap().code(), "upload.incomplete");
    }
    assert!(Bag::find(&here("zulip/export")).unwrap().is_none());
    assert!(Bag::find(&folder.join("bagit.txt")).unwrap().is_none());
    assert!(Bag::find(Path::new("nothing")).unwrap().is_none());

    // One byte, and nothing of it is used.
    let tail = folder.join("data/groups/g-1/tail.jsonl.zst");
    let mut bytes = fs::read(&tail).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&tail, bytes).unwrap();
    assert_eq!(read(&folder, &Options::default(), |_| Ok(())).unwrap_err().code(), "archive.altered");
    assert_eq!(
        Bag::find(&folder).unwrap().unwrap().messages("g-1/tail").err().unwrap().code(),
        "archive.altered"
    );
    let sealed = folder.join("data/groups/g-2/archive/data/messages.jsonl.zst");
    fs::rename(&sealed, sealed.with_extension("zst.age")).unwrap();
    assert_eq!(Bag::find(&folder.join("g-2")).err().unwrap().code(), "archive.sealed");
}
