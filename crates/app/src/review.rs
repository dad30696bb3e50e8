//! Review: submit, approve, reject, confirm; and holds. The rules are counted in `domain`; signatures are checked here.

use adjourn_domain::approval::{Approval, Decision, DualAct, Principal, Statement};
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::{CaseCommand, CaseState, CaseStatus};
use adjourn_domain::delegation::Delegation;
use adjourn_domain::event::{CaseEvent, OrgEvent};
use adjourn_domain::ids::{CaseId, GroupId, HoldId, PrincipalId};
use adjourn_domain::passkey::{Proof, Purpose};
use adjourn_domain::plan::StepOp;
use adjourn_domain::policy::{RoleRule, Shortfall};
use adjourn_domain::run::{GroupState, Run, RunCommand};
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::AppError;
use crate::journal::Tx;
use crate::org::Org;
use crate::ports::{KeyId, Signer};

/// A case's line in the list of cases: a read model, encrypted under the case's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseCard {
    /// The case.
    pub case: CaseId,
    /// Where it stands.
    pub status: CaseStatus,
    /// Hash of the plan.
    pub plan_hash: Option<Hash>,
    /// Its groups.
    pub groups: Vec<GroupId>,
    /// What is missing in the review.
    pub missing: Vec<RoleRule>,
    /// When the plan was drawn.
    pub drawn_at: Option<Time>,
    /// Until when the reviewers are to answer, while they have not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Time>,
    /// Whom reviewers asked something that is not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questioned: Option<PrincipalId>,
}

/// What is missing in the review of a case.
pub fn missing(case: &CaseState) -> Vec<RoleRule> {
    case.missing().into_iter().map(|(role, count)| RoleRule { role, count }).collect()
}

/// A review that nobody can ever meet.
pub fn unmeetable(class: &str, lack: &Shortfall) -> AppError {
    AppError::new("policy.unmeetable")
        .with("class", class)
        .with("role", &lack.role)
        .with("have", lack.have)
        .with("need", lack.need)
}

/// The delegation in whose name a principal speaks: none where the principal's own role is still asked for.
fn lent(org: &Org, case: &CaseState, principal: &Principal, now: Time) -> Option<Delegation> {
    let ways = case.open_ways(Some(now));
    let open: Vec<&str> = ways.iter().flatten().map(|(role, _)| role.as_str()).collect();
    if open.contains(&principal.role.as_str()) {
        return None;
    }
    let requester = case.head.as_ref().map(|head| &head.requester);
    let heard: Vec<_> =
        case.counted(Some(now)).map(|(said, _)| said.statement.voice()).chain(requester).collect();
    App::behalf(org, &principal.id, &open, &heard, now)
}

/// How often a hold is tried while others write to the group at the same time.
const MAX_HOLD_TRIES: usize = 20;

/// Refused reviews of one plan that are written down; whoever goes on after that is known.
const MAX_REFUSED: u32 = 50;

/// A hold that was put on a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The hold.
    pub hold: HoldId,
    /// The call that was committed before it and can't be stopped any more.
    pub in_flight: Option<StepOp>,
}

impl App {
    /// Writes the case's line of the list in the same transaction as its events.
    pub fn put_case_card(&self, tx: &mut Tx<'_>, case: &CaseState) -> Result<(), AppError> {
        let card = CaseCard {
            case: case.id.clone(),
            status: case.status,
            plan_hash: case.plan_hash(),
            groups: case.head.as_ref().map(|head| head.groups.clone()).unwrap_or_default(),
            missing: missing(case),
            drawn_at: case.head.as_ref().map(|head| head.drawn_at),
            review_by: case.review_by.filter(|_| case.status == CaseStatus::InReview),
            questioned: case
                .head
                .as_ref()
                .filter(|_| case.status == CaseStatus::InReview && case.open_questions() > 0)
                .map(|head| head.requester.clone()),
        };
        let sealed = self.journal.seal_view(&KeyId::Case(case.id.clone()), &card)?;
        tx.view("case", &case.id, Some(sealed));
        Ok(())
    }

    /// All cases that can be read, newest plan first.
    pub async fn case_cards(&self) -> Result<Vec<CaseCard>, AppError> {
        let mut cards = Vec::new();
        for (key, sealed) in self.journal.store.views("case").await? {
            if let Some(card) = self.journal.open_view::<CaseCard>(&KeyId::Case(key.into()), &sealed)? {
                cards.push(card);
            }
        }
        cards.sort_by(|a, b| (b.drawn_at, &a.case).cmp(&(a.drawn_at, &b.case)));
        Ok(cards)
    }

    /// Tells the roles that the policy names that a review has not been answered in time. Does nothing when that is not owed:
    /// somebody has answered meanwhile.
    pub async fn escalate_review(&self, case: CaseState, fence: u64) -> Result<(), AppError> {
        let now = self.clock.now();
        let mut tx = self.journal.begin(now, "worker");
        let mut case = case;
        if case.escalation_due().is_some_and(|until| until <= now) {
            let events = case.decide(CaseCommand::Escalate, now)?;
            case = tx.case(case, &events)?;
            self.put_case_card(&mut tx, &case)?;
        }
        tx.wake(&case.id, case.escalation_due());
        tx.commit_fenced(fence).await
    }

    pub(crate) async fn change_case(
        &self,
        case: CaseState,
        command: CaseCommand,
        signer: &dyn Signer,
        used: Option<(Org, OrgEvent)>,
    ) -> Result<CaseState, AppError> {
        let now = self.clock.now();
        let events = case.decide(command, now)?;
        let mut tx = self.journal.begin(now, &signer.principal());
        if let Some((org, used)) = &used {
            tx.org(org, used)?;
        }
        let case = tx.case(case, &events)?;
        self.put_case_card(&mut tx, &case)?;
        if let Some(until) = case.escalation_due() {
            tx.wake(&case.id, Some(until));
        }
        // A run that waited for an approval that had expired goes on.
        if case.status == CaseStatus::Running {
            for group in case.head.iter().flat_map(|head| &head.groups) {
                if !case.ended.contains_key(group) {
                    tx.wake(group, Some(now));
                }
            }
        }
        tx.commit().await?;
        Ok(case)
    }

    /// Hands the plan of a case to the reviewers, after looking whether there are any: a review that nobody can ever meet is
    /// refused now, not when it blocks.
    pub async fn submit(&self, case: &CaseId, signer: &dyn Signer) -> Result<CaseState, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        if let Some(head) = &case.head {
            let plan = self.load_plan(&case).await?;
            let mut classes: Vec<&str> = plan.groups.iter().map(|group| group.class.as_str()).collect();
            classes.sort_unstable();
            classes.dedup();
            if let Some(lack) = head.review.shortfall(&org.holders(Some(&head.requester))).first() {
                return Err(unmeetable(&classes.join(", "), lack));
            }
        }
        self.change_case(case, CaseCommand::Submit(by), signer, None).await
    }

    /// Approves or rejects the plan of a case with the principal's own key.
    ///
    /// `plan_hash` is the hash of the plan that the reviewer has read, where he has it as a file.
    pub async fn review(
        &self,
        case: &CaseId,
        decision: Decision,
        reason: &str,
        plan_hash: Option<Hash>,
        signer: &dyn Signer,
    ) -> Result<CaseState, AppError> {
        self.review_with(case, decision, reason, plan_hash, None, signer).await
    }

    /// The same with a passkey's answer. Where the signer's own role is not asked for, and somebody lent theirs, the approval
    /// is in that role and says so.
    pub async fn review_with(
        &self,
        case: &CaseId,
        decision: Decision,
        reason: &str,
        plan_hash: Option<Hash>,
        proof: Option<Proof>,
        signer: &dyn Signer,
    ) -> Result<CaseState, AppError> {
        let org = self.journal.org().await?;
        let mut principal = org.principal(signer)?.clone();
        let case = self.journal.known_case(case).await?;
        let current = case.plan_hash().ok_or_else(|| AppError::new("case.unknown").with("case", &case.id))?;
        if plan_hash.is_some_and(|read| read != current) {
            return Err(AppError::new("plan.edited").with("case", &case.id));
        }
        // The plan must still be readable and whole: nobody approves what can't be shown.
        self.load_plan(&case).await?;
        let now = self.clock.now();
        let behalf = match decision {
            Decision::Approve => lent(&org, &case, &principal, now),
            Decision::Reject => None,
        };
        if let Some(lent) = &behalf {
            principal.role.clone_from(&lent.role);
        }
        let (nonce, passkey) = match proof {
            Some(Proof { nonce, assertion }) => (nonce, Some(Box::new(assertion))),
            None => (self.random_hex(16), None),
        };
        let statement = Statement {
            adjourn: "approval/v1".to_owned(),
            case: case.id.clone(),
            plan_hash: current,
            principal: principal.id.clone(),
            decision,
            at: now,
            nonce,
            on_behalf: behalf.map(|lent| Box::new(lent.on_behalf())),
        };
        let signature = self.signed(&statement.bytes()?, &principal.public_key, signer)?;
        let approval = Approval { statement, signature, passkey };
        let asked = (Purpose::Approval, current, approval.statement.nonce.clone());
        let command = CaseCommand::Review {
            approval: Box::new(approval.clone()),
            principal: principal.clone(),
            reason: reason.to_owned(),
        };
        // What is refused anyway leaves no trace of a passkey, but one of whoever wanted it.
        if let Err(refusal) = case.decide(command.clone(), now) {
            self.note_refused(case, &principal.id, refusal.code).await?;
            return Err(refusal.into());
        }
        let used = match &approval.passkey {
            Some(answer) => {
                let asked = (asked.0, asked.1, asked.2.as_str());
                self.check_passkey(&org, &principal, &case, asked, answer).await?.map(|used| (org, used))
            }
            None => None,
        };
        self.change_case(case, command, signer, used).await
    }

    /// Writes down who wanted to review and may not. What is only too late or too early is nobody's fault.
    async fn note_refused(&self, case: CaseState, by: &PrincipalId, why: &str) -> Result<(), AppError> {
        let told = ["approval.self", "approval.duplicate", "approval.role", "approval.passkey"];
        if !told.contains(&why) || case.refused >= MAX_REFUSED {
            return Ok(());
        }
        let mut tx = self.journal.begin(self.clock.now(), by);
        tx.case(case, &[CaseEvent::ReviewRefused { by: by.clone(), why: why.to_owned() }])?;
        match tx.commit().await.map_err(|error| (error.code(), error)) {
            // Somebody else decided in the same moment: the refusal stands, and what it says is in the answer.
            Ok(()) | Err(("journal.conflict", _)) => Ok(()),
            Err((_, error)) => Err(error),
        }
    }

    /// The typed confirmation of a personal case: the plan's short code, or the group's name, exactly.
    pub async fn confirm(
        &self,
        case: &CaseId,
        typed: &str,
        signer: &dyn Signer,
    ) -> Result<CaseState, AppError> {
        self.confirm_with(case, typed, None, signer).await
    }

    /// The same with a passkey's answer, where the policy asks for one.
    pub async fn confirm_with(
        &self,
        case: &CaseId,
        typed: &str,
        proof: Option<&Proof>,
        signer: &dyn Signer,
    ) -> Result<CaseState, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        let plan = self.load_plan(&case).await?;
        self.confirmation_of_plan(&plan).await?.check(typed)?;
        let command = CaseCommand::Confirm(by, proof.cloned().map(Box::new));
        case.decide(command.clone(), self.clock.now())?;
        let used = match proof {
            Some(proof) => self.check_proof(&org, &case, proof, signer).await?.map(|used| (org, used)),
            None => None,
        };
        self.change_case(case, command, signer, used).await
    }

    /// Checks the answer to a confirmation.
    pub(crate) async fn check_proof(
        &self,
        org: &Org,
        case: &CaseState,
        proof: &Proof,
        signer: &dyn Signer,
    ) -> Result<Option<OrgEvent>, AppError> {
        let plan_hash =
            case.plan_hash().ok_or_else(|| AppError::new("case.unknown").with("case", &case.id))?;
        let asked = (Purpose::Confirmation, plan_hash, proof.nonce.as_str());
        self.check_passkey(org, org.principal(signer)?, case, asked, &proof.assertion).await
    }

    /// Puts a hold on a group.
    pub async fn add_hold(
        &self,
        group: &GroupId,
        matter: &str,
        signer: &dyn Signer,
    ) -> Result<Held, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let hold = HoldId(format!("h-{}", self.random_hex(4)));
        let add = || RunCommand::AddHold { hold: hold.clone(), matter: matter.to_owned(), by: by.clone() };
        let mut tries = 1;
        let state = loop {
            match self.change_group(group, add(), signer).await {
                // Somebody wrote to the group in the same moment; the hold does not give way to that.
                Err(error) if error.code() == "journal.conflict" && tries < MAX_HOLD_TRIES => tries += 1,
                other => break other?,
            }
        };
        Ok(Held { in_flight: state.run.as_ref().and_then(Run::in_flight), hold })
    }

    /// Asks to lift a hold, or lifts it as the second person. Returns whether it is lifted.
    pub async fn lift_hold(&self, hold: &HoldId, signer: &dyn Signer) -> Result<bool, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        let group = self.held_by(hold).await?.id;
        let statement = DualAct::lift(hold, &principal.id, self.clock.now());
        let bytes = statement.bytes()?;
        let signature = signer.sign(&bytes);
        if !self.journal.keys.check(&principal.public_key, &bytes, &signature) {
            return Err(AppError::new("approval.signature").with("principal", &principal.name));
        }
        let command = RunCommand::LiftHold { hold: hold.clone(), statement, signature };
        let state = self.change_group(&group, command, signer).await?;
        Ok(!state.holds.contains_key(hold))
    }

    /// The group that a hold is on.
    pub(crate) async fn held_by(&self, hold: &HoldId) -> Result<GroupState, AppError> {
        for card in self.held().await? {
            let state = self.journal.group(&card.group).await?;
            if state.holds.contains_key(hold) {
                return Ok(state);
            }
        }
        Err(AppError::new("hold.unknown").with("hold", hold))
    }

    /// Decides a wish about a group and appends it; the run, if there is one, is looked at again.
    pub(crate) async fn change_group(
        &self,
        group: &GroupId,
        command: RunCommand,
        signer: &dyn Signer,
    ) -> Result<GroupState, AppError> {
        self.change_group_as(group, command, signer.principal().as_str()).await
    }

    /// The same for somebody who is no principal.
    pub(crate) async fn change_group_as(
        &self,
        group: &GroupId,
        command: RunCommand,
        actor: &str,
    ) -> Result<GroupState, AppError> {
        let state = self.journal.group(group).await?;
        if state.version == 0 {
            return Err(AppError::new("group.unknown").with("group", group));
        }
        let case = match &state.run {
            Some(run) => self.journal.case(&run.case).await?,
            None => CaseState::new("c-none".into()),
        };
        let now = self.clock.now();
        let events = state.decide(&case, command, now)?;
        let mut tx = self.journal.begin(now, actor);
        let state = tx.group(state, &events)?;
        self.put_card(&mut tx, &state)?;
        if state.running() {
            tx.wake(&state.id, Some(now));
        }
        tx.commit().await?;
        Ok(state)
    }
}
