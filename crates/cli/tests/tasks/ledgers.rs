//! Ledgers as organisations keep them; the Chinese words are in a fixture.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

use serde_json::Value;

use crate::ALL;

/// The header of what is not written in Chinese.
const HEADER: [&str; 6] = ["name", "platform", "owner", "contact", "class", "id"];

pub(crate) fn words() -> Value {
    serde_json::from_str(include_str!("fixtures/words.json")).unwrap()
}

pub(crate) fn owner(n: usize) -> (String, String) {
    let owners = words()["owners"].as_array().unwrap().clone();
    let at = n % owners.len();
    (owners[at].as_str().unwrap().to_owned(), format!("139-0000-{at:04}"))
}

/// Half of the groups as text in GBK, with the header that people write.
pub(crate) fn csv(path: &Path, groups: std::ops::Range<usize>) {
    let words = words();
    let word = |name: &str| words[name].as_str().unwrap().to_owned();
    let mut text = format!("{}\n", word("header"));
    for n in groups {
        let (owner, contact) = owner(n);
        let cells = [
            format!("{} {n}", word("group")),
            word("platform"),
            owner,
            contact,
            word("class"),
            format!("r-{n}"),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    let (bytes, _, wrong) = encoding_rs::GBK.encode(&text);
    assert!(!wrong);
    std::fs::write(path, &bytes).unwrap();
}

/// The other half as a spreadsheet.
pub(crate) fn xlsx(path: &Path, groups: std::ops::Range<usize>) {
    let word = |name: &str| words()[name].as_str().unwrap().to_owned();
    let rows: Vec<[String; 6]> = groups
        .map(|n| {
            let (owner, contact) = owner(n);
            // The last group has nobody who can be reached.
            let contact = if n == ALL - 1 { String::new() } else { contact };
            let name = format!("{} {n}", word("group"));
            [name, word("platform"), owner, contact, "important".to_owned(), format!("r-{n}")]
        })
        .collect();
    spreadsheet(path, &rows);
}

/// The cells under the header, as text.
pub(crate) fn comma_separated(path: &Path, rows: &[[String; 6]]) {
    let mut text = format!("{}\n", HEADER.join(","));
    for row in rows {
        text.push_str(&row.join(","));
        text.push('\n');
    }
    std::fs::write(path, text).unwrap();
}

/// The same as a spreadsheet.
pub(crate) fn spreadsheet(path: &Path, all: &[[String; 6]]) {
    let row = |number: usize, cells: &[String]| {
        let cells = cells.iter().enumerate().fold(String::new(), |mut row, (at, cell)| {
            let column = char::from(b'A' + u8::try_from(at).unwrap());
            write!(row, "<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>").unwrap();
            row
        });
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let mut rows = row(1, &HEADER.map(str::to_owned));
    for (at, cells) in all.iter().enumerate() {
        rows.push_str(&row(at + 2, cells));
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = "http://schemas.openxmlformats.org/package/2006/content-types";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{types}\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"rId1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    std::fs::write(path, zip.finish().unwrap().into_inner()).unwrap();
}
