//! One case over several platforms, two groups of one connection among them, with something going wrong on each:
//!
//! | platform | group | ended by | what goes wrong |
//! |---|---|---|---|
//! | WeChat | no interface at all | its owner, on the phone's page | the owner types another name first |
//! | QQ | through an implementation | a person in the app, with code and phone | the implementation says OK and does nothing; a reply is lost |
//! | DingTalk | a scene group | the app | the replies to announcement and dissolve are lost |
//! | DingTalk | an ordinary group | its owner, once the super administrator agrees | the reply to the announcement is lost |
//! | WeCom | a group of the app | an administrator, in the console | the handover is said to be approved and is not; a gateway fails; the archive that was handed in has a gap |
//! | Matrix | a room on a real homeserver | the server's administrator | the reply to the purge is lost |
//!
//! Two approvals for all of it, one announcement and one end for each. All but the homeserver are simulated, and the simulators
//! count what really happened. What an account of QQ is told by itself is not heard here: two witnesses prove that end.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: what is not there is a failed test"
)]

mod people;
mod platforms;

use std::collections::BTreeMap;

use adjourn_e2e::{Action, Lie, Simulator};
use serde_json::{Value, json};

use platforms::{Joint, ORDINARY, QQ, SCENE, WECHAT, WECOM};

/// What a simulator counted.
struct Counted(Value);

impl Counted {
    /// Of a simulator that nobody has sent anything that a client may not send.
    fn of(sim: Simulator) -> Self {
        let (counted, output) = sim.end();
        assert_eq!((output.code, counted["unexpected"].as_u64()), (Some(0), Some(0)), "{output}");
        Self(counted)
    }

    fn count(&self, op: &str, group: &str) -> u64 {
        let effects = self.0["effects"].as_array().unwrap();
        let of = effects.iter().find(|one| one["op"] == op && one["group"] == group);
        of.map_or(0, |one| one["count"].as_u64().unwrap())
    }

    /// Nothing happened twice, and nothing to other groups.
    fn once(&self, groups: &[&str]) {
        for one in self.0["effects"].as_array().unwrap() {
            assert!(groups.iter().any(|group| one["group"] == *group), "{one} in {}", self.0);
            // A group has several links, each of which comes off once.
            assert!(one["count"] == 1 || one["op"] == "unlink", "{one} in {}", self.0);
        }
    }
}

#[test]
fn req_x1_x4_one_case_ends_the_groups_of_all_platforms() {
    let mut joint = Joint::new();
    joint.hand_in("main");
    joint.begin();
    // One text for all, rendered for each.
    let hash = joint.plan["plan"]["announcement_sha256"].as_str().unwrap();
    assert_eq!(hash.len(), 64, "{hash}");
    let groups = joint.groups();
    assert_eq!(groups.len(), 6);
    for group in &groups {
        let text = joint.step(group, "announce")["params"]["text"].as_str().unwrap();
        assert!(!text.is_empty(), "{group} announces nothing");
    }
    joint.proxy.clear_log();
    joint.proxy.set(vec![Lie::nth(1, "DELETE", "/rooms/", Action::DropReply)]);
    let (code, ended) = joint.goes_on();
    assert_eq!(code, Some(0), "{ended:#}");

    // Each was asked once for what only a person can do, or a call did not; somebody else answered for the two histories
    // that no interface returns. X4: each group is proved gone.
    joint.asked.sort();
    let asked = [
        "dingtalk accept",
        "dingtalk accept",
        "dingtalk dissolve",
        "dingtalk export",
        "dingtalk export",
        "dingtalk unlink",
        "qq dissolve",
        "wechat announce",
        "wechat dissolve",
        "wecom accept",
        "wecom dissolve",
        "wecom handover",
        "wecom handover",
    ];
    assert_eq!(joint.asked, asked);
    let verdict = |of: &Value| (of["group"].as_str().unwrap().to_owned(), of["verdict"].clone());
    let verdicts: BTreeMap<String, Value> = ended["groups"].as_array().unwrap().iter().map(verdict).collect();
    assert_eq!(verdicts, groups.iter().map(|group| (group.clone(), json!("gone"))).collect());
    let bundle = ended["bundle"].as_str().unwrap();
    assert_eq!(joint.office.adjourn().json(0, &["verify", bundle])["ok"], true);

    // X1: every history was sealed before anything was said, everything was said before the first end.
    let sealed = joint.times(&["sealed"], "");
    let said = joint.times(&["intent", "person_asked"], "-announce");
    let ends = joint.times(&["intent", "person_asked"], "-dissolve");
    assert_eq!(sealed.len(), groups.len());
    assert!(sealed.last() <= said.first() && said.last() <= ends.first(), "{sealed:?} {said:?} {ends:?}");

    // Each effect once, as the platforms themselves count.
    let Joint { wechat, qq, dingtalk, wecom, proxy, room, synapse, .. } = joint;
    // What a person says in WeChat is a message like any other; the witness's export was read for it.
    let counted = Counted::of(wechat);
    assert_eq!((counted.count("announce", WECHAT), counted.count("dissolve", WECHAT)), (0, 1));
    counted.once(&[WECHAT]);
    for (sim, groups) in [(qq, &[QQ][..]), (dingtalk, &[SCENE, ORDINARY]), (wecom, &[WECOM])] {
        let counted = Counted::of(sim);
        for group in groups {
            let both = (counted.count("announce", group), counted.count("dissolve", group));
            assert_eq!(both, (1, 1), "{group}: {}", counted.0);
        }
        counted.once(groups);
    }
    let deletions: Vec<Value> = proxy
        .log()
        .iter()
        .filter(|seen| seen.method == "DELETE" && seen.upstream_status == Some(200))
        .map(|seen| serde_json::from_slice(&seen.body).unwrap())
        .collect();
    let purges: Vec<&Value> = deletions.iter().map(|body| &body["purge"]).collect();
    assert_eq!(purges, [&json!(false), &json!(true)], "closed once, purged once");
    assert_eq!(proxy.count_effects("PUT", "/send/m.room.message/"), 1);
    assert!(room.is_purged(&synapse));
}
