//! Tables that were looked at and may be taken next: the same bytes, by the same person, without sending them once more. They are kept in memory, a few
//! of them; what was pushed out or forgotten in a restart is sent again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::PrincipalId;

/// Tables that are kept.
const KEPT: usize = 4;

/// A table.
#[derive(Clone)]
struct Upload {
    by: PrincipalId,
    kind: &'static str,
    sha256: Hash,
    bytes: Arc<[u8]>,
}

/// The tables.
#[derive(Clone, Default)]
pub(crate) struct Uploads(Arc<Mutex<VecDeque<Upload>>>);

impl Uploads {
    /// Keeps a table; the oldest goes when there are too many.
    pub(super) fn keep(&self, by: &PrincipalId, kind: &'static str, bytes: Vec<u8>) -> Hash {
        let sha256 = Hash::of(&bytes);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|upload| upload.sha256 != sha256 || upload.by != *by);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Upload { by: by.clone(), kind, sha256, bytes: bytes.into() });
        sha256
    }

    /// A table that this person sent.
    pub(super) fn find(&self, by: &PrincipalId, kind: &str, sha256: Hash) -> Option<Arc<[u8]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut own = kept.iter().filter(|upload| upload.by == *by && upload.kind == kind);
        own.find(|upload| upload.sha256 == sha256).map(|upload| upload.bytes.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_taken_by_whoever_sent_it_and_few_are_kept() {
        let (uploads, me, other) = (Uploads::default(), PrincipalId("p-1".into()), PrincipalId("p-2".into()));
        let first = uploads.keep(&me, "ledger", b"1".to_vec());
        assert_eq!(uploads.find(&me, "ledger", first).as_deref(), Some(b"1".as_slice()));
        assert!(uploads.find(&other, "ledger", first).is_none());
        assert!(uploads.find(&me, "leavers", first).is_none());
        for more in 0..KEPT {
            uploads.keep(&me, "ledger", vec![2, more as u8]);
        }
        assert!(uploads.find(&me, "ledger", first).is_none());
    }
}
