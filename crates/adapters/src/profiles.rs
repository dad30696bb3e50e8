//! Platform profiles: TOML files, compiled in, so that the binary is whole. What is known about laws is the same for all of
//! them and comes from the packs ([`law`](crate::law)).

use adjourn_app::AppError;
use adjourn_app::ports::Profiles;
use adjourn_domain::fact::Profile;
use adjourn_domain::ids::PlatformId;
use adjourn_domain::law::Pack;

const FILES: [(&str, &str); 5] = [
    ("wechat", include_str!("../../../profiles/wechat.toml")),
    ("qq", include_str!("../../../profiles/qq.toml")),
    ("dingtalk", include_str!("../../../profiles/dingtalk.toml")),
    ("wecom", include_str!("../../../profiles/wecom.toml")),
    ("matrix", include_str!("../../../profiles/matrix.toml")),
];

/// The platforms that have a profile.
pub fn platforms() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// What is known about a platform alone, without any law.
///
/// # Errors
/// `facts.unknown` when there is none.
pub fn profile(platform: &str) -> Result<Profile, AppError> {
    let (_, text) = FILES
        .iter()
        .find(|(name, _)| *name == platform)
        .ok_or_else(|| AppError::new("facts.unknown").with("platform", platform))?;
    toml::from_str(text)
        .map_err(|error| AppError::new("internal").with("says", format!("profile {platform}: {error}")))
}

/// The profiles as a port, with the laws that the organisation chose.
#[derive(Debug, Clone, Default)]
pub struct BuiltIn {
    laws: Vec<Pack>,
}

impl BuiltIn {
    /// The profiles under these laws.
    pub fn new(laws: Vec<Pack>) -> Self {
        Self { laws }
    }

    /// What is known about a platform: its own facts, then those of the laws.
    ///
    /// # Errors
    /// `facts.unknown` when there is no such profile.
    pub fn read(&self, platform: &str) -> Result<Profile, AppError> {
        let mut profile = profile(platform)?;
        profile.facts.extend(self.laws.iter().flat_map(|pack| pack.facts.iter().cloned()));
        Ok(profile)
    }
}

impl Profiles for BuiltIn {
    fn profile(&self, platform: &PlatformId) -> Result<Option<Profile>, AppError> {
        match self.read(platform.as_str()) {
            Ok(profile) => Ok(Some(profile)),
            Err(error) if error.code() == "facts.unknown" => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn laws(&self) -> Result<Vec<Pack>, AppError> {
        Ok(self.laws.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use adjourn_domain::fact::{Confidence, Rules};
    use adjourn_domain::group::LinkKind;
    use adjourn_domain::kinds::{Fate, Fates, fates};
    use adjourn_domain::knowledge::Knowledge;
    use adjourn_domain::time::Time;

    use super::*;
    use crate::law::{STANDARD, packs};

    /// A profile under the standard laws.
    fn profile(platform: &str) -> Result<Profile, AppError> {
        BuiltIn::new(packs(&STANDARD).unwrap()).read(platform)
    }

    /// The rows that the requirements list for everybody, with the key that each is about.
    const FOR_ALL: [(&str, &str); 20] = [
        ("G2", "act.leave_dissolves"),
        ("G7", "residue.devices"),
        ("G10", "act.delete_chat_dissolves"),
        ("N4", "notice.education"),
        ("N5", "notice.reaction"),
        ("S2", "special.judicial"),
        ("S2", "special.judicial.notary"),
        ("S3", "special.education"),
        ("E1", "exception.banned"),
        ("E1", "exception.banned_hours"),
        ("E2", "exception.once"),
        ("E3", "exception.mistake"),
        ("X1", "export.way"),
        ("X2", "strip.apps"),
        ("X3", "announce.same_text"),
        ("X4", "observe.seconds"),
        ("C1", "law.anonymise.basis"),
        ("C2", "law.trade.keep_years"),
        ("C3", "law.privacy.tell"),
        ("C4", "law.logs.months"),
    ];

    fn has(platform: &str, rows: &[(&str, &str)]) {
        let profile = profile(platform).unwrap();
        for (id, key) in FOR_ALL.iter().chain(rows) {
            assert!(
                profile.facts.iter().any(|fact| fact.id == *id && fact.key == *key),
                "{platform}: no fact {key} of row {id}"
            );
        }
    }

    /// Every value of a key, with its confidence, as JSON writes it.
    fn values(platform: &str, key: &str) -> BTreeSet<(String, &'static str)> {
        let facts = profile(platform).unwrap().facts;
        let of_key = facts.into_iter().filter(|fact| fact.key == key);
        of_key.map(|fact| (fact.value.to_string(), fact.confidence.slug())).collect()
    }

    fn kept(platform: &str, key: &str, expected: &[(&str, &'static str)]) {
        let found = values(platform, key);
        for (value, confidence) in expected {
            assert!(
                found.contains(&((*value).to_owned(), *confidence)),
                "{platform} {key}: no {value} {confidence} in {found:?}"
            );
        }
    }

    fn links(platform: &str) -> Fates {
        fates(&Knowledge::of(profile(platform).unwrap()), Rules::Declared)
    }

    #[test]
    fn req_l1_what_becomes_of_links_is_told_by_the_profiles() {
        let of = |platform: &str, kind| links(platform).get(&kind).copied();
        assert_eq!(of("wechat", LinkKind::MiniProgram), Some(Fate::ByItself));
        assert_eq!(of("qq", LinkKind::MiniProgram), Some(Fate::Kept));
        assert_eq!(of("dingtalk", LinkKind::App), Some(Fate::ByHand));
    }

    #[test]
    fn req_l2_what_becomes_of_payments_is_told_by_the_profiles() {
        let of = |platform: &str| links(platform).get(&LinkKind::Payment).copied();
        assert_eq!(of("wechat"), Some(Fate::Kept));
        assert_eq!(of("qq"), Some(Fate::Kept));
        assert_eq!(of("dingtalk"), Some(Fate::FinanceAudit));
    }

    #[test]
    fn req_l3_what_becomes_of_bots_is_told_by_the_profiles() {
        let of = |platform: &str| links(platform).get(&LinkKind::Bot).copied();
        assert_eq!(of("wechat"), Some(Fate::ByItself));
        assert_eq!(of("qq"), Some(Fate::Kept));
        assert_eq!(of("dingtalk"), Some(Fate::ByHand));
    }

    #[test]
    fn every_profile_reads_and_names_its_platform() {
        for name in platforms() {
            let profile = profile(name).unwrap();
            assert_eq!(profile.platform.as_str(), name);
            assert!(profile.facts.len() > 20, "{name} has {} facts", profile.facts.len());
        }
        assert_eq!(profile("icq").unwrap_err().code(), "facts.unknown");
    }

    #[test]
    fn every_fact_has_both_languages_a_source_and_a_date() {
        for name in platforms() {
            for fact in profile(name).unwrap().facts {
                let place = format!("{name} {} {}", fact.id, fact.key);
                assert!(!fact.says.zh.is_ascii() && !fact.says.en.is_empty(), "{place}");
                assert!(!fact.source.is_empty(), "{place}");
                for date in std::iter::once(&fact.checked).chain(&fact.ended) {
                    assert!(Time::parse(&format!("{date}T00:00:00Z")).is_some(), "{place}: {date}");
                }
                // What ended is contradicted by what holds now.
                assert!(fact.ended.is_none() || fact.confidence == Confidence::Contradicted, "{place}");
            }
        }
    }

    /// A value that official documentation contradicts has the confirmed one beside it.
    #[test]
    fn nothing_is_contradicted_by_nothing() {
        for name in platforms() {
            let facts = profile(name).unwrap().facts;
            for fact in facts.iter().filter(|fact| fact.confidence == Confidence::Contradicted) {
                assert!(
                    facts.iter().any(|other| other.key == fact.key
                        && other.confidence == Confidence::Confirmed
                        && other.value != fact.value),
                    "{name} {}: what contradicts it is missing",
                    fact.key
                );
            }
        }
    }

    #[test]
    fn req_c1_c2_c3_c4_facts_about_laws_are_in_the_packs_alone_and_every_profile_ends_with_them() {
        let law = packs(&STANDARD).unwrap().remove(0).facts;
        assert!(law.len() > 20);
        for name in platforms() {
            let own = super::profile(name).unwrap().facts;
            let stray = own.iter().find(|fact| fact.key.starts_with("law.") || fact.id.starts_with('C'));
            assert!(stray.is_none(), "{name}: {stray:?} is a fact of a pack");
            let whole = profile(name).unwrap().facts;
            assert_eq!(whole, [own.clone(), law.clone()].concat(), "{name}");
            assert_eq!(BuiltIn::default().read(name).unwrap().facts, own, "without laws there are none");
        }
    }

    /// What is published about the law stands beside what the articles say, in every profile.
    #[test]
    fn claims_about_the_law_stand_beside_the_articles() {
        for name in ["wechat", "qq", "dingtalk", "wecom"] {
            let both =
                [("\"data_security_law\"", "contradicted"), ("\"personal_information_law_47\"", "confirmed")];
            kept(name, "law.anonymise.basis", &both);
            kept(
                name,
                "law.data_security.fine_max",
                &[("500000", "contradicted"), ("10000000", "confirmed")],
            );
            kept(name, "law.trade.keep_years", &[("3", "declared"), ("3", "confirmed")]);
            let both = [("\"licence_revoked\"", "contradicted"), ("\"fine_or_suspension\"", "confirmed")];
            kept(name, "law.trade.penalty", &both);
            let both = [("\"daily_fine\"", "contradicted"), ("\"fine_or_turnover\"", "confirmed")];
            kept(name, "law.privacy.penalty", &both);
            kept(name, "law.logs.months", &[("6", "declared"), ("6", "confirmed")]);
        }
    }

    #[test]
    fn wechat_has_every_row_and_every_contradicting_value() {
        has(
            "wechat",
            &[
                ("P1", "dissolve.who"),
                ("P1", "dissolve.path"),
                ("P1", "dissolve.confirm"),
                ("N1", "notice.to"),
                ("N1", "notice.text"),
                ("N1", "notice.recall"),
                ("H1", "history.roaming_hours"),
                ("H1", "files.kept"),
                ("H1", "recovery.after_deletion"),
                ("S2", "special.judicial.path"),
                ("L1", "link.mini_program"),
                ("L2", "link.payment"),
                ("L3", "link.bot"),
                ("E1", "exception.banned_desk"),
                ("E2", "exception.interrupted"),
                ("E3", "mistake.recall_seconds"),
            ],
        );
        // Two minutes are for a slip, the notice can't be taken back: two clocks on two objects.
        kept("wechat", "mistake.recall_seconds", &[("120", "disputed"), ("0", "disputed")]);
        kept("wechat", "notice.recall_seconds", &[("0", "declared")]);
        kept("wechat", "dissolve.confirm", &[("\"type_name\"", "disputed"), ("\"none\"", "disputed")]);
        kept("wechat", "files.kept", &[("\"server_for_good\"", "disputed"), ("\"unstated\"", "disputed")]);
    }

    #[test]
    fn qq_has_every_row_and_every_contradicting_value() {
        has(
            "qq",
            &[
                ("P2", "dissolve.who"),
                ("P2", "dissolve.path"),
                ("P2", "dissolve.confirm"),
                ("N2", "notice.to"),
                ("N2", "notice.custom"),
                ("N2", "recovery.seconds"),
                ("H2", "history.roaming_hours"),
                ("H2", "files.kept"),
                ("H2", "files.kept_seconds"),
                ("H2", "recovery.request_seconds"),
                ("L1", "link.mini_program"),
                ("L2", "link.payment"),
                ("L3", "link.bot"),
                ("E2", "exception.interrupted"),
                ("E3", "rollback.per_month"),
            ],
        );
        kept("qq", "dissolve.who", &[("\"owner_or_admin\"", "contradicted"), ("\"owner\"", "confirmed")]);
        // A day for the group, a week for an application, three a month as a quota; nothing since 2023-10-13.
        kept("qq", "recovery.seconds", &[("86400", "contradicted"), ("0", "confirmed")]);
        kept("qq", "recovery.request_seconds", &[("604800", "contradicted"), ("0", "confirmed")]);
        kept("qq", "rollback.per_month", &[("3", "contradicted"), ("0", "confirmed")]);
        let ended = profile("qq").unwrap().facts.into_iter().filter_map(|fact| fact.ended);
        assert_eq!(ended.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(), ["2023-10-13"]);
    }

    #[test]
    fn dingtalk_has_every_row_and_every_contradicting_value() {
        has(
            "dingtalk",
            &[
                ("P3", "dissolve.who"),
                ("P3", "dissolve.path"),
                ("P3", "dissolve.confirm"),
                ("N3", "notice.to"),
                ("N3", "notice.text"),
                ("N3", "notice.recall"),
                ("H3", "history.where"),
                ("H3", "files.kept"),
                ("H3", "files.kept_seconds"),
                ("H3", "recovery.by"),
                ("L1", "link.mini_program"),
                ("L2", "link.payment"),
                ("L3", "link.bot"),
                ("E2", "exception.interrupted"),
            ],
        );
        kept("dingtalk", "dissolve.who", &[("\"main_admin\"", "contradicted"), ("\"owner\"", "confirmed")]);
        kept(
            "dingtalk",
            "dissolve.confirm",
            &[("\"super_admin\"", "contradicted"), ("\"none\"", "confirmed")],
        );
    }

    #[test]
    fn wecom_has_every_row_and_every_contradicting_value() {
        has(
            "wecom",
            &[
                ("P4", "dissolve.who"),
                ("P4", "dissolve.path"),
                ("P4", "dissolve.confirm"),
                ("P4", "handover.daily_limit"),
                ("H4", "history.where"),
                ("H4", "files.kept"),
                ("S1", "special.handover"),
                ("S1", "special.archive"),
                ("E2", "exception.interrupted"),
            ],
        );
        kept("wecom", "dissolve.who", &[("\"org_admin\"", "contradicted"), ("\"owner\"", "confirmed")]);
        kept("wecom", "history.automatic", &[("true", "contradicted"), ("false", "confirmed")]);
    }
}
