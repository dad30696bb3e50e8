//! Owners are asked whether their groups are still needed: a signed link for each, good for nothing else.
//!
//! The link is the credential, as a task link is: owner and end, with a signature that only this installation can make. It
//! opens the groups on which this very link was noted, so that links made anew close the old ones.

use std::collections::BTreeMap;

use adjourn_domain::asset::{Day, Length, Person};
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::{GroupId, OwnerId, PrincipalId};
use adjourn_domain::renewal::{Asked, OwnerAnswer, RenewalTicket, Shown, Word};
use adjourn_domain::run::{Expiry, GroupState, RunCommand, UpkeepCommand};
use adjourn_domain::succession::Role;
use adjourn_domain::time::Time;
use serde::Serialize;

use super::{AnsweredEntry, BATCH, Entry, Rules, View};
use crate::App;
use crate::error::AppError;
use crate::inventory::Card;
use crate::ports::{KeyId, Signer};

/// The read model of which groups an owner is asked about.
const TABLE: &str = "renewal";
/// Attempts to write an answer while somebody else writes to the same group.
const MAX_CONFLICTS: usize = 8;

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Asks {
    /// Owners with their links, by name.
    pub owners: Vec<OwnerAsked>,
    /// Groups whose owner can't be asked: no contact, or the owner leaves.
    pub nobody: Vec<GroupId>,
    /// Groups whose owner has answered already; they are not asked again.
    pub answered: Vec<GroupId>,
}

/// An owner who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerAsked {
    /// The owner.
    pub owner: Person,
    /// About these groups.
    pub groups: Vec<GroupId>,
    /// Until when the link opens.
    pub until: Time,
    /// The token of the link.
    #[serde(skip)]
    pub token: String,
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalPage {
    /// The owner's name.
    pub name: String,
    /// Until when it opens.
    pub until: Time,
    /// The groups.
    pub groups: Vec<RenewalGroup>,
}

/// A group that its owner is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalGroup {
    /// The group.
    pub group: GroupId,
    /// What is shown of it.
    pub shown: Shown,
    /// A day that may be meant: a year after its last one.
    pub suggested: Day,
    /// What the owner has answered.
    pub answered: Option<Word>,
}

/// What an owner chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Needed until this day.
    Needed(Day),
    /// Not needed.
    NotNeeded,
    /// Not the owner's.
    NotMine,
}

impl App {
    /// Asks the owners of all groups that expire soon. Links made before close.
    pub async fn ask_renewals(
        &self,
        ttl_s: u64,
        rules: &Rules,
        signer: &dyn Signer,
    ) -> Result<Asks, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let now = self.clock.now();
        // A token counts in seconds.
        let until = Time::from_millis(now.plus_secs(ttl_s).as_millis() / 1000 * 1000);
        let mut asks = Asks::default();
        let mut owners: BTreeMap<OwnerId, (Person, Vec<GroupId>)> = BTreeMap::new();
        for card in self.view(Some(View::Expiring), rules).await? {
            match whom(&card) {
                Whom::Owner(entry) => {
                    let owner = owners.entry(entry.owner.id.clone());
                    owner.or_insert_with(|| (entry.owner.clone(), Vec::new())).1.push(card.group);
                }
                Whom::Answered => asks.answered.push(card.group),
                Whom::Nobody => asks.nobody.push(card.group),
            }
        }
        for (id, (owner, groups)) in owners {
            for batch in groups.chunks(BATCH) {
                self.note_asked(batch, &id, until, now, &by).await?;
            }
            let sealed = self.journal.seal_view(&KeyId::Org, &groups)?;
            let mut tx = self.journal.begin(now, &by);
            tx.view(TABLE, &id, Some(sealed));
            tx.commit().await?;
            let ticket = RenewalTicket { owner: id, expires_at: until };
            let token = ticket.token(&self.journal.keys.mac(ticket.signed().as_bytes())?);
            asks.owners.push(OwnerAsked { owner, groups, until, token });
        }
        asks.owners.sort_by(|a, b| (&a.owner.name, &a.owner.id).cmp(&(&b.owner.name, &b.owner.id)));
        Ok(asks)
    }

    async fn note_asked(
        &self,
        groups: &[GroupId],
        owner: &OwnerId,
        until: Time,
        now: Time,
        by: &PrincipalId,
    ) -> Result<(), AppError> {
        let none = CaseState::new("c-none".into());
        let mut tx = self.journal.begin(now, by);
        for id in groups {
            let group = self.journal.group(id).await?;
            let asked = Asked { owner: owner.clone(), link_until: until, by: by.clone() };
            let command = RunCommand::Upkeep(UpkeepCommand::Ask(Box::new(asked)));
            let events = group.decide(&none, command, now)?;
            if !events.is_empty() {
                let group = tx.group(group, &events)?;
                self.put_card(&mut tx, &group)?;
            }
        }
        tx.commit().await
    }

    /// The page that a token opens.
    ///
    /// # Errors
    /// `task.link`, `task.expired`, `task.replaced`.
    pub async fn renewal_page(&self, token: &str, rules: &Rules) -> Result<RenewalPage, AppError> {
        let ticket = self.renewal_ticket(token)?;
        let today = rules.today(self.clock.now());
        let sealed = self.journal.store.view(TABLE, ticket.owner.as_str()).await?;
        let listed = sealed.map(|sealed| self.journal.open_view::<Vec<GroupId>>(&KeyId::Org, &sealed));
        let mut page = RenewalPage { name: String::new(), until: ticket.expires_at, groups: Vec::new() };
        for id in listed.transpose()?.flatten().unwrap_or_default() {
            let group = match self.journal.group(&id).await {
                Ok(group) => group,
                // What nobody can read any more is nobody's.
                Err(error) if error.code() == "key.destroyed" => continue,
                Err(error) => return Err(error),
            };
            if let Some(known) = group.registration.as_ref().filter(|known| known.owner == ticket.owner)
                && let Some(asked) = on_page(&group, &ticket, today)
            {
                page.name.clone_from(&known.owner_name);
                page.groups.push(asked);
            }
        }
        if page.groups.is_empty() { Err(AppError::new("task.replaced")) } else { Ok(page) }
    }

    /// Takes an owner's answer about one of the groups on the page.
    ///
    /// # Errors
    /// As [`Self::renewal_page`]; `group.unknown` for a group that is not on it; `renew.answered`, `renew.until`,
    /// `renew.answer`.
    pub async fn renewal_answer(
        &self,
        token: &str,
        group: &GroupId,
        choice: Choice,
        text: Option<String>,
        rules: &Rules,
    ) -> Result<(), AppError> {
        let ticket = self.renewal_ticket(token)?;
        let page = self.renewal_page(token, rules).await?;
        let asked = page.groups.into_iter().find(|asked| asked.group == *group);
        let asked = asked.ok_or_else(|| AppError::new("group.unknown").with("group", group))?;
        let word = match choice {
            Choice::Needed(until) => Word::Needed { until },
            Choice::NotNeeded => Word::NotNeeded,
            Choice::NotMine => Word::NotMine,
        };
        let (owner, link_until) = (ticket.owner, ticket.expires_at);
        let actor = owner.to_string();
        let answer = Box::new(OwnerAnswer { owner, link_until, word, text, shown: asked.shown });
        let today = rules.today(self.clock.now());
        let command = RunCommand::Upkeep(UpkeepCommand::Answer { answer, today });
        for _ in 1..MAX_CONFLICTS {
            match self.change_group_as(group, command.clone(), &actor).await {
                Err(error) if error.code() == "journal.conflict" => {}
                other => return other.map(drop),
            }
        }
        self.change_group_as(group, command, &actor).await.map(drop)
    }

    /// Checks a token: forged, altered, over. Before the signature is checked, nothing that the token says is looked up.
    fn renewal_ticket(&self, token: &str) -> Result<RenewalTicket, AppError> {
        let (ticket, mac) = RenewalTicket::read(token).ok_or_else(|| AppError::new("task.link"))?;
        if !self.journal.keys.check_mac(ticket.signed().as_bytes(), &mac) {
            return Err(AppError::new("task.link"));
        }
        if ticket.expires_at <= self.clock.now() {
            return Err(AppError::new("task.expired").with("time", ticket.expires_at));
        }
        Ok(ticket)
    }
}

enum Whom<'a> {
    Owner(&'a Entry),
    Answered,
    Nobody,
}

/// Who is asked about a group.
fn whom(card: &Card) -> Whom<'_> {
    let leaves = card.owed.iter().any(|owed| owed.role == Role::Owner);
    match &card.register {
        Some(entry) if entry.answered.as_ref().is_some_and(AnsweredEntry::ends) => Whom::Answered,
        Some(entry) if !entry.owner.contact.is_empty() && !leaves => Whom::Owner(entry),
        _ => Whom::Nobody,
    }
}

/// The group as the page shows it, if this link is the one that asks, or was the one that was answered by.
fn on_page(group: &GroupState, ticket: &RenewalTicket, today: Day) -> Option<RenewalGroup> {
    let asked = group.upkeep.asked.as_ref().is_some_and(|asked| asked.link_until == ticket.expires_at);
    let answered = group.upkeep.answered.as_ref().map(|(answer, _)| answer);
    let answered = answered.filter(|answer| answer.link_until == ticket.expires_at);
    if !asked && answered.is_none() {
        return None;
    }
    let snapshot = group.snapshot.as_ref()?;
    let expires = group.expiry().map(Expiry::day);
    let from = expires.map_or(today, |last| last.max(today));
    Some(RenewalGroup {
        group: group.id.clone(),
        shown: Shown {
            name: snapshot.label().to_owned(),
            platform: snapshot.platform.to_string(),
            expires,
            purpose: group.registration.as_ref().and_then(|known| known.purpose.clone()),
        },
        suggested: from.later(Length::Years(1)).unwrap_or(from),
        answered: answered.map(|answer| answer.word),
    })
}
