//! The kind of a group decides the way to its end (requirement G3): which notices, which other parties, which handover,
//! how long what is kept. Everything is decided when the plan is drawn; nothing here acts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::announcement;
use crate::capability::{Op, Support};
use crate::fact::Rules;
use crate::group::{Kind, Link, LinkKind};
use crate::ids::{GroupId, NativeId, PrincipalId};
use crate::knowledge::Knowledge;
use crate::law::{About, Pack};
use crate::left_out::{self, LeftOut};
use crate::member_notice::{MemberNotice, Processor, Retention};
use crate::party::{Errand, Party};
use crate::plan::{Note, ReasonKind, Step, StepOp};
use crate::planner::{GroupInput, PlanRequest, StepList};
use crate::policy::{ClassPolicy, PERSONAL};
use crate::refusal::Refusal;
use crate::time::Time;

/// Longest name of a matter, in characters.
pub const MAX_MATTER: usize = 200;
/// How long a plan with a notice may be reviewed without being late, in seconds.
pub const REVIEW_S: u64 = 24 * 3600;

/// What the group's kind asks for, as a part of its plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Way {
    /// The kind that decides.
    pub kind: Kind,
    /// The matter for which the record is fixed as evidence first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judicial: Option<String>,
    /// Who has to accept the handover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nominee: Option<PrincipalId>,
    /// The time that was announced: the group does not end before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Time>,
    /// What hangs on the group and what becomes of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkPlan>,
    /// What has to be kept for how long.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retention: Vec<Retention>,
    /// What members are told about their data (requirement C3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_notice: Option<Box<MemberNotice>>,
    /// What to do when which step fails, and who is called (requirement G12).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contingency: Vec<Note>,
}

/// What becomes of a link when its group ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It goes by itself.
    ByItself,
    /// The platform keeps its record.
    Kept,
    /// It goes on until a person closes it.
    ByHand,
    /// Its record goes to the finance system, whose answer is awaited.
    FinanceAudit,
    /// Nobody has said.
    #[default]
    Unknown,
}

impl Fate {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ByItself => "by_itself",
            Self::Kept => "kept",
            Self::ByHand => "by_hand",
            Self::FinanceAudit => "finance_audit",
            Self::Unknown => "unknown",
        }
    }
}

/// What a platform makes of links, by kind of link.
pub type Fates = BTreeMap<LinkKind, Fate>;

/// What a platform makes of links, as far as its facts tell under `rules`.
pub fn fates(known: &Knowledge, rules: Rules) -> Fates {
    let fate = |key: &str| {
        Some(match known.acting(key, rules)?.value().as_str()? {
            "unbound" | "stops" => Fate::ByItself,
            "kept" | "logs_kept" | "apart" => Fate::Kept,
            "by_hand" => Fate::ByHand,
            "finance_audit" => Fate::FinanceAudit,
            _ => return None,
        })
    };
    let rows = [
        ("link.mini_program", &[LinkKind::MiniProgram, LinkKind::App][..]),
        ("link.payment", &[LinkKind::Payment]),
        ("link.bot", &[LinkKind::Bot, LinkKind::Webhook, LinkKind::Bridge]),
    ];
    rows.iter()
        .filter_map(|(key, kinds)| Some((fate(key)?, kinds)))
        .flat_map(|(fate, kinds)| kinds.iter().map(move |kind| (*kind, fate)))
        .collect()
}

/// A link in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPlan {
    /// The platform's id of it.
    pub link: NativeId,
    /// Its kind.
    pub kind: LinkKind,
    /// Its name.
    pub name: String,
    /// Whose it is, where the platform tells.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
    /// What the platform makes of it.
    pub fate: Fate,
    /// The step that takes it off; none when no step does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<String>,
    /// What stops working with it.
    pub breaks: Note,
}

/// What a person asks for, besides groups and reason.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KindWish {
    /// The kind, where it is not what the platform says.
    pub kind: Option<Kind>,
    /// The same for one group, which goes before that of all.
    pub kinds: BTreeMap<GroupId, Kind>,
    /// The matter of a judicial case.
    pub judicial: Option<String>,
    /// The groups whose record is evidence in that matter; all of the case when none is named.
    pub judicial_groups: BTreeSet<GroupId>,
    /// Who has to accept the handover.
    pub nominee: Option<PrincipalId>,
    /// When groups that are told beforehand end at the earliest.
    pub not_before: Option<Time>,
    /// Links that stay on, each for a reason.
    pub without: LeftOut,
}

/// Everything around a plan that kinds of groups need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ways {
    /// What was asked for.
    pub wish: KindWish,
    /// The text of the advance notice, where a group of the case gets one.
    pub notice: String,
    /// The parties that can be reached, with the silence that each is allowed where it is its own.
    pub parties: BTreeMap<Party, Option<u64>>,
    /// Who answers for the data; without one the announcement has no legal statement.
    pub processor: Option<Processor>,
    /// The packs of the jurisdictions that were chosen.
    pub laws: Vec<Pack>,
    /// Who is called when something fails, in words.
    pub duty: String,
}

impl KindWish {
    /// The matter for which this group's record is fixed first.
    fn matter(&self, group: &GroupId) -> Option<&String> {
        let all = self.judicial_groups.is_empty();
        self.judicial.as_ref().filter(|_| all || self.judicial_groups.contains(group))
    }
}

/// The kind that decides for a group.
pub fn kind_of(wish: &KindWish, input: &GroupInput) -> Kind {
    wish.kinds.get(&input.group).copied().or(wish.kind).unwrap_or(input.snapshot.kind)
}

/// Whether members of such a group are told beforehand.
pub fn has_notice(kind: Kind) -> bool {
    kind == Kind::Education
}

/// The time that a notice announces: what was asked for, or the next full hour that leaves time for review, notice and
/// cooling-off.
///
/// # Errors
/// `notice.short` when what was asked for leaves less.
pub fn announced(wish: &KindWish, policy: &ClassPolicy, now: Time) -> Result<Time, Refusal> {
    let least = now.plus_secs(policy.notice_s.saturating_add(policy.cooling_off_s));
    match wish.not_before {
        Some(asked) if asked < least => Err(Refusal::new("notice.short").with("earliest", least)),
        Some(asked) => Ok(asked),
        None => {
            let hour = 3_600_000;
            let at = least.plus_secs(REVIEW_S).as_millis().div_euclid(hour).saturating_add(1);
            Ok(Time::from_millis(at.saturating_mul(hour)))
        }
    }
}

/// How long a notice and the silence of other parties may keep a group of this case, in seconds.
///
/// # Errors
/// `config.invalid` for a class without policy.
pub(crate) fn longest_wait_s(request: &PlanRequest<'_>) -> Result<u64, Refusal> {
    let mut longest = 0;
    for input in &request.groups {
        let policy = request.policy.of(&input.class)?;
        let mut wait = 0_u64;
        if has_notice(kind_of(&request.ways.wish, input)) {
            let until = request.ways.wish.not_before.map_or(0, |at| at.secs_since(request.now));
            wait = wait.saturating_add(policy.notice_s.max(until));
        }
        for sending in sendings(input, request) {
            let own = request.ways.parties.get(&sending.party).copied().flatten();
            wait = wait.saturating_add(own.unwrap_or(policy.party_s));
        }
        longest = longest.max(wait);
    }
    Ok(longest)
}

/// When in a plan a party is sent something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before anything else.
    First,
    /// With the advance notice.
    WithNotice,
    /// When the archive is sealed.
    AfterSeal,
}

/// One errand of a plan.
struct Sending {
    party: Party,
    errand: Errand,
    place: Place,
    /// Whether the plan is blocked without the party.
    required: bool,
}

/// What the parties are sent for this group, in order.
fn sendings(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Sending> {
    let ways = &request.ways;
    let kind = kind_of(&ways.wish, input);
    let judicial = ways.wish.matter(&input.group).is_some();
    let organised = input.class != PERSONAL;
    let enterprise = matches!(kind, Kind::Enterprise | Kind::ExternalCustomer);
    let audited = |link: &Link| {
        link.kind == LinkKind::Payment && input.fates.get(&LinkKind::Payment) == Some(&Fate::FinanceAudit)
    };
    let feed = kind == Kind::Trading || input.snapshot.links.iter().any(audited);
    let rows = [
        (request.reason_kind == ReasonKind::Law, Party::Legal, Errand::Clearance, Place::First, false),
        (judicial, Party::Notary, Errand::Watch, Place::First, true),
        (has_notice(kind), Party::HomeSchool, Errand::Notice, Place::WithNotice, organised),
        (judicial, Party::Notary, Errand::Minutes, Place::AfterSeal, true),
        (true, Party::EvidencePlatform, Errand::Deposit, Place::AfterSeal, false),
        (enterprise, Party::Archive, Errand::Record, Place::AfterSeal, false),
        (enterprise, Party::Audit, Errand::Record, Place::AfterSeal, false),
        (feed, Party::Finance, Errand::Feed, Place::AfterSeal, organised),
    ];
    rows.into_iter()
        .filter(|(wanted, party, _, _, required)| *wanted && (*required || ways.parties.contains_key(party)))
        .map(|(_, party, errand, place, required)| Sending { party, errand, place, required })
        .collect()
}

/// The steps before the group is touched. Evidence comes first: a notice would make people tidy up.
pub(crate) fn first(
    list: &mut StepList,
    input: &GroupInput,
    policy: &ClassPolicy,
    request: &PlanRequest<'_>,
) {
    send(list, input, policy, request, Place::First);
    if request.ways.wish.matter(&input.group).is_none() {
        notice(list, input, policy, request);
    }
}

/// The steps right after the archive is sealed.
pub(crate) fn after_seal(
    list: &mut StepList,
    input: &GroupInput,
    policy: &ClassPolicy,
    request: &PlanRequest<'_>,
) {
    send(list, input, policy, request, Place::AfterSeal);
    if request.ways.wish.matter(&input.group).is_some() {
        notice(list, input, policy, request);
    }
}

fn send(
    list: &mut StepList,
    input: &GroupInput,
    policy: &ClassPolicy,
    request: &PlanRequest<'_>,
    place: Place,
) {
    let ways = &request.ways;
    for sending in sendings(input, request).into_iter().filter(|sending| sending.place == place) {
        let own = ways.parties.get(&sending.party).copied().flatten();
        let mut params = BTreeMap::from([
            ("party".to_owned(), Value::from(sending.party.slug())),
            ("errand".to_owned(), Value::from(sending.errand.slug())),
            ("awaits".to_owned(), Value::from("answer")),
            ("deadline_s".to_owned(), Value::from(own.unwrap_or(policy.party_s))),
        ]);
        let notary = sending.party == Party::Notary;
        if let Some(matter) = ways.wish.matter(&input.group).filter(|_| notary) {
            params.insert("matter".to_owned(), Value::from(matter.as_str()));
        }
        if sending.errand == Errand::Notice {
            params.insert("text".to_owned(), Value::from(ways.notice.as_str()));
        }
        list.party(params);
    }
}

/// The notice in the group and on the home–school channel, and the time that both leave.
fn notice(list: &mut StepList, input: &GroupInput, policy: &ClassPolicy, request: &PlanRequest<'_>) {
    let ways = &request.ways;
    if !has_notice(kind_of(&ways.wish, input)) {
        return;
    }
    let text = BTreeMap::from([
        ("text".to_owned(), Value::from(ways.notice.as_str())),
        ("sha256".to_owned(), Value::from(announcement::hash(&ways.notice).to_hex())),
    ]);
    list.connector(&input.capabilities, StepOp::Notice, text);
    send(list, input, policy, request, Place::WithNotice);
    let mut wait = BTreeMap::from([("seconds".to_owned(), Value::from(policy.notice_s))]);
    if let Some(at) = ways.wish.not_before {
        // The cooling-off follows; the time that was announced is that of the end.
        let back = i64::try_from(policy.cooling_off_s).unwrap_or(i64::MAX).saturating_mul(1000);
        let until = Time::from_millis(at.as_millis().saturating_sub(back));
        wait.insert("until".to_owned(), Value::from(until.to_string()));
        wait.insert("announced".to_owned(), Value::from(at.to_string()));
    }
    list.ours(StepOp::NoticePeriod, "clock", wait);
}

/// In which order links come off: what uses a bot before the bot, our own bot last.
pub(crate) fn unlink_order(link: &Link) -> (bool, u8, &NativeId) {
    let rank = match link.kind {
        LinkKind::Webhook => 0,
        LinkKind::MiniProgram => 1,
        LinkKind::App => 2,
        LinkKind::Bridge => 3,
        LinkKind::Bot => 4,
        LinkKind::Payment => 5,
    };
    (link.own, rank, &link.id)
}

/// What kind, links, retention and contingency add to a group's part of a plan.
pub(crate) fn way(input: &GroupInput, request: &PlanRequest<'_>, steps: &[Step]) -> Way {
    let wish = &request.ways.wish;
    let kind = kind_of(wish, input);
    let ways = &request.ways;
    let about = About { kind, class: &input.class, holdings: input.holdings.as_ref() };
    let retention = Retention::all(&ways.laws, about);
    let notice = MemberNotice::of(&ways.laws, about, ways.processor.as_ref(), &retention, steps);
    Way {
        kind,
        judicial: wish.matter(&input.group).cloned(),
        nominee: wish
            .nominee
            .clone()
            .filter(|_| kind == Kind::Enterprise || steps.iter().any(|step| step.op == StepOp::Handover)),
        not_before: wish.not_before.filter(|_| has_notice(kind)),
        links: links(input, steps),
        retention,
        member_notice: Some(Box::new(notice)),
        contingency: contingency(steps, &ways.duty),
    }
}

fn links(input: &GroupInput, steps: &[Step]) -> Vec<LinkPlan> {
    let mut links: Vec<&Link> = input.snapshot.links.iter().collect();
    links.sort_by(|a, b| unlink_order(a).cmp(&unlink_order(b)));
    let plan = |link: &Link| {
        let step = steps
            .iter()
            .find(|step| step.op == StepOp::Unlink && step.text("link") == Some(link.id.as_str()))
            .map(|step| step.id.clone());
        LinkPlan {
            link: link.id.clone(),
            kind: link.kind,
            name: link.name.clone(),
            owner: input.snapshot.details.get(&format!("link.owner.{}", link.id)).cloned(),
            fate: input.fates.get(&link.kind).copied().unwrap_or_default(),
            step,
            breaks: Note::new(&format!("breaks-{}", link.kind.slug())).with("link", &link.name),
        }
    };
    links.into_iter().map(plan).collect()
}

/// What to do when which step fails. Steps that only wait can't fail.
fn contingency(steps: &[Step], duty: &str) -> Vec<Note> {
    let waits = |op| matches!(op, StepOp::CoolingOff | StepOp::Settle | StepOp::NoticePeriod);
    steps
        .iter()
        .filter(|step| !waits(step.op))
        .map(|step| {
            let mut note = Note::new(&format!("contingency-{}", step.op.slug())).with("step", &step.id);
            if let Some(party) = step.text("party") {
                note = note.with("party", party);
            }
            if !duty.is_empty() {
                note = note.with("call", duty);
            }
            note
        })
        .collect()
}

/// What the kind forbids until somebody clears it.
pub(crate) fn blockers(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    let ways = &request.ways;
    let kind = kind_of(&ways.wish, input);
    let mut missing: Vec<Party> = sendings(input, request)
        .into_iter()
        .filter(|sending| sending.required && !ways.parties.contains_key(&sending.party))
        .map(|sending| sending.party)
        .collect();
    missing.dedup();
    let mut notes: Vec<Note> =
        missing.into_iter().map(|party| Note::new("blocker-party").with("party", party.slug())).collect();
    if input.class == PERSONAL {
        return notes;
    }
    if has_notice(kind) && !input.capabilities.has(Op::Announce) {
        notes.push(Note::new("blocker-notice"));
    }
    if kind == Kind::ExternalCustomer && ways.processor.is_none() && input.capabilities.has(Op::Announce) {
        notes.push(Note::new("blocker-organisation"));
    }
    let handover = input.capabilities.support(Op::Handover) != Support::Unsupported;
    if kind == Kind::Enterprise && handover && ways.wish.nominee.is_none() {
        notes.push(Note::new("blocker-nominee"));
    }
    notes
}

/// What will not happen, as far as the kind decides.
pub(crate) fn will_not(input: &GroupInput, request: &PlanRequest<'_>) -> Vec<Note> {
    let mut notes = left_out::will_not(input, request);
    if input.capabilities.has(Op::Announce) && request.ways.processor.is_none() {
        notes.push(Note::new("willnot-legal-statement"));
    }
    notes
}

/// Refuses a wish whose values are out of bounds, or that is about a group that the case has not.
pub(crate) fn check(wish: &KindWish, groups: &[GroupInput]) -> Result<(), Refusal> {
    let usage = |says: &str| Err(Refusal::new("usage").with("says", says));
    let matter = wish.judicial.as_ref();
    if matter.is_some_and(|matter| matter.trim().is_empty() || matter.chars().count() > MAX_MATTER) {
        return usage("the name of the matter is out of bounds");
    }
    if matter.is_none() && !wish.judicial_groups.is_empty() {
        return usage("groups are named as evidence, and the matter is not");
    }
    left_out::check(&wish.without, groups)?;
    let named = wish.kinds.keys().chain(&wish.judicial_groups);
    match named.into_iter().find(|id| groups.iter().all(|input| input.group != **id)) {
        Some(stranger) => usage(&format!("{stranger} is no group of the plan")),
        None => Ok(()),
    }
}
