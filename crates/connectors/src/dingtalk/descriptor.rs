//! What the DingTalk connector says about itself: fields, capability rows, what survives, what nobody can know.

use std::sync::LazyLock;

use adjourn_connector_kit::{Descriptor, Texts, Tier};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::plan::Note;

use super::{PLATFORM, auth};

/// Date on which the pages were read.
const CHECKED: &str = "2026-11-25";
const SCENE: &str = "https://open.dingtalk.com/document/development/query-group-information";
const DISBAND: &str = "https://open.dingtalk.com/document/development/api-dsbandopenscenegroup";
const ROBOTS: &str = "https://open.dingtalk.com/document/development/obtain-the-list-of-robots-in-the-group";
const INVENTORY: &str = "https://open.dingtalk.com/document/development/obtain-group-info";
const SDK: &str = "https://github.com/alibabacloud-go/dingtalk";
const DWS: &str = "https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli";

/// Longest announcement, in characters: in UTF-8 below the 15000 bytes that the robot takes.
pub(super) const MAX_ANNOUNCEMENT: usize = 4000;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("fixtures/texts.json")));

/// How announcements are posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As the group's notice, which is read back.
    Notice,
    /// By the app's robot: sent is known, read is not.
    Robot,
    /// As the organisation's announcement to the group's members.
    Organisation,
}

impl Way {
    /// The way of this setting's value; `None` for another.
    pub(super) fn of(setting: Option<&String>) -> Option<Self> {
        match setting.map_or("notice", |text| text.trim()) {
            "" | "notice" => Some(Self::Notice),
            "robot" => Some(Self::Robot),
            "organisation" => Some(Self::Organisation),
            _ => None,
        }
    }
}

/// The words of a probe that the robot says in a group that the platform calls dissolved.
pub(super) fn probe_words() -> String {
    let words = TEXTS.text("probe");
    format!("{} {}", words.zh, words.en)
}

/// The description of the connector, with the rows of an app that has every permission, for a scene group.
pub(super) fn descriptor() -> Descriptor {
    Descriptor {
        platform: PLATFORM.into(),
        name: TEXTS.text("name"),
        tier: Tier::Documents,
        fields: vec![
            TEXTS.field(auth::URL, false, true),
            TEXTS.field(auth::OLD_URL, false, true),
            TEXTS.field(auth::OPERATOR, false, false),
            TEXTS.field(auth::GROUPS, false, false),
            TEXTS.field(auth::TEMPLATES, false, false),
            TEXTS.field(auth::SCENE_TEMPLATE, false, false),
            TEXTS.field(auth::ANNOUNCE, false, false),
            TEXTS.field(auth::APP_KEY, true, true),
            TEXTS.field(auth::APP_SECRET, true, true),
        ],
        capabilities: scene_rows(),
        residue: vec![
            Note::new("residue-device-copies"),
            Note::new("residue-dingtalk-drive"),
            Note::new("residue-dingtalk-robot-servers"),
            Note::new("residue-dingtalk-apps"),
        ],
        unknown: vec![Note::new("unknown-dingtalk-notice"), Note::new("unknown-dingtalk-apps")],
        max_announcement: Room::Characters(MAX_ANNOUNCEMENT),
        deviations: Vec::new(),
    }
}

/// What an app was found to be permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permitted {
    /// It may look after groups.
    pub(super) groups: bool,
    /// It may read the organisation's inventory, and there is one.
    pub(super) inventory: bool,
    /// The settings name a person in whose name things are done.
    pub(super) operator: bool,
    /// The settings name a template from which groups are made.
    pub(super) template: bool,
}

/// What such an app can do. The inventory alone is enough for a witness.
pub(super) fn effective(permitted: Permitted, way: Way) -> Capabilities {
    let mut rows = scene_rows();
    for row in rows.iter_mut().filter(|row| row.support != Support::Unsupported) {
        match row.op {
            Op::Verify if permitted.inventory => {}
            _ if !permitted.groups => absent(row, "missing-permission"),
            Op::Announce => announced(row, permitted.operator, way),
            // Without a template the platform takes no key, and no call finds what was made.
            Op::Create if !permitted.template => {
                row.class = EffectClass::U;
                "dingtalk-create-ordinary".clone_into(&mut row.note);
            }
            _ => {}
        }
    }
    Capabilities(rows)
}

fn announced(row: &mut Capability, operator: bool, way: Way) {
    match way {
        Way::Robot => {
            row.support = Support::Emulated;
            "dingtalk-announce-robot".clone_into(&mut row.note);
            "message-sent".clone_into(&mut row.proof);
            row.class = EffectClass::U;
        }
        _ if !operator => absent(row, "dingtalk-no-operator"),
        Way::Organisation => {
            row.support = Support::Emulated;
            "dingtalk-announce-organisation".clone_into(&mut row.note);
        }
        Way::Notice => {}
    }
}

/// What is left of it in an ordinary group, whose second id is known or not.
pub(super) fn narrow(mut capabilities: Capabilities, chat: bool) -> Capabilities {
    for row in capabilities.0.iter_mut().filter(|row| row.support != Support::Unsupported) {
        match row.op {
            Op::Dissolve => assisted(row, "person-dingtalk-dissolve", DWS),
            Op::Unlink => assisted(row, "person-unlink", ROBOTS),
            Op::Transfer if !chat => assisted(row, "person-transfer", SDK),
            Op::Freeze if !chat => absent(row, "dingtalk-no-chatid"),
            _ => {}
        }
    }
    capabilities
}

fn assisted(row: &mut Capability, note: &str, source: &str) {
    row.support = Support::Assisted;
    note.clone_into(&mut row.note);
    source.clone_into(&mut row.source);
}

fn absent(row: &mut Capability, note: &str) {
    row.support = Support::Unsupported;
    note.clone_into(&mut row.note);
}

/// Every operation, for a scene group.
fn scene_rows() -> Vec<Capability> {
    use Reversible::{Always, Harmless, Never};
    use Support::{Assisted, Native, Unsupported};
    const MANAGE: &str = "qyapi_chat_manage";
    const ROBOT: &str = "qyapi_robot_sendmsg";
    vec![
        Capability {
            class: EffectClass::K,
            ..row(Op::Create, Native, "", Never, "group-read-back", MANAGE, SDK)
        },
        row(Op::Members, Native, "", Harmless, "read", MANAGE, SCENE),
        row(Op::Links, Native, "dingtalk-robots-only", Harmless, "read", ROBOT, ROBOTS),
        row(Op::Export, Assisted, "person-dingtalk-export", Harmless, "export-checked", "", DWS),
        row(Op::Freeze, Native, "", Always, "state-read-back", MANAGE, SCENE),
        row(Op::Announce, Native, "", Never, "message-read-back", ROBOT, SDK),
        row(Op::Unlink, Native, "|fallback:person-unlink", Never, "link-gone", ROBOT, SDK),
        row(Op::Handover, Unsupported, "no-handover", Harmless, "", "", SCENE),
        row(Op::Transfer, Native, "", Never, "owner-read-back", MANAGE, SDK),
        row(Op::Leave, Assisted, "person-leave", Never, "member-list", MANAGE, SDK),
        row(Op::Dissolve, Native, "", Never, "witness-view", MANAGE, DISBAND),
        row(Op::Purge, Unsupported, "dingtalk-no-purge", Harmless, "", "", SDK),
        row(Op::RemoveMedia, Unsupported, "dingtalk-no-purge", Harmless, "", "", SDK),
        row(Op::Restore, Unsupported, "dingtalk-no-restore", Harmless, "", "", DWS),
        row(Op::Verify, Native, "", Harmless, "two-signals", MANAGE, INVENTORY),
    ]
}

fn row(
    op: Op,
    support: Support,
    note: &str,
    reversible: Reversible,
    proof: &str,
    permission: &str,
    source: &str,
) -> Capability {
    Capability {
        op,
        support,
        note: note.to_owned(),
        reversible,
        proof: proof.to_owned(),
        class: EffectClass::P,
        permission: permission.to_owned(),
        source: source.to_owned(),
        checked: CHECKED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support(capabilities: &Capabilities, op: Op) -> (Support, EffectClass) {
        capabilities.row(op).map(|row| (row.support, row.class)).unwrap()
    }

    const ALL: Permitted = Permitted { groups: true, inventory: true, operator: true, template: true };

    #[test]
    fn an_app_without_the_permission_can_do_nothing_but_look() {
        let none = effective(Permitted { groups: false, inventory: false, ..ALL }, Way::Notice);
        assert!(Op::ALL.into_iter().all(|op| !none.has(op)));
        let witness = effective(Permitted { groups: false, ..ALL }, Way::Notice);
        assert!(Op::ALL.into_iter().all(|op| witness.has(op) == (op == Op::Verify)));
    }

    #[test]
    fn the_way_of_announcing_is_graded_honestly() {
        use EffectClass::{P, U};
        let row = |operator, way| support(&effective(Permitted { operator, ..ALL }, way), Op::Announce);
        assert_eq!(row(true, Way::Notice), (Support::Native, P));
        assert_eq!(row(false, Way::Notice).0, Support::Unsupported);
        assert_eq!(row(false, Way::Robot), (Support::Emulated, U));
        assert_eq!(row(true, Way::Organisation), (Support::Emulated, P));
        assert_eq!(Way::of(Some(&"fax".to_owned())), None);
    }

    #[test]
    fn req_p3_an_ordinary_group_is_dissolved_by_a_person_and_a_scene_group_by_the_app() {
        let scene = effective(ALL, Way::Notice);
        assert_eq!(support(&scene, Op::Dissolve).0, Support::Native);
        for chat in [true, false] {
            let ordinary = narrow(scene.clone(), chat);
            let row = ordinary.row(Op::Dissolve).unwrap();
            assert_eq!((row.support, row.note.as_str()), (Support::Assisted, "person-dingtalk-dissolve"));
        }
        assert_eq!(support(&narrow(scene.clone(), true), Op::Transfer).0, Support::Native);
        assert_eq!(support(&narrow(scene, false), Op::Transfer).0, Support::Assisted);
    }
}
