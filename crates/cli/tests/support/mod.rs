//! What test binaries that run the built `adjourn` have in common: an installation in a folder, a simulated platform on a
//! socket, `adjourn serve`.

use adjourn_adapters::clock::SystemClock;
use adjourn_app::ports::Clock as _;
use adjourn_domain::time::Time;

pub(crate) mod office;
pub(crate) mod platform;
pub(crate) mod serve;

pub(crate) fn now() -> Time {
    SystemClock.now()
}
