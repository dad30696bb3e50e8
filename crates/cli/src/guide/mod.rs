//! The personal way on a terminal: its questions, and the tests of what comes of them.

pub(crate) mod ask;
#[cfg(test)]
mod tests;
