//! What goes wrong around a store: a full disk, a foreign or broken file, values that must not be found again.

use std::path::Path;
use std::sync::Arc;

use crate::common::{check, one, row, runtime};
use adjourn_app::ports::{Append, Store as _, StoreError, ViewWrite};
use adjourn_store::SqliteStore;

fn large(stream: &str, version: u64, bytes: usize) -> Append {
    let mut append = one(stream, version, "large");
    append.rows[0].sealed = vec![7; bytes];
    append
}

#[test]
fn a_full_disk_refuses_and_heals() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("journal.db")).unwrap();
    runtime().block_on(async {
        store.append(one("g-1", 0, "before")).await.unwrap();
        store.limit_pages(40).await.unwrap();
        let mut version = 1;
        loop {
            match store.append(large("g-1", version, 20_000)).await {
                Ok(_) => version += 1,
                Err(error) => break assert_eq!(error, StoreError::Full),
            }
        }
        // Nothing of the refused append is there; what fits still goes in.
        assert_eq!(check(&store).await.len() as u64, version);
        store.append(one("g-2", 0, "small")).await.unwrap();
        assert_eq!(store.append(large("g-1", version, 200_000)).await, Err(StoreError::Full));
        store.limit_pages(100_000).await.unwrap();
        store.append(large("g-1", version, 200_000)).await.unwrap();
        assert_eq!(check(&store).await.len() as u64, version + 2);
    });
}

#[test]
fn one_that_does_not_fit_leaves_the_others_their_place() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&dir.path().join("journal.db")).unwrap());
    runtime().block_on(async {
        store.append(one("g-0", 0, "before")).await.unwrap();
        store.limit_pages(40).await.unwrap();
        let mut tasks = Vec::new();
        for lane in 1..40 {
            let stream = format!("g-{lane}");
            let append = if lane % 10 == 5 { large(&stream, 0, 400_000) } else { one(&stream, 0, "small") };
            let store = Arc::clone(&store);
            tasks.push((lane, tokio::spawn(async move { store.append(append).await })));
        }
        for (lane, task) in tasks {
            let result = task.await.unwrap();
            if lane % 10 == 5 {
                assert_eq!(result, Err(StoreError::Full));
            } else {
                result.unwrap();
            }
        }
        check(&*store).await;
    });
}

/// Mounts a file system of a few pages and fills it up.
#[test]
#[ignore = "needs the right to mount a file system"]
fn a_file_system_without_space_refuses_and_heals() {
    struct Mounted(tempfile::TempDir);
    impl Drop for Mounted {
        fn drop(&mut self) {
            let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
        }
    }
    let dir = Mounted(tempfile::tempdir().unwrap());
    let mount = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(dir.0.path())
        .status()
        .unwrap();
    assert!(mount.success());
    let ballast = dir.0.path().join("ballast");
    std::fs::write(&ballast, vec![0; 300_000]).unwrap();
    let store = SqliteStore::open(&dir.0.path().join("journal.db")).unwrap();
    runtime().block_on(async {
        let mut version = 0;
        loop {
            match store.append(large("g-1", version, 9_000)).await {
                Ok(_) => version += 1,
                Err(error) => break assert_eq!(error, StoreError::Full),
            }
        }
        assert!(version > 5);
        assert_eq!(store.append(large("g-1", version, 9_000)).await, Err(StoreError::Full));
        assert_eq!(check(&store).await.len() as u64, version);
        std::fs::remove_file(&ballast).unwrap();
        store.append(large("g-1", version, 9_000)).await.unwrap();
        assert_eq!(check(&store).await.len() as u64, version + 1);
    });
    // With no space for a single byte, not even opening works, and says why.
    store.close();
    let full = std::fs::File::create(&ballast).and_then(|mut file| {
        std::io::copy(&mut std::io::Read::take(std::io::repeat(0), 2_000_000), &mut file)
    });
    assert!(full.is_err());
    let error = SqliteStore::open(&dir.0.path().join("other.db")).map(SqliteStore::close).unwrap_err();
    assert_eq!(error, StoreError::Full);
}

#[test]
fn an_append_that_is_refused_does_not_sink_its_batch() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&dir.path().join("journal.db")).unwrap());
    runtime().block_on(async {
        let mut tasks = Vec::new();
        for lane in 0..200_u64 {
            let mut append = one(&format!("g-{lane}"), u64::from(lane % 3 == 0), "x");
            if lane % 7 == 0 {
                append.fence = Some(1);
            }
            // The second stream is at fault, after rows of the first one were named.
            append.expect.push(("org".into(), u64::from(lane % 5 == 0)));
            let store = Arc::clone(&store);
            tasks.push((lane, tokio::spawn(async move { store.append(append).await })));
        }
        for (lane, task) in tasks {
            let fine = lane % 3 != 0 && lane % 7 != 0 && lane % 5 != 0;
            assert_eq!(task.await.unwrap().is_ok(), fine, "lane {lane}");
        }
        let expected = (0..200).filter(|lane| lane % 3 != 0 && lane % 7 != 0 && lane % 5 != 0).count();
        assert_eq!(check(&*store).await.len(), expected);
    });
}

#[test]
fn a_row_needs_an_expected_version() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&dir.path().join("journal.db")).unwrap();
    runtime().block_on(async {
        let append = Append { rows: vec![row("g-1", "x")], ..Append::default() };
        assert!(matches!(store.append(append).await, Err(StoreError::Io(_))));
        assert!(check(&store).await.is_empty());
    });
}

fn open_error(path: &Path) -> StoreError {
    SqliteStore::open(path).map(SqliteStore::close).unwrap_err()
}

#[test]
fn files_of_others_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let newer = dir.path().join("newer.db");
    SqliteStore::open(&newer).unwrap().close();
    rusqlite::Connection::open(&newer).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    assert_eq!(open_error(&newer), StoreError::Version { found: 2 });

    let foreign = dir.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let before = std::fs::read(&foreign).unwrap();
    assert_eq!(open_error(&foreign), StoreError::Version { found: 0 });
    assert_eq!(std::fs::read(&foreign).unwrap(), before);

    let text = dir.path().join("text.db");
    std::fs::write(&text, "not a database, and longer than the header of one. ".repeat(100)).unwrap();
    assert!(matches!(open_error(&text), StoreError::Corrupt(_)));
    assert!(matches!(open_error(&dir.path().join("no/folder.db")), StoreError::Io(_)));
}

#[test]
fn a_journal_that_was_tampered_with_is_corrupt() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let store = SqliteStore::open(&path).unwrap();
    runtime().block_on(async {
        for version in 0..5 {
            store.append(one("g-1", version, "x")).await.unwrap();
        }
        let other = rusqlite::Connection::open(&path).unwrap();
        for change in ["UPDATE event SET actor = 'nobody'", "DELETE FROM event WHERE seq = 3"] {
            assert!(other.execute_batch(change).is_err(), "the table is append only");
        }
        other.execute_batch("DROP TRIGGER event_is_not_removed; DELETE FROM event WHERE seq = 3").unwrap();
        assert!(matches!(store.load(&"g-1".into()).await, Err(StoreError::Corrupt(_))));
        assert!(matches!(store.rows(1, 10).await, Err(StoreError::Corrupt(_))));
        assert!(matches!(store.leaves().await, Err(StoreError::Corrupt(_))));
    });
}

#[test]
fn pages_of_noise_are_corrupt() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let store = SqliteStore::open(&path).unwrap();
    runtime().block_on(async {
        for version in 0..40 {
            store.append(large("g-1", version, 1_000)).await.unwrap();
        }
    });
    store.close();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    runtime().block_on(async {
        assert!(matches!(store.leaves().await, Err(StoreError::Corrupt(_))));
        assert!(matches!(store.load(&"g-1".into()).await, Err(StoreError::Corrupt(_))));
    });
}

/// A value that can be found in a file.
fn secret(number: usize, generation: usize) -> Vec<u8> {
    let mark = format!("secret-{number:05}-{generation:02}-");
    mark.into_bytes().repeat(1 + (number * 7919 + generation * 31) % 40)
}

fn write(number: usize, value: Option<Vec<u8>>) -> ViewWrite {
    // Keys in no order, so that pages are split in their middle.
    let key = format!("{:08x}", (number as u32).wrapping_mul(2_654_435_761));
    ViewWrite { table: "group", key, value }
}

#[test]
fn a_scrub_leaves_nothing_of_removed_values() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let store = SqliteStore::open(&path).unwrap();
    let other = SqliteStore::open(&path).unwrap();
    let (count, generations) = (600, 4);
    runtime().block_on(async {
        for generation in 0..generations {
            for chunk in 0..count / 20 {
                let views = (0..20).map(|at| at * (count / 20) + chunk);
                let views = views.map(|number| write(number, Some(secret(number, generation)))).collect();
                store.append(Append { views, ..Append::default() }).await.unwrap();
            }
        }
        let removed = (0..count).filter(|number| number % 10 == 0);
        let views = removed.map(|number| write(number, None)).collect();
        other.append(Append { views, ..Append::default() }).await.unwrap();
        store.scrub().await.unwrap();
        // Who has the file open goes on reading and writing.
        for number in (0..count).filter(|number| number % 10 != 0) {
            let value = other.view("group", &write(number, None).key).await.unwrap();
            assert_eq!(value, Some(secret(number, generations - 1)));
        }
        assert_eq!(other.views("group").await.unwrap().len(), count - count / 10);
    });
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        files.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let mut found = std::collections::BTreeSet::new();
    for window in files.windows(15).filter(|window| window.starts_with(b"secret-")) {
        found.insert(String::from_utf8_lossy(window).into_owned());
    }
    let kept = (0..count).filter(|number| number % 10 != 0);
    let kept = kept.map(|number| format!("secret-{number:05}-{:02}", generations - 1));
    assert_eq!(found, kept.collect());
    runtime().block_on(async {
        other.append(one("g-1", 0, "after")).await.unwrap();
        store.append(one("g-1", 1, "after")).await.unwrap();
        check(&store).await;
    });
}
