//! Cells that are not what they look like, and what a ledger says about a group as an asset.

use std::fmt::Write as _;

use super::tests::xlsx;
use super::*;

/// Chinese columns and cells are in a fixture.
const ASSETS: &str = include_str!("fixtures/asset.csv");

fn problems(ledger: &Ledger) -> Vec<(u64, &str)> {
    ledger.problems.iter().map(|problem| (problem.line, problem.note.code.as_str())).collect()
}

#[test]
fn req_g11_a_ledger_says_what_a_group_is_as_an_asset() {
    let ledger = read(ASSETS.as_bytes()).unwrap();
    let first = &ledger.rows[0];
    assert!(matches!(&first.deputy, Said::Is(name) if name.chars().count() == 3));
    assert_eq!(first.deputy_contact, Said::Is("139-0000-0002".to_owned()));
    assert_eq!(first.holds, Said::Is(BTreeSet::from([Holding::PersonalData, Holding::Vouchers])));
    assert_eq!(first.expires, Said::Is(Day::read("2026-12-31").unwrap()));
    assert!(matches!(
        (&first.unit, &first.exit_plan, &first.purpose),
        (Said::Is(_), Said::Is(_), Said::Is(_))
    ));
    let second = &ledger.rows[1];
    assert_eq!(second.holds, Said::Is(BTreeSet::new()), "nothing is an answer");
    assert_eq!(second.expires, Said::Is(Day::read("2027-01-05").unwrap()));
    assert_eq!(
        (&second.unit, &second.deputy, &second.kind),
        (&Said::Blank, &Said::Blank, &Said::Unmentioned)
    );
    // A name between signs of equality is no formula.
    assert_eq!(ledger.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 12]);
    assert_eq!(
        problems(&ledger),
        [
            (4, "ledger-deputy"),
            (5, "ledger-holds"),
            (6, "ledger-holds"),
            (7, "ledger-date-calendar"),
            (8, "ledger-date-years"),
            (9, "ledger-date"),
            (10, "ledger-formula-text"),
            (11, "ledger-formula-text"),
        ]
    );
    let english = "group name,platform,owner,contact,class,deputy,deputy contact,department,data held,\
                   expiry date,exit plan\nA,qq,Li,1,ordinary,Han,2,Sales,personal data; trade secrets,2026-12-31,x\n";
    let row = &read(english.as_bytes()).unwrap().rows[0];
    assert_eq!(row.holds, Said::Is(BTreeSet::from([Holding::PersonalData, Holding::BusinessSecrets])));
    assert_eq!((&row.unit, &row.purpose), (&Said::Is("Sales".to_owned()), &Said::Unmentioned));
}

/// A sheet with the five columns and `expires`; `cells` are written as they are, `after` comes behind them.
fn sheet(rows: &[&[&str]], after: &str) -> Vec<u8> {
    let mut text = String::new();
    let text_cell = |cell: &str| format!(" t=\"inlineStr\"><is><t>{cell}</t></is></c>");
    let header = ["name", "platform", "owner", "contact", "class", "expires"];
    for (at, row) in std::iter::once(header.as_slice()).chain(rows.iter().copied()).enumerate() {
        let number = at + 1;
        write!(text, "<row r=\"{number}\">").unwrap();
        for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let column = char::from(b'A' + u8::try_from(at).unwrap());
            let rest = if cell.starts_with(' ') { (*cell).to_owned() } else { text_cell(cell) };
            write!(text, "<c r=\"{column}{number}\"{rest}").unwrap();
        }
        text.push_str("</row>");
    }
    xlsx(&format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{text}\
         </sheetData>{after}</worksheet>"
    ))
}

#[test]
fn req_g11_rows_under_merged_cells_are_named_with_the_range_and_none_is_read_as_empty() {
    let rows: [&[&str]; 4] = [
        &["A", "qq", "Li", "1", "ordinary"],
        &["B", "qq", "", "2", "ordinary"],
        &["C", "qq", "Han", "3", "ordinary"],
        &["D", "qq", "Han", "", "ordinary"],
    ];
    let merges = "<mergeCells count=\"2\"><mergeCell ref=\"C2:C3\"/><mergeCell ref=\"D4\"/></mergeCells>";
    let ledger = read(&sheet(&rows, merges)).unwrap();
    assert_eq!(problems(&ledger), [(2, "ledger-merged"), (3, "ledger-merged")]);
    assert_eq!(ledger.problems[0].note.args["range"], "C2:C3");
    assert_eq!(ledger.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 5]);
    let header = "<mergeCells><mergeCell ref=\"D1:E1\"/></mergeCells>";
    let Err(LedgerError::HeaderCell(note)) = read(&sheet(&rows, header)) else { panic!() };
    assert_eq!((note.code.as_str(), note.args["range"].as_str()), ("ledger-merged", "D1:E1"));
    let many = (0..5_001).fold(String::new(), |mut all, n| {
        write!(all, "<mergeCell ref=\"C{0}:D{0}\"/>", n + 10).unwrap();
        all
    });
    let many = format!("<mergeCells>{many}</mergeCells>");
    assert!(matches!(read(&sheet(&rows, &many)), Err(LedgerError::Size(_))));
}

#[test]
fn req_g11_a_formula_counts_as_what_it_came_to_and_one_that_came_to_nothing_is_named() {
    let rows: [&[&str]; 4] = [
        &["A", "qq", " t=\"str\"><f>VLOOKUP(A2,S!A:B,2)</f><v>Li</v></c>", "1", "ordinary"],
        &["B", "qq", " ><f>S!B7</f></c>", "1", "ordinary"],
        &["C", "qq", " t=\"e\"><f>S!#REF!</f><v>#REF!</v></c>", "1", "ordinary"],
        &["D", "qq", "Li", "1", "ordinary", " t=\"str\"><f>TEXT(1,2)</f><v>2026-12-31</v></c>"],
    ];
    let ledger = read(&sheet(&rows, "")).unwrap();
    assert_eq!(problems(&ledger), [(3, "ledger-formula"), (4, "ledger-cell-error")]);
    assert_eq!(ledger.problems[0].note.args["cell"], "C3");
    assert_eq!(ledger.problems[1].note.args["says"], "#REF!");
    assert_eq!(ledger.rows[0].owner, "Li");
    assert_eq!(ledger.rows[1].expires, Said::Is(Day::read("2026-12-31").unwrap()));
}

#[test]
fn req_g11_a_date_cell_is_a_date_in_either_calendar_and_a_bare_number_is_none() {
    // 46387 is 2026-12-31 in the calendar from 1900.
    let rows: [&[&str]; 4] = [
        &["A", "qq", "Li", "1", "ordinary", " s=\"1\"><v>46387</v></c>"],
        &["B", "qq", "Li", "1", "ordinary", " s=\"1\"><v>46387.75</v></c>"],
        &["C", "qq", "Li", "1", "ordinary", " ><v>46387</v></c>"],
        &["D", "qq", "Li", "1", "ordinary", " s=\"1\"><v>1</v></c>"],
    ];
    let ledger = read(&sheet(&rows, "")).unwrap();
    assert_eq!(ledger.rows.len(), 1, "{:?}", ledger.problems);
    assert_eq!(ledger.rows[0].expires, Said::Is(Day::read("2026-12-31").unwrap()));
    assert_eq!(problems(&ledger), [(3, "ledger-date"), (4, "ledger-date"), (5, "ledger-date-years")]);
}

#[test]
fn req_g11_a_hundred_thousand_rows_are_refused_and_nothing_is_kept() {
    let mut text = "name,platform,owner,contact,class\n".to_owned();
    for n in 0..100_000 {
        writeln!(text, "G{n},qq,Li,1,ordinary").unwrap();
    }
    let Err(LedgerError::Size(says)) = read(text.as_bytes()) else { panic!() };
    assert!(says.contains("50000"), "{says}");
}
