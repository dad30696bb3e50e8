//! The rows of the requirements, played on simulated platforms under the rules of their real profiles: what is published
//! (`declared`) and what is confirmed each come to their own end. Simulated: no platform was asked.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adjourn_adapters::profiles::profile;
use adjourn_domain::fact::Rules as Acting;
use adjourn_domain::group::LinkKind;
use adjourn_domain::time::Time;
use adjourn_world::{ClientAct, LinkFate, NoticeTo, Rules, Who, World, WorldSpec};

const DAY: u64 = 86_400;
const HOUR: u64 = 3600;

/// A platform with one group, under its profile's rules.
struct Stage {
    world: World,
    group: String,
    name: String,
}

fn start() -> Time {
    Time::from_millis(1_795_420_800_000)
}

fn after(seconds: u64) -> Time {
    start().plus_secs(seconds)
}

fn stage(platform: &str, acting: Acting) -> Stage {
    let spec = WorldSpec::of(platform).unwrap();
    let rules = Rules::from_profile(&profile(platform).unwrap(), acting);
    let first = spec.groups.first().unwrap();
    let (group, name) = (first.id.clone(), first.name.clone().unwrap());
    Stage { world: World::new(rules, &spec), group, name }
}

/// Everything that any platform may ask for.
fn whole(name: &str) -> ClientAct {
    ClientAct::Dissolve {
        typed_name: name.to_owned(),
        qr_scanned: true,
        phone_confirmed: true,
        super_admin: Some("u-super".to_owned()),
    }
}

fn bare() -> ClientAct {
    ClientAct::Dissolve {
        typed_name: String::new(),
        qr_scanned: false,
        phone_confirmed: false,
        super_admin: None,
    }
}

impl Stage {
    fn acts(&mut self, who: &str, act: ClientAct) -> Result<(), &'static str> {
        self.world.acts(start(), &self.group, who, act).map_err(|refusal| refusal.code)
    }

    fn ends(&mut self, who: &str) {
        let act = whole(&self.name);
        assert_eq!(self.acts(who, act), Ok(()), "{who}");
    }

    fn handover(&mut self) {
        let act = ClientAct::Handover { to: "u-a".to_owned(), approved_by: "u-super".to_owned() };
        assert_eq!(self.acts("u-owner", act), Ok(()));
    }

    fn texts(&self, account: &str) -> Vec<String> {
        self.world.notices(account).iter().map(|notice| notice.text.clone()).collect()
    }

    fn roams(&self, seconds: u64) -> bool {
        self.world.readable(after(seconds), &self.group, "u-witness").is_ok()
    }

    fn files(&self, seconds: u64) -> u64 {
        self.world.files_kept(after(seconds), &self.group).unwrap()
    }

    fn comes_back(&self, seconds: u64) -> bool {
        self.world.clone().restore(after(seconds), &self.group, "u-owner").is_ok()
    }
}

/// What a profile says about a key under the declared rules.
fn published(platform: &str, key: &str) -> serde_json::Value {
    profile(platform).unwrap().acting(key, Acting::Declared).unwrap().value.clone()
}

#[test]
fn req_p1_only_the_owner_ends_a_wechat_group_and_types_its_name() {
    for acting in [Acting::Declared, Acting::Confirmed] {
        let mut wechat = stage("wechat", acting);
        let act = whole(&wechat.name);
        assert_eq!(wechat.acts("u-deputy", act), Err("not_owner"));
        assert_eq!(wechat.acts("u-owner", bare()), Err("wrong_name"));
        let group = wechat.group.clone();
        let by_api = wechat.world.dissolve_by_api(start(), &group, "u-owner");
        assert_eq!(by_api.map_err(|refusal| refusal.code), Err("client_only"));
        wechat.ends("u-owner");
    }
    let path = published("wechat", "dissolve.path");
    assert_eq!(path.as_str().map(|path| path.split(" → ").count()), Some(3));
}

#[test]
fn req_p2_an_admin_ends_a_qq_group_as_published_and_only_its_owner_as_confirmed() {
    let mut declared = stage("qq", Acting::Declared);
    assert_eq!(declared.acts("u-a", whole("")), Err("not_owner_or_admin"));
    assert_eq!(declared.acts("u-deputy", bare()), Err("qr_needed"));
    let no_phone = ClientAct::Dissolve {
        typed_name: String::new(),
        qr_scanned: true,
        phone_confirmed: false,
        super_admin: None,
    };
    assert_eq!(declared.acts("u-deputy", no_phone), Err("phone_needed"));
    declared.ends("u-deputy");
    let mut confirmed = stage("qq", Acting::Confirmed);
    assert_eq!(confirmed.acts("u-deputy", whole("")), Err("not_owner"));
    confirmed.ends("u-owner");
}

#[test]
fn req_p3_dingtalk_asks_the_main_admin_and_the_super_admin_as_published_and_the_owner_as_confirmed() {
    let mut declared = stage("dingtalk", Acting::Declared);
    assert_eq!(declared.world.rules.dissolve_who, Who::MainAdmin);
    let main = main_admin("dingtalk");
    assert_eq!(declared.acts("u-a", whole("")), Err("not_main_admin"));
    assert_eq!(declared.acts(&main, bare()), Err("super_admin_needed"));
    declared.ends(&main);
    let mut confirmed = stage("dingtalk", Acting::Confirmed);
    assert_eq!(confirmed.acts("u-a", bare()), Err("not_owner"));
    assert_eq!(confirmed.acts("u-owner", bare()), Ok(()));
}

fn main_admin(platform: &str) -> String {
    let accounts = WorldSpec::of(platform).unwrap().accounts;
    accounts.into_iter().find(|account| account.role == adjourn_world::Role::MainAdmin).unwrap().id
}

#[test]
fn req_p4_s1_wecom_waits_for_the_handover_approval_and_asks_an_admin_as_published() {
    let mut declared = stage("wecom", Acting::Declared);
    let admin = WorldSpec::of("wecom").unwrap().accounts.into_iter();
    let admin = admin.into_iter().find(|account| account.role == adjourn_world::Role::OrgAdmin).unwrap().id;
    assert_eq!(declared.acts("u-a", whole("")), Err("not_org_admin"));
    assert_eq!(declared.acts(&admin, whole("")), Err("handover_needed"));
    declared.handover();
    declared.ends(&admin);
    let mut confirmed = stage("wecom", Acting::Confirmed);
    assert_eq!(confirmed.acts("u-a", whole("")), Err("not_owner"));
    confirmed.handover();
    confirmed.ends("u-owner");
}

#[test]
fn req_n1_every_wechat_member_is_told_and_the_notice_stays() {
    let mut wechat = stage("wechat", Acting::Declared);
    wechat.ends("u-owner");
    let spec = WorldSpec::of("wechat").unwrap();
    let text = published("wechat", "notice.text");
    for member in &spec.groups.first().unwrap().members {
        if spec.accounts.iter().any(|account| account.id == *member && account.bot) {
            continue;
        }
        assert_eq!(wechat.texts(member), [text.as_str().unwrap()], "{member}");
    }
    assert_eq!(wechat.acts("u-owner", ClientAct::RecallNotice), Err("recall_over"));
}

#[test]
fn req_n2_qq_tells_who_is_online_and_brings_the_group_back_for_a_day_as_published_only() {
    let mut declared = stage("qq", Acting::Declared);
    assert_eq!(declared.world.rules.notice_to, NoticeTo::Online);
    declared.ends("u-owner");
    let spec = WorldSpec::of("qq").unwrap();
    let offline = &spec.groups.first().unwrap().offline;
    assert!(!offline.is_empty());
    for account in offline {
        assert_eq!(declared.texts(account), Vec::<String>::new(), "{account}");
    }
    assert_eq!(declared.texts("u-owner"), [published("qq", "notice.text").as_str().unwrap()]);
    assert!(declared.comes_back(DAY) && !declared.comes_back(DAY + 1));
    let mut confirmed = stage("qq", Acting::Confirmed);
    confirmed.ends("u-owner");
    assert!(!confirmed.comes_back(0));
}

#[test]
fn req_n3_dingtalk_tells_the_organisation_members_or_not() {
    let mut dingtalk = stage("dingtalk", Acting::Declared);
    let main = main_admin("dingtalk");
    dingtalk.ends(&main);
    let text = published("dingtalk", "notice.text");
    let spec = WorldSpec::of("dingtalk").unwrap();
    let members = &spec.groups.first().unwrap().members;
    let outside = spec.accounts.iter().find(|account| {
        !account.bot
            && !account.external
            && !members.contains(&account.id)
            && account.id.starts_with("u-super")
    });
    assert_eq!(dingtalk.texts(&outside.unwrap().id), [text.as_str().unwrap()]);
    for account in spec.accounts.iter().filter(|account| account.external) {
        assert_eq!(dingtalk.texts(&account.id), Vec::<String>::new(), "{}", account.id);
    }
}

#[test]
fn req_h1_wechat_roams_three_days_keeps_files_and_brings_nothing_back() {
    let mut wechat = stage("wechat", Acting::Declared);
    let files = wechat.world.group(&wechat.group).unwrap().files.len() as u64;
    wechat.ends("u-owner");
    assert!(wechat.roams(72 * HOUR - 1) && !wechat.roams(72 * HOUR));
    assert_eq!(wechat.files(3650 * DAY), files);
    assert!(!wechat.comes_back(0));
}

#[test]
fn req_h2_qq_roams_ninety_days_and_its_recycle_bin_lasts_thirty() {
    let mut qq = stage("qq", Acting::Declared);
    let files = qq.world.group(&qq.group).unwrap().files.len() as u64;
    qq.ends("u-owner");
    assert!(qq.roams(90 * DAY - 1) && !qq.roams(90 * DAY));
    assert_eq!((qq.files(30 * DAY - 1), qq.files(30 * DAY)), (files, 0));
}

#[test]
fn req_h3_dingtalk_archives_files_for_180_days_and_brings_nothing_back() {
    let mut dingtalk = stage("dingtalk", Acting::Declared);
    let files = dingtalk.world.group(&dingtalk.group).unwrap().files.len() as u64;
    dingtalk.ends(&main_admin("dingtalk"));
    assert_eq!((dingtalk.files(180 * DAY - 1), dingtalk.files(180 * DAY)), (files, 0));
    assert!(!dingtalk.comes_back(0));
}

#[test]
fn req_l1_l2_l3_each_platform_does_to_its_links_what_is_published() {
    for (platform, app, payment, bot) in [
        ("wechat", LinkFate::Unbound, LinkFate::Kept, LinkFate::Unbound),
        ("qq", LinkFate::Kept, LinkFate::Apart, LinkFate::Kept),
        ("dingtalk", LinkFate::ByHand, LinkFate::FinanceAudit, LinkFate::ByHand),
    ] {
        let mut stage = stage(platform, Acting::Declared);
        let rules = stage.world.rules.clone();
        assert_eq!(rules.fate(LinkKind::MiniProgram), app, "{platform}");
        assert_eq!(rules.fate(LinkKind::Payment), payment, "{platform}");
        assert_eq!(rules.fate(LinkKind::Bot), bot, "{platform}");
        let links = stage.world.group(&stage.group).unwrap().links.clone();
        let who = if platform == "dingtalk" { main_admin(platform) } else { "u-owner".to_owned() };
        stage.ends(&who);
        let ended = stage.world.group(&stage.group).unwrap().ended.clone().unwrap();
        let stays = links.into_iter().filter(|link| rules.fate(link.kind) != LinkFate::Unbound);
        assert_eq!(
            ended.kept.iter().map(|link| &link.id).collect::<Vec<_>>(),
            stays.collect::<Vec<_>>().iter().map(|link| &link.id).collect::<Vec<_>>(),
            "{platform}"
        );
    }
}

#[test]
fn req_g2_leaving_ends_no_group_and_a_transfer_ends_none() {
    for platform in ["wechat", "qq", "dingtalk", "wecom"] {
        let mut stage = stage(platform, Acting::Declared);
        assert_eq!(stage.acts("u-a", ClientAct::Leave), Ok(()));
        assert_eq!(stage.acts("u-owner", ClientAct::Transfer { to: "u-deputy".to_owned() }), Ok(()));
        let group = stage.world.group(&stage.group).unwrap();
        assert!(group.ended.is_none(), "{platform}");
        assert_eq!(group.owner().map(String::as_str), Some("u-deputy"), "{platform}");
    }
}
