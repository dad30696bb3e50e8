//! What each platform must do natively, pinned: a connector can't pass by calling an operation unsupported.

use adjourn_domain::capability::Op;

/// Operations that must be declared native, by platform. A platform without a row fails the suite.
pub const MUST_BE_NATIVE: &[(&str, &[Op])] = &[
    (
        "matrix",
        &[
            Op::Export,
            Op::Announce,
            Op::Freeze,
            Op::Unlink,
            Op::Transfer,
            Op::Dissolve,
            Op::Purge,
            Op::RemoveMedia,
            Op::Verify,
        ],
    ),
    (
        "reference",
        &[
            Op::Members,
            Op::Links,
            Op::Export,
            Op::Freeze,
            Op::Announce,
            Op::Unlink,
            Op::Transfer,
            Op::Dissolve,
            Op::Purge,
            Op::RemoveMedia,
            Op::Restore,
            Op::Verify,
        ],
    ),
    // The platform has no API: nothing can be native.
    ("wechat", &[]),
];

/// The pinned operations of `platform`.
pub fn of(platform: &str) -> Option<&'static [Op]> {
    MUST_BE_NATIVE.iter().find(|(name, _)| *name == platform).map(|(_, ops)| *ops)
}
