//! Questions that are asked again: a platform that is overloaded for a moment must not cost a plan. Reads only: whatever
//! changes something has the worker's rules.

use std::future::Future;

use crate::App;
use crate::ports::PlatformError;

/// How often a question is asked, at most.
const TRIES: u32 = 4;
/// Longest pause between two attempts, in seconds. Whoever is told to wait longer is told so at once.
const MAX_PAUSE_S: u64 = 30;

impl App {
    /// Asks until there is an answer, while the error says that there may be one soon: after the pause that the platform
    /// names, else after one that doubles.
    pub(crate) async fn patiently<T, F>(&self, ask: impl Fn() -> F + Send) -> Result<T, PlatformError>
    where
        T: Send,
        F: Future<Output = Result<T, PlatformError>> + Send,
    {
        for attempt in 1..TRIES {
            let error = match ask().await {
                Err(error) if error.passing => error,
                other => return other,
            };
            let pause = error.retry_s.unwrap_or(1 << (attempt - 1)).max(1);
            if pause > MAX_PAUSE_S {
                return Err(error);
            }
            self.progress.again(error.code, pause, attempt + 1, TRIES);
            self.clock.sleep_until(self.clock.now().plus_secs(pause)).await;
        }
        ask().await
    }
}
