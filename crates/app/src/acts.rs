//! Acts that end no group: transfer, rescue, leave. They are planned, reviewed and applied like a dissolve, and never
//! mistaken for one.

use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Capabilities;
use adjourn_domain::clocks::PlanFacts;
use adjourn_domain::event::Connection;
use adjourn_domain::ids::{CaseId, GroupId, NativeId};
use adjourn_domain::kinds::Fates;
use adjourn_domain::plan::{Act, Plan, ReasonKind};
use adjourn_domain::planner::GroupInput;
use adjourn_domain::planner::acts::{self, ActRequest, OwnerLeaves};
use adjourn_domain::run::GroupState;

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::{Inspected, Signer};

/// What a person asks for.
#[derive(Debug, Clone)]
pub struct ActWish {
    /// Transfer, rescue or leave.
    pub act: Act,
    /// The group.
    pub group: GroupId,
    /// Account of the new owner, for a transfer or rescue.
    pub to: Option<NativeId>,
    /// The account that leaves; the connection's own if `None`.
    pub account: Option<NativeId>,
    /// Proof of identity for a rescue: names and contents of files.
    pub proof: Vec<(String, Vec<u8>)>,
    /// Why, in words.
    pub reason: String,
    /// Why, by kind.
    pub reason_kind: ReasonKind,
}

impl App {
    /// Draws the plan of an act and keeps it.
    pub async fn plan_act(&self, wish: ActWish, signer: &dyn Signer) -> Result<(Plan, Hash), AppError> {
        let org = self.journal.org().await?;
        let requester = org.principal(signer)?.id.clone();
        let now = self.clock.now();
        let case_id = CaseId(format!("c-{}", self.random_hex(4)));
        let state = self.journal.group(&wish.group).await?;
        if state.running() {
            return Err(AppError::new("run.active").with("group", &wish.group));
        }
        let (state, input) = match self.look(&state).await {
            Ok(inspected) => {
                let connection = org.connection(&inspected.snapshot.connection)?;
                let state = self.see(connection, state, inspected.snapshot.clone()).await?;
                let input = seen(&state, inspected);
                (state, input)
            }
            // A banned owner's account sees nothing; what was seen last has to do.
            Err(error) if wish.act == Act::Rescue => match unseen(&state) {
                Some(input) => (state, input),
                None => return Err(error),
            },
            Err(error) => return Err(error),
        };
        let connection = org.connection(&input.snapshot.connection)?;
        let drill = connection.drill;
        let facts = self.plan_facts(&org, connection, &input.snapshot)?;
        let owner_leaves = self.owner_leaves(&org, connection)?;
        let proof = self.hand_in(&case_id, &wish.group, &state.class, &wish.proof).await?;
        let plan = acts::draw(ActRequest {
            case: case_id.clone(),
            requester,
            reason: wish.reason,
            reason_kind: wish.reason_kind,
            now,
            drill,
            policy: &self.policy,
            act: wish.act,
            to: wish.to,
            owner_leaves,
            witness: connection.identities.iter().any(|identity| identity.witness),
            account: wish.account,
            proof,
            group: GroupInput { facts, ..input },
        })?;
        let hash = plan.hash()?;
        let case = self.journal.case(&case_id).await?;
        self.keep_plan(&plan, hash, case, vec![state]).await?;
        Ok((plan, hash))
    }

    /// What the platform of a connection makes of an owner who leaves.
    fn owner_leaves(&self, org: &Org, connection: &Connection) -> Result<OwnerLeaves, AppError> {
        let Some(known) = self.known(org, &connection.platform)? else { return Ok(OwnerLeaves::Unknown) };
        let rules = self.rules_of(connection);
        let told = OwnerLeaves::KEYS
            .into_iter()
            .find_map(|key| known.acting(key, rules).and_then(|acting| OwnerLeaves::of(key, acting.value())));
        Ok(told.unwrap_or_default())
    }
}

fn seen(state: &GroupState, inspected: Inspected) -> GroupInput {
    GroupInput {
        group: state.id.clone(),
        snapshot: inspected.snapshot.sorted(),
        class: state.class.clone(),
        capabilities: inspected.capabilities,
        own_account: inspected.own_account,
        holds: state.holds.values().map(|hold| hold.matter.clone()).collect(),
        residue: inspected.residue,
        unknown: inspected.unknown,
        facts: PlanFacts::default(),
        fates: Fates::new(),
        holdings: None,
    }
}

fn unseen(state: &GroupState) -> Option<GroupInput> {
    let snapshot = state.snapshot.clone()?.sorted();
    Some(GroupInput {
        group: state.id.clone(),
        own_account: snapshot.owners.first().cloned().unwrap_or_else(|| NativeId::from("")),
        snapshot,
        class: state.class.clone(),
        capabilities: Capabilities::default(),
        holds: state.holds.values().map(|hold| hold.matter.clone()).collect(),
        residue: Vec::new(),
        unknown: Vec::new(),
        facts: PlanFacts::default(),
        fates: Fates::new(),
        holdings: None,
    })
}
