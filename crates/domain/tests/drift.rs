//! Drift, row by row: what makes a plan stale and what does not.

use adjourn_domain::canonical::Hash;
use adjourn_domain::drift::{OwnChanges, differences};
use adjourn_domain::group::{Kind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::plan::Basis;
use adjourn_domain::time::Time;

/// Members `m0`, `m1`, … in this range, of ten that were planned.
fn seen(members: std::ops::Range<u32>, owners: &[&str], links: &[&str]) -> Snapshot {
    let member = |n: u32| Member {
        id: format!("m{n}").into(),
        name: String::new(),
        standing: Standing::Member,
        bot: false,
    };
    let link =
        |id: &&str| Link { id: (*id).into(), kind: LinkKind::Bot, name: String::new(), own: *id == "own" };
    Snapshot {
        platform: "test".into(),
        connection: "main".into(),
        native: "n".into(),
        name: None,
        alias: None,
        kind: Kind::Ordinary,
        owners: owners.iter().map(|id| (*id).into()).collect(),
        members: members.map(member).collect(),
        links: links.iter().map(link).collect(),
        encrypted: false,
        activity: adjourn_domain::group::Activity::Unknown,
        events: None,
        details: std::collections::BTreeMap::new(),
        seen_by: "main".into(),
        seen_at: Time::default(),
    }
}

fn basis() -> Basis {
    Basis {
        owners: vec!["m0".into()],
        members: (0..10).map(|n| format!("m{n}").into()).collect(),
        links: vec!["bot".into(), "own".into()],
        capabilities: Hash::of(b"capabilities"),
        seen_at: Time::default(),
    }
}

fn codes(now: &Snapshot, percent: u32, unlinked: &[&str]) -> Vec<String> {
    let own = OwnChanges { unlinked: unlinked.iter().map(|id| (*id).into()).collect() };
    let notes = differences(&basis(), now, Hash::of(b"capabilities"), percent, &own);
    notes.into_iter().map(|note| note.code).collect()
}

const LINKS: &[&str] = &["bot", "own"];

#[test]
fn the_same_world_is_no_drift() {
    assert!(codes(&seen(0..10, &["m0"], LINKS), 0, &[]).is_empty());
    assert!(codes(&seen(0..10, &["m0"], &["own", "bot"]), 0, &[]).is_empty(), "order is no difference");
}

#[test]
fn another_owner_is_drift_and_so_is_none_or_one_more() {
    for owners in [&["m1"][..], &[], &["m0", "m1"]] {
        assert_eq!(codes(&seen(0..10, owners, LINKS), 100, &[]), ["drift-owner"], "{owners:?}");
    }
}

#[test]
fn a_new_link_is_drift_also_while_ours_come_off() {
    assert_eq!(codes(&seen(0..10, &["m0"], &["bot", "own", "x"]), 100, &[]), ["drift-link-new"]);
    assert_eq!(codes(&seen(0..10, &["m0"], &["own", "x"]), 100, &["bot"]), ["drift-link-new"]);
}

#[test]
fn a_lost_link_is_drift_unless_we_took_it_off() {
    let without = seen(0..10, &["m0"], &["own"]);
    assert_eq!(codes(&without, 100, &[]), ["drift-link-lost"]);
    assert_eq!(codes(&without, 100, &["own"]), ["drift-link-lost"], "another one than ours");
    assert!(codes(&without, 100, &["bot"]).is_empty());
    assert!(codes(&seen(0..10, &["m0"], LINKS), 100, &["bot"]).is_empty(), "not off yet is no drift");
}

#[test]
fn members_may_change_up_to_their_share_joined_and_left_added_up() {
    assert!(codes(&seen(0..9, &["m0"], LINKS), 10, &[]).is_empty(), "one of ten left");
    assert!(codes(&seen(0..11, &["m0"], LINKS), 10, &[]).is_empty(), "one joined");
    assert_eq!(codes(&seen(1..11, &["m0"], LINKS), 10, &[]), ["drift-members"], "one left and one joined");
    assert!(codes(&seen(1..11, &["m0"], LINKS), 20, &[]).is_empty());
    assert_eq!(codes(&seen(0..9, &["m0"], LINKS), 0, &[]), ["drift-members"]);
    assert_eq!(codes(&seen(0..0, &["m0"], LINKS), 99, &[]), ["drift-members"]);
}

#[test]
fn a_group_whose_members_nobody_saw_drifts_when_they_are_seen() {
    let basis = Basis { members: Vec::new(), ..basis() };
    let hash = Hash::of(b"capabilities");
    let notes = differences(&basis, &seen(0..1, &["m0"], LINKS), hash, 100, &OwnChanges::default());
    assert_eq!(notes.len(), 1);
    assert!(differences(&basis, &seen(0..0, &["m0"], LINKS), hash, 0, &OwnChanges::default()).is_empty());
}

#[test]
fn a_bot_that_left_counts_as_a_link_and_not_as_a_member() {
    let mut now = seen(0..10, &["m0"], &["own"]);
    now.members.push(Member { id: "bot".into(), name: String::new(), standing: Standing::Member, bot: true });
    assert!(codes(&now, 0, &["bot"]).is_empty());
}

#[test]
fn an_account_that_we_took_off_is_no_lost_member() {
    // A platform may list a bridge's or webhook's account as a plain member.
    let own = OwnChanges { unlinked: std::iter::once("m9".into()).collect() };
    let basis = Basis { links: vec!["m9".into()], ..basis() };
    let now = seen(0..9, &["m0"], &[]);
    assert!(differences(&basis, &now, Hash::of(b"capabilities"), 0, &own).is_empty());
}

#[test]
fn other_capabilities_are_drift() {
    let now = seen(0..10, &["m0"], LINKS);
    let notes = differences(&basis(), &now, Hash::of(b"less"), 100, &OwnChanges::default());
    assert_eq!(notes.iter().map(|note| note.code.as_str()).collect::<Vec<_>>(), ["drift-capability"]);
}

#[test]
fn all_differences_are_told_at_once() {
    let now = seen(5..10, &["m1"], &["x"]);
    assert_eq!(
        codes(&now, 10, &[]),
        ["drift-owner", "drift-link-new", "drift-link-lost", "drift-link-lost", "drift-members"]
    );
}
