//! The simulator obeys its rules: who, with what confirmation, who is told, what stays, what comes back.

use adjourn_domain::time::Time;

use adjourn_domain::group::Standing;
use adjourn_world::{
    Api, ClientAct, Confirm, GroupSpec, LinkFate, NoticeTo, Who, client, client_obeys, look,
};

use super::*;
use crate::reference::seeded_as;

const HOUR: u64 = 3600;

fn start() -> Time {
    Time::from_millis(1_795_420_800_000)
}

fn sim(rules: Rules) -> ReferenceSim {
    ReferenceSim::new(rules, &WorldSpec::of("reference").unwrap())
}

fn busy() -> NativeId {
    "g-busy".into()
}

fn dissolve(typed: &str, qr: bool, phone: bool, super_admin: Option<&str>) -> ClientAct {
    ClientAct::Dissolve {
        typed_name: typed.to_owned(),
        qr_scanned: qr,
        phone_confirmed: phone,
        super_admin: super_admin.map(str::to_owned),
    }
}

fn refused(sim: &mut ReferenceSim, who: &str, act: &ClientAct) -> String {
    client(sim, &busy(), who, act, start()).unwrap_err().code
}

fn call(sim: &mut ReferenceSim, at: Time, token: &str, method: &str, path: &str) -> (u16, String) {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("https://p.invalid/v1/{path}"))
        .header("authorization", format!("Bearer {token}"))
        .body(Bytes::from_static(if method == "POST" { b"{}" } else { b"" }))
        .unwrap();
    let reply = sim.answer(at, &request);
    (reply.status().as_u16(), String::from_utf8_lossy(reply.body()).into_owned())
}

#[test]
fn only_who_may_ends_a_group() {
    for (who, may, may_not, code) in [
        (Who::Owner, "u-owner", "u-deputy", "not_owner"),
        (Who::OwnerOrAdmin, "u-deputy", "u-a", "not_owner_or_admin"),
        (Who::MainAdmin, "u-owner", "u-deputy", "not_main_admin"),
        (Who::OrgAdmin, "u-deputy", "u-a", "not_org_admin"),
    ] {
        let mut sim = sim(Rules { dissolve_who: who, ..Rules::default() });
        let act = dissolve("", false, false, None);
        assert_eq!(refused(&mut sim, may_not, &act), code);
        assert_eq!(client(&mut sim, &busy(), may, &act, start()), Ok(()), "{who:?}");
    }
}

#[test]
fn a_missing_confirmation_is_refused_in_the_platforms_words() {
    let name = WorldSpec::of("reference").unwrap().groups.remove(0).name.unwrap();
    let whole = dissolve(&name, true, true, Some("u-super"));
    for (confirm, lacking, code) in [
        (Confirm::TypeName, dissolve("another name", true, true, None), "wrong_name"),
        (Confirm::QrPhone, dissolve(&name, false, true, None), "qr_needed"),
        (Confirm::QrPhone, dissolve(&name, true, false, None), "phone_needed"),
        (Confirm::SuperAdmin, dissolve(&name, true, true, None), "super_admin_needed"),
        (Confirm::SuperAdmin, dissolve(&name, true, true, Some("u-a")), "super_admin_needed"),
        (Confirm::Handover, whole.clone(), "handover_needed"),
    ] {
        let mut sim = sim(Rules { dissolve_confirm: confirm, ..Rules::default() });
        let refusal = client(&mut sim, &busy(), "u-owner", &lacking, start()).unwrap_err();
        assert_eq!(refusal.code, code);
        assert!(!refusal.says.is_ascii(), "the refusal is not in the platform's words");
        if confirm == Confirm::Handover {
            let handover = ClientAct::Handover { to: "u-a".to_owned(), approved_by: "u-super".to_owned() };
            client(&mut sim, &busy(), "u-owner", &handover, start()).unwrap();
        }
        assert_eq!(client(&mut sim, &busy(), "u-owner", &whole, start()), Ok(()), "{code}");
    }
}

#[test]
fn no_call_gets_round_an_approval_of_the_organisation() {
    let mut super_admin = sim(Rules { dissolve_confirm: Confirm::SuperAdmin, ..Rules::default() });
    let (status, body) = call(&mut super_admin, start(), "reference-owner", "POST", "groups/g-busy/dissolve");
    assert_eq!(status, 403, "{body}");
    let mut handover = sim(Rules { handover_required: true, ..Rules::default() });
    assert_eq!(call(&mut handover, start(), "reference-owner", "POST", "groups/g-busy/dissolve").0, 409);
}

#[test]
fn members_are_told_exactly_as_the_rules_say() {
    for (to, told, untold) in [
        (NoticeTo::All, vec!["u-owner", "u-a", "u-c"], vec!["u-bot", "u-super", "u-guest"]),
        (NoticeTo::Online, vec!["u-owner", "u-a"], vec!["u-c", "u-bot", "u-super"]),
        (NoticeTo::Organisation, vec!["u-super", "u-c"], vec!["u-guest", "u-bot"]),
    ] {
        let mut sim = sim(Rules {
            notice_to: to,
            notice_text: "{group} ended by $identity$".to_owned(),
            ..Rules::default()
        });
        client_obeys(&mut sim, Op::Dissolve, &busy(), start()).unwrap();
        for account in told {
            let [notice] = sim.world.notices(account) else { panic!("{to:?}: {account} was not told once") };
            assert!(
                notice.text.contains(" ended by ") && !notice.text.contains(['{', '$']),
                "{}",
                notice.text
            );
        }
        for account in untold {
            assert_eq!(sim.world.notices(account), [], "{to:?}: {account} was told");
        }
    }
}

#[test]
fn a_notice_is_taken_back_within_its_window_only() {
    let mut sim = sim(Rules { notice_recall_s: 120, ..Rules::default() });
    client_obeys(&mut sim, Op::Dissolve, &busy(), start()).unwrap();
    let late = client(&mut sim, &busy(), "u-owner", &ClientAct::RecallNotice, start().plus_secs(121));
    assert_eq!(late.unwrap_err().code, "recall_over");
    client(&mut sim, &busy(), "u-owner", &ClientAct::RecallNotice, start().plus_secs(120)).unwrap();
    assert_eq!(sim.world.notices("u-a"), []);
}

#[test]
fn a_group_comes_back_until_the_window_is_over_and_not_after() {
    let mut sim = sim(Rules { recovery_s: 100, ..Rules::default() });
    let before = look(&mut sim, &busy(), start()).unwrap();
    for (after, comes_back) in [(100, true), (101, false)] {
        client_obeys(&mut sim, Op::Dissolve, &busy(), start()).unwrap();
        let at = start().plus_secs(after);
        assert_eq!(client_obeys(&mut sim, Op::Restore, &busy(), at).is_ok(), comes_back, "{after}");
        assert_eq!(look(&mut sim, &busy(), at).unwrap() == before, comes_back);
    }
}

#[test]
fn the_witness_is_told_of_the_end_and_the_one_who_did_it_is_not() {
    let mut sim = sim(Rules::default());
    assert_eq!(call(&mut sim, start(), "reference-owner", "POST", "groups/g-busy/dissolve").0, 200);
    let own = call(&mut sim, start(), "reference-owner", "GET", "groups/g-busy");
    assert!(own.0 == 403 && own.1.contains("not_in"), "{own:?}");
    let witness = call(&mut sim, start(), "reference-witness", "GET", "groups/g-busy");
    assert!(witness.0 == 410 && witness.1.contains("dissolved"), "{witness:?}");
}

#[test]
fn a_call_that_only_leaves_says_ok_and_the_group_lives_on() {
    let mut sim = sim(Rules { dissolve_api: Api::LeaveOnly, ..Rules::default() });
    let (status, body) = call(&mut sim, start(), "reference-owner", "POST", "groups/g-busy/dissolve");
    assert_eq!((status, body.as_str()), (200, r#"{"ok":true}"#));
    assert_eq!(call(&mut sim, start(), "reference-owner", "GET", "groups/g-busy").0, 403);
    assert_eq!(call(&mut sim, start(), "reference-witness", "GET", "groups/g-busy").0, 200);
    assert_eq!(sim.effects().get(&(Op::Dissolve, busy())), None);
    // The deputy owns it now, and ends it in the app.
    assert_eq!(look(&mut sim, &busy(), start()).unwrap().may_dissolve.as_deref(), Some("u-deputy"));
    client_obeys(&mut sim, Op::Dissolve, &busy(), start()).unwrap();
    assert_eq!(sim.effects().get(&(Op::Dissolve, busy())), Some(&1));
}

#[test]
fn history_roams_and_files_stay_as_long_as_the_rules_say() {
    let mut sim = sim(Rules { roaming_hours: 72, files_kept_s: 100, ..Rules::default() });
    client_obeys(&mut sim, Op::Dissolve, &busy(), start()).unwrap();
    let path = "groups/g-busy/messages";
    assert_eq!(call(&mut sim, start().plus_secs(71 * HOUR), "reference-witness", "GET", path).0, 200);
    assert_eq!(call(&mut sim, start().plus_secs(72 * HOUR), "reference-witness", "GET", path).0, 410);
    let kept = |sim: &mut ReferenceSim, after| {
        call(sim, start().plus_secs(after), "reference-witness", "GET", "groups/g-busy/kept").1
    };
    assert!(kept(&mut sim, 99).contains(r#""files":1"#));
    assert!(kept(&mut sim, 100).contains(r#""files":0"#));
}

#[test]
fn links_meet_their_fate() {
    for (fate, left) in [(LinkFate::Unbound, 0), (LinkFate::Kept, 3), (LinkFate::ByHand, 3)] {
        let mut sim = sim(Rules { link_bot: fate, ..Rules::default() });
        client_obeys(&mut sim, Op::Dissolve, &busy(), start()).unwrap();
        assert_eq!(look(&mut sim, &busy(), start()).unwrap().links.len(), left, "{fate:?}");
        client_obeys(&mut sim, Op::Unlink, &busy(), start()).unwrap();
        assert_eq!(look(&mut sim, &busy(), start()).unwrap().links.len(), 0);
    }
}

#[test]
fn a_frozen_group_is_silent_for_plain_members() {
    let mut sim = sim(Rules::default());
    let say = ClientAct::Post { text: "why?".to_owned() };
    client(&mut sim, &busy(), "u-a", &say, start()).unwrap();
    sim.world.groups.get_mut("g-busy").unwrap().frozen = true;
    assert_eq!(refused(&mut sim, "u-a", &say), "frozen");
    client(&mut sim, &busy(), "u-owner", &say, start()).unwrap();
}

#[test]
fn every_world_is_there_and_holds_together() {
    for platform in ["reference", "wechat", "qq", "dingtalk", "wecom"] {
        let spec = WorldSpec::of(platform).unwrap();
        assert_eq!(spec.platform, platform);
        let accounts: Vec<&str> = spec.accounts.iter().map(|account| account.id.as_str()).collect();
        let everybody = |group: &GroupSpec| {
            [vec![group.owner.clone()], group.admins.clone(), group.members.clone()].concat()
        };
        for group in &spec.groups {
            assert!(group.name.as_deref().is_some_and(|name| !name.is_ascii()), "{}", group.id);
            assert!(
                everybody(group).iter().all(|account| accounts.contains(&account.as_str())),
                "{}",
                group.id
            );
        }
        for (token, account) in [("owner", "u-owner"), ("witness", "u-witness")] {
            let token = format!("{platform}-{token}");
            assert!(spec.tokens.iter().any(|found| found.token == token && found.account == account));
        }
        assert_eq!(World::new(Rules::default(), &spec).group_ids().len(), spec.groups.len());
    }
}

#[test]
fn the_settings_carry_the_rules_and_the_platform() {
    let rules = Rules { recovery_s: 5, ..Rules::default() };
    let seeded = seeded_as("qq", rules.clone());
    assert_eq!(seeded.settings.get("platform").map(String::as_str), Some("qq"));
    let carried = seeded.settings.get("rules").map(|text| serde_json::from_str::<Rules>(text).unwrap());
    assert_eq!(carried, Some(rules));
    assert!(!seeded_as("reference", Rules::default()).settings.contains_key("rules"));
}

#[test]
fn what_is_not_in_the_readme_is_refused() {
    let mut sim = sim(Rules::default());
    for path in ["", "groups/g-busy/everything", "me/more", "../client"] {
        assert_eq!(call(&mut sim, start(), "reference-owner", "GET", path).0, 404, "{path}");
    }
    let (status, _) = call(&mut sim, start(), "reference-witness", "POST", "groups/g-busy/dissolve");
    assert_eq!(status, 403);
}

#[test]
fn the_owner_alone_makes_another_member_the_owner() {
    let give = |sim: &mut ReferenceSim, token: &str, to: &str| {
        let request = http::Request::builder().method("POST").uri("https://p.invalid/v1/groups/g-busy/owner");
        let request = request.header("authorization", format!("Bearer {token}"));
        let reply = sim.answer(start(), &request.body(json!({ "to": to }).to_string().into()).unwrap());
        (reply.status().as_u16(), String::from_utf8_lossy(reply.body()).into_owned())
    };
    let mut sim = sim(Rules::default());
    for (token, to, code) in [
        ("reference-witness", "u-a", "no_scope"),
        ("reference-owner", "u-stranger", "not_member"),
        ("reference-powerless", "u-a", "no_scope"),
    ] {
        assert!(give(&mut sim, token, to).1.contains(code), "{token} {to}");
    }
    assert_eq!(refused(&mut sim, "u-deputy", &ClientAct::Transfer { to: "u-a".to_owned() }), "only_owner");
    assert_eq!(give(&mut sim, "reference-owner", "u-owner").0, 200);
    assert!(sim.effects().is_empty());
    assert_eq!(give(&mut sim, "reference-owner", "u-a").0, 200);
    assert_eq!(sim.world.groups["g-busy"].owner().map(String::as_str), Some("u-a"));
    assert_eq!(sim.world.groups["g-busy"].standing("u-owner"), Standing::Member);
    assert!(give(&mut sim, "reference-owner", "u-owner").1.contains("only_owner"));
    let mut by_hand = self::sim(Rules { transfer_api: Api::None, ..Rules::default() });
    assert!(give(&mut by_hand, "reference-owner", "u-a").1.contains("client_only"));
    assert_eq!(client_obeys(&mut by_hand, Op::Transfer, &busy(), start()), Ok(()));
    assert_eq!(by_hand.effects().get(&(Op::Transfer, busy())), Some(&1));
}
