//! Platform profiles: TOML files, compiled in, so that the binary is whole.

use adjourn_app::AppError;
use adjourn_domain::fact::Profile;

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

#[cfg(test)]
mod tests {
    use super::*;

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
