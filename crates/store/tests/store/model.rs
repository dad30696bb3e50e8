//! The store against the plainest model of its trait, over random appends, leases and reopenings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::common::row;
use adjourn_app::ports::{Append, Store as _, StoreError, StoredRow, ViewWrite};
use adjourn_domain::event::Header;
use adjourn_domain::ids::StreamId;
use adjourn_domain::time::Time;
use adjourn_store::SqliteStore;
use proptest::prelude::*;

const STREAMS: [&str; 5] = ["org", "c-1", "g-1", "g-2", "g-\u{7fa4}\"\\\n"];
const TABLES: [&str; 2] = ["group", "case"];
const OWNERS: [&str; 2] = ["one", "two"];

#[derive(Debug, Default)]
struct Model {
    rows: Vec<StoredRow>,
    versions: BTreeMap<StreamId, u64>,
    wakes: BTreeMap<StreamId, Time>,
    views: BTreeMap<(&'static str, String), Vec<u8>>,
    epoch: u64,
    lease: Option<(&'static str, Time)>,
}

impl Model {
    fn version(&self, stream: &StreamId) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    fn append(&mut self, append: Append) -> Result<Vec<Header>, StoreError> {
        if append.fence.is_some_and(|fence| fence == 0 || fence != self.epoch) {
            return Err(StoreError::Fenced { current: self.epoch });
        }
        for (stream, expected) in &append.expect {
            let found = self.version(stream);
            if found != *expected {
                return Err(StoreError::Conflict { stream: stream.clone(), expected: *expected, found });
            }
        }
        let mut headers = Vec::new();
        for row in append.rows {
            let version = self.version(&row.stream) + 1;
            self.versions.insert(row.stream.clone(), version);
            let header = Header {
                seq: self.rows.len() as u64 + 1,
                stream: row.stream,
                version,
                kind: row.kind,
                at: row.at,
                actor: row.actor,
                commitment: row.commitment,
            };
            self.rows.push(StoredRow { header: header.clone(), sealed: row.sealed });
            headers.push(header);
        }
        for (stream, wake) in append.wake {
            match wake {
                Some(at) => self.wakes.insert(stream, at),
                None => self.wakes.remove(&stream),
            };
        }
        for view in append.views {
            match view.value {
                Some(value) => self.views.insert((view.table, view.key), value),
                None => self.views.remove(&(view.table, view.key)),
            };
        }
        Ok(headers)
    }

    fn take(&mut self, owner: &'static str, now: Time, ttl_s: u64) -> Option<u64> {
        if self.lease.is_some_and(|(by, until)| by != owner && until > now) {
            return None;
        }
        self.lease = Some((owner, now.plus_secs(ttl_s)));
        self.epoch += 1;
        Some(self.epoch)
    }

    fn keep(&mut self, fence: u64, now: Time, ttl_s: u64) -> bool {
        match &mut self.lease {
            Some((_, until)) if fence == self.epoch => {
                *until = now.plus_secs(ttl_s);
                true
            }
            _ => false,
        }
    }

    fn release(&mut self, fence: u64) {
        if fence == self.epoch {
            self.lease = None;
        }
    }

    fn due(&self, now: Time, limit: usize) -> Vec<(Time, StreamId)> {
        let due: BTreeSet<_> = self.wakes.iter().map(|(stream, at)| (*at, stream.clone())).collect();
        due.into_iter().filter(|(at, _)| *at <= now).take(limit).collect()
    }
}

/// An append whose versions are relative to what the model has when it is its turn.
#[derive(Debug, Clone)]
struct Draft {
    /// Stream, how far the expected version is off, rows.
    streams: Vec<(usize, i64, usize)>,
    wake: Vec<(usize, Option<u8>)>,
    views: Vec<(usize, u8, Option<Vec<u8>>)>,
    /// How far the fence is off; `None` for no fence.
    fence: Option<i64>,
}

impl Draft {
    fn build(&self, model: &Model, salt: usize) -> Append {
        let mut append = Append::default();
        for (number, (stream, off, rows)) in self.streams.iter().enumerate() {
            let stream = StreamId::from(STREAMS[*stream]);
            if append.expect.iter().any(|(named, _)| *named == stream) {
                continue;
            }
            let version = model.version(&stream).saturating_add_signed(*off);
            append.expect.push((stream.clone(), version));
            for at in 0..*rows {
                append.rows.push(row(stream.as_str(), &format!("{salt} {number} {at}")));
            }
        }
        // Rows of several streams may come in any order.
        append.rows.sort_by_key(|row| row.commitment);
        append.fence = self.fence.map(|off| model.epoch.saturating_add_signed(off));
        append.wake = self
            .wake
            .iter()
            .map(|(stream, at)| (STREAMS[*stream].into(), at.map(|at| Time::from_millis(i64::from(at)))))
            .collect();
        append.views = self
            .views
            .iter()
            .map(|(table, key, value)| ViewWrite {
                table: TABLES[*table],
                key: key.to_string(),
                value: value.clone(),
            })
            .collect();
        append
    }
}

#[derive(Debug, Clone)]
enum Op {
    /// Appends that arrive together.
    Appends(Vec<Draft>),
    Take(usize, u8),
    Keep(i64, u8),
    Release(i64),
    Reopen,
    Scrub,
}

fn off() -> impl Strategy<Value = i64> {
    prop_oneof![8 => Just(0_i64), 1 => Just(-1), 1 => Just(1)]
}

fn draft() -> impl Strategy<Value = Draft> {
    (
        prop::collection::vec((0..STREAMS.len(), off(), 0_usize..4), 0..4),
        prop::collection::vec((0..STREAMS.len(), prop::option::of(0_u8..4)), 0..3),
        prop::collection::vec(
            (0..TABLES.len(), 0_u8..4, prop::option::of(prop::collection::vec(any::<u8>(), 0..40))),
            0..3,
        ),
        prop::option::of(off()),
    )
        .prop_map(|(streams, wake, views, fence)| Draft { streams, wake, views, fence })
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        12 => prop::collection::vec(draft(), 1..6).prop_map(Op::Appends),
        2 => (0..OWNERS.len(), any::<u8>()).prop_map(|(owner, now)| Op::Take(owner, now)),
        1 => (off(), any::<u8>()).prop_map(|(off, now)| Op::Keep(off, now)),
        1 => off().prop_map(Op::Release),
        1 => Just(Op::Reopen),
        1 => Just(Op::Scrub),
    ]
}

async fn compare(store: &SqliteStore, model: &Model) {
    assert_eq!(crate::common::check(store).await, model.rows);
    for limit in [0, 1, 100] {
        for now in 0..4 {
            let now = Time::from_millis(now);
            assert_eq!(store.due(now, limit).await.unwrap(), model.due(now, limit));
        }
    }
    assert_eq!(store.next_due().await.unwrap(), model.wakes.values().min().copied());
    for table in TABLES {
        let views: Vec<_> = model
            .views
            .iter()
            .filter(|((named, _), _)| *named == table)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect();
        assert_eq!(store.views(table).await.unwrap(), views);
        for key in 0..4 {
            let key = key.to_string();
            let value = model.views.get(&(table, key.clone())).cloned();
            assert_eq!(store.view(table, &key).await.unwrap(), value);
        }
    }
}

async fn play(ops: Vec<Op>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let mut store = Arc::new(SqliteStore::open(&path).unwrap());
    let mut model = Model::default();
    for (number, op) in ops.into_iter().enumerate() {
        match op {
            Op::Appends(drafts) => {
                let mut waiting = Vec::new();
                for (at, draft) in drafts.iter().enumerate() {
                    let append = draft.build(&model, number * 100 + at);
                    let expected = model.append(append.clone());
                    let store = Arc::clone(&store);
                    // Tasks of one thread start in the order in which they were made.
                    waiting.push((expected, tokio::spawn(async move { store.append(append).await })));
                }
                for (expected, answer) in waiting {
                    assert_eq!(answer.await.unwrap(), expected);
                }
            }
            Op::Take(owner, now) => {
                let (owner, now) = (OWNERS[owner], Time::from_millis(i64::from(now) * 1000));
                assert_eq!(store.take_lease(owner, now, 60).await.unwrap(), model.take(owner, now, 60));
            }
            Op::Keep(off, now) => {
                let (fence, now) =
                    (model.epoch.saturating_add_signed(off), Time::from_millis(i64::from(now) * 1000));
                assert_eq!(store.keep_lease(fence, now, 60).await.unwrap(), model.keep(fence, now, 60));
            }
            Op::Release(off) => {
                let fence = model.epoch.saturating_add_signed(off);
                store.drop_lease(fence).await.unwrap();
                model.release(fence);
            }
            Op::Reopen => {
                Arc::into_inner(store).unwrap().close();
                store = Arc::new(SqliteStore::open(&path).unwrap());
            }
            Op::Scrub => store.scrub().await.unwrap(),
        }
    }
    compare(&store, &model).await;
    drop(store);
    compare(&SqliteStore::open(&path).unwrap(), &model).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_store_does_what_the_model_does(ops in prop::collection::vec(op(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(ops));
    }
}
