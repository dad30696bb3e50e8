//! What the managers of a group do to it, through an API or in the app.

use adjourn_domain::capability::Op;
use adjourn_domain::group::Standing;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;

use crate::rules::{Api, Confirm};
use crate::world::{Refusal, World, refuse};

impl World {
    /// Somebody says something in the group, if it is not muted for them; gives the message's id.
    ///
    /// # Errors
    /// As [`seen_by`](Self::seen_by), and `frozen`.
    pub fn post(&mut self, at: Time, id: &str, who: &str, text: String) -> Result<String, Refusal> {
        let muted = self.seen_by(id, who)?.frozen;
        let group = self.group_mut(id)?;
        if muted && group.standing(who) == Standing::Member {
            return refuse("frozen");
        }
        Ok(group.push(at, who, RecordKind::Message, Some(text))?.id.clone())
    }

    /// A manager announces; the same `key` announces once. Gives the message's id.
    ///
    /// # Errors
    /// As [`managed_by`](Self::managed_by).
    pub fn announce(
        &mut self,
        at: Time,
        id: &str,
        who: &str,
        text: String,
        key: Option<String>,
    ) -> Result<String, Refusal> {
        let group = self.managed_by(id, who)?;
        // The same key is the same announcement, whatever else is in the request.
        if let Some(made) = key.as_ref().and_then(|key| group.posted.get(key)) {
            return Ok(made.clone());
        }
        let made = group.push(at, who, RecordKind::Message, Some(text))?.id.clone();
        group.posted.extend(key.map(|key| (key, made.clone())));
        self.count(Op::Announce, id);
        Ok(made)
    }

    /// A manager mutes plain members, or lets them speak again.
    ///
    /// # Errors
    /// As [`managed_by`](Self::managed_by).
    pub fn freeze(&mut self, id: &str, who: &str, frozen: bool) -> Result<(), Refusal> {
        let group = self.managed_by(id, who)?;
        let freezes = frozen && !group.frozen;
        group.frozen = frozen;
        if freezes {
            self.count(Op::Freeze, id);
        }
        Ok(())
    }

    /// The owner makes another member the owner, and stays as a plain one.
    ///
    /// # Errors
    /// As [`seen_by`](Self::seen_by), `only_owner`, `not_member`.
    pub fn transfer(&mut self, id: &str, who: &str, to: &str) -> Result<(), Refusal> {
        self.seen_by(id, who)?;
        let group = self.group_mut(id)?;
        if group.standing(who) != Standing::Owner {
            return refuse("only_owner");
        }
        if !group.members.contains_key(to) {
            return refuse("not_member");
        }
        if who == to {
            return Ok(());
        }
        for (account, standing) in [(who, Standing::Member), (to, Standing::Owner)] {
            if let Some(member) = group.members.get_mut(account) {
                member.standing = standing;
            }
        }
        self.count(Op::Transfer, id);
        Ok(())
    }

    /// Takes a link off. After the end, what is left of the links is taken off by whoever ended the group or managed it.
    ///
    /// # Errors
    /// As [`managed_by`](Self::managed_by), `unknown_link`.
    pub fn unlink(&mut self, id: &str, who: &str, link: &str) -> Result<(), Refusal> {
        let group = self.group(id)?;
        let left = group.ended.is_some() && group.standing(who) != Standing::Member;
        let group = if left { self.group_mut(id)? } else { self.managed_by(id, who)? };
        let links = group.ended.as_mut().map_or(&mut group.links, |ended| &mut ended.kept);
        let at = links.iter().position(|found| found.id == link).ok_or(Refusal { code: "unknown_link" })?;
        links.remove(at);
        self.count(Op::Unlink, id);
        Ok(())
    }

    /// What the rules make of a call of the API that says "dissolve".
    ///
    /// # Errors
    /// Who may not, what is missing, and `client_only` where there is no such call.
    pub fn dissolve_by_api(&mut self, at: Time, id: &str, who: &str) -> Result<(), Refusal> {
        self.seen_by(id, who)?;
        self.may_dissolve(id, who)?;
        match self.rules.dissolve_api {
            Api::None => refuse("client_only"),
            Api::LeaveOnly => self.leave(id, who),
            // An approval inside the organisation is the platform's own state: no API call gets round it.
            Api::Native if self.rules.dissolve_confirm == Confirm::SuperAdmin => refuse("super_admin_needed"),
            Api::Native => self.end(at, id, who),
        }
    }

    /// Number of files that are still kept of an ended group.
    ///
    /// # Errors
    /// `unknown_group`, `open`.
    pub fn files_kept(&self, at: Time, id: &str) -> Result<u64, Refusal> {
        let group = self.group(id)?;
        let Some(ended) = &group.ended else { return refuse("open") };
        let keeps = self.rules.files_kept_s;
        let in_time = keeps == 0 || at.secs_since(ended.at) < keeps;
        Ok(if ended.files && in_time { group.files.len() as u64 } else { 0 })
    }

    /// Removes what is kept of an ended group: its history ([`Op::Purge`]) or its files ([`Op::RemoveMedia`]).
    ///
    /// # Errors
    /// `not_manager`, `open`, `client_only`.
    pub fn purge(&mut self, id: &str, who: &str, op: Op) -> Result<(), Refusal> {
        let api = if op == Op::Purge { self.rules.purge_api } else { self.rules.media_api };
        let group = self.group_mut(id)?;
        if group.standing(who) == Standing::Member {
            return refuse("not_manager");
        }
        let Some(ended) = &mut group.ended else { return refuse("open") };
        if api != Api::Native {
            return refuse("client_only");
        }
        let kept = if op == Op::Purge { &mut ended.history } else { &mut ended.files };
        if std::mem::take(kept) {
            self.count(op, id);
        }
        Ok(())
    }
}
