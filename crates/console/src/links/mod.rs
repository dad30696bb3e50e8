//! Links of a case for people without an account: owners' steps, members' notices. A part of the case's page says how far they are; a page of its own
//! has the links with codes to scan, for printing.

use adjourn_app::AppError;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::task::TaskState;
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};
use crate::html::Html;
use crate::qr;

/// How long links live that are made on the page, in seconds; the command line says how long.
const LINKS_S: u64 = 14 * 86_400;

/// How far owners and members are: a part of the case's page.
#[derive(Template)]
#[template(path = "links/part.html")]
pub(crate) struct LinksPart {
    lang: Lang,
    case: String,
    owners: Option<String>,
    groups: Vec<String>,
}

/// The part of a case's page.
pub(crate) async fn part(desk: &Desk, reader: &Reader, case: &CaseId) -> Result<LinksPart, AppError> {
    let lang = reader.lang;
    let board = desk.app.task_board(case, u64::MAX).await?;
    let tasks = || board.owners.iter().flat_map(|owner| &owner.tasks);
    let done = tasks().filter(|task| matches!(task.state, TaskState::Done | TaskState::Said)).count();
    let (all, owners) = (tasks().count() as u64, board.owners.len() as u64);
    let counts = desk.app.notice_counts(case).await?;
    let line = |count: &adjourn_app::notices::NoticeCount| {
        let (members, objections) = (count.members as u64, count.objections as u64);
        msg::notice_count(lang, members, objections, count.read as u64, &count.name)
    };
    Ok(LinksPart {
        lang,
        case: case.to_string(),
        owners: (owners > 0).then(|| msg::links_owners(lang, all, done as u64, owners)),
        groups: counts.iter().map(line).collect(),
    })
}

#[derive(Template)]
#[template(path = "links/links.html")]
struct Links {
    frame: Frame,
    title: String,
    case: String,
    rows: Vec<Row>,
}

struct Row {
    /// Whose.
    name: String,
    /// Until when.
    until: String,
    link: String,
    code: String,
    /// The group, where links of its members can be taken back.
    group: Option<String>,
}

/// What is to be printed.
#[derive(Deserialize)]
pub(crate) struct Wish {
    /// `owners` or `members`.
    what: String,
}

/// Makes links and shows them.
pub(crate) async fn make(
    reader: Reader,
    State(desk): State<Desk>,
    Path(case): Path<String>,
    headers: HeaderMap,
    Form(wish): Form<Wish>,
) -> Response {
    let base = origin(&headers);
    reader.answer(Place::Cases, links(&desk, &reader, &CaseId::from(case), &wish.what, &base).await)
}

/// The address under which this browser sees us: the one that others are sent.
fn origin(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN).filter(|origin| *origin != "null");
    origin.map_or_else(|| format!("http://{}", text(header::HOST).unwrap_or_default()), str::to_owned)
}

async fn links(
    desk: &Desk,
    reader: &Reader,
    case: &CaseId,
    what: &str,
    base: &str,
) -> Result<Links, AppError> {
    let signer = reader.session.signer.as_ref();
    let mut rows = Vec::new();
    let mut row = |name: String, until: Option<Time>, link: String, group: Option<String>| {
        let mut code = Html::new();
        qr::code(&mut code, &link)?;
        let until = until.map(|until| msg::task_until(reader.lang, reader.time(until))).unwrap_or_default();
        rows.push(Row { name, until, link, code: code.finish(), group });
        Ok::<_, AppError>(())
    };
    match what {
        "owners" => {
            let (board, tokens) = desk.app.issue_tasks(case, LINKS_S, signer).await?;
            for owner in &board.owners {
                if let Some(token) = tokens.get(&owner.owner) {
                    let name = format!("{} · {}", owner.name, owner.contact);
                    row(name, owner.link_until, format!("{base}/task/{token}"), None)?;
                }
            }
        }
        "members" => {
            for one in desk.app.notice_links(case, LINKS_S, signer).await? {
                let link = format!("{base}/notice/{}", one.everybody);
                row(one.name, Some(one.until), link, Some(one.group.to_string()))?;
            }
        }
        _ => return Err(AppError::new("page.form")),
    }
    let title = msg::links_title(reader.lang, case);
    Ok(Links { frame: reader.frame(Place::Cases), title, case: case.to_string(), rows })
}

/// The form that takes links back.
#[derive(Deserialize)]
pub(crate) struct Revoke {
    group: String,
    /// Account, name or a link of a member; empty for the link that is everybody's.
    #[serde(default)]
    member: String,
}

pub(crate) async fn revoke(
    reader: Reader,
    State(desk): State<Desk>,
    Path(case): Path<String>,
    Form(form): Form<Revoke>,
) -> Response {
    let (case, group) = (CaseId::from(case), GroupId(form.group));
    let member = Some(form.member.trim()).filter(|member| !member.is_empty());
    let done = desk.app.revoke_notice(&case, &group, member, reader.session.signer.as_ref()).await;
    reader.onward(Place::Cases, done.map(|()| format!("/case/{case}")))
}
