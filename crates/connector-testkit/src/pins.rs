//! What each platform must do natively, pinned: a connector can't pass by calling an operation unsupported.

use adjourn_domain::capability::Op;
use adjourn_domain::message::RecordKind;

/// Operations that must be declared native, by platform. A platform without a row fails the suite.
pub const MUST_BE_NATIVE: &[(&str, &[Op])] = &[
    (
        "dingtalk",
        &[
            Op::Create,
            Op::Members,
            Op::Links,
            Op::Freeze,
            Op::Announce,
            Op::Unlink,
            Op::Transfer,
            Op::Dissolve,
            Op::Verify,
        ],
    ),
    (
        "matrix",
        &[
            Op::Create,
            Op::Export,
            Op::Announce,
            Op::Freeze,
            Op::Unlink,
            Op::Leave,
            Op::Transfer,
            Op::Dissolve,
            Op::Purge,
            Op::RemoveMedia,
            Op::Verify,
        ],
    ),
    (
        "qq",
        &[
            Op::Members,
            Op::Links,
            Op::Export,
            Op::Freeze,
            Op::Announce,
            Op::Unlink,
            Op::Leave,
            Op::Dissolve,
            Op::Verify,
        ],
    ),
    (
        "reference",
        &[
            Op::Create,
            Op::Members,
            Op::Links,
            Op::Export,
            Op::Freeze,
            Op::Announce,
            Op::Unlink,
            Op::Transfer,
            Op::Leave,
            Op::Dissolve,
            Op::Purge,
            Op::RemoveMedia,
            Op::Restore,
            Op::Verify,
        ],
    ),
    // The platform has no API: nothing can be native.
    ("wechat", &[]),
    ("wecom", &[Op::Create, Op::Members, Op::Announce, Op::Transfer, Op::Verify]),
];

/// The pinned operations of `platform`.
pub fn of(platform: &str) -> Option<&'static [Op]> {
    MUST_BE_NATIVE.iter().find(|(name, _)| *name == platform).map(|(_, ops)| *ops)
}

/// Platforms whose protocol gives the listing of groups at once. Elsewhere a listing of one page fails the suite.
const LISTS_AT_ONCE: &[&str] = &["qq"];

/// Whether the platform lists its groups at once.
pub fn lists_at_once(platform: &str) -> bool {
    LISTS_AT_ONCE.contains(&platform)
}

/// Platforms whose history shows neither edits nor removals: there are no edits, and what was removed is not in it.
const PLAIN_HISTORIES: &[&str] = &["qq"];

/// Platforms on which nobody can edit a message: their histories have no such record.
const WITHOUT_EDITS: &[&str] = &["wecom"];

/// The marks that a platform's history must have.
pub fn marks(platform: &str) -> &'static [RecordKind] {
    if PLAIN_HISTORIES.contains(&platform) {
        &[]
    } else if WITHOUT_EDITS.contains(&platform) {
        &[RecordKind::Redaction]
    } else {
        &[RecordKind::Edit, RecordKind::Redaction]
    }
}
