//! Bad input: each a coded sentence in both languages, and nothing half-imported.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use serde_json::json;

use crate::office::Office;

/// A spreadsheet with this sheet.
fn spreadsheet(rows: &str, after: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = "http://schemas.openxmlformats.org/package/2006/content-types";
    let default = "<Default Extension=\"xml\" ContentType=\"application/xml\"/>";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{relations}\"><Relationship Id=\"rId1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{types}\">{default}</Types>")),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData>{after}</worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn row(number: usize, cells: &[&str]) -> String {
    let cells = cells.iter().zip('A'..).fold(String::new(), |mut row, (cell, column)| {
        let cell = match cell.strip_prefix('=') {
            Some(formula) => format!("<c r=\"{column}{number}\"><f>{formula}</f></c>"),
            None if *cell == "#REF!" => {
                format!("<c r=\"{column}{number}\" t=\"e\"><f>S!#REF!</f><v>#REF!</v></c>")
            }
            None => format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        };
        row.push_str(&cell);
        row
    });
    format!("<row r=\"{number}\">{cells}</row>")
}

/// Whether a text has Chinese signs, and no slug that nobody translated.
fn chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && !text.contains("ledger-")
}

#[test]
fn req_g11_rows_that_are_not_what_they_seem_are_named_in_both_languages_and_the_others_are_taken() {
    let office = Office::new(&[]);
    let header = ["name", "platform", "owner", "contact", "class", "id", "expires"];
    let rows = [
        row(1, &header),
        row(2, &["A", "qq", "Li", "1", "important", "a", "2026-12-31"]),
        row(3, &["B", "qq", "Li", "1", "important", "b", ""]),
        row(4, &["C", "qq", "", "1", "important", "c", ""]),
        row(5, &["D", "qq", "=S!B7", "1", "important", "d", ""]),
        row(6, &["E", "qq", "#REF!", "1", "important", "e", ""]),
        row(7, &["F", "qq", "Li", "1", "important", "f", "2026-02-31"]),
        row(8, &["G", "qq", "Li", "1", "important", "g", "1900-01-01"]),
        row(9, &["H", "qq", "Li", "1", "important", "h", "soon"]),
        row(10, &["I", "qq", "Li", "1", "important", "a", ""]),
        row(11, &["J", "qq", "Li", "1", "unheard of", "j", ""]),
    ];
    let merged = "<mergeCells><mergeCell ref=\"C3:C4\"/></mergeCells>";
    office.write("groups.xlsx", spreadsheet(&rows.concat(), merged));
    let expected = [
        (3, "ledger-merged", "C3:C4"),
        (4, "ledger-merged", "C3:C4"),
        (5, "ledger-formula", "C5"),
        (6, "ledger-cell-error", "C6"),
        (7, "ledger-date-calendar", "2026-02-31"),
        (8, "ledger-date-years", "1900-01-01"),
        (9, "ledger-date", "soon"),
        (10, "ledger-duplicate", "2"),
        (11, "ledger-class", "unheard of"),
    ];
    for lang in ["en", "zh-CN"] {
        let (code, said) =
            office.run_in(lang, &["register", "--ledger", "groups.xlsx", "--connection", "q", "--dry-run"]);
        assert_eq!(code, 5, "{said}");
        let problems = said["problems"].as_array().unwrap();
        assert_eq!(problems.len(), expected.len(), "{said}");
        for (problem, (line, code, shows)) in problems.iter().zip(expected) {
            let says = problem["says"].as_str().unwrap();
            assert_eq!((&problem["line"], &problem["code"]), (&json!(line), &json!(code)));
            assert!(says.contains(shows), "{says}");
            assert_eq!(chinese(says), lang == "zh-CN", "{says}");
        }
    }
    let (code, said) = office.run(&["register", "--ledger", "groups.xlsx", "--connection", "q"]);
    assert_eq!((code, said["new"].as_array().unwrap().len()), (5, 1));
    let all = office.run(&["ls"]).1;
    assert_eq!((all["groups"].as_array().unwrap().len(), &all["groups"][0]["native"]), (1, &json!("a")));
}

#[test]
fn req_g11_files_that_are_refused_say_why_in_both_languages_and_leave_nothing() {
    let office = Office::new(&[]);
    let header = ["name", "platform", "owner", "contact", "class"];
    let rows = [row(1, &header), row(2, &["A", "qq", "Li", "1", "important"])].concat();
    office.write("merged.xlsx", spreadsheet(&rows, "<mergeCells><mergeCell ref=\"D1:E1\"/></mergeCells>"));
    let mut many = "name,platform,owner,contact,class\n".to_owned();
    for n in 0..100_000 {
        writeln!(many, "G{n},qq,Li,1,important").unwrap();
    }
    office.write("many.csv", many);
    office.write("colour.csv", "name,contact,colour\nLi,1,red\n");
    office.write("nobody.csv", "name,leaving date\nLi,2026-12-31\n");
    office
        .write("error.json", r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}"#);
    office.write("latin.csv", b"name,contact\ncaf\xff\xfe\x80,1\n");
    for (flag, file, code, shows) in [
        ("--ledger", "merged.xlsx", "ledger.header_cell", "D1:E1"),
        ("--ledger", "many.csv", "ledger.size", "50"),
        ("--leavers", "colour.csv", "leavers.header", "colour"),
        ("--leavers", "nobody.csv", "leavers.columns", "contact"),
        ("--leavers", "error.json", "leavers.form", "schemas"),
        ("--leavers", "latin.csv", "leavers.encoding", "GBK"),
        ("--leavers", "many.csv", "leavers.size", "50"),
    ] {
        for lang in ["en", "zh-CN"] {
            let (exit, said) = office.run_in(lang, &["register", flag, file]);
            assert_eq!((exit, &said["error"]["code"]), (1, &json!(code)), "{said}");
            let says = said["error"]["message"].as_str().unwrap();
            assert!(says.contains(shows), "{says}");
            assert_eq!(chinese(says), lang == "zh-CN", "{says}");
            assert!(!said["error"]["hint"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(office.run(&["ls"]).1["groups"], json!([]));
    for lang in ["en", "zh-CN"] {
        let args = ["register", "x", "--connection", "q", "--owner", "Li", "--holds", "photographs"];
        let (exit, said) = office.run_in(lang, &args);
        assert_eq!((exit, &said["error"]["code"]), (1, &json!("register.flag")));
        assert!(said["error"]["message"].as_str().unwrap().contains("--holds"));
    }
    let (exit, said) =
        office.run(&["register", "x", "--connection", "q", "--owner", "Li", "--class", "unheard of"]);
    assert_eq!((exit, &said["error"]["code"]), (1, &json!("config.invalid")));
    assert_eq!(office.run(&["ls"]).1["groups"], json!([]));
}
