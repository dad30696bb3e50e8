//! What the reference connector says about itself, and what is left of it under a platform's rules.

use std::sync::LazyLock;

use adjourn_connector_kit::{Descriptor, Texts, Tier};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::plan::Note;
use adjourn_world::{Api, Confirm, LinkFate, Rules};

/// The document that describes the wire protocol and all rows.
const SOURCE: &str = "crates/connectors/src/reference/README.md";
/// When the rows were last held against it.
const CHECKED: &str = "2026-11-23";
/// Longest name of a group that is made, in characters.
pub(super) const MAX_NAME: usize = 100;
/// Longest announcement, in characters.
pub(super) const MAX_ANNOUNCEMENT: usize = 2000;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("fixtures/texts.json")));

/// The description.
pub(super) fn descriptor() -> Descriptor {
    Descriptor {
        platform: "reference".into(),
        name: TEXTS.text("name"),
        tier: Tier::Documents,
        fields: vec![
            TEXTS.field("url", false, true),
            TEXTS.field("platform", false, false),
            TEXTS.field("rules", false, false),
            TEXTS.field("token", true, true),
        ],
        capabilities: rows(&Rules { handover_required: true, ..Rules::default() }),
        residue: vec![Note::new("residue-device-copies")],
        unknown: Vec::new(),
        max_announcement: Room::Characters(MAX_ANNOUNCEMENT),
        deviations: Vec::new(),
    }
}

/// What can be done under `rules` by an identity that the platform gave `scopes`.
pub(super) fn effective(rules: &Rules, scopes: &[String]) -> Capabilities {
    let mut rows = rows(rules);
    for row in &mut rows {
        if row.support != Support::Unsupported && !scopes.contains(&row.permission) {
            row.support = Support::Unsupported;
            "missing-permission".clone_into(&mut row.note);
        }
    }
    Capabilities(rows)
}

/// The row of `op` under `rules`, for an identity that may do everything.
pub(super) fn support(rules: &Rules, op: Op) -> Support {
    rows(rules).into_iter().find(|row| row.op == op).map_or(Support::Unsupported, |row| row.support)
}

/// Every operation under `rules`.
fn rows(rules: &Rules) -> Vec<Capability> {
    let mut rows: Vec<Capability> = Op::ALL.into_iter().map(native).collect();
    for row in &mut rows {
        let (support, note) = graded(rules, row.op);
        row.support = support;
        row.note = note;
        if row.op == Op::Create && support == Support::Assisted {
            row.class = EffectClass::P;
        }
        if row.op == Op::Dissolve {
            if rules.recovery_s > 0 {
                row.reversible = Reversible::Seconds { seconds: rules.recovery_s };
            }
            if rules.dissolve_api != Api::Native {
                row.class = EffectClass::U;
            }
        }
    }
    rows
}

/// How well `op` is supported under `rules`, and the note that goes with it.
fn graded(rules: &Rules, op: Op) -> (Support, String) {
    let person = format!("person-dissolve-{}", rules.dissolve_confirm.slug());
    let (support, note) = match (op, rules.dissolve_api) {
        (Op::Dissolve, Api::LeaveOnly) => (Support::Native, format!("leave-only|fallback:{person}")),
        (Op::Dissolve, Api::Native) if rules.dissolve_confirm == Confirm::SuperAdmin => {
            (Support::Native, format!("|fallback:{person}"))
        }
        (Op::Dissolve, Api::None) => (Support::Assisted, person),
        (Op::Restore, _) if rules.recovery_s == 0 => (Support::Unsupported, "no-recovery".to_owned()),
        (Op::Restore, Api::LeaveOnly | Api::None) => (Support::Assisted, "person-restore".to_owned()),
        (Op::Handover, _) if rules.needs_handover() => (Support::Assisted, "person-handover".to_owned()),
        (Op::Handover, _) => (Support::Unsupported, "no-handover".to_owned()),
        (Op::Transfer, _) if rules.transfer_api != Api::Native => {
            (Support::Assisted, "person-transfer".to_owned())
        }
        // Where the app alone ends a group, it alone makes one.
        (Op::Create, Api::None) => (Support::Assisted, "person-create".to_owned()),
        // Where the app alone ends a group, it alone leaves one.
        (Op::Leave, Api::None) => (Support::Assisted, "person-leave".to_owned()),
        (Op::Unlink, _) if [rules.link_bot, rules.link_mini_program].contains(&LinkFate::ByHand) => {
            (Support::Assisted, "person-unlink".to_owned())
        }
        (Op::Purge, _) if rules.purge_api != Api::Native => (Support::Unsupported, "no-purge".to_owned()),
        (Op::RemoveMedia, _) if rules.media_api != Api::Native => {
            (Support::Unsupported, "no-media-removal".to_owned())
        }
        _ => (Support::Native, String::new()),
    };
    (support, note)
}

/// The row of an operation that the platform does itself.
fn native(op: Op) -> Capability {
    let (permission, reversible, proof, class) = match op {
        Op::Members | Op::Links => ("read", Reversible::Harmless, "read", EffectClass::P),
        Op::Export => ("read", Reversible::Harmless, "read-to-end", EffectClass::P),
        Op::Verify => ("read", Reversible::Harmless, "witness-view", EffectClass::P),
        // What is made can be ended, which is another act.
        Op::Create => ("manage", Reversible::Never, "group-read-back", EffectClass::K),
        Op::Announce => ("post", Reversible::Never, "message-read-back", EffectClass::K),
        Op::Freeze => ("manage", Reversible::Always, "state-read-back", EffectClass::P),
        Op::Unlink => ("manage", Reversible::Never, "link-gone", EffectClass::P),
        Op::Dissolve => ("manage", Reversible::Never, "witness-view", EffectClass::P),
        Op::Transfer => ("manage", Reversible::Never, "owner-read-back", EffectClass::P),
        Op::Leave => ("read", Reversible::Never, "member-list", EffectClass::P),
        Op::Handover | Op::Purge | Op::RemoveMedia => {
            ("manage", Reversible::Never, "state-read-back", EffectClass::P)
        }
        Op::Restore => ("manage", Reversible::Always, "witness-view", EffectClass::P),
    };
    Capability {
        op,
        support: Support::Native,
        note: String::new(),
        reversible,
        proof: proof.to_owned(),
        class,
        permission: permission.to_owned(),
        source: SOURCE.to_owned(),
        checked: CHECKED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(rules: &Rules, op: Op) -> Capability {
        rows(rules).into_iter().find(|row| row.op == op).unwrap()
    }

    #[test]
    fn texts_are_there_in_both_languages() {
        let description = descriptor();
        assert_ne!(description.name.zh, description.name.en);
        assert!(description.fields.iter().all(|field| field.says.zh != field.says.en));
    }

    #[test]
    fn capabilities_follow_the_rules() {
        let lie =
            Rules { dissolve_api: Api::LeaveOnly, dissolve_confirm: Confirm::QrPhone, ..Rules::default() };
        let lie = row(&lie, Op::Dissolve);
        assert_eq!((lie.support, lie.class), (Support::Native, EffectClass::U));
        assert_eq!(lie.note, "leave-only|fallback:person-dissolve-qr_phone");
        let by_hand =
            Rules { dissolve_api: Api::None, dissolve_confirm: Confirm::TypeName, ..Rules::default() };
        let by_hand = row(&by_hand, Op::Dissolve);
        assert_eq!(
            (by_hand.support, by_hand.note.as_str()),
            (Support::Assisted, "person-dissolve-type_name")
        );
        let brief = Rules { recovery_s: 60, handover_required: true, ..Rules::default() };
        assert_eq!(row(&brief, Op::Dissolve).reversible, Reversible::Seconds { seconds: 60 });
        assert_eq!(row(&brief, Op::Handover).note, "person-handover");
        assert_eq!(row(&Rules { recovery_s: 0, ..brief }, Op::Restore).support, Support::Unsupported);
    }

    #[test]
    fn an_identity_without_scopes_can_do_nothing() {
        let none = effective(&Rules::default(), &[]);
        assert!(Op::ALL.into_iter().all(|op| !none.has(op)));
        assert!(effective(&Rules::default(), &["read".to_owned()]).has(Op::Verify));
    }
}
