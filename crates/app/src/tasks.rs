//! Guided human steps, handed to the people who have to do them: one link for each owner of groups in a case, which
//! opens a page with nothing but that owner's groups and steps.
//!
//! The link is the credential: a ticket (case, owner, end) with a signature that only this installation can make. It opens
//! only while the case names it as the owner's newest one, so that making links anew closes the old ones.

use std::collections::BTreeMap;

use adjourn_domain::case::{CaseCommand, CaseState, CaseStatus};
use adjourn_domain::ids::{CaseId, GroupId, OwnerId, PrincipalId};
use adjourn_domain::register::{TaskLink, Ticket};
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::task::{Task, TaskState, reminder_due, tasks};
use serde::Serialize;

use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

/// Attempts to write what a person said, when the worker writes to the same group at the same time.
const MAX_CONFLICTS: usize = 8;
/// Files of one answer, at most.
pub const MAX_FILES: usize = 10;

/// An owner with everything that waits for, or came from, that owner in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerTasks {
    /// The owner.
    pub owner: OwnerId,
    /// The owner's name.
    pub name: String,
    /// How to reach the owner.
    pub contact: String,
    /// The end of the owner's link, if there is one.
    pub link_until: Option<adjourn_domain::time::Time>,
    /// How often the owner was reminded.
    pub reminders: usize,
    /// Whether a reminder is due.
    pub reminder_due: bool,
    /// The owner's groups in the case, also those in which nothing is left to a person yet.
    pub groups: Vec<GroupId>,
    /// The steps, group by group, in the plan's order.
    pub tasks: Vec<Task>,
}

impl OwnerTasks {
    /// How many steps stand so.
    pub fn count(&self, state: TaskState) -> usize {
        self.tasks.iter().filter(|task| task.state == state).count()
    }
}

/// Why nobody can be sent a link for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoContact {
    /// No ledger names the group.
    Unregistered,
    /// The ledger has no contact of the owner.
    NoContact,
}

/// A step that nobody can be sent a link for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nobody {
    /// Why.
    pub why: NoContact,
    /// The owner's name, where a ledger has it.
    pub owner: Option<String>,
    /// The step.
    pub task: Task,
}

/// Every human step of a case: each under exactly one owner, or with nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskBoard {
    /// Owners who can be reached, by name.
    pub owners: Vec<OwnerTasks>,
    /// Steps without anybody to reach.
    pub nobody: Vec<Nobody>,
}

/// A page that a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPage {
    /// The ticket.
    pub ticket: Ticket,
    /// The owner's groups and steps.
    pub owner: OwnerTasks,
    /// Where the case stands.
    pub status: CaseStatus,
}

/// What a person answers about a step.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It is done.
    Done {
        /// What shows it.
        files: Vec<(String, Vec<u8>)>,
        /// The platform's second confirmation.
        factors: BTreeMap<String, String>,
    },
    /// It can't be done.
    Cant {
        /// Why.
        reason: String,
    },
}

impl App {
    /// Every human step of a case; a reminder is due `every_s` after the last word to an owner.
    pub async fn task_board(&self, case: &CaseId, every_s: u64) -> Result<TaskBoard, AppError> {
        let case = self.journal.known_case(case).await?;
        self.board(&case, every_s, None).await
    }

    /// The board, or one owner's part of it, which costs what the owner's groups cost: their ids stand beside the link.
    async fn board(
        &self,
        case: &CaseState,
        every_s: u64,
        only: Option<&OwnerId>,
    ) -> Result<TaskBoard, AppError> {
        let now = self.clock.now();
        let mut owners: BTreeMap<OwnerId, OwnerTasks> = BTreeMap::new();
        let mut nobody = Vec::new();
        let listed = only.and_then(|owner| case.tasks.get(owner)?.groups.as_ref());
        for id in listed.or(case.head.as_ref().map(|head| &head.groups)).into_iter().flatten() {
            let group = self.journal.group(id).await?;
            let registration = group.registration.as_ref();
            if only.is_some_and(|only| registration.is_none_or(|known| known.owner != *only)) {
                continue;
            }
            let me = registration.map(|known| PrincipalId(known.owner.0.clone()));
            let found = tasks(&group, &case.id, me.as_ref());
            match registration {
                Some(known) if !known.contact.is_empty() => {
                    let link = case.tasks.get(&known.owner);
                    let entry = owners.entry(known.owner.clone()).or_insert_with(|| OwnerTasks {
                        owner: known.owner.clone(),
                        name: known.owner_name.clone(),
                        contact: known.contact.clone(),
                        link_until: link.map(|link| link.expires_at),
                        reminders: link.map_or(0, |link| link.reminded.len()),
                        reminder_due: false,
                        groups: Vec::new(),
                        tasks: Vec::new(),
                    });
                    entry.groups.push(group.id.clone());
                    entry.tasks.extend(found);
                }
                other => nobody.extend(found.into_iter().map(|task| Nobody {
                    why: if other.is_some() { NoContact::NoContact } else { NoContact::Unregistered },
                    owner: other.map(|known| known.owner_name.clone()),
                    task,
                })),
            }
        }
        let mut owners: Vec<OwnerTasks> =
            owners.into_values().filter(|owner| !owner.tasks.is_empty()).collect();
        for owner in &mut owners {
            let link = case.tasks.get(&owner.owner);
            owner.reminder_due = link.is_some_and(|link| reminder_due(link, &owner.tasks, every_s, now));
        }
        owners.sort_by(|a, b| (&a.name, &a.owner).cmp(&(&b.name, &b.owner)));
        Ok(TaskBoard { owners, nobody })
    }

    /// Gives every owner with human steps in the case a link that lives `ttl_s`; earlier links of the case close.
    pub async fn issue_tasks(
        &self,
        case: &CaseId,
        ttl_s: u64,
        signer: &dyn Signer,
    ) -> Result<(TaskBoard, BTreeMap<OwnerId, String>), AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        let mut board = self.board(&case, u64::MAX, None).await?;
        let now = self.clock.now();
        // A token counts in seconds.
        let until = adjourn_domain::time::Time::from_millis(now.plus_secs(ttl_s).as_millis() / 1000 * 1000);
        let owners: BTreeMap<OwnerId, _> =
            board.owners.iter().map(|owner| (owner.owner.clone(), until)).collect();
        let groups = board.owners.iter().map(|owner| (owner.owner.clone(), owner.groups.clone())).collect();
        let command = CaseCommand::IssueTasks { by: by.clone(), at: now, owners: owners.clone(), groups };
        let case = self.note_on(&case.id, command, &by).await?;
        for owner in &mut board.owners {
            owner.link_until = Some(until);
            owner.reminders = 0;
        }
        let tokens = owners.keys().map(|owner| Ok((owner.clone(), self.token(&case, owner, until)?)));
        let tokens = tokens.collect::<Result<_, AppError>>()?;
        Ok((board, tokens))
    }

    /// Records a reminder for every owner who is due one, and gives those with their links.
    pub async fn remind(
        &self,
        case: &CaseId,
        every_s: u64,
        signer: &dyn Signer,
    ) -> Result<Vec<(OwnerTasks, String)>, AppError> {
        let by = self.journal.org().await?.principal(signer)?.id.clone();
        let case = self.journal.known_case(case).await?;
        let board = self.board(&case, every_s, None).await?;
        let due: Vec<OwnerTasks> = board.owners.into_iter().filter(|owner| owner.reminder_due).collect();
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let owners = due.iter().map(|owner| owner.owner.clone()).collect();
        let command = CaseCommand::Remind { by: by.clone(), at: now, owners };
        let case = self.note_on(&case.id, command, &by).await?;
        due.into_iter()
            .map(|owner| {
                let until = owner.link_until.unwrap_or(now);
                let token = self.token(&case, &owner.owner, until)?;
                Ok((owner, token))
            })
            .collect()
    }

    /// A group of a case has another owner: the owner's link, if there is one, opens a page with the group on it.
    pub(crate) async fn hand_tasks(&self, group: &GroupState, by: &PrincipalId) -> Result<(), AppError> {
        let cases = [group.run.as_ref().map(|run| &run.case), group.part.as_ref().map(|(case, ..)| case)];
        let Some((registration, id)) = group.registration.as_ref().zip(cases.into_iter().flatten().next())
        else {
            return Ok(());
        };
        let case = self.journal.case(id).await?;
        let Some(link) = case.tasks.get(&registration.owner) else { return Ok(()) };
        let Some(mut groups) = link.groups.clone() else { return Ok(()) };
        if groups.contains(&group.id)
            || !case.head.as_ref().is_some_and(|head| head.groups.contains(&group.id))
        {
            return Ok(());
        }
        groups.push(group.id.clone());
        let now = self.clock.now();
        let command = CaseCommand::IssueTasks {
            by: by.clone(),
            at: now,
            owners: BTreeMap::from([(registration.owner.clone(), link.expires_at)]),
            groups: BTreeMap::from([(registration.owner.clone(), groups)]),
        };
        match self.note_on(id, command, by).await {
            // A case that is over has no page to be put on.
            Err(error) if error.code() == "case.state" => Ok(()),
            other => other.map(drop),
        }
    }

    /// Writes to a case about its links, also while its groups write to it.
    async fn note_on(
        &self,
        id: &CaseId,
        command: CaseCommand,
        by: &PrincipalId,
    ) -> Result<CaseState, AppError> {
        let mut conflicts = 0;
        loop {
            let case = self.journal.known_case(id).await?;
            let events = case.decide(command.clone(), self.clock.now())?;
            let mut tx = self.journal.begin(self.clock.now(), by);
            let case = tx.case(case, &events)?;
            match tx.commit().await {
                Err(error) if error.code() == "journal.conflict" && conflicts < MAX_CONFLICTS => {
                    conflicts += 1;
                }
                other => return other.map(|()| case),
            }
        }
    }

    fn token(
        &self,
        case: &CaseState,
        owner: &OwnerId,
        expires_at: adjourn_domain::time::Time,
    ) -> Result<String, AppError> {
        let ticket = Ticket { case: case.id.clone(), owner: owner.clone(), expires_at };
        Ok(ticket.token(&self.journal.keys.mac(ticket.signed().as_bytes())?))
    }

    /// Checks a token: forged, altered, over, or replaced by a newer one.
    async fn admit(&self, token: &str) -> Result<(Ticket, CaseState), AppError> {
        let (ticket, mac) = Ticket::read(token).ok_or_else(|| AppError::new("task.link"))?;
        // Before the signature is checked, nothing that the token says is looked up.
        if !self.journal.keys.check_mac(ticket.signed().as_bytes(), &mac) {
            return Err(AppError::new("task.link"));
        }
        if ticket.expires_at <= self.clock.now() {
            return Err(AppError::new("task.expired").with("time", ticket.expires_at));
        }
        let case = self.journal.known_case(&ticket.case).await?;
        let newest = case.tasks.get(&ticket.owner).map(|link: &TaskLink| link.expires_at);
        if newest != Some(ticket.expires_at) {
            return Err(AppError::new("task.replaced"));
        }
        Ok((ticket, case))
    }

    /// The page that a token opens.
    pub async fn task_page(&self, token: &str) -> Result<TaskPage, AppError> {
        let (ticket, case) = self.admit(token).await?;
        let board = self.board(&case, u64::MAX, Some(&ticket.owner)).await?;
        let owner = board.owners.into_iter().next().ok_or_else(|| AppError::new("task.replaced"))?;
        Ok(TaskPage { ticket, owner, status: case.status })
    }

    /// Takes an owner's answer about one of the owner's own steps.
    pub async fn task_answer(
        &self,
        token: &str,
        group: &GroupId,
        step: &str,
        answer: Answer,
    ) -> Result<(), AppError> {
        let page = self.task_page(token).await?;
        let task = page.owner.tasks.iter().find(|task| task.group == *group && task.step == step);
        // Somebody else's group is no different from one that does not exist.
        let task = task.ok_or_else(|| AppError::new("step.unknown").with("step", step))?;
        if !task.state.waits() {
            return Err(AppError::new("task.settled").with("state", task.state.slug()));
        }
        let by = PrincipalId(page.ticket.owner.0.clone());
        let step = step.to_owned();
        let command = match answer {
            Answer::Cant { reason } => RunCommand::PersonCant { step, by, reason },
            Answer::Done { files, factors } => {
                if let Some(factor) = task.unconfirmed(&factors) {
                    return Err(AppError::new("step.confirm").with("step", step).with("factor", factor));
                }
                if files.is_empty() {
                    return Err(AppError::new("step.evidence").with("says", "0 files"));
                }
                let class = self.journal.group(group).await?.class;
                let evidence = self.hand_in(&page.ticket.case, group, &class, &files).await?;
                RunCommand::PersonDone { step, by, evidence, factors }
            }
        };
        let actor = page.ticket.owner.as_str();
        for _ in 1..MAX_CONFLICTS {
            match self.change_group_as(group, command.clone(), actor).await {
                Err(error) if error.code() == "journal.conflict" => {}
                other => return other.map(drop),
            }
        }
        self.change_group_as(group, command, actor).await.map(drop)
    }
}
