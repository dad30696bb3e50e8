//! Ledgers as people hand them in.

use super::table::MAX_CELL;
use super::*;

/// Chinese lines are in a fixture: UTF-8, written as other encodings here.
const LEDGER: &str = include_str!("fixtures/ledger.csv");

fn codes(ledger: &Ledger) -> Vec<(u64, &str)> {
    ledger.problems.iter().map(|problem| (problem.line, problem.note.code.as_str())).collect()
}

#[test]
fn every_line_is_a_row_or_a_problem_with_its_number() {
    let ledger = read(LEDGER.as_bytes()).unwrap();
    assert_eq!(ledger.form, "utf-8");
    let lines: Vec<u64> = ledger.rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 4, 6, 13, 14]);
    assert_eq!(
        codes(&ledger),
        [
            (5, "ledger-duplicate"),
            (8, "ledger-empty"),
            (9, "ledger-nameless"),
            (10, "ledger-kind"),
            (11, "ledger-cells"),
            (15, "ledger-duplicate")
        ]
    );
    assert_eq!(ledger.problems[0].note.args["first"], "3");
    let first = &ledger.rows[0];
    assert_eq!((first.platform.as_str(), &first.kind), ("wechat", &Said::Is(Kind::Education)));
    assert_eq!(first.class.as_deref(), Some("important"));
    assert_eq!(first.contact, "139-0000-0001");
    // A name may hold a line break, emoji and letters that run from right to left; the same name with another id is
    // another group.
    assert!(ledger.rows[2].name.as_deref().unwrap().contains('\u{1f389}'));
    assert!(ledger.rows[3].name.as_deref().unwrap().contains('\u{5e9}'));
    assert_eq!(ledger.rows[3].class, None);
    assert_eq!(ledger.rows[4].name, None);
    assert_eq!(ledger.rows[4].id.as_deref(), Some("1234567@chatroom"));
}

#[test]
fn marks_and_encodings_change_nothing_but_the_form() {
    let plain = read(LEDGER.as_bytes()).unwrap();
    let with_mark = [b"\xef\xbb\xbf".as_slice(), LEDGER.as_bytes()].concat();
    let (gbk, _, wrong) = encoding_rs::GB18030.encode(LEDGER);
    assert!(!wrong);
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(LEDGER.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let tabs = LEDGER.replace('"', "").replace(',', "\t").replace("\n\u{6e90}", "\u{6e90}");
    for (bytes, form) in
        [(with_mark.as_slice(), "utf-8"), (gbk.as_ref(), "gb18030"), (utf16.as_slice(), "utf-16le")]
    {
        let read = read(bytes).unwrap();
        assert_eq!(read.form, form);
        assert_eq!(read.rows, plain.rows);
        assert_eq!(read.problems, plain.problems);
    }
    assert_eq!(read(tabs.as_bytes()).unwrap().rows[0], plain.rows[0]);
}

#[test]
fn what_is_neither_is_refused() {
    let mut latin = b"name,platform,owner,contact,class\n".to_vec();
    latin.extend_from_slice(b"caf\xff\xfe\x80,qq,a,b,c\n");
    assert_eq!(read(&latin), Err(LedgerError::Encoding));
    assert_eq!(read(b"name,platform,owner,contact,class\na\0b,qq,a,b,c\n"), Err(LedgerError::Encoding));
}

#[test]
fn a_header_that_is_not_understood_is_refused_and_never_guessed() {
    let header = |text: &str| read(text.as_bytes());
    assert_eq!(
        header("name,platform,owner,contact,class,colour\n"),
        Err(LedgerError::Header("colour".to_owned()))
    );
    assert_eq!(header("name,name,platform,owner\n"), Err(LedgerError::Header("name".to_owned())));
    assert_eq!(header("name,platform,owner,class\n"), Err(LedgerError::Columns("contact".to_owned())));
    assert_eq!(header("a,b\n1,2\n"), Err(LedgerError::Header("a, b".to_owned())));
    assert_eq!(header(""), Err(LedgerError::Header(String::new())));
    let titled = header("Our groups\n\nGroup Name*,PLATFORM, owner ,contact,class\nx,qq,a,b,c\n").unwrap();
    assert_eq!(titled.rows.len(), 1);
    assert!(expected().contains("(contact)"));
}

#[test]
fn what_is_too_much_is_refused() {
    let long = format!("name,platform,owner,contact,class\n{},qq,a,b,c\n", "x".repeat(MAX_CELL + 1));
    assert_eq!(codes(&read(long.as_bytes()).unwrap()), [(2, "ledger-long")]);
    let escape = "name,platform,owner,contact,class\na\u{1b}[2J,qq,a,b,c\n";
    assert_eq!(codes(&read(escape.as_bytes()).unwrap()), [(2, "ledger-control")]);
    let many = format!("name,platform,owner,contact,class\n{}", "x,qq,a,b,c\n".repeat(MAX_LINES + 1));
    assert!(matches!(read(many.as_bytes()), Err(LedgerError::Size(_))));
    assert!(matches!(read(&vec![b'a'; MAX_BYTES + 1]), Err(LedgerError::Size(_))));
}

#[test]
fn a_spreadsheet_is_read_like_the_text_of_it() {
    let sheet = read(&xlsx(SHEET)).unwrap();
    assert_eq!(sheet.form, "xlsx");
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(codes(&sheet), [(4, "ledger-empty")]);
    assert_eq!(sheet.rows[0].line, 2);
    // A telephone number that a spreadsheet keeps as a number has no point.
    assert_eq!(sheet.rows[0].contact, "13900000001");
    assert_eq!(sheet.rows[1].name.as_deref(), Some("B & C"));
}

#[test]
fn a_spreadsheet_that_unpacks_to_too_much_or_claims_to_be_huge_is_bounded() {
    let zeros = vec![b' '; 100_000];
    let parts: Vec<(String, &[u8])> = (0..5).map(|n| (format!("xl/{n}.xml"), zeros.as_slice())).collect();
    let bomb = zip_of(&parts);
    assert!(bomb.len() < 5_000);
    assert!(matches!(sheet::refuse_bomb(&bomb, 499_999), Err(LedgerError::Size(_))));
    assert_eq!(sheet::refuse_bomb(&bomb, 500_000), Ok(()));
    let far = SHEET.replace("r=\"A2\"", "r=\"XFD1048576\"");
    assert!(matches!(read(&xlsx(&far)), Err(LedgerError::Size(_) | LedgerError::Form(_))));
    let cut = xlsx(SHEET);
    assert!(matches!(read(&cut[..cut.len() / 2]), Err(LedgerError::Form(_))));
}

const SHEET: &str = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<dimension ref="A1:XFD1048576"/><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>platform</t></is></c><c r="C1" t="inlineStr"><is><t>owner</t></is></c><c r="D1" t="inlineStr"><is><t>contact</t></is></c><c r="E1" t="inlineStr"><is><t>class</t></is></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c><c r="B2" t="inlineStr"><is><t>QQ</t></is></c><c r="C2" t="inlineStr"><is><t>Li</t></is></c><c r="D2"><v>13900000001</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><t>B &amp; C</t></is></c><c r="B3" t="inlineStr"><is><t>QQ</t></is></c><c r="C3" t="inlineStr"><is><t>Li</t></is></c></row>
<row r="4"><c r="A4" t="inlineStr"><is><t>D</t></is></c><c r="C4" t="inlineStr"><is><t>Li</t></is></c></row>
</sheetData></worksheet>"#;

pub(super) fn xlsx(sheet: &str) -> Vec<u8> {
    zip_of(&[
        ("[Content_Types].xml".to_owned(), br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#.as_slice()),
        ("_rels/.rels".to_owned(), br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.as_slice()),
        ("xl/workbook.xml".to_owned(), br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#.as_slice()),
        ("xl/_rels/workbook.xml.rels".to_owned(), br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#.as_slice()),
        // The second format is a date (ECMA-376 part 1, 18.8.30: number format 14).
        ("xl/styles.xml".to_owned(), br#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#.as_slice()),
        ("xl/worksheets/sheet1.xml".to_owned(), sheet.as_bytes()),
    ])
}

fn zip_of(parts: &[(String, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
