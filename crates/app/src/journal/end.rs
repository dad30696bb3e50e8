//! Where the journal ends, for those who follow it.

use super::Journal;

/// Rows that are read at a look.
const ROWS: usize = 1000;

impl Journal {
    /// The sequence number after the last row, looked for from `from` on. What can't be read now is read at the next look.
    pub async fn end(&self, from: u64) -> u64 {
        let mut from = from;
        loop {
            match self.store.rows(from, ROWS).await {
                Ok(rows) => match rows.last() {
                    Some(last) => from = last.header.seq + 1,
                    None => return from,
                },
                Err(_) => return from,
            }
        }
    }

    /// The sequence number after the last row, found without reading them all.
    pub async fn newest(&self) -> u64 {
        let there = async |from: u64| self.store.rows(from, 1).await.is_ok_and(|rows| !rows.is_empty());
        let mut over = 1;
        while there(over).await && over < 1 << 62 {
            over *= 2;
        }
        let mut under = 0;
        while under < over {
            let middle = under + (over - under) / 2;
            if there(middle).await { under = middle + 1 } else { over = middle }
        }
        under
    }
}
