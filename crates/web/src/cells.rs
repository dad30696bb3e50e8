//! Cells of tables that spreadsheets open.

/// A cell that no spreadsheet takes for a formula.
pub fn inert(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    // A telephone number may begin with a plus.
    let number = text.strip_prefix('+').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'))
    });
    if formula && !number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (cell, inert_cell) in [
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+86 139-0000-0000", "+86 139-0000-0000"),
            ("Li Lei", "Li Lei"),
        ] {
            assert_eq!(inert(cell), inert_cell);
        }
    }
}
