//! The rows of the requirements: id, what it is about, the command that shows it, and which issue brings the rest.

const DATA: &str = include_str!("../../data/requirements.tsv");

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: &'static str,
    pub(super) says: &'static str,
    pub(super) command: &'static str,
    /// Whether it is about platforms or law, so that profiles record it.
    pub(super) fact: bool,
    pub(super) later: Option<&'static str>,
}

/// Every row, in the order of the requirements.
pub(super) fn rows() -> Vec<Row> {
    let lines = DATA.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let (id, says, command) = (cells.next()?, cells.next()?, cells.next()?);
            let fact = cells.next()? == "fact";
            let later = cells.next().filter(|issue| *issue != "-");
            Some(Row { id, says, command, fact, later })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_row() {
        let rows = rows();
        assert_eq!(rows.len(), DATA.lines().count() - 1);
        assert!(rows.iter().all(|row| row.id.len() >= 2 && !row.command.is_empty()), "{rows:?}");
        let later = |id: &str| rows.iter().find(|row| row.id == id).map(|row| row.later);
        assert_eq!((later("G1"), later("G5")), (Some(None), Some(Some("6"))));
    }
}
