//! Time stamps by the simulated authority, on the clock that it is given. For drills.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use adjourn_app::AppError;
use adjourn_app::ports::{Clock, Stamps};
use adjourn_domain::canonical::Hash;
use adjourn_evidence::timestamp::{self, simulated};
use async_trait::async_trait;
use jiff::Timestamp;

/// A simulated authority.
pub struct SimStamps {
    clock: Arc<dyn Clock>,
    serial: AtomicU64,
}

impl SimStamps {
    /// It stamps at the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, serial: AtomicU64::new(0) }
    }
}

#[async_trait]
impl Stamps for SimStamps {
    fn configured(&self) -> bool {
        true
    }

    fn simulated(&self) -> bool {
        true
    }

    async fn stamp(&self, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
        let failed = |says: String| AppError::new("timestamp.failed").with("says", says);
        let serial = self.serial.fetch_add(1, Ordering::Relaxed) + 1;
        let (digest, nonce) = (Hash::of(bytes), serial.to_be_bytes());
        let at = Timestamp::from_millisecond(self.clock.now().as_millis())
            .map_err(|error| failed(error.to_string()))?;
        let reply =
            simulated::grant(&digest, &nonce, at, serial).map_err(|error| failed(error.to_string()))?;
        timestamp::verify(&reply, &digest, Some(&nonce), None).map_err(|error| failed(error.to_string()))?;
        Ok(reply)
    }
}
