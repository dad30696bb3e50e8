//! Probes. Whether a group is gone is read from exports that were made afterwards: the client writes into every member's
//! history that the owner ended the group. Nobody is asked over a wire, so an export counts only while it is fresh, and
//! a missing one says nothing.

use adjourn_connector_kit::{ConnectorError, Context, Verifier};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Says, Signal};
use async_trait::async_trait;

use super::files::{self, Reading};
use crate::wechat::{auth, wire};

/// What an export says about the end of its group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct End {
    /// The last row in which the client says that the owner ended the group.
    pub(super) at: Option<Time>,
    /// What members wrote after it.
    pub(super) later: u64,
    /// Whether a record of this id is in it.
    pub(super) known: bool,
}

/// Reads an export for the end of its group.
pub(super) async fn end(
    cx: &Context<'_>,
    group: &NativeId,
    upload: &wire::Upload,
    known: Option<&NativeId>,
) -> Result<End, ConnectorError> {
    let mut end = End::default();
    let take = |row: &adjourn_formats::Row| {
        end.known |= known == Some(&row.record.id);
        if row.ends_group {
            end.at = Some(row.record.at);
            end.later = 0;
        } else if end.at.is_some_and(|at| row.record.at >= at) && row.record.kind != RecordKind::System {
            end.later += 1;
        }
    };
    Reading::start(upload)?.each(cx, group, take).await?;
    Ok(end)
}

/// The newest export of each person who handed one in.
pub(super) fn newest_of_each(uploads: &[wire::Upload]) -> Vec<&wire::Upload> {
    let last = |upload: &&wire::Upload| {
        uploads.iter().rfind(|other| other.account == upload.account).is_some_and(|other| other == *upload)
    };
    uploads.iter().filter(last).collect()
}

/// All questions.
pub(super) struct Look;

#[async_trait]
impl Verifier for Look {
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, known: Option<&NativeId>) -> Vec<Signal> {
        let signal = |question: &str, (says, proof, answer): (Says, bool, String)| Signal {
            identity: cx.identity.clone(),
            witness: cx.witness,
            question: question.to_owned(),
            says,
            proof,
            answer,
        };
        let (row, later, record) = match look(cx, group, known).await {
            Ok(answers) => answers,
            Err(error) => {
                let code =
                    if error.upstream.is_empty() { error.kind.code() } else { error.upstream.as_str() };
                let nothing = (Says::Nothing, false, code.chars().take(100).collect());
                (nothing.clone(), nothing.clone(), nothing)
            }
        };
        let mut signals = vec![signal("export.dissolve_row", row), signal("export.later_messages", later)];
        if known.is_some() {
            signals.push(signal("export.known_record", record));
        }
        signals
    }
}

type Answer = (Says, bool, String);

async fn look(
    cx: &Context<'_>,
    group: &NativeId,
    known: Option<&NativeId>,
) -> Result<(Answer, Answer, Answer), ConnectorError> {
    let nothing = |why: &str| (Says::Nothing, false, why.to_owned());
    let fresh = auth::fresh_s(cx)?;
    let uploads = files::uploads(cx, group).await?;
    let Some(own) = uploads.iter().rfind(|upload| upload.own) else {
        return Ok((nothing("no export"), nothing("no export"), nothing("no export")));
    };
    let old = cx.now.secs_since(own.received_at) > fresh || own.received_at > cx.now;
    let found = end(cx, group, own, known).await?;
    // What stays on a device stays after the end as well.
    let record = nothing(if found.known { "on the device" } else { "absent" });
    if old {
        return Ok((nothing("an old export"), nothing("an old export"), record));
    }
    let Some(at) = found.at else {
        // An export from before the end can't know of it.
        let mut before = false;
        for other in newest_of_each(&uploads).into_iter().filter(|other| !other.own) {
            let ended = end(cx, group, other, None).await?.at;
            before |= ended.is_some_and(|ended| own.received_at <= ended);
        }
        let row =
            if before { nothing("an earlier export") } else { (Says::Present, true, "no row".to_owned()) };
        return Ok((row, nothing("no row"), record));
    };
    let row = (Says::Gone, true, format!("row of {at}"));
    let later = match found.later {
        0 => nothing("none"),
        later => (Says::Present, true, format!("{later} after it")),
    };
    Ok((row, later, record))
}
