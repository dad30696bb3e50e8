//! Use cases of Adjourn, and the ports that they need. One enforcement point for every entry: command line, API and
//! pages call these, and these ask `domain`.

use std::sync::Arc;

use adjourn_domain::fact::Rules;
use adjourn_domain::policy::Policy;

pub mod accounts;
pub mod acts;
pub mod asked;
pub mod audit;
pub mod bundle;
pub mod compare;
pub mod confirmation;
pub mod connecting;
pub mod creation;
pub mod delegations;
pub mod destroy;
pub mod error;
mod evidence;
pub mod export;
pub mod facts;
pub mod handover;
pub mod hands;
pub mod health;
pub mod hear;
pub mod hooks;
pub mod inbox;
pub mod inventory;
pub mod journal;
pub mod minutes;
pub mod notices;
pub mod once;
pub mod org;
mod outposts;
pub mod parties;
pub mod passkeys;
mod patience;
pub mod planning;
pub mod ports;
pub mod progress;
pub mod pseudonyms;
pub mod questions;
pub mod quota;
pub mod reactions;
pub mod reading;
pub mod register;
pub mod retention;
pub mod review;
pub mod running;
pub mod storing;
mod taking;
pub mod tasks;

pub use error::AppError;
pub use journal::Journal;

use ports::{
    Accounts, Clock, Deposits, Inbox, Organisation, Parties, Platforms, Points, Profiles, Progress, Stamps,
    Vault, Words,
};

/// The use cases with their ports.
#[derive(Clone)]
pub struct App {
    /// The journal.
    pub journal: Journal,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The platforms.
    pub platforms: Arc<dyn Platforms>,
    /// Exports, bags, bundles.
    pub vault: Arc<dyn Vault>,
    /// What people handed in.
    pub inbox: Arc<dyn Inbox>,
    /// Keys behind passwords and tokens.
    pub accounts: Arc<dyn Accounts>,
    /// Time stamps.
    pub stamps: Arc<dyn Stamps>,
    /// Deposits with a keeper of evidence.
    pub deposits: Arc<dyn Deposits>,
    /// Named points of the way.
    pub points: Arc<dyn Points>,
    /// Progress of long work.
    pub progress: Arc<dyn Progress>,
    /// The organisation's policy.
    pub policy: Policy,
    /// What is known about platforms.
    pub profiles: Arc<dyn Profiles>,
    /// Whose rules drills act on; real connections act on what is confirmed.
    pub drill_rules: Rules,
    /// Who and what else a group's end has to do with.
    pub around: Around,
    /// The inventory as this process last read it.
    pub book: inventory::Book,
}

/// Distance of the readers' clock from UTC where no organisation is configured, in minutes: Beijing's.
pub const UTC_OFFSET_MINUTES: i32 = 8 * 60;

impl App {
    /// Distance of the organisation's clock from UTC, in minutes: its days begin at that clock's midnight.
    pub fn utc_offset_minutes(&self) -> i32 {
        self.around.organisation.as_ref().map_or(UTC_OFFSET_MINUTES, |us| us.utc_offset_minutes)
    }
}

/// Who and what else a group's end has to do with.
#[derive(Clone)]
pub struct Around {
    /// The others who stand in the way.
    pub parties: Arc<dyn Parties>,
    /// Texts for members, parties and courts.
    pub words: Arc<dyn Words>,
    /// The organisation, if it is configured.
    pub organisation: Option<Organisation>,
}
