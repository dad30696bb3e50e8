//! The ledger of members' reactions, and the pause that too many open objections make.

use adjourn_domain::ids::{CaseId, GroupId, PrincipalId, ReactionId};
use adjourn_domain::reaction::{Reaction, What, open_objections, too_many};
use adjourn_domain::run::{GroupState, Phase, React, RunCommand};

use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

/// Attempts at a commit that the worker got in the way of.
const MAX_CONFLICTS: usize = 20;

/// A reaction with the group that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The group.
    pub group: GroupId,
    /// Its id.
    pub id: ReactionId,
    /// The reaction.
    pub reaction: Reaction,
}

/// What became of a wish about the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The reaction.
    pub reaction: ReactionId,
    /// The group.
    pub group: GroupId,
    /// Runs that it paused.
    pub paused: usize,
    /// Open objections of the case.
    pub open: usize,
}

impl App {
    /// All reactions of a case, oldest first.
    pub async fn reactions(&self, case: &CaseId) -> Result<Vec<Entry>, AppError> {
        let case = self.journal.known_case(case).await?;
        let mut all = Vec::new();
        for state in self.groups_of(&case).await? {
            for (id, reaction) in &state.reactions {
                all.push(Entry { group: state.id.clone(), id: id.clone(), reaction: reaction.clone() });
            }
        }
        all.sort_by(|a, b| (a.reaction.at, &a.id).cmp(&(b.reaction.at, &b.id)));
        Ok(all)
    }

    /// Notes a reaction down. The group is the one named, or the only one of the case.
    pub async fn add_reaction(
        &self,
        case: &CaseId,
        group: Option<&GroupId>,
        what: What,
        text: &str,
        from: &str,
        signer: &dyn Signer,
    ) -> Result<Noted, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let known = self.journal.known_case(case).await?;
        let groups = known.head.map(|head| head.groups).unwrap_or_default();
        let group = match (group, groups.as_slice()) {
            (Some(group), all) if all.contains(group) => group.clone(),
            (None, [only]) => only.clone(),
            (Some(group), _) => return Err(AppError::new("group.unknown").with("group", group)),
            (None, _) => return Err(AppError::new("usage").with("says", "--group")),
        };
        let reaction = ReactionId(format!("r-{}", self.random_hex(4)));
        let add =
            React::Add { reaction: reaction.clone(), what, text: text.to_owned(), from: from.to_owned(), by };
        self.react(case, &group, &reaction, add, signer).await
    }

    /// Answers a reaction.
    pub async fn answer_reaction(
        &self,
        case: &CaseId,
        reaction: &ReactionId,
        text: &str,
        signer: &dyn Signer,
    ) -> Result<Noted, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let group = self.group_of_reaction(case, reaction).await?;
        let answer = React::Answer { reaction: reaction.clone(), text: text.to_owned(), by };
        self.react(case, &group, reaction, answer, signer).await
    }

    /// Hands a reaction to somebody who decides.
    pub async fn escalate_reaction(
        &self,
        case: &CaseId,
        reaction: &ReactionId,
        to: &str,
        signer: &dyn Signer,
    ) -> Result<Noted, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let group = self.group_of_reaction(case, reaction).await?;
        let escalate = React::Escalate { reaction: reaction.clone(), to: to.to_owned(), by };
        self.react(case, &group, reaction, escalate, signer).await
    }

    async fn group_of_reaction(&self, case: &CaseId, id: &ReactionId) -> Result<GroupId, AppError> {
        let found = self.reactions(case).await?.into_iter().find(|entry| entry.id == *id);
        found.map(|entry| entry.group).ok_or_else(|| AppError::new("reaction.unknown").with("reaction", id))
    }

    async fn react(
        &self,
        case: &CaseId,
        group: &GroupId,
        reaction: &ReactionId,
        wish: React,
        signer: &dyn Signer,
    ) -> Result<Noted, AppError> {
        let (paused, open) = self.react_as(case, group, wish, &signer.principal()).await?;
        Ok(Noted { reaction: reaction.clone(), group: group.clone(), paused, open })
    }

    /// Writes a wish of somebody, also of one who is no principal, and in the same commit pauses what has to be paused. Gives how many runs that were,
    /// and how many objections are open.
    pub(crate) async fn react_as(
        &self,
        case: &CaseId,
        group: &GroupId,
        wish: React,
        by: &PrincipalId,
    ) -> Result<(usize, usize), AppError> {
        for attempt in 1.. {
            match self.try_react(case, group, wish.clone(), by).await {
                Err(error) if error.code() == "journal.conflict" && attempt < MAX_CONFLICTS => {}
                other => return other,
            }
        }
        Err(AppError::new("journal.conflict"))
    }

    async fn try_react(
        &self,
        id: &CaseId,
        group: &GroupId,
        wish: React,
        by: &PrincipalId,
    ) -> Result<(usize, usize), AppError> {
        let case = self.journal.known_case(id).await?;
        let now = self.clock.now();
        let mut tx = self.journal.begin(now, by);
        let mut states: Vec<GroupState> = Vec::new();
        for state in self.groups_of(&case).await? {
            if state.id == *group {
                let events = state.decide(&case, RunCommand::React(wish.clone()), now)?;
                states.push(tx.group(state, &events)?);
            } else {
                states.push(state);
            }
        }
        let mut paused = 0;
        let open: usize = states.iter().map(open_objections).sum();
        if too_many(states.iter()) {
            for state in &mut states {
                let stops = state.run.as_ref().is_some_and(|run| {
                    run.case == case.id && run.phase == Phase::Active && !run.past_return()
                });
                if stops {
                    let events = state.decide(&case, RunCommand::Pause(by.clone()), now)?;
                    *state = tx.group(state.clone(), &events)?;
                    self.put_card(&mut tx, state)?;
                    tx.wake(&state.id, Some(now));
                    paused += 1;
                }
            }
        }
        tx.commit().await?;
        Ok((paused, open))
    }
}

/// Refuses to go on while more objections are open than the policy bears.
pub(crate) fn refuse_over_objections(case: &CaseId, groups: &[GroupState]) -> Result<(), AppError> {
    if too_many(groups.iter()) {
        let open: usize = groups.iter().map(open_objections).sum();
        return Err(AppError::new("reaction.open").with("case", case).with("count", open));
    }
    Ok(())
}
