//! The rules of a platform as data: who may end a group, with which second confirmation, what members are told, what
//! stays. The connector reads its capabilities from them, the simulator obeys them, so that one folder can play every
//! platform whose rules are known from a profile.
//!
//! In JSON a rule has the key of the profile's fact: `dissolve.who`, `recovery.seconds`.

use adjourn_domain::fact;
use adjourn_domain::group::LinkKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Who may end a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The owner only.
    Owner,
    /// The owner and the group's administrators.
    #[default]
    OwnerOrAdmin,
    /// The organisation's main administrator.
    MainAdmin,
    /// An administrator of the organisation.
    OrgAdmin,
}

/// The second confirmation that the client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// None.
    #[default]
    None,
    /// The group's name is typed.
    TypeName,
    /// A QR code is scanned and the phone number confirmed.
    QrPhone,
    /// The organisation's super administrator agrees.
    SuperAdmin,
    /// The work handover has been approved.
    Handover,
}

impl Confirm {
    /// The confirmation's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::TypeName => "type_name",
            Self::QrPhone => "qr_phone",
            Self::SuperAdmin => "super_admin",
            Self::Handover => "handover",
        }
    }
}

/// What the platform's API makes of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// It does what it says.
    #[default]
    Native,
    /// It says OK, and only the caller has left.
    LeaveOnly,
    /// There is none; a person does it in the client, or nobody does.
    None,
}

/// Who is told that a group has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTo {
    /// Every member.
    #[default]
    All,
    /// Members who are online.
    Online,
    /// Everyone in the organisation, members or not; nobody from outside.
    Organisation,
    /// Nobody, as far as anything is known: no notice is made up.
    Unknown,
}

/// What becomes of a link when its group ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkFate {
    /// It goes.
    #[default]
    #[serde(alias = "stops")]
    Unbound,
    /// Its record is kept.
    #[serde(alias = "logs_kept")]
    Kept,
    /// Its record is kept apart from the group.
    Apart,
    /// It goes on running until a person closes it.
    ByHand,
    /// Its record goes to the finance system, whose answer is awaited.
    FinanceAudit,
}

/// A platform's rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Who may end a group.
    #[serde(rename = "dissolve.who")]
    pub dissolve_who: Who,
    /// The client's second confirmation.
    #[serde(rename = "dissolve.confirm")]
    pub dissolve_confirm: Confirm,
    /// What the API's dissolve does.
    #[serde(rename = "dissolve.api")]
    pub dissolve_api: Api,
    /// Where a person finds it.
    #[serde(rename = "dissolve.path")]
    pub dissolve_path: String,
    /// Who is told.
    #[serde(rename = "notice.to")]
    pub notice_to: NoticeTo,
    /// What they are told; `{group}` is the group's name, `$identity$` the name of who ended it. Empty: the platform's
    /// usual words.
    #[serde(rename = "notice.text")]
    pub notice_text: String,
    /// For how long the notice can be taken back.
    #[serde(rename = "notice.recall_seconds")]
    pub notice_recall_s: u64,
    /// Who may take the notice back otherwise: `admin_console` is an administrator in the console, at any time.
    #[serde(rename = "notice.recall")]
    pub notice_recall: String,
    /// For how long whoever ended a group by mistake can take that back.
    #[serde(rename = "mistake.recall_seconds")]
    pub mistake_recall_s: u64,
    /// For how long a member can take a message back.
    #[serde(rename = "message.recall_seconds")]
    pub message_recall_s: u64,
    /// How often a month an account can bring groups back; any number of times if nobody says.
    #[serde(rename = "rollback.per_month")]
    pub rollbacks_per_month: Option<u32>,
    /// For how long a group can be brought back.
    #[serde(rename = "recovery.seconds")]
    pub recovery_s: u64,
    /// For how long former members still read the history.
    #[serde(rename = "history.roaming_hours")]
    pub roaming_hours: u64,
    /// Where files stay; empty, `none` or `unstated` when nobody says that they do.
    #[serde(rename = "files.kept")]
    pub files_kept: String,
    /// For how long files stay; 0 is for good.
    #[serde(rename = "files.kept_seconds")]
    pub files_kept_s: u64,
    /// What becomes of mini-programs and apps.
    #[serde(rename = "link.mini_program")]
    pub link_mini_program: LinkFate,
    /// What becomes of payments.
    #[serde(rename = "link.payment")]
    pub link_payment: LinkFate,
    /// What becomes of bots, webhooks and bridges.
    #[serde(rename = "link.bot")]
    pub link_bot: LinkFate,
    /// Whether the work handover has to be approved first.
    #[serde(rename = "handover.required")]
    pub handover_required: bool,
    /// Whether the API removes the history that is kept of an ended group.
    #[serde(rename = "purge.api")]
    pub purge_api: Api,
    /// Whether the API removes the files that are kept of an ended group.
    #[serde(rename = "media.api")]
    pub media_api: Api,
    /// Whether the API gives a group another owner.
    #[serde(rename = "transfer.api")]
    pub transfer_api: Api,
}

impl Default for Rules {
    /// The reference platform's own rules: everything native, a day to bring a group back, history and files kept
    /// until they are removed.
    fn default() -> Self {
        Self {
            dissolve_who: Who::default(),
            dissolve_confirm: Confirm::default(),
            dissolve_api: Api::default(),
            dissolve_path: String::new(),
            notice_to: NoticeTo::default(),
            notice_text: String::new(),
            notice_recall_s: 0,
            notice_recall: String::new(),
            mistake_recall_s: 0,
            message_recall_s: 120,
            rollbacks_per_month: None,
            recovery_s: 86_400,
            roaming_hours: 0,
            files_kept: "server".to_owned(),
            files_kept_s: 0,
            link_mini_program: LinkFate::default(),
            link_payment: LinkFate::Kept,
            link_bot: LinkFate::default(),
            handover_required: false,
            purge_api: Api::default(),
            media_api: Api::default(),
            transfer_api: Api::default(),
        }
    }
}

impl Rules {
    /// The rules that a profile tells, under the rules that act. A key that the profile does not have, or whose value
    /// is none of ours, keeps its default; nothing that is kept can be removed, and no owner be changed by the API,
    /// unless the profile says so.
    pub fn from_profile(profile: &fact::Profile, acting: fact::Rules) -> Self {
        let careful = Self {
            recovery_s: 0,
            files_kept: String::new(),
            purge_api: Api::None,
            media_api: Api::None,
            transfer_api: Api::None,
            ..Self::default()
        };
        let Ok(Value::Object(mut all)) = serde_json::to_value(&careful) else { return careful };
        for (key, slot) in &mut all {
            // Profiles know one transfer of a group, and call it handover.
            let other = if key == "transfer.api" { "handover.api" } else { key.as_str() };
            let found = profile.acting(key, acting).or_else(|| profile.acting(other, acting));
            let Some(found) = found else { continue };
            let one = Map::from_iter([(key.clone(), found.value.clone())]);
            if serde_json::from_value::<Self>(Value::Object(one)).is_ok() {
                *slot = found.value.clone();
            }
        }
        serde_json::from_value(Value::Object(all)).unwrap_or(careful)
    }

    /// What becomes of a link of this kind.
    pub fn fate(&self, kind: LinkKind) -> LinkFate {
        match kind {
            LinkKind::MiniProgram | LinkKind::App => self.link_mini_program,
            LinkKind::Payment => self.link_payment,
            LinkKind::Bot | LinkKind::Webhook | LinkKind::Bridge => self.link_bot,
        }
    }

    /// Whether the work handover comes before the end, as a rule of its own or as the second confirmation.
    pub fn needs_handover(&self) -> bool {
        self.handover_required || self.dissolve_confirm == Confirm::Handover
    }

    /// Whether files stay when a group ends.
    pub fn keeps_files(&self) -> bool {
        !matches!(self.files_kept.as_str(), "" | "none" | "unstated")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_domain::fact::{Confidence, Fact, Profile, Text};

    #[test]
    fn a_profile_gives_its_rules_and_strange_values_give_none() {
        let fact = |key: &str, value: Value| Fact {
            id: "P2".to_owned(),
            key: key.to_owned(),
            value,
            says: Text { zh: String::new(), en: String::new() },
            confidence: Confidence::Declared,
            source: "test".to_owned(),
            checked: "2026-11-22".to_owned(),
        };
        let profile = Profile {
            platform: "qq".into(),
            name: Text { zh: "QQ".to_owned(), en: "QQ".to_owned() },
            facts: vec![
                fact("dissolve.api", "leave_only".into()),
                fact("recovery.seconds", 86_400.into()),
                fact("link.bot", "something new".into()),
                fact("law", "not ours".into()),
            ],
        };
        let rules = Rules::from_profile(&profile, fact::Rules::Declared);
        assert_eq!((rules.dissolve_api, rules.recovery_s), (Api::LeaveOnly, 86_400));
        assert_eq!((rules.link_bot, rules.purge_api), (LinkFate::Unbound, Api::None));
        assert_eq!(rules.transfer_api, Api::None);
        let told = Profile { facts: vec![fact("handover.api", "native".into())], ..profile };
        assert_eq!(Rules::from_profile(&told, fact::Rules::Declared).transfer_api, Api::Native);
    }

    #[test]
    fn rules_survive_their_text() {
        let rules = Rules { dissolve_who: Who::MainAdmin, recovery_s: 7, ..Rules::default() };
        let text = serde_json::to_string(&rules).unwrap();
        assert!(text.contains("\"dissolve.who\":\"main_admin\""), "{text}");
        assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
        assert_eq!(serde_json::from_str::<Rules>("{}").unwrap(), Rules::default());
        assert!(serde_json::from_str::<Rules>("{\"dissolve.when\":1}").is_err());
    }
}
