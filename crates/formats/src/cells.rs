//! A row of CSV with the names of its columns: one tool writes several headers, the same column at another place in each.

use serde_json::{Map, Value};

use crate::parser::Read;

/// A row.
pub(crate) struct Cells<'a> {
    names: &'static [&'static str],
    cells: &'a [&'a str],
}

impl<'a> Cells<'a> {
    pub(crate) fn new(names: &'static [&'static str], cells: &'a [&'a str]) -> Self {
        Self { names, cells }
    }

    /// The row, if it has as many cells as the header.
    pub(crate) fn whole(self) -> Read<Self> {
        if self.cells.len() == self.names.len() { Ok(self) } else { Err("row.columns") }
    }

    /// The columns of the header.
    pub(crate) fn columns(&self) -> &'static [&'static str] {
        self.names
    }

    /// All cells, in their order.
    pub(crate) fn all(&self) -> &'a [&'a str] {
        self.cells
    }

    /// A cell by its column; `None` where this header has no such column.
    pub(crate) fn find(&self, name: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|known| *known == name)?;
        self.cells.get(at).copied()
    }

    /// The same, empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &'a str {
        self.find(name).unwrap_or_default()
    }

    /// Every cell under its column, for `raw`.
    pub(crate) fn raw(&self) -> Value {
        object(self.names, self.cells)
    }
}

/// The columns of a CSV row as a JSON object, for `raw`.
pub(crate) fn object(columns: &[&str], fields: &[&str]) -> Value {
    let mut map = Map::new();
    for (at, field) in fields.iter().enumerate() {
        let name = columns.get(at).map_or_else(|| format!("column_{}", at + 1), |name| (*name).to_owned());
        map.insert(name, Value::from(*field));
    }
    Value::Object(map)
}
