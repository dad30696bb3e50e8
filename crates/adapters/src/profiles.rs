//! Platform profiles: TOML files, compiled in, so that the binary is whole.

use adjourn_app::AppError;
use adjourn_app::ports::Facts;
use adjourn_domain::fact::{Profile, Rules};
use adjourn_domain::group::LinkKind;
use adjourn_domain::kinds::{Fate, Fates};

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

/// The profile of a platform.
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

/// The profiles as the port of the use cases, under one set of rules.
#[derive(Debug, Clone, Copy)]
pub struct ProfileFacts(pub Rules);

impl Facts for ProfileFacts {
    fn fates(&self, platform: &str) -> Fates {
        let Ok(profile) = profile(platform) else { return Fates::new() };
        let fate = |key: &str| {
            Some(match profile.text(key, self.0)? {
                "unbound" | "stops" => Fate::ByItself,
                "kept" | "logs_kept" | "apart" => Fate::Kept,
                "by_hand" => Fate::ByHand,
                "finance_audit" => Fate::FinanceAudit,
                _ => return None,
            })
        };
        let rows = [
            ("link.mini_program", &[LinkKind::MiniProgram, LinkKind::App][..]),
            ("link.payment", &[LinkKind::Payment]),
            ("link.bot", &[LinkKind::Bot, LinkKind::Webhook, LinkKind::Bridge]),
        ];
        rows.iter()
            .filter_map(|(key, kinds)| Some((fate(key)?, kinds)))
            .flat_map(|(fate, kinds)| kinds.iter().map(move |kind| (*kind, fate)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn req_l1_what_becomes_of_links_is_told_by_the_profiles() {
        let facts = ProfileFacts(Rules::Declared);
        let of = |platform: &str, kind| facts.fates(platform).get(&kind).copied();
        assert_eq!(of("wechat", LinkKind::MiniProgram), Some(Fate::ByItself));
        assert_eq!(of("qq", LinkKind::MiniProgram), Some(Fate::Kept));
        assert_eq!(of("dingtalk", LinkKind::App), Some(Fate::ByHand));
        assert_eq!(of("unheard-of", LinkKind::Bot), None);
    }

    #[test]
    fn req_l2_what_becomes_of_payments_is_told_by_the_profiles() {
        let facts = ProfileFacts(Rules::Declared);
        let of = |platform: &str| facts.fates(platform).get(&LinkKind::Payment).copied();
        assert_eq!(of("wechat"), Some(Fate::Kept));
        assert_eq!(of("qq"), Some(Fate::Kept));
        assert_eq!(of("dingtalk"), Some(Fate::FinanceAudit));
    }

    #[test]
    fn req_l3_what_becomes_of_bots_is_told_by_the_profiles() {
        let facts = ProfileFacts(Rules::Declared);
        let of = |platform: &str| facts.fates(platform).get(&LinkKind::Bot).copied();
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
}
