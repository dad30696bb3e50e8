//! What members are told about their data: by kind, by what the group holds, by what is configured, and by the pack.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/office.rs"]
mod office;
#[expect(dead_code, reason = "not every test needs all of it")]
mod support;

use std::collections::BTreeSet;

use adjourn_domain::asset::Holding;
use adjourn_domain::capability::{EffectClass, Op, Support};
use adjourn_domain::group::Kind;
use adjourn_domain::kinds::Ways;
use adjourn_domain::law::Pack;
use adjourn_domain::member_notice::{MemberNotice, Missing, Processor, Scope};
use adjourn_domain::party::Party;
use adjourn_domain::plan::{GroupPlan, Plan};
use adjourn_domain::planner::{GroupInput, draw};
use adjourn_domain::policy::{PERSONAL, Policy};
use adjourn_domain::time::Time;
use serde_json::Value;

use office::{office, pack};
use support::{START, input, request, row};

const KINDS: [Kind; 5] =
    [Kind::Ordinary, Kind::Enterprise, Kind::Education, Kind::Trading, Kind::ExternalCustomer];

fn group(kind: Kind, class: &str, holdings: Option<&[Holding]>) -> GroupInput {
    let ops = [Op::Export, Op::Announce, Op::Dissolve, Op::Verify];
    let rows = ops.iter().map(|op| row(*op, Support::Native, EffectClass::P)).collect();
    let mut group = input("g-1", class, rows);
    group.snapshot.kind = kind;
    group.holdings = holdings.map(|all| all.iter().copied().collect());
    group
}

fn plan(group: GroupInput, laws: Vec<Pack>, processor: Option<Processor>) -> Plan {
    let policy = Policy::default();
    let mut request = request("c-1", "p-0", Time::from_millis(START), &policy, vec![group]);
    let parties = [(Party::Finance, None)].into();
    request.ways = Ways { laws, processor, parties, ..Ways::default() };
    draw(request).unwrap()
}

fn part(group: GroupInput) -> GroupPlan {
    plan(group, vec![pack(36)], Some(office())).groups.remove(0)
}

fn told(part: &GroupPlan) -> &MemberNotice {
    part.way.member_notice.as_deref().unwrap()
}

fn kept(part: &GroupPlan) -> Vec<&str> {
    part.way.retention.iter().map(|kept| kept.rule.as_str()).collect()
}

fn articles(notice: &MemberNotice) -> Vec<&str> {
    notice.bases.iter().map(|basis| basis.article.en.as_str()).collect()
}

#[test]
fn req_c3_members_of_every_kind_are_told_who_keeps_what_how_long_on_which_article_and_whom_to_ask() {
    for kind in KINDS {
        let part = part(group(kind, "important", Some(&[Holding::PersonalData])));
        let notice = told(&part);
        assert_eq!(notice.scope, Scope::PersonalData, "{kind:?}");
        assert_eq!(articles(notice), ["Law, article 17"]);
        assert_eq!(notice.organisation.as_deref(), Some("Example School"));
        assert_eq!(notice.contact.as_deref(), Some("office@example.org"));
        assert_eq!(notice.archive.as_deref(), Some("the school's archive"));
        assert_eq!(notice.missing, BTreeSet::new());
        let trade = kind == Kind::Trading;
        let expected = [&["logs", "provision_records"][..], if trade { &["trade_records"] } else { &[] }];
        assert_eq!(kept(&part), expected.concat(), "{kind:?}");
        // The organisation's own year is shorter than what the law keeps in the archive; the logs are not in it.
        assert_eq!(notice.archive_months, Some(if trade { 36 } else { 24 }), "{kind:?}");
        assert_eq!(notice.recipients.contains(&Party::Finance), trade, "{kind:?}");
    }
}

#[test]
fn req_c3_the_notice_is_hashed_with_the_plan() {
    let of = |laws, processor| plan(group(Kind::Trading, "important", None), laws, processor);
    let first = of(vec![pack(36)], Some(office()));
    let bytes: Value = serde_json::from_slice(&first.bytes().unwrap()).unwrap();
    let notice = bytes.pointer("/groups/0/member_notice").unwrap();
    assert_eq!(notice.get("archive_months").and_then(Value::as_u64), Some(36));
    assert_eq!(bytes.pointer("/groups/0/retention/2/basis/article/en").unwrap(), "Law, article 31");
    let elsewhere = Processor { contact: "desk@example.org".to_owned(), ..office() };
    for other in [of(vec![pack(60)], Some(office())), of(vec![pack(36)], Some(elsewhere))] {
        assert_ne!(first.hash().unwrap(), other.hash().unwrap());
    }
}

#[test]
fn req_c3_a_group_without_personal_data_is_told_so_and_what_still_applies() {
    let part = part(group(Kind::Trading, "important", Some(&[Holding::Vouchers])));
    assert_eq!(told(&part).scope, Scope::NoPersonalData);
    assert_eq!(kept(&part), ["logs", "trade_records"]);
    // What nobody has said counts as if it were so.
    let silent = self::part(group(Kind::Ordinary, "important", None));
    assert_eq!(told(&silent).scope, Scope::PersonalData);
    assert_eq!(kept(&silent), ["logs", "provision_records", "trade_records"]);
}

#[test]
fn req_c3_a_natural_persons_own_matter_rests_on_the_article_that_leaves_it_out() {
    let own = plan(group(Kind::Ordinary, PERSONAL, None), vec![pack(36)], None).groups.remove(0);
    let notice = told(&own);
    assert_eq!((notice.scope, articles(notice)), (Scope::Household, vec!["Law, article 72"]));
    assert_eq!(kept(&own), ["logs", "trade_records"], "the law on personal data keeps nothing of it");
    assert_eq!(notice.missing, BTreeSet::new(), "nothing is owed");
}

#[test]
fn req_c3_what_nobody_configured_is_said_to_be_missing_and_never_made_up() {
    let group = || group(Kind::Ordinary, "important", Some(&[]));
    let with = |laws, processor| {
        let whole = GroupInput { holdings: None, ..group() };
        told(&plan(whole, laws, processor).groups.remove(0)).clone()
    };
    let bare = with(vec![pack(36)], Some(Processor { contact: " ".to_owned(), ..office() }));
    assert_eq!((bare.contact.clone(), bare.missing), (None, [Missing::Contact].into()));
    let nobody = with(vec![pack(36)], None);
    assert_eq!((nobody.organisation, nobody.missing), (None, [Missing::Organisation].into()));
    let name_only = Processor { name: "E".to_owned(), ..Processor::default() };
    let lawless = with(Vec::new(), Some(name_only));
    assert_eq!(lawless.missing, [Missing::Contact, Missing::Archive, Missing::Term, Missing::Law].into());
    assert_eq!((lawless.archive_months, lawless.bases.len()), (None, 0));
    // Without a law nothing is kept by one, and the plan says why.
    let part = plan(group(), Vec::new(), Some(office())).groups.remove(0);
    assert_eq!((kept(&part).len(), told(&part).missing.clone()), (0, [Missing::Law].into()));
}

#[test]
fn req_c3_one_text_for_several_groups_says_the_most_that_any_of_them_needs() {
    let own = told(&part(group(Kind::Ordinary, PERSONAL, None))).clone();
    let shop = told(&part(group(Kind::Trading, "important", None))).clone();
    for order in [[&own, &shop], [&shop, &own]] {
        let joint = MemberNotice::joint(order).unwrap();
        assert_eq!((joint.scope, articles(&joint)), (Scope::PersonalData, vec!["Law, article 17"]));
        assert_eq!(joint.archive_months, Some(36));
        assert_eq!(joint.organisation.as_deref(), Some("Example School"));
        assert!(joint.recipients.contains(&Party::Finance));
    }
    assert_eq!(MemberNotice::joint([]), None);
}
