//! Packs of jurisdictions: TOML files, compiled in. One more jurisdiction is one more file.

use adjourn_app::AppError;
use adjourn_domain::law::Pack;

/// The packs that act where the configuration says nothing.
pub const STANDARD: [&str; 1] = ["prc"];

const FILES: [(&str, &str); 1] = [("prc", include_str!("../../../profiles/law/prc.toml"))];

/// The packs of these names, in this order, each once. None is an answer: no law counts then.
///
/// # Errors
/// `law.unknown` for a name that is no pack's; `internal` for a pack with an unknown key, without a basis, or with a number
/// that is no length of time.
pub fn packs(names: &[impl AsRef<str>]) -> Result<Vec<Pack>, AppError> {
    let mut chosen: Vec<Pack> = Vec::new();
    for name in names.iter().map(AsRef::as_ref) {
        let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or_else(|| {
            let known = FILES.map(|(known, _)| known).join(", ");
            AppError::new("law.unknown").with("law", name).with("choices", known)
        })?;
        if chosen.iter().all(|pack| pack.law != name) {
            chosen.push(read(name, text)?);
        }
    }
    Ok(chosen)
}

fn read(name: &str, text: &str) -> Result<Pack, AppError> {
    let failed = |says: String| AppError::new("internal").with("says", format!("law {name}: {says}"));
    let pack: Pack = toml::from_str(text).map_err(|error| failed(error.to_string()))?;
    if pack.law != name || pack.keep.is_empty() {
        return Err(failed("another name, or no rules".to_owned()));
    }
    match pack.facts.iter().find(|fact| !fact.key.starts_with("law.")) {
        Some(stray) => Err(failed(format!("{} is no fact about a law", stray.key))),
        None => Ok(pack),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use adjourn_domain::asset::{Asset, Day, Holding};
    use adjourn_domain::group::Kind;
    use adjourn_domain::law::{About, HeldIn, RecordClass};
    use adjourn_domain::policy::PERSONAL;
    use adjourn_domain::register::Registration;
    use adjourn_domain::retention::{Standing, periods};
    use adjourn_domain::run::GroupState;
    use adjourn_domain::time::Time;

    use super::*;

    fn prc() -> Pack {
        packs(&STANDARD).unwrap().remove(0)
    }

    /// The last days of what is kept of a group that ended on 2026-08-31, by class.
    fn kept(kind: Kind, holdings: Option<&[Holding]>) -> BTreeMap<&'static str, String> {
        kept_by(&[prc()], "important", kind, holdings)
    }

    fn kept_by(
        packs: &[Pack],
        class: &str,
        kind: Kind,
        holdings: Option<&[Holding]>,
    ) -> BTreeMap<&'static str, String> {
        let holdings = holdings.map(|all| all.iter().copied().collect::<BTreeSet<_>>());
        let end = Time::parse("2026-08-31T15:59:00Z").unwrap();
        periods(packs, About { kind, class, holdings: holdings.as_ref() }, end, 480)
            .iter()
            // The longest comes first.
            .rev()
            .map(|period| (period.class.slug(), period.until.to_string()))
            .collect()
    }

    #[test]
    fn req_c4_logs_are_kept_six_months_of_the_calendar_by_the_amended_article() {
        let pack = prc();
        let logs = pack.keep.iter().find(|rule| rule.class == RecordClass::Logs).unwrap();
        assert_eq!((logs.months, logs.held_in), (6, HeldIn::JournalHeaders));
        assert!(
            logs.basis.article.en.contains("23(3)")
                && logs.basis.article.en.contains("formerly article 21(3)")
        );
        // The last day of a shorter month, where the calendar has no 31st; and every group has logs.
        let nothing = kept(Kind::Ordinary, Some(&[]));
        assert_eq!(nothing, BTreeMap::from([("logs", "2027-02-28".to_owned())]));
    }

    #[test]
    fn req_c2_vouchers_are_kept_three_years_and_the_pack_says_whom_the_article_binds() {
        for (kind, holdings) in [(Kind::Trading, &[][..]), (Kind::Ordinary, &[Holding::Vouchers][..])] {
            assert_eq!(kept(kind, Some(holdings)).get("trade_records").unwrap(), "2029-08-31");
        }
        assert_eq!(kept(Kind::Enterprise, Some(&[Holding::BusinessSecrets])).get("trade_records"), None);
        let pack = prc();
        let trade = pack.keep.iter().find(|rule| rule.class == RecordClass::TradeRecords).unwrap();
        assert!(trade.binds.en.contains("operators of e-commerce platforms, not a group's owner"));
        assert!(trade.claim.en.contains("no revocation"));
    }

    #[test]
    fn req_c2_a_trading_group_of_which_only_the_register_knows_keeps_its_vouchers() {
        let registration = |kind| Registration {
            owner: "o-1".into(),
            owner_name: "Li".to_owned(),
            contact: String::new(),
            purpose: None,
            kind,
            ledger: None,
            row: 0,
            asset: Asset { holds: Some(BTreeSet::new()), ..Asset::default() },
        };
        let now = Time::parse("2026-08-31T15:59:00Z").unwrap();
        for (kind, kept) in [(Some(Kind::Trading), true), (Some(Kind::Education), false), (None, false)] {
            let mut group = GroupState::new("g-1".into());
            group.registration = Some(Box::new(registration(kind)));
            let periods = Standing::of(&group, &[prc()], now, 480).periods;
            assert_eq!(
                periods.iter().any(|period| period.class == RecordClass::TradeRecords),
                kept,
                "{kind:?}"
            );
        }
    }

    #[test]
    fn req_c1_records_about_personal_data_are_kept_three_years_and_what_nobody_said_counts() {
        let personal = kept(Kind::Ordinary, Some(&[Holding::PersonalData]));
        assert_eq!(personal.get("provision_records").unwrap(), "2029-08-31");
        assert_eq!(personal.get("impact_assessments").unwrap(), "2029-08-31");
        assert_eq!(kept(Kind::Ordinary, None).len(), 4);
        assert_eq!(kept(Kind::Ordinary, Some(&Holding::ALL)), kept(Kind::Ordinary, None));
    }

    #[test]
    fn req_c1_every_rule_names_its_law_its_source_and_when_it_was_read() {
        for rule in prc().keep {
            let place = rule.class.slug();
            assert!(
                rule.basis.article.zh.contains('\u{300a}') && rule.basis.article.en.contains("article"),
                "{place}"
            );
            assert!(rule.basis.checked >= Day::read("2026-01-01").unwrap(), "{place}");
            assert!(!rule.claim.zh.is_ascii() && !rule.binds.zh.is_ascii(), "{place}");
        }
    }

    #[test]
    fn req_c3_a_natural_persons_own_matter_is_left_out_where_an_article_says_so() {
        let own = kept_by(&[prc()], PERSONAL, Kind::Trading, None);
        assert_eq!(own.keys().copied().collect::<Vec<_>>(), ["logs", "trade_records"]);
        let pack = prc();
        let articles = pack.keep.iter().filter_map(|rule| rule.household.as_ref());
        let articles: Vec<&str> = articles.map(|basis| basis.article.en.as_str()).collect();
        assert!(articles.len() == 2 && articles[0].ends_with("article 72"), "{articles:?}");
        let duty = pack.notice.unwrap();
        assert!(duty.basis.article.en.contains("articles 17 and 23"));
        assert!(duty.household.unwrap().article.en.ends_with("article 72"));
    }

    #[test]
    fn req_c4_packs_are_chosen_by_name_and_none_is_an_answer() {
        let names = |packs: &[Pack]| packs.iter().map(|pack| pack.law.clone()).collect::<Vec<_>>();
        assert_eq!(names(&packs(&["prc", "prc"]).unwrap()), ["prc"], "each counts once");
        assert!(packs(&[] as &[&str]).unwrap().is_empty());
        assert_eq!(kept_by(&[], "important", Kind::Trading, None), BTreeMap::new());
        let error = packs(&["prc", "atlantis"]).unwrap_err();
        assert_eq!(error.code(), "law.unknown");
        assert_eq!((&*error.0.args["law"], &*error.0.args["choices"]), ("atlantis", "prc"));
    }

    #[test]
    fn req_c2_of_two_packs_each_keeps_its_own_and_the_longest_counts() {
        let (_, text) = FILES[0];
        let other = text.replacen("law = \"prc\"", "law = \"other\"", 1).replace("years = 3", "years = 5");
        let both = [prc(), read("other", &other).unwrap()];
        let kept = kept_by(&both, "important", Kind::Trading, Some(&[]));
        assert_eq!(kept["trade_records"], "2031-08-31");
        let end = Time::parse("2026-08-31T15:59:00Z").unwrap();
        let about = About { kind: Kind::Trading, class: "important", holdings: Some(&BTreeSet::new()) };
        let laws: Vec<_> = periods(&both, about, end, 480).into_iter().map(|one| one.law).collect();
        assert_eq!(laws.len(), 4, "logs and trade records of each: {laws:?}");
    }

    #[test]
    fn a_pack_with_an_unknown_key_or_without_a_basis_is_an_error() {
        let (_, text) = FILES[0];
        assert!(read("prc", text).is_ok());
        for (from, to, says) in [
            ("law = \"prc\"", "law = \"prc\"\nlow = 1", "unknown field"),
            ("months = 6", "months = 6\nwhen = \"now\"", "unknown field"),
            ("months = 6", "months = 6\nyears = 1", "months or years"),
            ("months = 6", "months = 0", "months or years"),
            ("months = 6\n", "", "months or years"),
            ("basis.checked = \"2026-11-22\"\n", "", "missing field"),
            ("basis.checked = \"2026-11-22\"", "basis.checked = \"2026-02-31\"", "not a date"),
            ("basis.source = \"https://", "basis.source = \"", "https"),
            ("class = \"logs\"", "class = \"log\"", "unknown variant"),
            ("law = \"prc\"", "law = \"eu\"", "another name"),
            ("basis.short.en = \"Cyber", "basis.short.en = \"\" # ", "a text is empty"),
            ("household.checked", "household.read", "unknown field"),
            ("key = \"law.anonymise.basis\"", "key = \"dissolve.who\"", "no fact about a law"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{from}");
            let error = read("prc", &broken).unwrap_err();
            assert!(format!("{:?}", error.0).contains(says), "{from} -> {to}: {error:?}");
        }
        let bare: String = text
            .lines()
            .filter(|line| !line.starts_with("basis."))
            .fold(String::new(), |all, line| all + line + "\n");
        assert!(format!("{:?}", read("prc", &bare).unwrap_err().0).contains("basis"));
    }
}
