//! What the connector says about itself: fields, capability rows, what survives, what nobody can know.

use std::sync::LazyLock;

use adjourn_connector_kit::{Descriptor, Texts, Tier};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::{
    Capabilities, Capability, EffectClass, Op, Reversible, Support, TOLD_BY_PERSON,
};
use adjourn_domain::plan::Note;

use super::PLATFORM;
use super::auth;
use super::wire::requests::MAX_TEXT;

/// Date on which the sources were read.
const CHECKED: &str = "2026-11-25";
/// Groups that an app makes.
const APPCHAT: &str = "https://developer.work.weixin.qq.com/document/path/90245";
/// Customer groups.
const CUSTOMER: &str = "https://developer.work.weixin.qq.com/document/path/92120";
/// The transfer of customer groups.
const TRANSFER: &str = "https://developer.work.weixin.qq.com/document/path/95703";
/// Callbacks about customer groups.
const EVENTS: &str = "https://developer.work.weixin.qq.com/document/path/92130";
/// The archive of messages.
const ARCHIVE: &str = "https://developer.work.weixin.qq.com/document/path/91774";
/// Group robots.
const ROBOT: &str = "https://developer.work.weixin.qq.com/document/path/91770";
/// Approvals.
const APPROVAL: &str = "https://developer.work.weixin.qq.com/document/path/91983";

/// Note of an announcement that a person posts.
const PERSON_POSTS: &str = "wecom-person-announce";

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("fixtures/texts.json")));

/// The description, with the rows of an app that may do everything.
pub(super) fn descriptor() -> Descriptor {
    Descriptor {
        platform: PLATFORM.into(),
        name: TEXTS.text("name"),
        tier: Tier::Documents,
        fields: vec![
            TEXTS.field(auth::URL, false, true),
            TEXTS.field(auth::CORPID, false, true),
            TEXTS.field(auth::APPCHATS, false, false),
            TEXTS.field(auth::BOTS, false, false),
            TEXTS.field(auth::HANDOVER, false, false),
            TEXTS.field(auth::SECRET, true, true),
            TEXTS.field(auth::ROBOTS, true, false),
            TEXTS.field(auth::CALLBACK_TOKEN, true, false),
            TEXTS.field(auth::CALLBACK_KEY, true, false),
        ],
        capabilities: rows(),
        residue: vec![
            Note::new("residue-device-copies"),
            Note::new("residue-wecom-archive"),
            Note::new("residue-wecom-drive"),
        ],
        unknown: vec![Note::new("unknown-wecom-notice"), Note::new("unknown-wecom-delivery")],
        max_announcement: Room::Bytes(MAX_TEXT),
        deviations: Vec::new(),
    }
}

/// What an identity can do that may call the API of an app's groups, that of customer groups, or both. `form` is whether
/// it is known on which form a handover is approved: else nobody can read that it was.
pub(super) fn effective(apps: bool, customers: bool, form: bool) -> Capabilities {
    let mut all = Capabilities(rows());
    for row in all.0.iter_mut().filter(|row| row.op == Op::Handover && !form) {
        TOLD_BY_PERSON.clone_into(&mut row.proof);
    }
    if !apps {
        all = without_posting(all);
        // What remains are customer groups, which a person makes.
        for row in all.0.iter_mut().filter(|row| row.op == Op::Create) {
            row.support = Support::Assisted;
            "person-create-wecom".clone_into(&mut row.note);
            row.permission.clear();
        }
    }
    if !apps && !customers {
        for row in all.0.iter_mut().filter(|row| row.support != Support::Unsupported) {
            row.support = Support::Unsupported;
            "missing-permission".clone_into(&mut row.note);
        }
    }
    all
}

/// Where no app posts, a person does.
pub(super) fn without_posting(mut capabilities: Capabilities) -> Capabilities {
    let native = |row: &&mut Capability| row.op == Op::Announce && row.support == Support::Native;
    for row in capabilities.0.iter_mut().filter(native) {
        row.support = Support::Assisted;
        PERSON_POSTS.clone_into(&mut row.note);
        TOLD_BY_PERSON.clone_into(&mut row.proof);
        row.permission.clear();
    }
    capabilities
}

fn rows() -> Vec<Capability> {
    Op::ALL.into_iter().map(row).collect()
}

fn row(op: Op) -> Capability {
    use EffectClass::{P, U};
    use Reversible::{Harmless, Never};
    use Support::{Assisted, Emulated, Native, Unsupported};
    let (support, note, reversible, proof, class, permission, source) = match op {
        // Under an id of our own: a second call is refused, and the id can be looked at.
        Op::Create => (Native, "", Never, "group-read-back", P, "appchat/create", APPCHAT),
        Op::Members => (Native, "", Harmless, "read", P, "appchat, externalcontact", APPCHAT),
        Op::Links => (Emulated, "wecom-robots-named", Harmless, "wecom-robot-answers", P, "", ROBOT),
        Op::Export => (Emulated, "wecom-archive-import", Harmless, "read-to-end", P, "msgaudit", ARCHIVE),
        Op::Freeze => (Unsupported, "wecom-no-freeze", Harmless, "", P, "", APPCHAT),
        Op::Announce => {
            (Native, "wecom-accepted-only", Never, "accepted-not-delivered", U, "appchat/send", APPCHAT)
        }
        Op::Unlink => (Assisted, "person-unlink", Never, "wecom-robot-answers", P, "", ROBOT),
        Op::Handover => (Assisted, "person-handover", Never, "wecom-approval-read", P, "oa", APPROVAL),
        Op::Transfer => {
            (Native, "", Never, "owner-read-back", P, "appchat/update, externalcontact/groupchat", TRANSFER)
        }
        Op::Leave => (Assisted, "person-leave", Never, "member-list", P, "", APPCHAT),
        Op::Dissolve => (Assisted, "wecom-person-dissolve", Never, "two-signals", U, "", EVENTS),
        Op::Purge => (Unsupported, "no-purge", Harmless, "", P, "", ARCHIVE),
        Op::RemoveMedia => (Unsupported, "no-media-removal", Harmless, "", P, "", ARCHIVE),
        Op::Restore => (Unsupported, "no-recovery", Harmless, "", P, "", APPCHAT),
        Op::Verify => (Native, "wecom-verify-app", Harmless, "two-signals", P, "", CUSTOMER),
    };
    Capability {
        op,
        support,
        note: note.to_owned(),
        reversible,
        proof: proof.to_owned(),
        class,
        permission: permission.to_owned(),
        source: source.to_owned(),
        checked: CHECKED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_there_in_both_languages() {
        let description = descriptor();
        assert!(description.fields.iter().all(|field| field.says.zh != field.says.en));
        assert_ne!(description.name.zh, description.name.en);
    }

    #[test]
    fn rows_follow_what_an_app_may_call() {
        assert_eq!(effective(true, true, true).support(Op::Announce), Support::Native);
        assert_eq!(effective(false, true, true).support(Op::Announce), Support::Assisted);
        assert_eq!(effective(false, true, true).support(Op::Transfer), Support::Native);
        assert!(Op::ALL.into_iter().all(|op| !effective(false, false, true).has(op)));
    }

    #[test]
    fn what_is_announced_is_never_said_twice() {
        let row = row(Op::Announce);
        assert_eq!((row.class, row.proof.as_str()), (EffectClass::U, "accepted-not-delivered"));
    }
}
