//! What is wrong with a file or a row: a slug and a place, never a text of a message.

use serde::{Deserialize, Serialize};

/// Most findings that are kept one by one; the rest is counted.
pub const MAX_FINDINGS: usize = 200;

/// One thing that was noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Number of the row, from 1, the header not counted; 0 for the file as a whole.
    pub row: u64,
    /// What it is, a slug.
    pub code: String,
}

/// All findings: the first ones in full, all of them counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Findings {
    /// The first ones.
    pub first: Vec<Finding>,
    /// How many there are.
    pub total: u64,
    /// How many rows could not be read. They are in the original file and nowhere else.
    pub unreadable: u64,
}

impl Findings {
    /// Notes something about a row that was read all the same.
    pub fn note(&mut self, row: u64, code: &str) {
        self.total += 1;
        if self.first.len() < MAX_FINDINGS {
            self.first.push(Finding { row, code: code.to_owned() });
        }
    }

    /// Notes a row that can't be read.
    pub fn lost(&mut self, row: u64, code: &str) {
        self.unreadable += 1;
        self.note(row, code);
    }

    /// Whether something of this slug was noticed, among those that are kept in full.
    pub fn has(&self, code: &str) -> bool {
        self.first.iter().any(|finding| finding.code == code)
    }
}

/// Why a file is not taken at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It begins like none of the formats.
    #[error("the file begins with {found:?}")]
    Format {
        /// What it begins with, shortened.
        found: String,
    },
    /// Its text is not UTF-8.
    #[error("the text is not UTF-8 ({found})")]
    Encoding {
        /// What it seems to be.
        found: &'static str,
    },
    /// A row is longer than [`crate::MAX_ROW`].
    #[error("row {row} is longer than {limit} bytes")]
    RowTooLong {
        /// Number of the row.
        row: u64,
        /// The limit.
        limit: usize,
    },
    /// A record of an archive whose number does not follow on the one before.
    #[error("row {row} has the number {seq}, which does not follow on {last}")]
    Order {
        /// Number of the row.
        row: u64,
        /// The record's number.
        seq: u64,
        /// The number before it.
        last: u64,
    },
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
}

impl Refused {
    /// What was found, without words of ours: for messages in any language.
    pub fn detail(&self) -> String {
        match self {
            Self::Format { found } => found.clone(),
            Self::Encoding { found } => (*found).to_owned(),
            Self::RowTooLong { row, limit } => format!("#{row} > {limit}"),
            Self::Order { row, seq, last } => format!("#{row}: seq {seq} <= {last}"),
            Self::Empty => String::new(),
        }
    }

    /// The error slug that users see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Format { .. } => "upload.format",
            Self::Encoding { .. } => "upload.encoding",
            Self::RowTooLong { .. } => "upload.row_too_long",
            Self::Order { .. } => "upload.order",
            Self::Empty => "upload.empty",
        }
    }
}
