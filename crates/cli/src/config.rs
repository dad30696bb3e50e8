//! Configuration: one TOML file. An unknown key is an error that names it: a misspelt policy must not be ignored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use adjourn_adapters::law;
use adjourn_adapters::parties::{Channel, ConfiguredParties, FileChannel, WebhookChannel};
use adjourn_adapters::profiles::BuiltIn;
use adjourn_app::hooks::Endpoint;
use adjourn_app::register::Rules;
use adjourn_app::{AppError, ports};
use adjourn_domain::audit::{Every, Limits};
use adjourn_domain::party::Party;
use adjourn_domain::policy::{ClassPolicy, Policy};
use adjourn_domain::template::Template;
use serde::Deserialize;

mod archive;
mod deposit;
#[cfg(test)]
mod keys;
mod passkey;
mod storage;
mod webhook;

pub(crate) use archive::Archive;
pub(crate) use deposit::Keeper;
pub(crate) use passkey::Passkey;
pub(crate) use storage::Storage;
pub(crate) use webhook::Webhook;

/// The configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Policy by class; classes that are not named keep the standard one.
    pub(crate) policy: BTreeMap<String, ClassPolicy>,
    /// The time stamp authority.
    pub(crate) timestamp: Timestamp,
    /// The keeper of evidence.
    pub(crate) deposit: Keeper,
    /// How originals are kept.
    pub(crate) archive: Archive,
    /// Where archives go that are to lie somewhere else.
    pub(crate) storage: Storage,
    /// How platforms are called.
    pub(crate) http: Http,
    /// Facts about platforms.
    pub(crate) facts: Facts,
    /// Whose laws count.
    pub(crate) law: Law,
    /// What the asset register counts by.
    pub(crate) register: Register,
    /// Who we are, as members are told.
    pub(crate) organisation: Option<Organisation>,
    /// Compliance audits.
    pub(crate) audit: Audit,
    /// The instruction channel.
    pub(crate) channel: Outposts,
    /// The others who stand in the way, by their slug.
    pub(crate) party: BTreeMap<String, PartyChannel>,
    /// Addresses that are told what happens, by name.
    pub(crate) webhook: BTreeMap<String, Webhook>,
    /// Where people use their passkeys.
    pub(crate) passkey: Passkey,
    /// Templates of new groups, by name.
    pub(crate) template: BTreeMap<String, Template>,
}

/// How long to wait for another process that has the outposts, in seconds, if nothing else is said.
const WAIT_S: u64 = 20;
/// The longest such wait.
const MAX_WAIT_S: u64 = 600;

/// `[channel]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Outposts {
    /// Address where outposts dial in, `0.0.0.0:7443`.
    pub(crate) listen: Option<String>,
    /// How long to wait for another process that has the outposts, in seconds.
    wait_s: Option<u64>,
}

impl Outposts {
    /// How long to wait for another process that has the outposts, in seconds.
    ///
    /// # Errors
    /// `config.invalid` for a number out of range.
    pub(crate) fn wait_s(&self) -> Result<u64, AppError> {
        match self.wait_s.unwrap_or(WAIT_S) {
            seconds @ 0..=MAX_WAIT_S => Ok(seconds),
            _ => {
                Err(AppError::new("config.invalid")
                    .with("says", format!("channel.wait_s: 0 to {MAX_WAIT_S}")))
            }
        }
    }
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

/// `[law]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Law {
    /// The packs of the jurisdictions; an empty list for none.
    pub(crate) packs: Vec<String>,
}

impl Default for Law {
    fn default() -> Self {
        Self { packs: law::STANDARD.map(str::to_owned).into() }
    }
}

/// `[audit]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Audit {
    /// How often: month, quarter, half_year, year. `serve` and `worker` make the report when the period is over.
    pub(crate) every: Option<Every>,
    /// Days that a plan may lie in review, 1 to 365.
    pub(crate) review_days: Option<u32>,
    /// Days that a hold may last before somebody should ask whether it still has a reason, 1 to 3650.
    pub(crate) hold_days: Option<u32>,
    /// Days that a record may wait for a decision after its periods have run out, 1 to 3650.
    pub(crate) disposition_days: Option<u32>,
}

impl Audit {
    /// When something is late.
    ///
    /// # Errors
    /// `config.invalid` for a number out of range.
    pub(crate) fn limits(&self) -> Result<Limits, AppError> {
        let within =
            |name: &str, given: Option<u32>, standard: u32, most: u32| match given.unwrap_or(standard) {
                days if (1..=most).contains(&days) => Ok(days),
                _ => Err(AppError::new("config.invalid").with("says", format!("audit.{name}: 1 to {most}"))),
            };
        let standard = Limits::default();
        Ok(Limits {
            review_days: within("review_days", self.review_days, standard.review_days, 365)?,
            hold_days: within("hold_days", self.hold_days, standard.hold_days, 3650)?,
            disposition_days: within(
                "disposition_days",
                self.disposition_days,
                standard.disposition_days,
                3650,
            )?,
        })
    }
}

/// `[register]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "they are the keys of the file, and say their unit")]
pub(crate) struct Register {
    /// Days without activity after which a group is idle.
    pub(crate) idle_days: u64,
    /// Days before its last day from which on a group is about to expire.
    pub(crate) expiring_days: u64,
    /// Days that there are to name a successor.
    pub(crate) owed_days: u64,
}

impl Default for Register {
    fn default() -> Self {
        let Rules { idle_days, expiring_days, owed_days, .. } = Rules::default();
        Self { idle_days, expiring_days, owed_days }
    }
}

/// `[organisation]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organisation {
    /// Who processes the data.
    pub(crate) name: String,
    /// Where members turn to.
    #[serde(default)]
    pub(crate) contact: String,
    /// Where the archive lies, in words.
    #[serde(default)]
    pub(crate) archive: String,
    /// For how many months it is kept.
    pub(crate) keep_months: Option<u32>,
    /// Who is called when a step fails.
    #[serde(default)]
    pub(crate) duty: String,
    /// Distance of the readers' clock from UTC, in minutes.
    #[serde(default = "shanghai")]
    pub(crate) utc_offset_minutes: i32,
}

fn shanghai() -> i32 {
    8 * 60
}

/// `[party.NAME]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyChannel {
    /// Folder for messages (form `file`).
    outbox: Option<PathBuf>,
    /// Folder for answers (form `file`, or a webhook whose answers are dropped as files).
    inbox: Option<PathBuf>,
    /// Address for messages (form `webhook`).
    url: Option<String>,
    /// File with the secret that signs messages and answers (form `webhook`).
    secret_file: Option<PathBuf>,
    /// How long this party may stay silent, in seconds.
    deadline_s: Option<u64>,
}

impl PartyChannel {
    fn open(&self, name: &str) -> Result<Channel, AppError> {
        let bad =
            |says: String| AppError::new("config.invalid").with("says", format!("party.{name}: {says}"));
        match (&self.url, &self.outbox, &self.inbox) {
            (None, Some(outbox), Some(inbox)) if self.secret_file.is_none() => {
                Ok(Channel::File(FileChannel { outbox: outbox.clone(), inbox: inbox.clone() }))
            }
            (Some(url), None, inbox) => {
                let path =
                    self.secret_file.as_ref().ok_or_else(|| bad("secret_file is missing".to_owned()))?;
                let secret =
                    std::fs::read_to_string(path).map_err(|error| AppError::io(&error, path.display()))?;
                let channel = WebhookChannel::new(url, secret.trim().as_bytes(), inbox.clone());
                channel.map(Channel::Webhook).map_err(bad)
            }
            _ => Err(bad("needs outbox and inbox, or url and secret_file".to_owned())),
        }
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
    /// Hosts on private networks that webhooks may be posted to.
    pub(crate) private_hosts: Vec<String>,
}

impl Config {
    /// Reads the file, or gives the standard configuration where none was named and there is none.
    ///
    /// # Errors
    /// `config.unknown_key`, `config.invalid`, `config.missing`, `webhook.event`.
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
        let config: Self = toml::from_str(&text).map_err(|error| {
            let says = error.message().to_owned();
            if says.contains("unknown field") {
                let key = says.split('`').nth(1).unwrap_or_default().to_owned();
                let expected = says.split_once("expected ").map_or("", |(_, keys)| keys).to_owned();
                return AppError::new("config.unknown_key")
                    .with("key", key)
                    .with("path", path.display())
                    .with("expected", expected.trim_start_matches("one of "));
            }
            AppError::new("config.invalid").with("says", format!("{}: {says}", path.display()))
        })?;
        config.templates()?;
        config.webhook.iter().try_for_each(|(name, webhook)| webhook.check(name))?;
        Ok(config)
    }

    /// Checks the templates: a rule that can never be met is told now, not to whoever wants a group.
    ///
    /// # Errors
    /// `config.invalid` with the template and what is wrong with it.
    fn templates(&self) -> Result<(), AppError> {
        for (name, template) in &self.template {
            template.check().map_err(|says| {
                AppError::new("config.invalid").with("says", format!("template.{name}: {says}"))
            })?;
        }
        Ok(())
    }

    /// What is known about platforms, with the laws that were chosen.
    ///
    /// # Errors
    /// `law.unknown` for a pack that there is none of.
    pub(crate) fn profiles(&self) -> Result<BuiltIn, AppError> {
        Ok(BuiltIn::new(law::packs(&self.law.packs)?))
    }

    /// The channels to other parties.
    ///
    /// # Errors
    /// `config.unknown_key` for a party that does not exist, `config.invalid` for a channel that is none.
    pub(crate) fn parties(&self) -> Result<ConfiguredParties, AppError> {
        let mut parties = ConfiguredParties::default();
        for (name, channel) in &self.party {
            let party = Party::from_slug(name).ok_or_else(|| {
                AppError::new("config.unknown_key")
                    .with("key", format!("party.{name}"))
                    .with("path", "config.toml")
                    .with("expected", Party::ALL.map(Party::slug).join(", "))
            })?;
            parties.0.insert(party, (channel.open(name)?, channel.deadline_s));
        }
        Ok(parties)
    }

    /// The addresses that are told what happens.
    ///
    /// # Errors
    /// `config.invalid` for one that is none.
    pub(crate) fn webhooks(&self) -> Result<Vec<Endpoint>, AppError> {
        self.webhook.iter().map(|(name, webhook)| webhook.open(name, &self.http.private_hosts)).collect()
    }

    /// What the asset register counts by. A day ends where the organisation is.
    pub(crate) fn register_rules(&self) -> Rules {
        let Register { idle_days, expiring_days, owed_days } = self.register;
        let utc_offset_minutes =
            self.organisation().map_or(Rules::default().utc_offset_minutes, |us| us.utc_offset_minutes);
        Rules { idle_days, expiring_days, owed_days, utc_offset_minutes }
    }

    /// The organisation, as members are told.
    pub(crate) fn organisation(&self) -> Option<ports::Organisation> {
        self.organisation.clone().map(|us| ports::Organisation {
            name: us.name,
            contact: us.contact,
            archive: us.archive,
            keep_months: us.keep_months,
            duty: us.duty,
            utc_offset_minutes: us.utc_offset_minutes.clamp(-14 * 60, 14 * 60),
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
        assert_eq!((&*error.0.args["key"], &*error.0.args["expected"]), ("urll", "`url` or `ca`"));
        std::fs::write(&path, "[timestamp\n").unwrap();
        assert_eq!(Config::read(Some(&path), &dir).unwrap_err().code(), "config.invalid");
        assert_eq!(Config::read(Some(&dir.join("no.toml")), &dir).unwrap_err().code(), "config.missing");
    }

    #[test]
    fn req_c4_the_law_is_the_standard_one_unless_another_or_none_is_named() {
        let laws = |text: &str| {
            let profiles = toml::from_str::<Config>(text).unwrap().profiles()?;
            Ok::<_, AppError>(ports::Profiles::laws(&profiles)?.len())
        };
        assert_eq!(laws("").unwrap(), 1);
        assert_eq!(laws("[law]\npacks = []\n").unwrap(), 0);
        let error = laws("[law]\npacks = ['prc', 'atlantis']\n").unwrap_err();
        assert_eq!((error.code(), error.0.args["law"].as_str()), ("law.unknown", "atlantis"));
        for lang in [adjourn_i18n::Lang::ZhCn, adjourn_i18n::Lang::En] {
            let args = [("law", "atlantis"), ("choices", "prc")];
            let text = adjourn_i18n::error_text(lang, "law.unknown", &args).unwrap();
            assert!(text.sentence.contains("atlantis") && text.hint.contains("prc"), "{text:?}");
        }
    }

    #[test]
    fn parties_and_organisation_are_read_and_half_a_channel_is_refused() {
        let read = |text: &str| toml::from_str::<Config>(text).unwrap();
        let config = read(
            "[organisation]\nname='E'\ncontact='c'\narchive='a'\nkeep_months=12\n\
             [party.finance]\noutbox='o'\ninbox='i'\ndeadline_s=60\n",
        );
        assert_eq!(config.organisation().unwrap().utc_offset_minutes, 480);
        let bare = read("[organisation]\nname='E'\n").organisation().unwrap();
        assert_eq!((bare.contact.as_str(), bare.keep_months), ("", None), "nothing is made up");
        let parties = config.parties().unwrap();
        assert_eq!(parties.0.get(&Party::Finance).unwrap().1, Some(60));
        let code = |text: &str| read(text).parties().unwrap_err().code();
        assert_eq!(code("[party.finance]\noutbox='o'\n"), "config.invalid");
        assert_eq!(code("[party.finance]\nurl='https://f.example.org'\n"), "config.invalid");
        assert_eq!(code("[party.finance2]\noutbox='o'\ninbox='i'\n"), "config.unknown_key");
    }
}
