//! The machine's clock: the one place in the product that asks for the time.

use std::time::Duration;

use adjourn_app::ports::Clock;
use adjourn_domain::time::Time;
use async_trait::async_trait;

/// Longest sleep in one piece, in milliseconds: a clock that jumps is noticed soon.
const NAP_MS: i64 = 1000;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port's implementation")]
    fn now(&self) -> Time {
        Time::from_millis(jiff::Timestamp::now().as_millisecond())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the Clock port's implementation")]
    async fn sleep_until(&self, until: Time) {
        loop {
            let left = until.as_millis() - self.now().as_millis();
            let Ok(nap) = u64::try_from(left.min(NAP_MS)) else { return };
            if nap == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(nap)).await;
        }
    }
}
