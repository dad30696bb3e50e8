use super::*;
use crate::person::ClientAct;
use crate::rules::{Confirm, Rules, Who};
use crate::spec::WorldSpec;

const BEGIN: i64 = 1_793_581_200_000;

fn at(seconds: u64) -> Time {
    Time::from_millis(BEGIN).plus_secs(seconds)
}

fn world(platform: &str, rules: Rules) -> World {
    World::new(rules, &WorldSpec::of(platform).unwrap())
}

fn owner_only() -> Rules {
    Rules {
        dissolve_who: Who::Owner,
        dissolve_path: "a \u{2192} b \u{2192} c".to_owned(),
        ..Rules::default()
    }
}

fn see(world: &World, path: &[&str]) -> Result<Page, &'static str> {
    match world.phone(at(0), Some("lang=en"), path) {
        Ok(Shown::Page(page)) => Ok(*page),
        Ok(Shown::File { .. }) => Err("a file"),
        Err(refusal) => Err(refusal.code),
    }
}

fn press(
    world: &mut World,
    when: Time,
    path: &[&str],
    fields: &[(&str, &str)],
) -> Result<String, &'static str> {
    let form = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    world.touch(when, path, &form).map_err(|refusal| refusal.code)
}

fn says(page: &Page) -> String {
    serde_json::to_string(page).unwrap()
}

fn end(world: &mut World, id: &str, who: &str, when: Time) {
    world
        .acts(
            when,
            id,
            who,
            ClientAct::Dissolve {
                typed_name: String::new(),
                qr_scanned: true,
                phone_confirmed: true,
                super_admin: None,
            },
        )
        .unwrap();
}

#[test]
fn strangers_bots_and_unknown_pages_have_no_phone() {
    let mut world = world("wechat", owner_only());
    assert_eq!(see(&world, &["nobody"]), Err("unknown_account"));
    assert_eq!(see(&world, &["u-bot"]), Err("unknown_account"));
    assert_eq!(see(&world, &["u-owner", "chat", "nowhere"]), Err("unknown_group"));
    assert_eq!(see(&world, &["u-guest", "chat", "wx-1"]), Err("not_in"));
    assert_eq!(see(&world, &["u-owner", "nothing"]), Err("no_endpoint"));
    assert_eq!(
        press(&mut world, at(0), &["u-bot", "chat", "wx-1"], &[("act", "send")]),
        Err("unknown_account")
    );
    assert_eq!(press(&mut world, at(0), &["u-owner", "chat", "wx-1"], &[]), Err("bad_request"));
    let long = "x".repeat(4_001);
    let send = [("act", "send"), ("text", long.as_str())];
    assert_eq!(press(&mut world, at(0), &["u-owner", "chat", "wx-1"], &send), Err("too_long"));
}

#[test]
fn the_path_is_the_rules_own_and_leads_on_only_for_who_may() {
    let world = world("wechat", owner_only());
    let chat = see(&world, &["u-owner", "chat", "wx-1"]).unwrap();
    assert_eq!(chat.menu.unwrap().detail, "a");
    let shows = |page: &str, who: &str, text: &str| {
        says(&see(&world, &[who, "chat", "wx-1", page]).unwrap()).contains(&format!("\"text\":\"{text}\""))
    };
    assert!(shows("info", "u-owner", "b") && shows("manage", "u-owner", "c"));
    assert!(shows("info", "u-deputy", "b") && !shows("manage", "u-deputy", "c"));
    assert!(!shows("info", "u-witness", "b"));
    assert_eq!(see(&world, &["u-witness", "chat", "wx-1", "manage"]), Err("not_manager"));
    assert_eq!(see(&world, &["u-deputy", "chat", "wx-1", "dissolve"]), Err("not_owner"));
}

#[test]
fn a_button_does_no_more_than_the_rules_allow_however_it_is_pressed() {
    let rules = Rules { dissolve_confirm: Confirm::QrPhone, ..owner_only() };
    let mut world = world("qq", rules);
    let page = ["u-owner", "chat", "qq-1", "dissolve"];
    assert_eq!(press(&mut world, at(0), &page, &[("act", "dissolve")]), Err("qr_needed"));
    press(&mut world, at(0), &page, &[("act", "ask")]).unwrap();
    assert_eq!(press(&mut world, at(0), &page, &[("act", "verify"), ("code", "1")]), Err("qr_needed"));
    let shown = code("qr", "qq-1");
    // Somebody else's phone does not stand in for the owner's.
    let scan = [("act", "scan"), ("code", shown.as_str())];
    assert_eq!(press(&mut world, at(0), &["u-deputy", "scan"], &scan), Err("qr_needed"));
    press(&mut world, at(0), &["u-owner", "scan"], &scan).unwrap();
    assert_eq!(press(&mut world, at(0), &page, &[("act", "dissolve")]), Err("phone_needed"));
    let sms = code("sms", "qq-1");
    press(&mut world, at(0), &page, &[("act", "verify"), ("code", sms.as_str())]).unwrap();
    press(&mut world, at(0), &page, &[("act", "dissolve")]).unwrap();
    assert_eq!(press(&mut world, at(0), &page, &[("act", "dissolve")]), Err("not_in"));
    assert_eq!(world.effects().values().sum::<u32>(), 1);
}

#[test]
fn only_whose_word_is_awaited_can_give_it() {
    let rules = Rules { dissolve_confirm: Confirm::SuperAdmin, dissolve_who: Who::MainAdmin, ..owner_only() };
    let mut world = world("dingtalk", rules);
    let page = ["u-owner", "chat", "dt-1", "dissolve"];
    press(&mut world, at(0), &page, &[("act", "ask")]).unwrap();
    let agree = [("act", "agree"), ("group", "dt-1")];
    for stranger in ["u-owner", "u-deputy", "u-guest"] {
        assert_eq!(
            press(&mut world, at(0), &[stranger, "inbox"], &agree),
            Err("unknown_group"),
            "{stranger}"
        );
    }
    press(&mut world, at(0), &["u-super", "inbox"], &[("act", "reject"), ("group", "dt-1")]).unwrap();
    assert_eq!(press(&mut world, at(0), &page, &[("act", "dissolve")]), Err("super_admin_needed"));
    press(&mut world, at(0), &page, &[("act", "ask")]).unwrap();
    press(&mut world, at(0), &["u-super", "inbox"], &agree).unwrap();
    press(&mut world, at(0), &page, &[("act", "dissolve")]).unwrap();
    assert!(world.group("dt-1").unwrap().ended.is_some());
}

#[test]
fn req_e3_a_mistake_is_taken_back_within_its_window_and_whoever_was_told_stays_told() {
    let mut world = world("wechat", Rules { mistake_recall_s: 120, ..owner_only() });
    let chat = ["u-owner", "chat", "wx-1"];
    end(&mut world, "wx-1", "u-owner", at(0));
    assert_eq!(
        press(&mut world, at(1), &["u-deputy", "chat", "wx-1"], &[("act", "take_back")]),
        Err("not_manager")
    );
    press(&mut world, at(120), &chat, &[("act", "take_back")]).unwrap();
    assert!(world.group("wx-1").unwrap().ended.is_none());
    assert_eq!(world.notices("u-witness").len(), 1);
    end(&mut world, "wx-1", "u-owner", at(200));
    assert_eq!(press(&mut world, at(321), &chat, &[("act", "take_back")]), Err("recall_over"));
    assert!(world.group("wx-1").unwrap().ended.is_some());
}

#[test]
fn req_e3_rollbacks_are_counted_by_the_month() {
    let mut world = world("qq", Rules { rollbacks_per_month: Some(3), ..owner_only() });
    for turn in 0..3 {
        end(&mut world, "qq-1", "u-owner", at(turn));
        world.restore(at(turn), "qq-1", "u-owner").unwrap();
    }
    end(&mut world, "qq-1", "u-owner", at(10));
    assert_eq!(world.restore(at(11), "qq-1", "u-owner").map_err(|it| it.code), Err("rollback_over"));
    let (month, hour) = (30 * 86_400, 3_600);
    world.rules.recovery_s = month + hour;
    world.restore(at(month + 10), "qq-1", "u-owner").unwrap();
    let none = Rules { rollbacks_per_month: Some(0), ..owner_only() };
    let mut world = self::world("qq", none);
    end(&mut world, "qq-1", "u-owner", at(0));
    assert_eq!(world.restore(at(1), "qq-1", "u-owner").map_err(|it| it.code), Err("rollback_over"));
}

#[test]
fn an_export_has_what_is_on_this_device_and_the_notice_as_the_platforms_own_row() {
    let mut world = world("wechat", owner_only());
    end(&mut world, "wx-1", "u-owner", at(0));
    let export = |world: &World, who: &str| match world.phone(at(1), None, &[who, "chat", "wx-1", "export"]) {
        Ok(Shown::File { content, .. }) => content.lines().map(str::to_owned).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let rows = export(&world, "u-witness");
    assert!(rows.len() > 30);
    let row: Vec<&str> = rows.last().unwrap().split(',').collect();
    assert_eq!((row.len(), row[1], row[4]), (6, "", "wx-1"));
    press(&mut world, at(2), &["u-witness", "chat", "wx-1", "info"], &[("act", "clear")]).unwrap();
    assert_eq!(export(&world, "u-witness").len(), 2, "the header and the notice");
    assert!(export(&world, "u-deputy").len() > 30);
    let nowhere = world.phone(at(1), None, &["u-guest", "chat", "wx-1", "export"]);
    assert_eq!(nowhere.map_err(|refusal| refusal.code), Err("not_in"));
}
