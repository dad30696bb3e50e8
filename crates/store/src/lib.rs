//! Journal and read models: every fact once, in arrival order, in one SQLite file that several processes share.
//!
//! What holds: a row that was acknowledged survives a crash and a power cut; versions of a stream and positions
//! in the journal have no gaps; a failed append wrote nothing; a worker that lost its lease can't write.

pub mod bench;
mod leaf;
mod sqlite;

pub use sqlite::{Options, SqliteStore, Stats};
