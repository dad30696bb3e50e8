//! Lists of leavers as organisations and directories write them; Chinese ones are fixtures.

use super::*;

fn codes(read: &Leavers) -> Vec<(u64, &str)> {
    read.problems.iter().map(|problem| (problem.line, problem.note.code.as_str())).collect()
}

#[test]
fn a_table_of_leavers_is_read_with_chinese_headers_and_wrong_lines_are_named() {
    let said = read(include_bytes!("fixtures/leavers.csv")).unwrap();
    assert_eq!(said.people.len(), 2);
    let first = &said.people[0];
    assert_eq!((first.line, first.platform.as_deref()), (2, Some("wechat")));
    assert_eq!(first.left_on.unwrap().to_string(), "2026-11-30");
    assert_eq!(
        (&first.contacts[0], &first.accounts[0]),
        (&"139-0000-0001".to_owned(), &"lilei_wx".to_owned())
    );
    assert_eq!(codes(&said), [(4, "ledger-empty"), (5, "ledger-date-calendar")]);
    let english = b"name,contact,leaving date\nLi,1,2026-12-01\n";
    assert_eq!(read(english).unwrap().people.len(), 1);
    assert_eq!(read(b"name,phone,colour\n"), Err(LedgerError::Header("colour".to_owned())));
    assert_eq!(read(b"name,leaving date\n"), Err(LedgerError::Columns("contact".to_owned())));
    assert!(expected().contains("(contact)"));
}

#[test]
fn a_directory_says_who_left_and_silence_says_nothing() {
    let said = read(include_bytes!("fixtures/list.json")).unwrap();
    assert_eq!((said.form, said.people.len(), said.active, said.unlisted), ("scim", 2, 1, 3));
    assert_eq!(codes(&said), [(4, "leavers-active"), (5, "leavers-resource"), (6, "leavers-nameless")]);
    let first = &said.people[0];
    assert_eq!(first.names[0].chars().count(), 2);
    assert_eq!(
        (first.contacts.as_slice(), first.accounts[0].as_str()),
        (&["+86-139-0000-0001".to_owned()][..], "lilei")
    );
    assert_eq!(said.people[1].contacts, ["han@example.org"], "each way once");
    let one = br#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x","displayName":"X","active":false}"#;
    assert_eq!(read(one).unwrap().people.len(), 1);
}

#[test]
fn what_is_no_answer_of_a_directory_is_refused() {
    let user = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"active":false}"#;
    for wrong in [
        "{}".to_owned(),
        "{".to_owned(),
        format!("[{user}]"),
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401"}"#.to_owned(),
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#.to_owned(),
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":{}}"#.to_owned(),
    ] {
        assert!(matches!(read(wrong.as_bytes()), Err(LedgerError::Form(_))), "{wrong}");
    }
    let empty = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0}"#;
    assert_eq!(read(empty.as_bytes()).unwrap().people, []);
}
