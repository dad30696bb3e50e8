//! The scripted people of the drill: whoever is asked does it in the platform's own app, gives the second confirmation that
//! the platform's dialog asks for, and hands in what shows it. Two of them go wrong first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use adjourn_app::AppError;
use adjourn_app::ports::{Clock, Signer};
use adjourn_connector_kit::simulator::Simulator;
use adjourn_connectors::wechat;
use adjourn_domain::capability::Op;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::plan::{GroupPlan, Step, StepOp};
use adjourn_domain::run::{GroupState, Run, StepState};
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_world::{ClientAct, ClientRefusal, Screen, client, client_obeys, look};

use super::stage::{Platform, Stage};
use crate::out::Out;
use adjourn_web::wording;

/// How often members hand in what their export tools write, in seconds: an export counts while it is fresh.
const HAND_IN_S: u64 = 6 * 3600;

/// What the scripted people have done so far.
#[derive(Default)]
pub(super) struct Script {
    /// Groups whose handover somebody called approved, and it was not.
    pretended: BTreeSet<GroupId>,
    /// Incomplete exports that were accepted.
    accepted: BTreeSet<GroupId>,
    /// When members last handed in their exports.
    handed_in: Option<Time>,
}

impl Stage {
    /// Members of the platforms that have no interface hand in what their tools write, when that is due.
    pub(super) fn hand_in(&self) {
        let now = self.clock.now();
        {
            let mut script = self.people.lock().unwrap_or_else(PoisonError::into_inner);
            if script.handed_in.is_some_and(|last| now < last.plus_secs(HAND_IN_S)) {
                return;
            }
            script.handed_in = Some(now);
        }
        for platform in self.platforms.values().filter(|platform| by_inbox(platform)) {
            let mut simulator = platform.simulator.lock().unwrap_or_else(PoisonError::into_inner);
            for group in platform.kinds.keys() {
                wechat::hand_in_everything(&mut **simulator, group, now);
            }
        }
    }

    /// Whoever is asked acts, in the platform's own app, and `other` answers for what an export lacks. Returns whether somebody
    /// did something.
    pub(super) async fn people_act(
        &self,
        groups: &[GroupState],
        case: &CaseId,
        signer: &dyn Signer,
        other: &dyn Signer,
        out: Out,
    ) -> Result<bool, AppError> {
        let mut acted = false;
        for group in groups {
            let Some(run) = &group.run else { continue };
            let Some(platform) = self.platforms.get(&run.part.connection) else { continue };
            acted |= self.accept_export(group, run, case, other, out).await?;
            let at = run.current();
            let current = at.and_then(|at| run.part.steps.get(at).zip(run.steps.get(at)));
            let Some((step, _)) = current.filter(|(_, state)| state.state == StepState::Person) else {
                continue;
            };
            let name = wording::platform(out.say(), run.part.platform.as_str(), true);
            let factors = if self.pretends(group, step, platform) {
                out.line(msg::demo_person_pretends(out.lang, &name));
                BTreeMap::new()
            } else {
                let factors = self.does(platform, &run.part, step, out)?;
                out.line(msg::demo_person_acts(out.lang, &name, out.word("step", step.op.slug())));
                factors
            };
            let at = self.clock.now();
            let shown = format!("simulated screenshot: {} {} {at}\n", run.part.platform, step.id);
            let files = [("screenshot.txt".to_owned(), shown.into_bytes())];
            self.app.person_done(case, &group.id, &step.id, &files, factors, signer).await?;
            acted = true;
        }
        Ok(acted)
    }

    /// Somebody answers for an export that lacks something: once, as it is.
    async fn accept_export(
        &self,
        group: &GroupState,
        run: &Run,
        case: &CaseId,
        signer: &dyn Signer,
        out: Out,
    ) -> Result<bool, AppError> {
        let export = run.part.steps.iter().zip(&run.steps).find(|(step, _)| step.op == StepOp::Export);
        let Some((step, _)) =
            export.filter(|(_, state)| run.receipt_open() && state.state == StepState::Done)
        else {
            return Ok(false);
        };
        if !self.people.lock().unwrap_or_else(PoisonError::into_inner).accepted.insert(group.id.clone()) {
            return Ok(false);
        }
        let gaps = run.receipt.iter().flat_map(|receipt| &receipt.gaps).map(|gap| out.note(gap));
        let gaps = gaps.collect::<Vec<_>>().join(" ");
        out.line(msg::demo_export_accepted(
            out.lang,
            gaps,
            wording::platform(out.say(), run.part.platform.as_str(), true),
        ));
        self.app.person_done(case, &group.id, &step.id, &[], BTreeMap::new(), signer).await?;
        Ok(true)
    }

    /// The first who is asked for a handover says that it was approved, and it was not.
    fn pretends(&self, group: &GroupState, step: &Step, platform: &Platform) -> bool {
        let wecom = platform.connection.platform.as_str() == "wecom";
        wecom && step.op == StepOp::Handover && {
            let mut script = self.people.lock().unwrap_or_else(PoisonError::into_inner);
            script.pretended.insert(group.id.clone())
        }
    }

    /// Does the step in the app; gives what the dialog asked for.
    fn does(
        &self,
        platform: &Platform,
        part: &GroupPlan,
        step: &Step,
        out: Out,
    ) -> Result<BTreeMap<String, String>, AppError> {
        let at = self.clock.now();
        let refused = |refusal: ClientRefusal| AppError::new("internal").with("says", refusal);
        let mut simulator = platform.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        let simulator: &mut dyn Simulator = &mut **simulator;
        let screen = look(simulator, &part.native, at).map_err(refused)?;
        match step.op {
            // Saying something is no matter of a dialog.
            StepOp::Announce | StepOp::Notice => {
                let text = step.text("text").unwrap_or_default().to_owned();
                let who = screen.manager.clone().unwrap_or_default();
                client(simulator, &part.native, &who, &ClientAct::Post { text }, at).map_err(refused)?;
            }
            // The app shows the link by its own id, with which the interface's ends; where it does not, all are closed.
            StepOp::Unlink if link_of(step, &screen).is_some() => {
                let link = link_of(step, &screen).unwrap_or_default();
                let who = screen.manager.clone().unwrap_or_default();
                client(simulator, &part.native, &who, &ClientAct::Unlink { link }, at).map_err(refused)?;
            }
            // What is handed in is the file that the app wrote.
            StepOp::Export | StepOp::TailExport | StepOp::Party => {}
            _ => {
                if step.op == StepOp::Dissolve && part.platform.as_str() == "wechat" {
                    slip(simulator, part, &screen, at, out);
                }
                client_obeys(simulator, step.op.op().unwrap_or(Op::Verify), &part.native, at)
                    .map_err(refused)?;
            }
        }
        if by_inbox(platform) {
            wechat::hand_in_everything(simulator, &part.native, at);
        }
        Ok(factors(step, &screen))
    }
}

fn link_of(step: &Step, screen: &Screen) -> Option<String> {
    let link = step.text("link")?;
    screen.links.iter().find(|shown| link.ends_with(shown.as_str())).cloned()
}

fn by_inbox(platform: &Platform) -> bool {
    adjourn_connectors::BY_INBOX.contains(&platform.connection.platform.as_str())
}

/// A slip first, where the platform's dialog asks for the name: it wants it exactly.
fn slip(simulator: &mut dyn Simulator, part: &GroupPlan, screen: &Screen, at: Time, out: Out) {
    let slip = ClientAct::Dissolve {
        typed_name: part.name.chars().rev().collect(),
        qr_scanned: false,
        phone_confirmed: false,
        super_admin: None,
    };
    let who = screen.may_dissolve.as_deref().unwrap_or_default();
    if screen.confirm == adjourn_world::Confirm::TypeName
        && let Err(refusal) = client(simulator, &part.native, who, &slip, at)
    {
        let name = wording::platform(out.say(), part.platform.as_str(), true);
        out.line(msg::demo_person_slip(out.lang, name, &refusal.says));
    }
}

/// What the person answers to the second confirmation that the step asks for.
fn factors(step: &Step, screen: &Screen) -> BTreeMap<String, String> {
    let approver = || screen.super_admin.clone().or_else(|| screen.may_dissolve.clone()).unwrap_or_default();
    let given: Vec<(&str, String)> = match step.text("confirm") {
        Some("type_name") => vec![("typed_name", screen.name.clone())],
        Some("qr_phone") => vec![("qr_scanned", "yes".to_owned()), ("phone_confirmed", "yes".to_owned())],
        Some("super_admin" | "handover") => vec![("approved_by", approver())],
        _ => Vec::new(),
    };
    given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
