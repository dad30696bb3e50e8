//! What the Matrix connector says about itself: fields, capability rows, what survives, what nobody can know.

use std::sync::LazyLock;

use adjourn_connector_kit::{Descriptor, Texts, Tier};
use adjourn_domain::announcement::Room;
use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::plan::Note;

use super::PLATFORM;

/// Date on which the sources were read.
const CHECKED: &str = "2026-11-22";
/// Synapse's page on its room admin API.
const ROOMS: &str = "https://element-hq.github.io/synapse/latest/admin_api/rooms.html";
/// Synapse's page on its media admin API.
const MEDIA: &str = "https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html";
/// The client-server API.
const CLIENT: &str = "https://spec.matrix.org/latest/client-server-api/";

/// Longest announcement, in characters. An event may have 64 KiB in all.
pub(crate) const MAX_ANNOUNCEMENT: usize = 4000;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(include_str!("fixtures/texts.json")));

/// The description of the connector, with the rows of a server admin.
pub(crate) fn descriptor() -> Descriptor {
    Descriptor {
        platform: PLATFORM.into(),
        name: TEXTS.text("name"),
        tier: Tier::Recorded,
        fields: vec![
            TEXTS.field("url", false, true),
            TEXTS.field("token", true, true),
            TEXTS.field("bots", false, false),
            TEXTS.field("webhooks", false, false),
        ],
        capabilities: effective(true).0,
        residue: vec![
            Note::new("residue-matrix-federation"),
            Note::new("residue-matrix-client-caches"),
            Note::new("residue-matrix-server-backups"),
        ],
        unknown: vec![Note::new("unknown-matrix-other-servers")],
        max_announcement: Room::Characters(MAX_ANNOUNCEMENT),
        deviations: Vec::new(),
    }
}

/// What an identity can do: with the rights of a server admin, or as a member only.
pub(crate) fn effective(admin: bool) -> Capabilities {
    use EffectClass::{K, P};
    use Op::{
        Announce, Create, Dissolve, Export, Freeze, Handover, Leave, Links, Members, Purge, RemoveMedia,
        Restore, Transfer, Unlink, Verify,
    };
    use Reversible::{Always, Harmless, Never};
    use Support::{Emulated, Native, Unsupported};
    let reader = if admin { "server admin" } else { "joined member" };
    let power = if admin { "server admin" } else { "power level 100" };
    let source = if admin { ROOMS } else { CLIENT };
    let native = |op, reversible, proof, class, permission, source| {
        row(op, Native, "", reversible, proof, class, permission, source)
    };
    let absent = |op, note, source| row(op, Unsupported, note, Harmless, "", P, "", source);
    let mut rows = vec![
        // The alias that follows from the key is what a second call runs into.
        native(Create, Never, "group-read-back", P, "account of the server", CLIENT),
        native(Members, Harmless, "read", P, reader, source),
        native(Links, Harmless, "read", P, reader, source),
        native(Export, Harmless, "read-to-end", P, reader, source),
        native(Freeze, Always, "power-levels-read-back", P, power, CLIENT),
        native(Announce, Never, "text-hash-read-back", K, reader, CLIENT),
        native(Unlink, Always, "state-read-back", P, power, CLIENT),
        absent(Handover, "matrix-no-handover", CLIENT),
        native(Leave, Never, "member-list", P, "joined member", CLIENT),
        row(Transfer, Native, "matrix-transfer-v12", Never, "owner-read-back", P, power, source),
    ];
    if admin {
        rows.push(native(Dissolve, Never, "room-closed", P, "server admin", ROOMS));
        rows.push(native(Purge, Never, "room-not-found", P, "server admin", ROOMS));
        rows.push(native(RemoveMedia, Never, "media-not-found", P, "server admin", MEDIA));
    } else {
        rows.push(row(Dissolve, Emulated, "matrix-emptied", Never, "members-at-departure", P, power, CLIENT));
        rows.push(absent(Purge, "matrix-needs-server-admin", ROOMS));
        rows.push(absent(RemoveMedia, "matrix-needs-server-admin", MEDIA));
    }
    rows.push(absent(Restore, "matrix-no-restore", ROOMS));
    rows.push(if admin {
        native(Verify, Harmless, "two-signals", P, reader, ROOMS)
    } else {
        row(Verify, Emulated, "matrix-verify-member", Harmless, "members-at-departure", P, "", CLIENT)
    });
    Capabilities(rows)
}

/// What a member can do who is in no room: nothing that needs one.
pub(crate) fn without_rooms(capabilities: Capabilities) -> Capabilities {
    let needs_room = |op| {
        matches!(
            op,
            Op::Export | Op::Freeze | Op::Announce | Op::Unlink | Op::Transfer | Op::Leave | Op::Dissolve
        )
    };
    let narrowed = |row: Capability| {
        if !needs_room(row.op) {
            return row;
        }
        Capability { support: Support::Unsupported, note: "matrix-no-rooms".to_owned(), ..row }
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
    permission: &str,
    source: &str,
) -> Capability {
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
