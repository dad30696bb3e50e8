//! The platforms of the drill: the connectors of the product, each over its own simulator, under the rules of its profile,
//! and what goes wrong there.
//!
//! | platform | group | what goes wrong |
//! |---|---|---|
//! | WeChat | a class, told a week before; ended by its owner's hand, read from members' exports | the owner types another name first |
//! | QQ | a shop whose record is evidence; ended by a call that lies: OK, and nothing happens | a person does it in the app |
//! | DingTalk | an enterprise's scene group, ended by the app | the replies to the announcement and to the dissolve are lost |
//! | DingTalk | an ordinary group of the enterprise, ended by a person | |
//! | WeCom | a group with a customer from outside, announced to and ended by people | what a person posted is read back from the message archive |
//! | WeCom | a group of the app, ended by a person after the handover | nobody had the handover approved; a gateway fails |
//!
//! What kind of group each is, its world says: WeChat and QQ tell nobody.
//!

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_connector_kit::Secret;
use adjourn_connector_kit::simulator::Seeded;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::fact;
use adjourn_domain::ids::{IdentityId, NativeId};
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher, SimTransport, VirtualClock, share};
use adjourn_world::{GroupSpec, Rules, WorldSpec};

use super::ears::{DrillEars, Kept, Way};
use super::stage::Platform;

/// The platforms of the drill, in the order of the plan.
pub(super) const PLATFORMS: [&str; 4] = ["wechat", "qq", "dingtalk", "wecom"];

/// What QQ's implementation answers to the owner's leave.
const OK: &str = r#"{"status":"ok","retcode":0,"data":null,"message":"","wording":""}"#;

/// A platform over its own simulator.
pub(super) fn own(
    name: &str,
    rules: fact::Rules,
    clock: &Arc<VirtualClock>,
    ears: &mut DrillEars,
    stays: Option<&str>,
) -> Result<Platform, AppError> {
    let missing = || AppError::new("platform.unknown").with("platform", name);
    let profile = profiles::profile(name)?;
    let mut spec = WorldSpec::of(name).ok_or_else(missing)?;
    spec.groups.extend(stays.filter(|_| name == "qq").map(somebody_elses));
    let entry = adjourn_connectors::find(name).ok_or_else(missing)?;
    let seeded = adjourn_connectors::played(name, Rules::from_profile(&profile, rules), &spec);
    let seeded = seeded.ok_or_else(missing)?;
    let groups = groups(name, &seeded);
    let both = [seeded.busy.clone(), seeded.quiet.clone()].into_iter();
    let kinds = both.zip(spec.groups.iter().map(|group| group.kind)).collect();
    let identity = |id: &str, witness: bool| IdentitySpec { id: id.into(), witness };
    let connection = Connection {
        id: name.into(),
        platform: name.into(),
        settings: seeded.settings,
        identities: vec![identity("owner", false), identity("witness", true)],
        class: "important".to_owned(),
        drill: true,
    };
    let secrets = BTreeMap::from([
        (IdentityId::from("owner"), plain(&seeded.secrets)),
        (IdentityId::from("witness"), plain(&seeded.witness_secrets)),
    ]);
    let (kept, frames) = Kept::new(seeded.simulator);
    let simulator = share(Box::new(kept));
    let transport = Arc::new(SimTransport::new(simulator.clone(), clock.clone(), faults(name)));
    let way =
        Way { simulator: simulator.clone(), transport: transport.clone(), clock: clock.clone(), frames };
    ears.open(&connection, entry.connector, &secrets, &way);
    Ok(Platform { connection, simulator, transport, groups, kinds, secrets })
}

/// A group of somebody else, in which our accounts are members: on QQ an account that is in no group at all gets an empty list, which proves nothing, so
/// that nobody could end both groups of the drill.
fn somebody_elses(name: &str) -> GroupSpec {
    GroupSpec {
        id: "qq-stays".to_owned(),
        name: Some(name.to_owned()),
        owner: "u-a".to_owned(),
        members: ["u-owner", "u-witness", "u-b"].map(str::to_owned).to_vec(),
        records: 3,
        ..GroupSpec::default()
    }
}

/// Which groups of a platform are in the case.
fn groups(platform: &str, seeded: &Seeded) -> Vec<NativeId> {
    let (first, last) = (seeded.busy.clone(), seeded.quiet.clone());
    match platform {
        "dingtalk" | "wecom" => vec![first, last],
        _ => vec![first],
    }
}

/// Secrets as the drill's key store takes them.
pub(super) fn plain(secrets: &BTreeMap<String, Secret>) -> BTreeMap<String, String> {
    secrets.iter().map(|(field, secret)| (field.clone(), secret.expose().to_owned())).collect()
}

fn faults(platform: &str) -> FaultPlan {
    let first = |path: &str, what: FaultKind| Fault {
        when: Matcher { method: Some("POST".to_owned()), path_contains: path.to_owned(), nth: Some(1) },
        what,
    };
    let lie =
        FaultKind::Answer { status: 200, content_type: "application/json".to_owned(), body: OK.to_owned() };
    FaultPlan(match platform {
        "qq" => vec![first("/set_group_leave", lie)],
        "dingtalk" => vec![
            first("/blackboards/create", FaultKind::ReplyLost),
            first("/scenegroup/disband", FaultKind::ReplyLost),
        ],
        "wecom" => {
            vec![first("/oa/getapprovalinfo", FaultKind::ServerError { status: 502, after_effect: false })]
        }
        _ => Vec::new(),
    })
}
