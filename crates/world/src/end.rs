//! How a group ends and comes back, by the rules.

use std::collections::BTreeSet;

use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;

use crate::group::{Ended, Membership};
use crate::rules::{LinkFate, NoticeTo, Who};
use crate::spec::Role;
use crate::world::{Notice, Refusal, World, refuse, words};

/// Seconds in which a month's quota counts.
const MONTH_S: u64 = 30 * 86_400;

impl World {
    /// Refuses whoever may not end the group by the rules, and everyone before the handover.
    ///
    /// # Errors
    /// `unknown_group`, `not_owner` and its like, `handover_needed`.
    pub fn may_dissolve(&self, id: &str, who: &str) -> Result<(), Refusal> {
        let group = self.group(id)?;
        let standing = group.standing(who);
        let role = self.accounts.get(who).map_or(Role::Member, |account| account.role);
        let (may, code) = match self.rules.dissolve_who {
            Who::Owner => (standing == Standing::Owner, "not_owner"),
            Who::OwnerOrAdmin => (standing != Standing::Member, "not_owner_or_admin"),
            Who::MainAdmin => (role == Role::MainAdmin, "not_main_admin"),
            Who::OrgAdmin => (matches!(role, Role::OrgAdmin | Role::MainAdmin), "not_org_admin"),
        };
        if !may {
            return refuse(code);
        }
        if self.rules.needs_handover() && group.handover.is_none() {
            return refuse("handover_needed");
        }
        Ok(())
    }

    /// The group ends for everyone. Members are told exactly as the rules say.
    ///
    /// # Errors
    /// `unknown_group`.
    pub fn end(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        let told = self.audience(id)?;
        let name = self.accounts.get(who).map_or("", |account| account.name.as_str()).to_owned();
        let rules = self.rules.clone();
        let own = self.phones.statement(id);
        let group = self.group_mut(id)?;
        let usual = words("notice").unwrap_or_default();
        let rule = if rules.notice_text.is_empty() { usual } else { &rules.notice_text };
        let template = own.as_deref().unwrap_or(rule);
        let text =
            template.replace("{group}", group.name.as_deref().unwrap_or(id)).replace("$identity$", &name);
        let stays = |fate: LinkFate| fate != LinkFate::Unbound;
        let kept = group.links.iter().filter(|link| stays(rules.fate(link.kind))).cloned().collect();
        group.ended = Some(Ended {
            at,
            by: who.to_owned(),
            history: true,
            files: rules.keeps_files(),
            kept,
            before: std::mem::take(&mut group.links),
            told: told.clone(),
        });
        for account in told {
            let notice = Notice { group: NativeId::from(id), at, text: text.clone() };
            self.notices.entry(account).or_default().push(notice);
        }
        self.count(Op::Dissolve, id);
        Ok(())
    }

    /// Who is told. Bots are not.
    fn audience(&self, id: &str) -> Result<BTreeSet<String>, Refusal> {
        let group = self.group(id)?;
        let person = |account: &str| self.accounts.get(account).is_none_or(|account| !account.bot);
        let members = group.members.iter().filter(|(account, _)| person(account));
        Ok(match self.rules.notice_to {
            NoticeTo::All => members.map(|(account, _)| account.clone()).collect(),
            NoticeTo::Online => {
                members.filter(|(_, member)| member.online).map(|(account, _)| account.clone()).collect()
            }
            NoticeTo::Organisation => {
                let ours = self.accounts.values().filter(|account| !account.bot && !account.external);
                ours.map(|account| account.id.clone()).collect()
            }
            NoticeTo::Unknown => BTreeSet::new(),
        })
    }

    /// Only the caller goes, and the group gets another owner: first an administrator, else any member.
    ///
    /// # Errors
    /// `unknown_group`.
    pub fn leave(&mut self, id: &str, who: &str) -> Result<(), Refusal> {
        let bots: BTreeSet<String> =
            self.accounts.values().filter(|account| account.bot).map(|account| account.id.clone()).collect();
        let group = self.group_mut(id)?;
        let left = group.members.remove(who);
        if left.is_some_and(|member| member.standing == Standing::Owner) {
            let humans = || group.members.iter().filter(|(account, _)| !bots.contains(*account));
            let admin = humans().find(|(_, member)| member.standing == Standing::Admin);
            let heir = admin.or_else(|| humans().next()).map(|(account, _)| account.clone());
            if let Some(member) = heir.and_then(|heir| group.members.get_mut(&heir)) {
                *member = Membership { standing: Standing::Owner, ..*member };
            }
        }
        if left.is_some() {
            self.count(Op::Leave, id);
        }
        Ok(())
    }

    /// The group comes back, within the window.
    ///
    /// # Errors
    /// `open`, `not_manager`, `recovery_over`, `rollback_over`.
    pub fn restore(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        let window = self.rules.recovery_s;
        let group = self.group(id)?;
        let manages = group.standing(who) != Standing::Member;
        let Some(ended) = &group.ended else { return refuse("open") };
        if !manages && ended.by != who {
            return refuse("not_manager");
        }
        if over(at, ended.at, window) {
            return refuse("recovery_over");
        }
        let quota = self.rules.rollbacks_per_month;
        let lately = self.restored.entry(who.to_owned()).or_default();
        lately.retain(|then| at.secs_since(*then) < MONTH_S);
        if quota.is_some_and(|quota| lately.len() as u64 >= u64::from(quota)) {
            return refuse("rollback_over");
        }
        lately.push(at);
        self.reopen(id)
    }

    /// Whoever ended the group by mistake takes that back, within its window. Whoever was told stays told.
    ///
    /// # Errors
    /// `open`, `not_manager`, `recall_over`.
    pub fn take_back(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        let window = self.rules.mistake_recall_s;
        let Some(ended) = &self.group(id)?.ended else { return refuse("open") };
        if ended.by != who {
            return refuse("not_manager");
        }
        if over(at, ended.at, window) {
            return refuse("recall_over");
        }
        self.reopen(id)
    }

    fn reopen(&mut self, id: &str) -> Result<(), Refusal> {
        let group = self.group_mut(id)?;
        if let Some(ended) = group.ended.take() {
            group.links = ended.before;
        }
        self.count(Op::Restore, id);
        Ok(())
    }

    /// A member takes a message back, within its window.
    ///
    /// # Errors
    /// As [`seen_by`](Self::seen_by), `unknown_message`, `not_yours`, `recall_over`.
    pub fn recall_message(&mut self, at: Time, id: &str, who: &str, message: &str) -> Result<(), Refusal> {
        let window = self.rules.message_recall_s;
        self.seen_by(id, who)?;
        let group = self.group_mut(id)?;
        let found = group.messages.iter_mut().find(|found| found.id == message);
        let Some(found) = found else { return refuse("unknown_message") };
        if found.sender != who || found.text.is_none() {
            return refuse("not_yours");
        }
        if over(at, found.at, window) {
            return refuse("recall_over");
        }
        found.text = None;
        let target = Some(found.id.clone());
        group.push(at, who, RecordKind::Redaction, None)?.target = target;
        Ok(())
    }

    /// The notice is taken back, within its window; by an administrator in the console at any time where there is one.
    ///
    /// # Errors
    /// `open`, `not_manager`, `recall_over`.
    pub fn recall(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        let window = self.rules.notice_recall_s;
        let role = self.accounts.get(who).map_or(Role::Member, |account| account.role);
        let console = self.rules.notice_recall == "admin_console" && role != Role::Member;
        let group = self.group_mut(id)?;
        let Some(ended) = &mut group.ended else { return refuse("open") };
        if ended.by != who && !console {
            return refuse("not_manager");
        }
        if !console && over(at, ended.at, window) {
            return refuse("recall_over");
        }
        for account in std::mem::take(&mut ended.told) {
            if let Some(notices) = self.notices.get_mut(&account) {
                notices.retain(|notice| notice.group.as_str() != id);
            }
        }
        Ok(())
    }
}

/// Whether a window is over. Whole seconds would give up to one second more than the window; one of none is always over.
fn over(at: Time, from: Time, window_s: u64) -> bool {
    window_s == 0 || at > from.plus_secs(window_s)
}
