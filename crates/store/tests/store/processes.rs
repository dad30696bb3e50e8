//! Several writers on one file: handles of one process, and a process that is killed.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::common::{check, one, row, runtime};
use adjourn_app::ports::{Append, Store as _, StoreError};
use adjourn_domain::event::Header;
use adjourn_domain::time::Time;
use adjourn_store::SqliteStore;

/// Appends to streams that others append to as well, until `count` appends were acknowledged.
async fn contend(store: Arc<SqliteStore>, name: String, count: usize) -> Vec<(Header, String)> {
    let mut acknowledged = Vec::new();
    let mut versions: BTreeMap<String, u64> = BTreeMap::new();
    let mut attempt = name.len();
    while acknowledged.len() < count {
        attempt += 1;
        let stream = format!("g-{}", attempt % 3);
        let version = versions.entry(stream.clone()).or_default();
        let says = format!("{name} {attempt}");
        match store.append(one(&stream, *version, &says)).await {
            Ok(mut headers) => {
                let header = headers.remove(0);
                assert_eq!(header.version, *version + 1);
                *version = header.version;
                acknowledged.push((header, says));
            }
            Err(StoreError::Conflict { found, .. }) => {
                assert_ne!(found, *version);
                *version = found;
            }
            Err(other) => panic!("{other}"),
        }
    }
    acknowledged
}

#[test]
fn two_handles_lose_no_update() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    runtime().block_on(async {
        let stores = [0, 1].map(|_| Arc::new(SqliteStore::open(&path).unwrap()));
        let mut tasks = Vec::new();
        for lane in 0..6 {
            let store = Arc::clone(&stores[lane % 2]);
            tasks.push(tokio::spawn(contend(store, format!("lane {lane}"), 60)));
        }
        let mut acknowledged = Vec::new();
        for task in tasks {
            acknowledged.extend(task.await.unwrap());
        }
        for store in &stores {
            let rows = check(&**store).await;
            assert_eq!(rows.len(), acknowledged.len());
            for (header, says) in &acknowledged {
                let row = &rows[header.seq as usize - 1];
                assert_eq!((&row.header, row.sealed.as_slice()), (header, says.as_bytes()));
            }
        }
    });
}

#[test]
fn whoever_takes_the_lease_fences_the_other_process() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    runtime().block_on(async {
        let old = SqliteStore::open(&path).unwrap();
        let new = SqliteStore::open(&path).unwrap();
        let now = Time::from_millis(0);
        let fenced = |fence, version| Append { fence: Some(fence), ..one("g-1", version, "x") };
        let first = old.take_lease("old", now, 10).await.unwrap().unwrap();
        assert_eq!(new.take_lease("new", now, 10).await.unwrap(), None);
        old.append(fenced(first, 0)).await.unwrap();
        // Its time has run out, but nobody has taken it: it may still write.
        assert!(old.keep_lease(first, now.plus_secs(99), 1).await.unwrap());
        let second = new.take_lease("new", now.plus_secs(100), 10).await.unwrap().unwrap();
        assert!(second > first);
        assert_eq!(old.append(fenced(first, 1)).await, Err(StoreError::Fenced { current: second }));
        assert!(!old.keep_lease(first, now, 10).await.unwrap());
        old.drop_lease(first).await.unwrap();
        new.append(fenced(second, 1)).await.unwrap();
        // Who has no lease needs none.
        old.append(one("g-1", 2, "y")).await.unwrap();
        assert_eq!(check(&new).await.len(), 3);
    });
}

const LANES: usize = 12;

/// One of the lanes of the process that is killed. It writes a line for every row that was acknowledged.
async fn append_for_ever(store: Arc<SqliteStore>, lane: usize) {
    let (own, shared) = (format!("g-{lane}"), format!("c-{}", lane % 3));
    loop {
        let version = store.load(&own.as_str().into()).await.unwrap().len() as u64;
        let other = store.load(&shared.as_str().into()).await.unwrap().len() as u64;
        let says = format!("{own} {version}");
        let append = Append {
            expect: vec![(own.as_str().into(), version), (shared.as_str().into(), other)],
            rows: vec![row(&own, &says), row(&shared, &says), row(&own, &says)],
            ..Append::default()
        };
        let Ok(headers) = store.append(append).await else { continue };
        for header in headers {
            let leaf = String::from_utf8(header.leaf().unwrap()).unwrap();
            std::io::stdout().lock().write_all(format!("ack {leaf}\n").as_bytes()).unwrap();
        }
    }
}

/// Not a test: what the process does that is killed.
#[test]
#[ignore = "the crash test starts it, in a folder of its own"]
fn child_appends_until_it_is_killed() {
    let store = Arc::new(SqliteStore::open(Path::new("journal.db")).unwrap());
    runtime().block_on(async {
        let lanes = (0..LANES).map(|lane| tokio::spawn(append_for_ever(Arc::clone(&store), lane)));
        for lane in lanes.collect::<Vec<_>>() {
            lane.await.unwrap();
        }
    });
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged: Vec<Header> = Vec::new();
    for kill_after in [1, 400, 7, 90, 1, 33, 250, 140] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["processes::child_appends_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (mut text, mut lines) = (String::new(), 0);
        while lines < kill_after {
            assert_ne!(output.read_line(&mut text).unwrap(), 0, "the child ended by itself: {text}");
            lines += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        output.read_to_string(&mut text).unwrap();
        // The last line may have been cut.
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let acks = whole.lines().filter_map(|line| line.strip_prefix("ack "));
        acknowledged.extend(acks.map(|line| serde_json::from_str::<Header>(line).unwrap()));

        let store = SqliteStore::open(&dir.path().join("journal.db")).unwrap();
        let rows = runtime().block_on(check(&store));
        for header in &acknowledged {
            assert_eq!(rows.get(header.seq as usize - 1).map(|row| &row.header), Some(header));
        }
        assert_eq!(rows.len() % 3, 0, "an append is there as a whole or not at all");
    }
    assert!(acknowledged.len() >= 900);
}
