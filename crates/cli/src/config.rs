//! Configuration: one TOML file. An unknown key is an error that names it: a misspelt policy must not be ignored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_domain::policy::{ClassPolicy, Policy};
use serde::Deserialize;

/// The configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Policy by class; classes that are not named keep the standard one.
    pub(crate) policy: BTreeMap<String, ClassPolicy>,
    /// The time stamp authority.
    pub(crate) timestamp: Timestamp,
    /// How platforms are called.
    pub(crate) http: Http,
    /// Facts about platforms.
    pub(crate) facts: Facts,
}

/// `[facts]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Facts {
    /// Days after which a source has to be checked again.
    pub(crate) stale_days: u64,
}

impl Default for Facts {
    fn default() -> Self {
        Self { stale_days: adjourn_domain::fact::STALE_DAYS }
    }
}

/// `[timestamp]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Timestamp {
    /// URL of an RFC 3161 authority.
    pub(crate) url: Option<String>,
    /// Certificate authority that its certificates must lead to, a PEM file.
    pub(crate) ca: Option<PathBuf>,
}

/// `[http]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Http {
    /// A certificate authority to trust besides the system's, a PEM file.
    pub(crate) ca: Option<PathBuf>,
    /// Until a whole reply is there, in seconds.
    pub(crate) reply_s: Option<u64>,
}

impl Config {
    /// Reads the file, or gives the standard configuration where none was named and there is none.
    ///
    /// # Errors
    /// `config.unknown_key`, `config.invalid`, `config.missing`.
    pub(crate) fn read(named: Option<&Path>, data: &Path) -> Result<Self, AppError> {
        let path = named.map_or_else(|| data.join("config.toml"), Path::to_path_buf);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(
                    AppError::new("config.missing").with("says", format!("{}: {error}", path.display()))
                );
            }
        };
        toml::from_str(&text).map_err(|error| {
            let says = error.message().to_owned();
            if says.contains("unknown field") {
                let key = says.split('`').nth(1).unwrap_or_default().to_owned();
                return AppError::new("config.unknown_key")
                    .with("key", key)
                    .with("path", path.display())
                    .with("says", says);
            }
            AppError::new("config.invalid").with("says", format!("{}: {says}", path.display()))
        })
    }

    /// The organisation's policy, checked.
    ///
    /// # Errors
    /// `config.invalid` when it would switch an invariant off.
    pub(crate) fn policy(&self) -> Result<Policy, AppError> {
        let mut policy = Policy::default();
        policy.0.extend(self.policy.iter().map(|(class, policy)| (class.clone(), policy.clone())));
        policy.check()?;
        Ok(policy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_named() {
        let dir = std::env::temp_dir().join("adjourn-config-test");
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("c.toml");
        std::fs::write(&path, "[timestamp]\nurll = 'x'\n").unwrap();
        let error = Config::read(Some(&path), &dir).unwrap_err();
        assert_eq!(error.code(), "config.unknown_key");
        assert_eq!(error.0.args["key"], "urll");
        std::fs::write(&path, "[timestamp\n").unwrap();
        assert_eq!(Config::read(Some(&path), &dir).unwrap_err().code(), "config.invalid");
        assert_eq!(Config::read(Some(&dir.join("no.toml")), &dir).unwrap_err().code(), "config.missing");
    }
}
