//! What the WeChat connector says about itself. Nothing is native: what is read, is read from files that people hand in,
//! and what is changed, a person changes in the app.

use std::sync::LazyLock;

use adjourn_connector_kit::{Descriptor, Deviation, Texts, Tier};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::plan::Note;

use super::auth;

/// The document that describes the inbox and names the pages behind each row.
const SOURCE: &str = "crates/connectors/src/wechat/README.md";
/// The bot frameworks that say that no call ends a group.
const NO_API: &str = "https://github.com/wechaty/puppet-supports/issues/599";
/// The export tool whose formats are read first.
const CHATLOG: &str = "https://github.com/sjzar/chatlog";
/// When the rows were last held against them.
const CHECKED: &str = "2026-11-25";
/// Longest announcement, in characters.
const MAX_ANNOUNCEMENT: usize = 2000;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("fixtures/texts.json")));

/// The description.
pub(super) fn descriptor() -> Descriptor {
    Descriptor {
        platform: "wechat".into(),
        name: TEXTS.text("name"),
        tier: Tier::Documents,
        fields: vec![
            TEXTS.field(auth::URL, false, false),
            TEXTS.field("accounts", false, false),
            TEXTS.field(auth::BOTS, false, false),
            TEXTS.field(auth::FRESH, false, false),
            TEXTS.field(auth::CODE, true, false),
        ],
        capabilities: Op::ALL.into_iter().map(row).collect(),
        residue: vec![Note::new("residue-device-copies")],
        unknown: vec![Note::new("unknown-export-tools")],
        max_announcement: Room::Characters(MAX_ANNOUNCEMENT),
        deviations: vec![Deviation {
            case: "export::edits_redactions_and_files_are_marked",
            reason: "the client has no edits, writes a recall as a system row that names no record, and the tools leave files out",
            since: "2026-11-25",
            expires: "2027-11-25",
        }],
    }
}

/// What an identity with these scopes can do.
pub(super) fn effective(scopes: &[String]) -> Capabilities {
    let mut rows: Vec<Capability> = Op::ALL.into_iter().map(row).collect();
    for row in &mut rows {
        if row.support != Support::Unsupported && !scopes.contains(&row.permission) {
            row.support = Support::Unsupported;
            "missing-permission".clone_into(&mut row.note);
        }
    }
    Capabilities(rows)
}

fn row(op: Op) -> Capability {
    use Support::{Assisted, Emulated, Unsupported};
    let (support, note, proof, source) = match op {
        Op::Members | Op::Links => (Emulated, "inbox-chatrooms", "inbox-list", CHATLOG),
        Op::Export => (Emulated, "inbox-export", "read-to-end", CHATLOG),
        Op::Verify => (Emulated, "inbox-verify", "witness-export", CHATLOG),
        Op::Create => (Assisted, "person-create-wechat", "inbox-list", SOURCE),
        Op::Announce => (Assisted, "person-announce-wechat", "witness-export", SOURCE),
        Op::Unlink => (Assisted, "person-unlink-wechat", "inbox-list", SOURCE),
        Op::Transfer => (Assisted, "person-transfer-wechat", "inbox-list", SOURCE),
        Op::Leave => (Assisted, "person-leave", "inbox-list", SOURCE),
        Op::Dissolve => (Assisted, "person-dissolve-wechat", "witness-export", NO_API),
        Op::Freeze => (Unsupported, "no-freeze", "", SOURCE),
        Op::Handover => (Unsupported, "no-handover", "", SOURCE),
        Op::Purge => (Unsupported, "no-purge", "", SOURCE),
        Op::RemoveMedia => (Unsupported, "no-media-removal", "", SOURCE),
        Op::Restore => (Unsupported, "no-recovery", "", SOURCE),
    };
    let reads = matches!(op, Op::Members | Op::Links | Op::Export | Op::Verify);
    Capability {
        op,
        support,
        note: note.to_owned(),
        reversible: if reads { Reversible::Harmless } else { Reversible::Never },
        proof: proof.to_owned(),
        // A person can look before doing it again.
        class: EffectClass::P,
        permission: if reads { auth::READ } else { auth::ACT }.to_owned(),
        source: source.to_owned(),
        checked: CHECKED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn req_p1_nothing_but_a_person_ends_a_group() {
        let dissolve = row(Op::Dissolve);
        assert_eq!((dissolve.support, dissolve.reversible), (Support::Assisted, Reversible::Never));
        assert_eq!(dissolve.note, "person-dissolve-wechat");
        assert_eq!(row(Op::Restore).support, Support::Unsupported);
        assert!(Op::ALL.into_iter().all(|op| row(op).support != Support::Native));
    }

    #[test]
    fn a_witness_looks_and_does_not_act() {
        let witness = effective(&[auth::READ.to_owned()]);
        assert!(witness.has(Op::Verify) && witness.has(Op::Export) && !witness.has(Op::Dissolve));
        assert!(effective(&[]).0.iter().all(|row| row.support == Support::Unsupported));
    }
}
