//! How a group ends and comes back, by the rules.

use std::collections::BTreeSet;

use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;

use crate::group::{Ended, Membership};
use crate::rules::{LinkFate, NoticeTo, Who};
use crate::spec::Role;
use crate::world::{Notice, Refusal, World, refuse, words};

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
        if self.rules.needs_handover() && !group.handover {
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
        let group = self.group_mut(id)?;
        let usual = words("notice").unwrap_or_default();
        let template = if rules.notice_text.is_empty() { usual } else { &rules.notice_text };
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
        Ok(())
    }

    /// The group comes back, within the window.
    ///
    /// # Errors
    /// `open`, `not_manager`, `recovery_over`.
    pub fn restore(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        let window = self.rules.recovery_s;
        let group = self.group_mut(id)?;
        let manages = group.standing(who) != Standing::Member;
        let Some(ended) = &group.ended else { return refuse("open") };
        if !manages && ended.by != who {
            return refuse("not_manager");
        }
        // Whole seconds would give up to one second more than the window.
        if at > ended.at.plus_secs(window) || window == 0 {
            return refuse("recovery_over");
        }
        group.links.clone_from(&ended.before);
        group.ended = None;
        self.count(Op::Restore, id);
        Ok(())
    }

    /// The notice is taken back, within its window.
    ///
    /// # Errors
    /// `open`, `not_manager`, `recall_over`.
    pub fn recall(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        let window = self.rules.notice_recall_s;
        let group = self.group_mut(id)?;
        let Some(ended) = &mut group.ended else { return refuse("open") };
        if ended.by != who {
            return refuse("not_manager");
        }
        if at > ended.at.plus_secs(window) || window == 0 {
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
