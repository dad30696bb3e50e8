//! Reading without an index: what has to be done with an original, whose text lies nowhere but in it.

use std::collections::VecDeque;
use std::io;

use super::{Found, Place, Row, Rows, Wanted};

/// What came of reading an archive from its first row to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// What was found.
    pub found: Found,
    /// How many rows there are.
    pub rows: u64,
}

/// The newest rows that are wanted; `told` hears how many rows were read. As many rows are held as are wanted.
///
/// # Errors
/// When the file can't be read to its end.
pub fn scan(rows: &mut Rows<'_>, wanted: &Wanted, told: &mut dyn FnMut(u64)) -> io::Result<Scanned> {
    let limit = wanted.limit.max(1);
    let mut held: VecDeque<Row> = VecDeque::new();
    let (mut more, mut read) = (false, 0);
    while let Some(row) = rows.next_row()? {
        read = row.place;
        if read.is_multiple_of(4096) {
            told(read);
        }
        if wanted.takes(&row) && wanted.query.find(&row.searchable()).is_some() {
            if held.len() == limit {
                held.pop_front();
                more = true;
            }
            held.push_back(row);
        }
    }
    let mut found: Vec<Row> = held.into_iter().rev().collect();
    for row in &mut found {
        named(rows, row);
    }
    Ok(Scanned { found: Found { rows: found, more }, rows: read })
}

/// A page of at most `count` rows.
///
/// # Errors
/// When the file can't be read as far as needed.
pub fn page(rows: &mut Rows<'_>, place: &Place, count: u64) -> io::Result<Vec<Row>> {
    let before = match place {
        Place::Around(_) => count / 2,
        Place::At(_) | Place::Time(_) => 0,
    };
    let mut held: VecDeque<Row> = VecDeque::new();
    let mut begun = false;
    while let Some(row) = rows.next_row()? {
        begun = begun
            || match place {
                Place::At(first) => row.place >= *first,
                Place::Around(id) => row.id == *id,
                Place::Time(at) => row.at >= *at,
            };
        held.push_back(row);
        if !begun && held.len() as u64 > before {
            held.pop_front();
        }
        if begun && held.len() as u64 >= count {
            break;
        }
    }
    if !begun {
        return Ok(Vec::new());
    }
    let mut page: Vec<Row> = held.into_iter().collect();
    for row in &mut page {
        named(rows, row);
    }
    Ok(page)
}

/// A participant's line may come after the records.
fn named(rows: &Rows<'_>, row: &mut Row) {
    if row.name.is_none() {
        row.name = rows.name(&row.sender).map(str::to_owned);
    }
}
