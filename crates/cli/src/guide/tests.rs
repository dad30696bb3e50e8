//! Whole outputs, compared with the committed ones, over the shipped profiles. After a wanted change:
//! `cargo test -p adjourn-cli write_the_pages_again -- --ignored`, then read the difference.

use std::path::PathBuf;

use adjourn_adapters::law;
use adjourn_adapters::profiles::BuiltIn;
use adjourn_domain::fact::{Confidence, Profile, Rules};
use adjourn_domain::guide::{Answers, Button, Guide, Hanging, Holds, Keep, Outcome, Owner, guide};
use adjourn_domain::time::Time;
use adjourn_i18n::Lang;

use super::ask;
use adjourn_console::guide::{View, html, ics, typed_time};

fn view(lang: Lang) -> View {
    View { lang, offset: 480, now: Time::parse("2026-11-25T08:00:00Z").unwrap() }
}

fn at() -> Time {
    Time::parse("2026-12-01T12:00:00Z").unwrap()
}

fn profile(platform: &str) -> Profile {
    BuiltIn::new(law::packs(&law::STANDARD).unwrap()).read(platform).unwrap()
}

fn made(platform: &str, answers: &Answers) -> Guide {
    guide(&profile(platform), answers, Rules::Confirmed, at())
}

/// Own group with photos and a bot, chat kept.
fn usual() -> Answers {
    Answers {
        holds: [Holds::Files, Holds::School].into(),
        links: [Hanging::Bots, Hanging::Payments].into(),
        keep: [Keep::Chat].into(),
        ..Answers::plain(Owner::Me)
    }
}

/// The cases whose whole outputs are committed.
fn cases() -> Vec<(&'static str, Lang, Guide)> {
    let missing = Answers { button: Button::Missing, ..Answers::plain(Owner::Me) };
    vec![
        ("wechat-mine.zh-CN", Lang::ZhCn, made("wechat", &usual())),
        ("wechat-no-button.en", Lang::En, made("wechat", &missing)),
        ("qq-mine.en", Lang::En, made("qq", &usual())),
        ("dingtalk-other.zh-CN", Lang::ZhCn, made("dingtalk", &Answers::plain(Owner::Other))),
        ("wecom-gone.en", Lang::En, made("wecom", &Answers::plain(Owner::Gone))),
    ]
}

fn outputs() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/guide/fixtures");
    let version = env!("CARGO_PKG_VERSION");
    cases()
        .into_iter()
        .flat_map(|(name, lang, guide)| {
            [
                (folder.join(format!("{name}.html")), html::render(&guide, view(lang))),
                (folder.join(format!("{name}.ics")), ics::render(&guide, view(lang))),
            ]
        })
        .map(|(path, text)| (path, text.replace(version, "VERSION")))
        .collect()
}

#[test]
fn req_g10_whole_pages_and_calendars_are_as_committed() {
    for (path, text) in outputs() {
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{} differs", path.display());
    }
}

#[test]
#[ignore = "rewrites the committed outputs"]
fn write_the_pages_again() {
    for (path, text) in outputs() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
}

#[test]
fn req_g10_a_page_is_whole_in_itself_and_runs_nothing() {
    for (name, lang, guide) in cases() {
        let page = html::render(&guide, view(lang));
        for never in ["<script", "javascript:", "src=", "@import", "url(", "<link", "<img", "<iframe", " on"]
        {
            let found =
                page.match_indices(never).any(|(at, _)| never != " on" || page[at..].starts_with(" on="));
            assert!(!found, "{name}: {never}");
        }
        // The only addresses that can be followed are places on the page itself.
        assert!(page.matches("href=\"").count() == page.matches("href=\"#f").count(), "{name}");
        for (n, _) in guide.sources.iter().enumerate() {
            assert!(page.contains(&format!("id=\"f{}\"", n + 1)), "{name}: source {n}");
        }
    }
}

#[test]
fn req_g2_dissolve_leave_delete_and_hide_stand_side_by_side() {
    for platform in ["wechat", "qq", "dingtalk", "wecom"] {
        let guide = made(platform, &usual());
        let acts: Vec<&str> = guide.acts.iter().map(|act| act.act).collect();
        assert_eq!(acts, ["dissolve", "leave", "delete", "hide"]);
        let page = html::render(&guide, view(Lang::En));
        assert_eq!(page.matches("<td>Yes, for everyone.</td>").count(), 1, "one act only ends the group");
        assert_eq!(page.matches("<td>No. ").count(), 3);
    }
}

#[test]
fn req_g7_a_hidden_group_is_told_apart_from_one_that_is_gone() {
    let page = html::render(&made("wechat", &usual()), view(Lang::En));
    assert!(page.contains("is hidden, not gone"));
    assert!(page.contains("A second person who was a member sees that the group has ended."));
}

#[test]
fn req_c2_whoever_holds_vouchers_is_told_what_the_chosen_law_says() {
    let answers = Answers { holds: [Holds::Vouchers].into(), ..Answers::plain(Owner::Me) };
    let page =
        |profile: &Profile| html::render(&guide(profile, &answers, Rules::Confirmed, at()), view(Lang::En));
    let article = "The article binds the operator of an e-commerce platform, not a group's owner.";
    assert!(page(&profile("wechat")).contains(&article.replace('\'', "&#39;")));
    assert!(!page(&BuiltIn::default().read("wechat").unwrap()).contains("e-commerce platform"));
}

/// The route has the path that is published, and the page every path that somebody names.
fn has_the_path(platform: &str) {
    let profile = profile(platform);
    let declared = guide(&profile, &usual(), Rules::Declared, at());
    let step = declared.steps.iter().find(|line| line.note.code == "guide-step-dissolve").unwrap();
    let published = profile.facts.iter().find(|fact| fact.key == "dissolve.path").unwrap();
    assert_eq!(Some(step.note.args["path"].as_str()), published.value.as_str());
    let page = html::render(&declared, view(Lang::ZhCn));
    for fact in profile.facts.iter().filter(|fact| fact.key.starts_with("dissolve.path")) {
        assert!(page.contains(&fact.says.zh), "{platform}: {}", fact.says.en);
    }
}

#[test]
fn req_p1_the_wechat_route_has_its_own_path() {
    has_the_path("wechat");
}

#[test]
fn req_p2_the_qq_route_has_its_own_path() {
    has_the_path("qq");
}

#[test]
fn req_p3_the_dingtalk_route_has_its_own_path() {
    has_the_path("dingtalk");
}

#[test]
fn req_p4_the_wecom_route_has_its_own_path() {
    has_the_path("wecom");
}

/// Seconds.
const HOUR: u64 = 3600;

#[test]
fn req_g10_every_declared_clock_is_in_the_calendar_with_its_length() {
    let hours = |platform: &str| -> Vec<u64> {
        made(platform, &usual()).clocks.running.iter().map(|clock| clock.seconds).collect()
    };
    assert_eq!(hours("wechat"), [120, 72 * HOUR, 72 * HOUR]);
    assert_eq!(
        hours("qq"),
        [24 * HOUR, 72 * HOUR, 72 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR, 30 * 24 * HOUR, 90 * 24 * HOUR]
    );
    assert_eq!(hours("dingtalk"), [72 * HOUR, 180 * 24 * HOUR]);
    assert_eq!(hours("wecom"), [72 * HOUR, 5 * 24 * HOUR]);
    let calendar = ics::render(&made("qq", &usual()), view(Lang::En));
    for end in ["20261202T120000Z", "20261208T120000Z", "20261231T120000Z", "20270301T120000Z"] {
        assert!(calendar.contains(&format!("DTSTART:{end}\r\n")), "{end}");
    }
}

#[test]
fn a_clock_that_nobody_confirmed_is_tentative() {
    for (name, lang, guide) in cases() {
        let calendar = ics::render(&guide, view(lang));
        let firm = guide
            .clocks
            .running
            .iter()
            .filter(|clock| clock.acting && clock.confidence == Confidence::Confirmed)
            .count();
        let tentative = calendar.matches("STATUS:TENTATIVE").count();
        assert_eq!(tentative, guide.clocks.running.len() - firm, "{name}");
    }
}

#[test]
fn calendar_lines_are_folded_and_unfold_to_what_was_written() {
    for (name, lang, guide) in cases() {
        let calendar = ics::render(&guide, view(lang));
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{name}");
        assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']), "{name}");
        let unfolded = calendar.replace("\r\n ", "");
        assert_eq!(unfolded.matches("BEGIN:VEVENT").count(), unfolded.matches("END:VEVENT").count());
        let mut uids: Vec<&str> = unfolded.lines().filter(|line| line.starts_with("UID:")).collect();
        let all = uids.len();
        uids.sort_unstable();
        uids.dedup();
        assert_eq!(uids.len(), all, "{name}: every event has an id of its own");
        for clock in &guide.clocks.running {
            let says =
                view(lang).says(&clock.fact).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
            assert!(unfolded.contains(&says), "{name}: {says}");
        }
    }
}

#[test]
fn the_questions_are_answered_by_number_or_by_name() {
    let mut said = Vec::new();
    let typed = "1\n1,school\nnobody\n\nchat 4\nmissing\n";
    let answers = ask::ask(Lang::En, &mut typed.as_bytes(), &mut said).unwrap();
    assert_eq!(answers.owner, Owner::Me);
    assert_eq!(answers.holds, [Holds::Files, Holds::School].into());
    assert!(answers.links.is_empty(), "what is no choice is asked again");
    assert_eq!(answers.keep, [Keep::Chat, Keep::Evidence].into());
    assert_eq!(answers.button, Button::Missing);
    assert!(String::from_utf8(said).unwrap().contains("is none of the choices"));
    let ended = ask::ask(Lang::En, &mut "".as_bytes(), &mut Vec::new()).unwrap_err();
    assert_eq!(ended.code(), "guide.answer");
}

#[test]
fn a_time_without_an_offset_is_beijing_time() {
    assert_eq!(typed_time("2026-12-01 20:00"), Some((at(), 480)));
    assert_eq!(typed_time("2026-12-01T07:00:00-05:00"), Some((at(), -300)));
    assert_eq!(typed_time("2026-12-01T12:00:00Z"), Some((at(), 0)));
    assert_eq!(typed_time("tomorrow"), None);
    assert!(view(Lang::En).time(at()).starts_with("2026-12-01 20:00"));
}

#[test]
fn what_is_reached_is_said_as_what_it_is() {
    assert_eq!(made("wechat", &usual()).outcome, Outcome::Dissolved);
    let missing = Answers { button: Button::Missing, ..usual() };
    assert_eq!(made("wechat", &missing).outcome, Outcome::Emptied);
    assert_eq!(made("wecom", &missing).outcome, Outcome::NotByYou);
}
