//! What the machine does at most on the same bytes, one thread: no pipeline that has to do these things can be faster.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::timing::{best_seconds, thread_seconds};

/// Megabytes a second, each on one thread.
#[derive(Debug, Clone, Serialize)]
pub struct Limits {
    /// Finding the ends of lines.
    pub newlines_mb_s: f64,
    /// Copying in memory.
    pub copy_mb_s: f64,
    /// BLAKE3 of all.
    pub blake3_mb_s: f64,
    /// SHA-256 of all.
    pub sha256_mb_s: f64,
    /// zstd of level 1, in pieces of 1 MiB.
    pub zstd1_mb_s: f64,
    /// Bytes of a line, to turn one into the other.
    pub bytes_per_message: f64,
}

impl Limits {
    #[expect(clippy::cast_precision_loss, reason = "bytes and lines, shown")]
    pub(super) fn measure(lines: &[u8]) -> Self {
        let rate =
            |pass: &mut dyn FnMut()| lines.len() as f64 / 1e6 / best_seconds(thread_seconds, pass).max(1e-9);
        let mut copy = vec![0; lines.len()];
        let mut count = 0;
        Self {
            newlines_mb_s: rate(&mut || count = memchr::memchr_iter(b'\n', lines).count()),
            copy_mb_s: rate(&mut || {
                copy.copy_from_slice(lines);
                std::hint::black_box(&copy);
            }),
            blake3_mb_s: rate(&mut || {
                std::hint::black_box(blake3::hash(lines));
            }),
            sha256_mb_s: rate(&mut || {
                std::hint::black_box(Sha256::digest(lines));
            }),
            zstd1_mb_s: rate(&mut || {
                for piece in lines.chunks(1 << 20) {
                    std::hint::black_box(zstd::bulk::compress(piece, 1).ok());
                }
            }),
            bytes_per_message: lines.len() as f64 / count.max(1) as f64,
        }
    }
}
