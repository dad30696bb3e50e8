//! What the tests share: short appends and the checks that hold for every journal.

use std::collections::BTreeMap;

use adjourn_app::ports::{Append, NewRow, Store, StoredRow};
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::StreamId;
use adjourn_domain::time::Time;

/// A runtime for one test.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap()
}

/// A row whose commitment and bytes follow from `says`.
pub(crate) fn row(stream: &str, says: &str) -> NewRow {
    NewRow {
        stream: stream.into(),
        kind: "outcome".to_owned(),
        at: Time::from_millis(1_767_225_600_000).plus_secs(says.len() as u64),
        actor: "worker".to_owned(),
        commitment: Hash::of(says.as_bytes()),
        sealed: says.as_bytes().to_vec(),
    }
}

/// An append of one row to one stream.
pub(crate) fn one(stream: &str, version: u64, says: &str) -> Append {
    Append { expect: vec![(stream.into(), version)], rows: vec![row(stream, says)], ..Append::default() }
}

/// Reads the whole journal and checks what holds for every journal. Returns its rows.
pub(crate) async fn check(store: &dyn Store) -> Vec<StoredRow> {
    let mut rows: Vec<StoredRow> = Vec::new();
    loop {
        let page = store.rows(rows.len() as u64 + 1, 1000).await.unwrap();
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    let mut streams: BTreeMap<StreamId, Vec<StoredRow>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(row.header.seq, at as u64 + 1, "positions have no gaps");
        let stream = streams.entry(row.header.stream.clone()).or_default();
        stream.push(row.clone());
        assert_eq!(row.header.version, stream.len() as u64, "versions of {} have no gaps", row.header.stream);
    }
    for (stream, rows) in &streams {
        assert_eq!(&store.load(stream).await.unwrap(), rows, "a history is what the journal says");
        for known in [rows.len() / 2, rows.len(), rows.len() + 1] {
            let since = store.load_after(stream, known as u64).await.unwrap();
            assert_eq!(since, rows.get(known..).unwrap_or_default(), "and so is what came since");
        }
    }
    let leaves: Vec<Hash> =
        rows.iter().map(|row| Hash::of_parts(&[&[0], &row.header.leaf().unwrap()])).collect();
    assert_eq!(store.leaves().await.unwrap(), leaves, "leaves are the hashes of the headers");
    rows
}
