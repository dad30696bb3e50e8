//! Chance: the system's, or a seeded one for the drill.

use std::sync::{Mutex, PoisonError};

use adjourn_app::ports::Rng;
use adjourn_domain::canonical::Hash;

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, buffer: &mut [u8]) {
        // Without random numbers there are no keys: nothing may go on.
        if let Err(error) = getrandom::fill(buffer) {
            abort(&error.to_string());
        }
    }
}

/// Ends the process: a system without random numbers can't hold secrets.
fn abort(says: &str) -> ! {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "no random numbers: {says}");
    std::process::abort()
}

/// A reproducible sequence for the drill: SHA-256 over seed and counter. Not secret.
#[derive(Debug)]
pub struct SeededRng {
    seed: u64,
    next: Mutex<u64>,
}

impl SeededRng {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, next: Mutex::new(0) }
    }
}

impl Rng for SeededRng {
    fn fill(&self, buffer: &mut [u8]) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            let block = Hash::of_parts(&[b"adjourn drill", &self.seed.to_be_bytes(), &next.to_be_bytes()]);
            *next += 1;
            for (to, from) in chunk.iter_mut().zip(block.0) {
                *to = from;
            }
        }
    }
}
