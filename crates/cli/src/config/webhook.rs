//! `[webhook.NAME]`: addresses that are told what happens.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_adapters::hooks::{HttpHook, Refused};
use adjourn_app::AppError;
use adjourn_app::hooks::{Endpoint, check_kind};
use serde::Deserialize;

/// Days after which an address that takes nothing is given up, if nothing else is said.
const GIVE_UP_DAYS: u64 = 5;
/// The most of them.
const MAX_DAYS: u64 = 30;

/// `[webhook.NAME]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    /// Where events are posted.
    url: String,
    /// File with the secret that signs.
    secret_file: PathBuf,
    /// File with the secret from before.
    old_secret_file: Option<PathBuf>,
    /// Kinds of events that are wanted; all of them if empty.
    #[serde(default)]
    events: Vec<String>,
    /// Days after which it is given up.
    give_up_days: Option<u64>,
}

impl Webhook {
    /// Refuses kinds of events that there are none of.
    ///
    /// # Errors
    /// `webhook.event`.
    pub(crate) fn check(&self, name: &str) -> Result<(), AppError> {
        self.events.iter().try_for_each(|kind| check_kind(name, kind))
    }

    /// The address; `private` are hosts that may be on a private network.
    ///
    /// # Errors
    /// `config.invalid` names what is wrong, `webhook.private` for an address on such a network; `io` when a secret can't be read.
    pub(crate) fn open(&self, name: &str, private: &[String]) -> Result<Endpoint, AppError> {
        let bad =
            |says: &str| AppError::new("config.invalid").with("says", format!("webhook.{name}: {says}"));
        let days = self.give_up_days.unwrap_or(GIVE_UP_DAYS);
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(bad(&format!("give_up_days: 1 to {MAX_DAYS}")));
        }
        let mut secrets = vec![read(&self.secret_file)?];
        if let Some(old) = &self.old_secret_file {
            secrets.push(read(old)?);
        }
        let hook = HttpHook::new(&self.url, &secrets, private).map_err(|refused| match refused {
            Refused::Form(says) => bad(&says),
            Refused::Private(says) => {
                AppError::new("webhook.private").with("name", name).with("says", says)
            }
        })?;
        Ok(Endpoint {
            name: name.to_owned(),
            events: self.events.iter().cloned().collect(),
            give_up_s: days * 86_400,
            hook: Arc::new(hook),
        })
    }

    /// Kinds of events that are wanted.
    pub(crate) fn events(&self) -> &[String] {
        &self.events
    }
}

fn read(path: &Path) -> Result<String, AppError> {
    std::fs::read_to_string(path).map_err(|error| AppError::io(&error, path.display()))
}
