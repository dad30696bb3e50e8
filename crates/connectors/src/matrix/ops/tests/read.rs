//! Who, list, get, export.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Op, Support};
use adjourn_domain::group::{Activity, LinkKind, Standing};
use adjourn_domain::message::RecordKind;

use super::{Bench, block_on};
use crate::matrix::sim::WORDS;

#[test]
fn an_admin_and_a_member_have_different_capabilities() {
    let bench = Bench::new();
    let admin = block_on(bench.connector.whoami(&bench.cx(&bench.root()))).unwrap();
    assert_eq!(admin.account.as_str(), "@root:sim.test");
    assert_eq!(admin.server.as_deref(), Some("Synapse 1.163.2 (simulated)"));
    assert_eq!(admin.capabilities.0, bench.connector.descriptor().capabilities);
    let member = block_on(bench.connector.whoami(&bench.cx(&bench.as_user("syt_alice")))).unwrap();
    assert_eq!(member.capabilities.support(Op::Dissolve), Support::Emulated);
    assert_eq!(member.capabilities.support(Op::Purge), Support::Unsupported);
    assert_eq!(member.capabilities.0.len(), Op::ALL.len());
}

#[test]
fn wrong_and_expired_tokens_are_told_apart() {
    let bench = Bench::new();
    for (token, kind) in [("syt_invented", Kind::Auth), ("syt_old", Kind::Expired)] {
        let error = block_on(bench.connector.whoami(&bench.cx(&bench.as_user(token)))).unwrap_err();
        assert_eq!(error.kind, kind);
    }
}

#[test]
fn something_else_at_the_url_is_said_to_be_that() {
    let bench = Bench::new();
    bench.trouble("versions", super::Trouble::Instead(200, "text/html", "<html>welcome</html>"));
    let error = block_on(bench.connector.whoami(&bench.cx(&bench.root()))).unwrap_err();
    assert_eq!(error.kind, Kind::Url);
    assert_eq!(bench.sent().len(), 1);
}

#[test]
fn the_list_has_every_room_once() {
    let bench = Bench::new();
    let (mut found, mut cursor, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let page = block_on(bench.connector.list(&bench.cx(&bench.root()), cursor.as_deref())).unwrap();
        found.extend(page.items.into_iter().map(|item| item.native));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    found.sort();
    found.dedup();
    assert_eq!((found.len(), pages > 1), (bench.seeded.groups, true));
    let own = block_on(bench.connector.list(&bench.cx(&bench.as_user("syt_alice")), None)).unwrap();
    assert_eq!((own.items.len(), own.next), (2, None));
}

#[test]
fn a_room_is_seen_with_owners_members_and_links() {
    let bench = Bench::new();
    for token in ["syt_root", "syt_bob"] {
        let who = bench.as_user(token);
        let seen = block_on(bench.connector.get(&bench.cx(&who), &bench.seeded.busy)).unwrap();
        assert_eq!(seen.name.as_deref(), Some(WORDS.busy.as_str()));
        assert_eq!(seen.alias.as_deref(), Some("#project-y:sim.test"));
        assert_eq!(seen.owners, ["@alice:sim.test".into()]);
        assert_eq!(seen.members.len(), 5);
        assert_eq!(seen.members[0].name, WORDS.people["alice"]);
        assert_eq!(seen.members[0].standing, Standing::Owner);
        assert!(seen.members[4].bot);
        let links: Vec<(&str, LinkKind)> =
            seen.links.iter().map(|link| (link.id.as_str(), link.kind)).collect();
        assert_eq!(
            links,
            [
                ("bot:@helper-bot:sim.test", LinkKind::Bot),
                ("bridge:uk.half-shot.bridge:irc://#project-y", LinkKind::Bridge),
                ("widget:board", LinkKind::App),
            ]
        );
        assert!(matches!(seen.activity, Activity::At(_)));
        assert_eq!(seen.details["room_version"], "12");
        assert_eq!(seen.details["join_rule"], "invite");
        assert!(!seen.encrypted);
    }
}

#[test]
fn configured_accounts_are_bots_and_webhooks() {
    let mut bench = Bench::new();
    bench.settings.insert("bots".to_owned(), "carol, @nobody:sim.test".to_owned());
    bench.settings.insert("webhooks".to_owned(), "@bob:sim.test".to_owned());
    let seen =
        block_on(bench.connector.get(&bench.cx(&bench.as_user("syt_carol")), &bench.seeded.busy)).unwrap();
    let ids: Vec<(&str, bool)> = seen.links.iter().map(|link| (link.id.as_str(), link.own)).collect();
    assert!(ids.contains(&("bot:@carol:sim.test", true)));
    assert!(ids.contains(&("webhook:@bob:sim.test", false)));
}

#[test]
fn a_room_that_is_not_there_or_not_ours_is_refused() {
    let bench = Bench::new();
    let get = |token: &str, room: &str| {
        let who = bench.as_user(token);
        block_on(bench.connector.get(&bench.cx(&who), &room.into())).unwrap_err().kind
    };
    assert_eq!(get("syt_root", "!never:sim.test"), Kind::NotFound);
    assert_eq!(get("syt_root", "../../etc"), Kind::NotFound);
    assert_eq!(get("syt_dave", bench.seeded.busy.as_str()), Kind::Permission);
}

#[test]
fn an_export_is_whole_and_the_same_each_time() {
    let bench = Bench::new();
    let records = bench.export(&bench.root(), &bench.seeded.busy).unwrap();
    bench.pass(3600);
    assert_eq!(records, bench.export(&bench.as_user("syt_bob"), &bench.seeded.busy).unwrap());
    assert_eq!(records.len(), bench.seeded.records);
    assert!(records.is_sorted_by_key(|record| record.at));
    let of = |kind: RecordKind| records.iter().filter(move |record| record.kind == kind);
    let edit = of(RecordKind::Edit).next().unwrap();
    assert_eq!(edit.text.as_deref(), Some(WORDS.edit.as_str()));
    let redaction = of(RecordKind::Redaction).next().unwrap();
    let redacted = records.iter().find(|record| Some(&record.id) == redaction.target.as_ref()).unwrap();
    assert_eq!((redacted.kind, redacted.text.as_deref()), (RecordKind::Message, None));
    assert_eq!(of(RecordKind::Reaction).next().unwrap().text.as_deref(), Some("👍"));
    assert!(records.iter().any(|record| record.reply_to.is_some() && record.thread.is_none()));
    assert!(records.iter().any(|record| record.thread.is_some()));
    let file = records.iter().find_map(|record| record.attachments.first()).unwrap();
    assert_eq!(
        (file.name.as_str(), file.media_type.as_deref()),
        (WORDS.file_name.as_str(), Some("text/csv"))
    );
    let exporter = bench.connector.exporter().unwrap();
    let bytes = block_on(exporter.media(&bench.cx(&bench.root()), &bench.seeded.busy, &file.id)).unwrap();
    assert_eq!(Some(bytes.len() as u64), file.bytes);
    // A file that is no longer there is the server's word, which the receipt tells.
    let gone = "mxc://sim.test/vanished".into();
    let error = block_on(exporter.media(&bench.cx(&bench.root()), &bench.seeded.busy, &gone)).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn an_export_of_nothing_is_an_error_and_not_an_empty_history() {
    let bench = Bench::new();
    let error = bench.export(&bench.root(), &"!never:sim.test".into()).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn an_empty_page_for_a_room_with_events_is_not_the_end_of_its_history() {
    let bench = Bench::new();
    let (root, busy) = (bench.root(), bench.seeded.busy.clone());
    bench.trouble(
        "dir=f",
        super::Trouble::Instead(200, "application/json", r#"{"chunk":[],"start":"t0-0_0"}"#),
    );
    assert_eq!(bench.export(&root, &busy).unwrap_err().kind, Kind::Protocol);
    assert!(!bench.export(&root, &busy).unwrap().is_empty(), "it is only that page that was wrong");
}
