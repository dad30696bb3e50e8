//! A gate at which the proxy holds a request until the test lets it pass: what has to happen "in the middle of a request"
//! then happens there, on a fast machine as on a slow one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a request is held at most, so that a failed test ends.
const HELD: Duration = Duration::from_mins(2);

/// Shut until [`open`](Self::open). Copies are the same gate.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    waiting: bool,
    open: bool,
}

impl Gate {
    /// Waits until a request stands at the gate.
    pub fn reached(&self) {
        let (state, left) = self.wait(|state| !state.waiting);
        drop(state);
        assert!(left, "no request came to the gate within {HELD:?}");
    }

    /// Lets the request that stands here pass, and every later one.
    pub fn open(&self) {
        self.state().open = true;
        self.0.1.notify_all();
    }

    /// Stands at the gate until it is opened.
    pub(crate) fn hold(&self) {
        self.state().waiting = true;
        self.0.1.notify_all();
        let (state, _) = self.wait(|state| !state.open);
        drop(state);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while `shut` holds; `false` when the time was up first.
    fn wait(&self, shut: impl Fn(&State) -> bool) -> (MutexGuard<'_, State>, bool) {
        let (state, result) = self
            .0
            .1
            .wait_timeout_while(self.state(), HELD, |state| shut(state))
            .unwrap_or_else(PoisonError::into_inner);
        (state, !result.timed_out())
    }
}
