//! Typed confirmation: what a person types before something that can't be taken back. One check for every entry: the command line takes the name or
//! the short code, pages ask for the code, because a name may be empty, borrowed, or full of signs.
//!
//! Only three acts want it: an irreversible plan, the destruction of a record, the lifting of a hold.

use adjourn_domain::canonical::Hash;
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::{CaseId, GroupId, HoldId};
use adjourn_domain::passkey::Proof;
use adjourn_domain::plan::Plan;
use adjourn_domain::run::GroupState;
use adjourn_domain::short_code::ShortCode;

use crate::App;
use crate::destroy::Destroyed;
use crate::error::AppError;
use crate::ports::Signer;
use crate::running::Applied;

/// What somebody confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The code that stands for it.
    pub code: ShortCode,
    /// The groups that it is about.
    pub things: Vec<Thing>,
}

/// A group that a confirmation is about, as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// The group.
    pub group: GroupId,
    /// Its name for people; empty when nobody knows one.
    pub name: String,
    /// Its platform.
    pub platform: String,
    /// Its owners; `None` when nobody has told.
    pub owners: Option<Vec<String>>,
    /// Number of members; `None` when nobody has told.
    pub members: Option<usize>,
}

impl Thing {
    fn of(state: &GroupState) -> Self {
        let seen = state.snapshot.as_ref();
        let owners = |seen: &adjourn_domain::group::Snapshot| {
            (!seen.owner_unknown()).then(|| seen.owners.iter().map(|id| id.as_str().to_owned()).collect())
        };
        Self {
            group: state.id.clone(),
            name: seen.map(|seen| seen.label().to_owned()).unwrap_or_default(),
            platform: seen.map(|seen| seen.platform.to_string()).unwrap_or_default(),
            owners: seen.and_then(owners),
            members: seen.filter(|seen| !seen.members_unknown()).map(|seen| seen.members.len()),
        }
    }
}

impl Confirmation {
    fn new(act: &str, object: &str, things: Vec<Thing>) -> Self {
        Self { code: ShortCode::of(act, object), things }
    }

    /// The confirmation that a hold is lifted from its group.
    pub fn lifting(hold: &HoldId, group: &GroupState) -> Self {
        Self::new("lift", hold.as_str(), vec![Thing::of(group)])
    }

    /// Refuses what is neither the code nor the groups' names as they stand here.
    ///
    /// # Errors
    /// `confirm.mismatch`.
    pub fn check(&self, typed: &str) -> Result<(), AppError> {
        let names: Vec<&str> = self.things.iter().map(|thing| thing.name.as_str()).collect();
        let typed = typed.trim();
        if self.code.is(typed) || (!typed.is_empty() && typed == names.join(", ")) {
            return Ok(());
        }
        Err(AppError::new("confirm.mismatch").with("typed", typed))
    }
}

/// Whether whoever has a plan applied types its code: it has something in it that can't be taken back, and nobody has confirmed it yet.
pub fn confirms_apply(case: &CaseState, plan: &Plan) -> bool {
    let irreversible = plan.groups.iter().flat_map(|group| &group.steps).any(|step| step.op.irreversible());
    irreversible && !case.confirmed
}

impl App {
    /// The confirmation of a plan: its code belongs to exactly this plan.
    pub async fn confirmation_of_plan(&self, plan: &Plan) -> Result<Confirmation, AppError> {
        let mut things = Vec::with_capacity(plan.groups.len());
        for part in &plan.groups {
            // The name is the plan's: that is what was reviewed.
            let thing = Thing::of(&self.journal.group(&part.group).await?);
            things.push(Thing { name: part.name.clone(), platform: part.platform.to_string(), ..thing });
        }
        Ok(Confirmation::new("dissolve", &plan.hash()?.to_hex(), things))
    }

    /// The confirmation that a group's record is destroyed.
    pub async fn confirmation_of_destruction(&self, group: &GroupId) -> Result<Confirmation, AppError> {
        let state = self.journal.group(group).await?;
        Ok(Confirmation::new("destroy", group.as_str(), vec![Thing::of(&state)]))
    }

    /// The confirmation that a hold is lifted.
    ///
    /// # Errors
    /// `hold.unknown`.
    pub async fn confirmation_of_lifting(&self, hold: &HoldId) -> Result<Confirmation, AppError> {
        Ok(Confirmation::lifting(hold, &self.held_by(hold).await?))
    }

    /// Applies exactly the plan that somebody read, after they typed its code where that is wanted.
    ///
    /// # Errors
    /// `plan.edited` for another plan, `confirm.mismatch`; and as [`App::apply`].
    pub async fn apply_confirmed(
        &self,
        id: &CaseId,
        read: Option<Hash>,
        typed: &str,
        signer: &dyn Signer,
    ) -> Result<Applied, AppError> {
        Box::pin(self.apply_confirmed_with(id, read, typed, None, signer)).await
    }

    /// The same with a passkey's answer, where the policy asks whoever has a plan applied for one.
    ///
    /// # Errors
    /// As [`App::apply_confirmed`].
    pub async fn apply_confirmed_with(
        &self,
        id: &CaseId,
        read: Option<Hash>,
        typed: &str,
        proof: Option<&Proof>,
        signer: &dyn Signer,
    ) -> Result<Applied, AppError> {
        let case = self.journal.known_case(id).await?;
        if read.is_none() || case.plan_hash() != read {
            return Err(AppError::new("plan.edited").with("case", id));
        }
        let plan = self.load_plan(&case).await?;
        if confirms_apply(&case, &plan) {
            self.confirmation_of_plan(&plan).await?.check(typed)?;
        }
        self.apply_with(id, proof, signer).await
    }

    /// Asks to destroy a group's key, or, as the second person, destroys it: who comes second types its code or name.
    ///
    /// # Errors
    /// `confirm.needed` when somebody else has asked and nothing was typed; and as [`App::destroy_confirmed`].
    pub async fn sign_destruction(
        &self,
        group: &GroupId,
        typed: Option<&str>,
        signer: &dyn Signer,
    ) -> Result<Destroyed, AppError> {
        if let Some(typed) = typed {
            return self.destroy_confirmed(group, typed, signer).await;
        }
        let asked = self.journal.group(group).await?.key_destroy_asked_by;
        if asked.is_some_and(|by| by != signer.principal()) {
            return Err(AppError::new("confirm.needed").with("group", group));
        }
        self.destroy_key(group, signer).await
    }

    /// Asks to lift a hold, or lifts it as the second person, who has typed its code or the group's name.
    ///
    /// # Errors
    /// `confirm.needed` when the second person typed nothing; as [`App::lift_confirmed`].
    pub async fn sign_lifting(
        &self,
        hold: &HoldId,
        typed: Option<&str>,
        signer: &dyn Signer,
    ) -> Result<bool, AppError> {
        if let Some(typed) = typed {
            return self.lift_confirmed(hold, typed, signer).await;
        }
        let group = self.held_by(hold).await?;
        let asked = group.holds.get(hold).and_then(|hold| hold.lift_asked_by.as_ref());
        if asked.is_some_and(|by| *by != signer.principal()) {
            return Err(AppError::new("confirm.needed").with("group", &group.id));
        }
        self.lift_hold(hold, signer).await
    }

    /// Destroys a group's key as the second person, after they typed its code or name.
    ///
    /// # Errors
    /// `confirm.mismatch`, `key.not_asked`; and as [`App::destroy_key`].
    pub async fn destroy_confirmed(
        &self,
        group: &GroupId,
        typed: &str,
        signer: &dyn Signer,
    ) -> Result<Destroyed, AppError> {
        // After a crash in the middle only the id is left, and there is nothing to type.
        if let Ok(state) = self.journal.group(group).await {
            self.confirmation_of_destruction(group).await?.check(typed)?;
            // A hold has made the first signature void, and is what to say first.
            if state.key_destroy_asked_by.is_none() && state.holds.is_empty() {
                return Err(AppError::new("key.not_asked").with("group", group));
            }
        }
        self.destroy_key(group, signer).await
    }

    /// Asks to lift a hold, or lifts it as the second person, after they typed its code. Returns whether it is lifted.
    ///
    /// # Errors
    /// `confirm.mismatch`; and as [`App::lift_hold`].
    pub async fn lift_confirmed(
        &self,
        hold: &HoldId,
        typed: &str,
        signer: &dyn Signer,
    ) -> Result<bool, AppError> {
        self.confirmation_of_lifting(hold).await?.check(typed)?;
        self.lift_hold(hold, signer).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_or_the_names_confirm_and_nothing_else_does() {
        let thing = |name: &str| Thing {
            group: "g-1".into(),
            name: name.to_owned(),
            platform: "matrix".to_owned(),
            owners: None,
            members: None,
        };
        let one = Confirmation::new("dissolve", "plan", vec![thing("a"), thing("b")]);
        one.check(one.code.as_str()).unwrap();
        one.check(" a, b ").unwrap();
        for wrong in ["", "a", "b, a", ShortCode::of("lift", "plan").as_str()] {
            assert_eq!(one.check(wrong).unwrap_err().code(), "confirm.mismatch", "{wrong}");
        }
        // Nothing typed is not the name of a group that has none.
        let nameless = Confirmation::new("destroy", "g-1", vec![thing("")]);
        assert_eq!(nameless.check("").unwrap_err().code(), "confirm.mismatch");
    }
}
