//! `[storage]`: where archives go that are to lie somewhere else.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_adapters::storage::{S3Storage, Settings};
use adjourn_app::AppError;
use adjourn_app::ports::{self, Clock};
use adjourn_domain::stored::LockMode;
use serde::Deserialize;

use crate::{Environment, Secret};

/// The most days that something may be locked: nobody shortens a lock in compliance mode.
const MAX_DAYS: u32 = 36_500;

/// What kind of storage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// The folder of the bundles, and nothing else.
    #[default]
    Directory,
    /// A bucket.
    S3,
}

/// How objects are locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Locked {
    /// Not at all.
    #[default]
    None,
    /// Whoever has the right to takes it off.
    Governance,
    /// Nobody takes it off.
    Compliance,
}

/// When exports are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Store {
    /// When somebody says `archive put`.
    #[default]
    Manual,
    /// When they are finished.
    Automatic,
}

/// `[storage]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Storage {
    /// What kind.
    kind: Kind,
    /// When exports are stored.
    store: Store,
    /// The server.
    endpoint: Option<String>,
    /// The region that signatures name.
    region: Option<String>,
    /// The bucket.
    bucket: Option<String>,
    /// What keys begin with.
    prefix: String,
    /// Whether the bucket is named in the path.
    path_style: bool,
    /// Which key signs.
    access_key: Option<String>,
    /// File with that key.
    secret_file: Option<PathBuf>,
    /// How objects are locked.
    lock: Locked,
    /// For how many days.
    retain_days: Option<u32>,
    /// Whether objects get a legal hold.
    legal_hold: bool,
    /// What the environment says, where the file is silent.
    #[serde(skip)]
    environment: (Option<String>, Option<Secret>),
}

impl Storage {
    /// The same with the key of the environment, for whoever keeps none in files.
    pub(crate) fn with(self, environment: &Environment) -> Self {
        Self { environment: (environment.storage_key.clone(), environment.storage_secret.clone()), ..self }
    }

    /// Whether finished exports are stored by themselves.
    pub(crate) fn automatic(&self) -> bool {
        self.store == Store::Automatic
    }

    /// The bucket; `None` where archives stay in their folder.
    ///
    /// # Errors
    /// `config.invalid` names the key; `io` when the secret can't be read.
    pub(crate) fn open(
        &self,
        ca: Option<&Path>,
        bundles: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Arc<dyn ports::Storage>>, AppError> {
        let bad = |says: &str| AppError::new("config.invalid").with("says", format!("storage.{says}"));
        let text =
            |path: &Path| std::fs::read_to_string(path).map_err(|error| AppError::io(&error, path.display()));
        if self.kind == Kind::Directory {
            let meant = self.endpoint.is_some() || self.bucket.is_some() || self.lock != Locked::None;
            return if meant || self.legal_hold || self.automatic() {
                Err(bad("kind: has to be \"s3\" for this"))
            } else {
                Ok(None)
            };
        }
        let lock = match (self.lock, self.retain_days) {
            (Locked::None, None) => None,
            (Locked::None, Some(_)) => return Err(bad("lock: is needed with retain_days")),
            (_, None) => return Err(bad("retain_days: is needed with lock")),
            (_, Some(days)) if !(1..=MAX_DAYS).contains(&days) => {
                return Err(bad(&format!("retain_days: 1 to {MAX_DAYS}")));
            }
            (Locked::Governance, Some(days)) => Some((LockMode::Governance, days)),
            (Locked::Compliance, Some(days)) => Some((LockMode::Compliance, days)),
        };
        let (named, secret) = (self.access_key.clone(), self.secret_file.as_deref());
        let access_key = named.or_else(|| self.environment.0.clone());
        let secret = match secret {
            Some(path) => Some(text(path)?.trim().to_owned()),
            None => self.environment.1.clone().map(|secret| secret.0),
        };
        let settings = Settings {
            endpoint: self.endpoint.clone().ok_or_else(|| bad("endpoint: is missing"))?,
            region: self.region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
            bucket: self
                .bucket
                .clone()
                .filter(|name| !name.is_empty())
                .ok_or_else(|| bad("bucket: is missing"))?,
            prefix: self.prefix.clone(),
            path_style: self.path_style,
            access_key: access_key.ok_or_else(|| bad("access_key: is missing"))?,
            secret: secret.ok_or_else(|| bad("secret_file: is missing"))?,
            lock,
            legal_hold: self.legal_hold,
            ca_pem: ca.map(text).transpose()?.map(String::into_bytes),
            working: bundles.join("uploads"),
        };
        let storage = S3Storage::new(settings, clock).map_err(|says| bad(&says))?;
        Ok(Some(Arc::new(storage)))
    }
}

#[cfg(test)]
mod tests {
    use adjourn_adapters::clock::SystemClock;

    use super::*;

    #[test]
    fn half_a_bucket_is_refused_and_none_is_a_folder() {
        let open = |text: &str, secret: Option<&str>| {
            let environment = Environment {
                storage_secret: secret.map(|text| Secret(text.to_owned())),
                ..Environment::default()
            };
            let storage: Storage = toml::from_str(text).unwrap();
            storage.with(&environment).open(None, Path::new("/nowhere"), Arc::new(SystemClock))
        };
        let whole = "kind='s3'\nendpoint='https://s3.example.org'\nbucket='b'\naccess_key='k'\n";
        assert!(open("", None).unwrap().is_none());
        assert!(open(whole, Some("s")).unwrap().is_some());
        let by_itself = |text: &str| toml::from_str::<Storage>(text).unwrap().automatic();
        assert!(!by_itself(whole) && by_itself(&format!("{whole}store='automatic'\n")));
        assert!(open(&format!("{whole}lock='compliance'\nretain_days=30\n"), Some("s")).unwrap().is_some());
        for (bad, says) in [
            ("lock='governance'\n", "retain_days"),
            ("retain_days=3\n", "lock"),
            ("lock='compliance'\nretain_days=0\n", "1 to 36500"),
            ("prefix='a/../b'\n", "prefix"),
        ] {
            let error = open(&format!("{whole}{bad}"), Some("s")).err().unwrap();
            assert!(error.code() == "config.invalid" && error.to_string().contains(says), "{bad}: {error}");
        }
        for (bad, says) in [
            (whole.replace("'b'", "''"), "bucket"),
            (whole.replace("https", "http"), "https"),
            (whole.replace("example.org", "example.org/path"), "without a path"),
            (whole.replace("kind='s3'\n", ""), "kind"),
            ("store='automatic'\n".to_owned(), "kind"),
            ("kind='s3'\n".to_owned(), "missing"),
        ] {
            let error = open(&bad, Some("s")).err().unwrap();
            assert!(error.code() == "config.invalid" && error.to_string().contains(says), "{bad}: {error}");
        }
        assert_eq!(open(whole, None).err().unwrap().code(), "config.invalid");
        assert_eq!(
            open(&format!("{whole}secret_file='/nowhere/x'\n"), Some("s")).err().unwrap().code(),
            "io"
        );
    }
}
