//! Cases as this process last read them: a case of many groups is read for each of them, and each writes to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_domain::canonical::Hash;
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::CaseId;

/// Cases that are kept at most.
const MAX_CASES: usize = 64;

/// A state, and the commitment of the last row that it rests on.
pub(super) type Known = Arc<(CaseState, Hash)>;

/// The cases.
#[derive(Clone, Default)]
pub(super) struct KnownCases(Arc<Mutex<BTreeMap<CaseId, Known>>>);

impl KnownCases {
    pub(super) fn get(&self, id: &CaseId) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    pub(super) fn keep(&self, state: &CaseState, last: Hash) {
        let mut cases = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cases.len() >= MAX_CASES && !cases.contains_key(&state.id) {
            cases.pop_first();
        }
        cases.insert(state.id.clone(), Arc::new((state.clone(), last)));
    }

    pub(super) fn forget(&self, id: &CaseId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}
