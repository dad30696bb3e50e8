//! Robots on a group, before and after its end.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::Effect;
use adjourn_domain::group::LinkKind;

use super::*;

#[test]
fn req_l3_a_robot_is_taken_off_and_its_server_is_left_to_its_owner() {
    let bench = Bench::new();
    let robot = bench.get(BUSY).unwrap().links.into_iter().find(|link| !link.own).unwrap();
    assert_eq!(robot.kind, LinkKind::Bot);
    let off = order(Op::Unlink, BUSY, json!({ "link": robot.id.as_str() }));
    assert_eq!(bench.read_back(&off).unwrap().effect, Effect::NotApplied);
    bench.act(&off).unwrap();
    assert_eq!(bench.read_back(&off).unwrap().effect, Effect::Applied);
    let left: Vec<String> = bench.get(BUSY).unwrap().links.into_iter().map(|link| link.id.0).collect();
    assert!(left.len() == 2 && !left.contains(&robot.id.0), "{left:?}");
    let residue = &bench.connector.descriptor().residue;
    assert!(residue.iter().any(|note| note.code == "residue-dingtalk-robot-servers"));
}

#[test]
fn req_l1_apps_are_not_listed_and_the_description_says_so() {
    let bench = Bench::new();
    bench.sim(|sim| {
        let app = adjourn_world::Link {
            id: "l-9".to_owned(),
            kind: LinkKind::App,
            name: "approval".to_owned(),
            own: false,
        };
        sim.world.groups.get_mut(BUSY).unwrap().links.push(app);
    });
    assert!(bench.get(BUSY).unwrap().links.iter().all(|link| link.name != "approval"));
    let says = bench.connector.descriptor();
    assert!(says.unknown.iter().any(|note| note.code == "unknown-dingtalk-apps"));
    assert!(says.residue.iter().any(|note| note.code == "residue-dingtalk-apps"));
}

#[test]
fn a_custom_robot_is_left_to_a_person() {
    let bench = Bench::new();
    bench.sim(|sim| sim.world.groups.get_mut(BUSY).unwrap().links[2].kind = LinkKind::Webhook);
    let off = order(Op::Unlink, BUSY, json!({ "link": "dingl-3" }));
    let refused = bench.act(&off).unwrap_err();
    assert_eq!((refused.kind, refused.effect), (Kind::Unsupported, Effect::NotApplied));
    assert_eq!(bench.read_back(&off).unwrap().effect, Effect::NotApplied);
    let unlink = bench.connector.descriptor().capabilities.iter().find(|row| row.op == Op::Unlink);
    assert_eq!(unlink.unwrap().note, "|fallback:person-unlink");
    // In an ordinary group nobody but a person can.
    let off = order(Op::Unlink, ORDINARY, json!({ "link": "dingl-2" }));
    assert_eq!(bench.act(&off).unwrap_err().kind, Kind::Unsupported);
}

#[test]
fn the_own_robot_reads_as_off_once_the_group_is_gone() {
    let bench = Bench::new();
    bench.act(&order(Op::Dissolve, BUSY, json!({}))).unwrap();
    let own = order(Op::Unlink, BUSY, json!({ "link": "dingsimowner" }));
    assert_eq!(bench.read_back(&own).unwrap().effect, Effect::Applied);
}
