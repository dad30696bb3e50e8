//! What is tried: a connector with a maker of seeded worlds.

use std::sync::Arc;

use adjourn_connector_kit::simulator::Seeded;
use adjourn_connector_kit::{Connector, Descriptor};
use adjourn_connectors::qq::{self, Implementation};
use adjourn_connectors::{dingtalk, reference};
use adjourn_domain::capability::{
    ACCEPTED_ONLY, Capabilities, Capability, EffectClass, Op, Support, TOLD_BY_PERSON,
};
use adjourn_domain::fact::{self, Profile};
use adjourn_sim::FaultPlan;
use adjourn_world::Rules;

use crate::cases::Need;
use crate::rig::{Rig, Who};

/// Makes a seeded world.
pub type Maker = Arc<dyn Fn() -> Seeded + Send + Sync>;

/// A connector under test.
#[derive(Clone)]
pub struct Bench {
    /// The platform; for a variant `platform-variant`.
    pub name: String,
    /// Whether it is a variant: the same connector on a platform with other rules.
    pub variant: bool,
    /// What the connector says about itself.
    pub declared: Descriptor,
    /// What the acting identity may do.
    pub effective: Capabilities,
    connector: fn() -> Box<dyn Connector>,
    seeded: Maker,
}

/// Profiles of the platforms that the reference connector plays in drills.
const PROFILES: [&str; 4] = [
    include_str!("../../../profiles/dingtalk.toml"),
    include_str!("../../../profiles/qq.toml"),
    include_str!("../../../profiles/wechat.toml"),
    include_str!("../../../profiles/wecom.toml"),
];

fn profiles() -> impl Iterator<Item = Profile> {
    PROFILES.into_iter().filter_map(|text| toml::from_str(text).ok())
}

/// A connector that is to be tried: what a [`Bench`] is made of.
struct Target {
    name: String,
    variant: bool,
    connector: fn() -> Box<dyn Connector>,
    seeded: Maker,
}

impl Target {
    fn new(name: &str, variant: bool, connector: fn() -> Box<dyn Connector>, seeded: Maker) -> Self {
        Self { name: name.to_owned(), variant, connector, seeded }
    }
}

/// Every connector of the registry, those of several kinds once more for the other kind, and the reference connector under
/// the declared rules of each platform that it plays. With `only`, the target of that name alone: making one asks its
/// simulator, and whoever runs one trial does not need the others.
pub fn targets(only: Option<&str>) -> Vec<Bench> {
    let mut all: Vec<Target> = adjourn_connectors::all()
        .into_iter()
        .map(|entry| Target::new(entry.id, false, entry.connector, Arc::new(entry.seeded)))
        .collect();
    let customers: Maker = Arc::new(adjourn_connectors::wecom::seeded_customers);
    all.push(Target::new("wecom-customers", true, adjourn_connectors::wecom::connector, customers));
    // A DingTalk group that was made without a template: the same connector, and a person dissolves.
    let ordinary: Maker = Arc::new(dingtalk::seeded_ordinary);
    all.push(Target::new("dingtalk-ordinary", true, dingtalk::connector, ordinary));
    for profile in profiles() {
        let platform = profile.platform.to_string();
        let rules = Rules::from_profile(&profile, fact::Rules::Declared);
        let name = format!("reference-{platform}");
        let seeded = move || reference::seeded_as(&platform, rules.clone());
        all.push(Target::new(&name, true, reference::connector, Arc::new(seeded)));
    }
    all.extend(other_implementations());
    all.into_iter()
        .filter(|target| only.is_none_or(|only| target.name == only))
        .map(|target| Bench::new(target.name, target.variant, target.connector, target.seeded))
        .collect()
}

/// QQ behind its other implementations. go-cqhttp is not among them: it has no word for a dissolve, and one witness
/// who lost the group proves nothing, so its verdict needs two; the connector's own tests show that.
fn other_implementations() -> impl Iterator<Item = Target> {
    let others = [Implementation::LlOneBot, Implementation::Lagrange, Implementation::Unknown];
    others.into_iter().map(|implementation| {
        let rules = profiles().find(|profile| profile.platform.as_str() == "qq");
        let rules = rules.map(|profile| Rules::from_profile(&profile, fact::Rules::Confirmed));
        let name = format!("qq-{}", implementation.app_name().to_ascii_lowercase());
        let seeded = move || qq::seeded_as(implementation, rules.clone().unwrap_or_default());
        Target::new(&name, true, qq::connector, Arc::new(seeded))
    })
}

impl Bench {
    /// A connector in front of the worlds that `seeded` makes.
    pub fn new(name: String, variant: bool, connector: fn() -> Box<dyn Connector>, seeded: Maker) -> Self {
        let declared = connector().descriptor().clone();
        let all = Capabilities(declared.capabilities.clone());
        let mut bench = Self { name, variant, declared, effective: all, connector, seeded };
        let rig = bench.rig();
        // A connection whose probe fails keeps the declared rows; its probe case then says why.
        let door = rig.door(FaultPlan::none());
        if let Ok(info) = rig.whoami(Who::Main, &door) {
            // What holds for this very group; the suite tries everything on it.
            bench.effective = match rig.get(&rig.busy, &door) {
                Ok(group) => rig.connector.narrow(info.capabilities, &group),
                Err(_) => info.capabilities,
            };
        }
        bench
    }

    /// A new world.
    pub fn rig(&self) -> Rig {
        Rig::new((self.connector)(), (self.seeded)())
    }

    /// Whether the connection has what a case needs.
    pub fn meets(&self, need: Need) -> bool {
        match need {
            Need::Nothing => true,
            Need::Have(op) => self.effective.has(op),
            Need::Native(op) => matches!(self.effective.support(op), Support::Native | Support::Emulated),
        }
    }

    /// Whether nothing of what `op` did can be read back: the platform takes it, and that is all anybody knows. Such an
    /// operation is never repeated.
    pub fn blind(&self, op: Op) -> bool {
        let row = self.effective.row(op);
        let proofs = [ACCEPTED_ONLY, TOLD_BY_PERSON];
        // A new group whose id got lost on the way is such a case as well.
        let unseen = |row: &Capability| op == Op::Create || proofs.contains(&row.proof.as_str());
        row.is_some_and(|row| row.class == EffectClass::U && unseen(row))
    }

    /// Whether the platform takes a key for `op`, so that it is done once however often it is asked for.
    pub fn keyed(&self, op: Op) -> bool {
        self.effective.row(op).is_some_and(|row| row.class == EffectClass::K)
    }

    /// Whether the platform's own way of `op` may come to nothing, so that a person is the way out.
    pub fn falls_back(&self, op: Op) -> bool {
        self.effective.row(op).is_some_and(|row| row.note.contains("|fallback:"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_world::{Api, Confirm, Who};

    #[test]
    fn every_profile_is_read_and_its_rules_act() {
        let all: Vec<Profile> = profiles().collect();
        let names: Vec<&str> = all.iter().map(|profile| profile.platform.as_str()).collect();
        assert_eq!(names, ["dingtalk", "qq", "wechat", "wecom"]);
        let rules: Vec<Rules> =
            all.iter().map(|profile| Rules::from_profile(profile, fact::Rules::Declared)).collect();
        let who: Vec<(Who, Confirm)> =
            rules.iter().map(|rules| (rules.dissolve_who, rules.dissolve_confirm)).collect();
        // The rows P3, P2, P1 and P4 of the requirements.
        let published = [
            (Who::MainAdmin, Confirm::SuperAdmin),
            (Who::OwnerOrAdmin, Confirm::QrPhone),
            (Who::Owner, Confirm::TypeName),
            (Who::OrgAdmin, Confirm::Handover),
        ];
        assert_eq!(who, published);
        assert_eq!(rules[1].dissolve_api, Api::LeaveOnly);
    }

    #[test]
    fn every_value_of_a_rule_that_acts_is_one_of_ours() {
        let ours = serde_json::to_value(Rules::default()).unwrap();
        for profile in profiles() {
            for key in ours.as_object().unwrap().keys() {
                for rules in [fact::Rules::Declared, fact::Rules::Confirmed] {
                    // Claims that nobody acts on are kept as they were made.
                    let Some(fact) = profile.acting(key, rules) else { continue };
                    let one = serde_json::json!({ fact.key.as_str(): fact.value });
                    let read = serde_json::from_value::<Rules>(one);
                    assert!(read.is_ok(), "{}: {} = {}", profile.platform, fact.key, fact.value);
                }
            }
        }
    }
}
