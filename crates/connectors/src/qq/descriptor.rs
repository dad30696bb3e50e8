//! What the QQ connector says about itself, and what is left of it on each implementation and in each group.

use std::sync::LazyLock;

use adjourn_connector_kit::{Descriptor, Texts, Tier};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::plan::Note;

use super::auth;
use super::wire::implementation::Implementation;
use super::wire::replies::Role;

/// Date on which the sources were read.
const CHECKED: &str = "2026-11-22";
/// The standard's actions.
const STANDARD: &str = "https://github.com/botuniverse/onebot-11/blob/master/api/public.md";
/// NapCat's description of its actions, the extensions among them.
const NAPCAT: &str = "https://github.com/NapNeko/NapCatDocs (src/api/4.18.13/openapi.json)";
/// The code behind the dissolve, and what became of somebody who only wanted to leave.
const LEAVE: &str = "https://github.com/NapNeko/NapCatQQ/blob/main/packages/napcat-onebot/action/group/SetGroupLeave.ts; https://github.com/sealdice/sealdice-core/issues/950";
/// The notice that ended the restore.
const RESTORE: &str = "https://github.com/sealdice/sealdice-core/pull/1081";
/// What a person does to dissolve.
const BY_HAND: &str = "person-dissolve-qr_phone";

/// Longest announcement, in characters. No document states a limit; this one is ours.
pub(crate) const MAX_ANNOUNCEMENT: usize = 1500;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("fixtures/texts.json")));

/// The description, with the rows of NapCat, the implementation that does most.
pub(crate) fn descriptor() -> Descriptor {
    let mut rows = effective(Implementation::NapCat, 0);
    // Declared because drills have it; a real connection never does.
    let drill = effective(Implementation::NapCat, 1).row(Op::Restore).cloned();
    for (row, drill) in rows.0.iter_mut().filter(|row| row.op == Op::Restore).zip(drill) {
        *row = Capability { note: "qq-restore-in-drills".to_owned(), ..drill };
    }
    Descriptor {
        platform: super::ops::PLATFORM.into(),
        name: TEXTS.text("name"),
        tier: Tier::Documents,
        fields: vec![
            TEXTS.field(auth::URL, false, true),
            TEXTS.field(auth::TOKEN, true, true),
            TEXTS.field(auth::WITNESS_URL, false, false),
            TEXTS.field(auth::MEDIA_URL, false, false),
            TEXTS.field(auth::EVENTS_URL, false, false),
            TEXTS.field(auth::EVENT_SECRET, true, false),
            TEXTS.field(auth::BOTS, false, false),
            TEXTS.field(auth::IMPLEMENTATION, false, false),
            TEXTS.field(auth::ANNOUNCE, false, false),
            TEXTS.field(auth::RECOVERY, false, false),
        ],
        capabilities: rows.0,
        residue: vec![
            Note::new("residue-device-copies"),
            Note::new("residue-qq-bot-logs"),
            Note::new("residue-qq-wallet"),
        ],
        unknown: vec![Note::new("unknown-qq-server-copies")],
        max_announcement: Room::Characters(MAX_ANNOUNCEMENT),
        deviations: Vec::new(),
    }
}

/// What can be done through `implementation`, where the platform brings a group back for `recovery_s` seconds.
pub(crate) fn effective(implementation: Implementation, recovery_s: u64) -> Capabilities {
    use EffectClass::{P, U};
    use Op::{
        Announce, Create, Dissolve, Export, Freeze, Handover, Leave, Links, Members, Purge, RemoveMedia,
        Restore, Transfer, Unlink, Verify,
    };
    use Reversible::{Always, Harmless, Never};
    use Support::{Assisted, Native, Unsupported};

    let member = Role::Member;
    let manager = Role::Admin;
    let ends = implementation.owner_leave_dissolves();
    let freezes = implementation.tells_frozen();
    let window = if recovery_s > 0 { Reversible::Seconds { seconds: recovery_s } } else { Never };
    let absent = |op, note, source| row(op, Unsupported, note, Harmless, "", P, member, source);
    Capabilities(vec![
        row(Create, Assisted, "person-create-qq", Never, "group-read-back", P, member, STANDARD),
        row(Members, Native, "", Harmless, "read", P, member, STANDARD),
        row(Links, Native, "", Harmless, "read", P, member, STANDARD),
        row(Export, Native, "", Harmless, "read-to-end", P, member, NAPCAT),
        if freezes {
            row(Freeze, Native, "", Always, "state-read-back", P, manager, NAPCAT)
        } else {
            absent(Freeze, "qq-freeze-unread", STANDARD)
        },
        row(Announce, Native, "", Never, "notice-read-back", P, manager, NAPCAT),
        row(Unlink, Native, "", Never, "link-gone", P, manager, STANDARD),
        absent(Handover, "no-handover", STANDARD),
        row(Transfer, Assisted, "person-transfer", Never, "owner-read-back", P, Role::Owner, STANDARD),
        row(Leave, Native, "", Never, "member-list", P, member, LEAVE),
        if ends {
            let note = format!("qq-leave-dissolves|fallback:{BY_HAND}");
            row(Dissolve, Native, &note, window, "qq-disband-seen", U, Role::Owner, LEAVE)
        } else {
            row(Dissolve, Assisted, BY_HAND, window, "qq-disband-seen", U, Role::Owner, LEAVE)
        },
        absent(Purge, "no-purge", STANDARD),
        absent(RemoveMedia, "no-media-removal", STANDARD),
        if recovery_s > 0 {
            row(Restore, Assisted, "person-restore", Always, "qq-listed-again", P, Role::Owner, RESTORE)
        } else {
            absent(Restore, "no-recovery", RESTORE)
        },
        row(Verify, Native, "", Harmless, "qq-disband-seen", P, member, LEAVE),
    ])
}

/// What an account can do that is in no group: nothing that needs one.
pub(crate) fn without_groups(capabilities: Capabilities) -> Capabilities {
    let needs_group = |op| {
        matches!(
            op,
            Op::Export
                | Op::Freeze
                | Op::Announce
                | Op::Unlink
                | Op::Transfer
                | Op::Leave
                | Op::Dissolve
                | Op::Restore
        )
    };
    deny(capabilities, needs_group, "qq-no-groups")
}

/// What an account with this role can do in a group. The owner's leave dissolves; anybody else's is only a leave, so
/// for them the owner does it by hand.
pub(crate) fn in_role(mut capabilities: Capabilities, role: Role) -> Capabilities {
    if role != Role::Owner {
        for row in capabilities.0.iter_mut().filter(|row| row.op == Op::Dissolve) {
            if row.support == Support::Native {
                row.support = Support::Assisted;
                BY_HAND.clone_into(&mut row.note);
            }
        }
    }
    if role == Role::Member {
        let manages = |op| matches!(op, Op::Freeze | Op::Announce | Op::Unlink);
        return deny(capabilities, manages, "missing-permission");
    }
    capabilities
}

fn deny(capabilities: Capabilities, which: impl Fn(Op) -> bool, note: &str) -> Capabilities {
    let narrowed = |row: Capability| {
        if !which(row.op) || row.support == Support::Unsupported {
            return row;
        }
        Capability { support: Support::Unsupported, note: note.to_owned(), ..row }
    };
    Capabilities(capabilities.0.into_iter().map(narrowed).collect())
}

#[expect(clippy::too_many_arguments, reason = "a row of a table has its columns")]
fn row(
    op: Op,
    support: Support,
    note: &str,
    reversible: Reversible,
    proof: &str,
    class: EffectClass,
    role: Role,
    source: &str,
) -> Capability {
    Capability {
        op,
        support,
        note: note.to_owned(),
        reversible,
        proof: proof.to_owned(),
        class,
        permission: role.slug().to_owned(),
        source: source.to_owned(),
        checked: CHECKED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_the_owners_leave_dissolves_is_the_dissolve_ours() {
        for implementation in Implementation::ALL {
            let rows = effective(implementation, 0);
            let dissolve = rows.row(Op::Dissolve).unwrap();
            let ntqq = matches!(implementation, Implementation::NapCat | Implementation::LlOneBot);
            assert_eq!(dissolve.support == Support::Native, ntqq, "{implementation:?}");
            assert_eq!(dissolve.class, EffectClass::U);
            assert!(dissolve.note.ends_with(BY_HAND));
            assert_eq!(rows.support(Op::Restore), Support::Unsupported);
        }
        let drill = effective(Implementation::GoCqhttp, 86_400);
        assert_eq!(drill.row(Op::Dissolve).unwrap().reversible, Reversible::Seconds { seconds: 86_400 });
        assert_eq!(drill.support(Op::Restore), Support::Assisted);
    }

    #[test]
    fn whoever_does_not_own_the_group_dissolves_by_hand() {
        let all = effective(Implementation::NapCat, 0);
        assert_eq!(in_role(all.clone(), Role::Owner), all);
        let admin = in_role(all.clone(), Role::Admin);
        assert_eq!(admin.support(Op::Dissolve), Support::Assisted);
        assert_eq!(admin.support(Op::Announce), Support::Native);
        let member = in_role(all.clone(), Role::Member);
        assert_eq!(member.support(Op::Announce), Support::Unsupported);
        assert_eq!(without_groups(all).support(Op::Dissolve), Support::Unsupported);
    }

    #[test]
    fn texts_are_there_in_both_languages() {
        assert!(descriptor().fields.iter().all(|field| field.says.zh != field.says.en));
    }
}
