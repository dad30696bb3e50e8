//! Evidence and retention: what was handed over, each verified on the spot and downloaded; a package that somebody brings along, verified by the same code;
//! journals, holds, and what becomes of records.

use adjourn_app::AppError;
use adjourn_app::ports::{Bag, BagKind, Verified};
use adjourn_i18n::{Lang, msg};
use adjourn_web::records;
use askama::Template;
use axum::body::Body;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::desk::{Desk, Reader, apart};
use crate::frame::{Choice, Frame, Place};

pub(crate) mod holds;
pub(crate) mod journal;
mod package;
pub(crate) mod retention;

/// Bags that are listed, the newest.
const MAX_BAGS: usize = 500;
/// Findings that are shown; the rest is counted.
const MAX_FINDINGS: usize = 100;
/// Fields of the form besides the package.
const MAX_FIELDS: usize = 4;

/// The three parts of this place.
fn views(reader: &Reader, here: &str) -> Vec<Choice> {
    let lang = reader.lang;
    let all = [
        ("/evidence", msg::evidence_bundles(lang)),
        ("/evidence/holds", msg::evidence_holds(lang)),
        ("/evidence/retention", msg::evidence_retention(lang)),
    ];
    all.into_iter().map(|(to, text)| Choice { to: to.to_owned(), text, here: to == here }).collect()
}

struct Row {
    /// The path of its page.
    to: String,
    name: String,
    kind: String,
    closed: String,
    size: String,
    /// Path of the journal, of a case.
    journal: Option<String>,
}

#[derive(Template)]
#[template(path = "evidence/evidence.html")]
struct Evidence {
    frame: Frame,
    views: Vec<Choice>,
    rows: Vec<Row>,
    more: u64,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Evidence, bags(&desk, &reader).await)
}

async fn bags(desk: &Desk, reader: &Reader) -> Result<Evidence, AppError> {
    let bundles = desk.tools.bundles.clone();
    let all = apart(move || bundles.list()).await?;
    let more = all.len().saturating_sub(MAX_BAGS) as u64;
    let row = |bag: Bag| Row {
        to: page_of(bag.kind, &bag.name),
        kind: reader.say.word("bag", bag.kind.slug()),
        closed: bag.closed,
        size: size(reader.lang, bag.bytes, bag.files),
        journal: (bag.kind == BagKind::Case).then(|| format!("/evidence/journal/{}", bag.name)),
        name: bag.name,
    };
    Ok(Evidence {
        frame: reader.frame(Place::Evidence),
        views: views(reader, "/evidence"),
        rows: all.into_iter().take(MAX_BAGS).map(row).collect(),
        more,
    })
}

/// The path of a bag's page.
pub(crate) fn page_of(kind: BagKind, name: &str) -> String {
    format!("/evidence/bag/{}/{name}", kind.slug())
}

fn size(lang: Lang, bytes: u64, files: u64) -> String {
    msg::evidence_size(lang, files, bytes.div_ceil(1024))
}

#[derive(Template)]
#[template(path = "evidence/verified.html")]
struct Shown {
    frame: Frame,
    title: String,
    ok: bool,
    headline: String,
    /// Code, file, sentence, and what exactly was found.
    findings: Vec<[String; 4]>,
    more: u64,
    proved: Vec<String>,
    rests_on: Vec<String>,
    /// Downloads: path and what it is.
    files: Vec<(String, String)>,
}

fn shown(reader: &Reader, title: String, said: Verified, files: Vec<(String, String)>) -> Shown {
    let (say, lang) = (reader.say, reader.lang);
    let count = said.findings.len();
    let finding = |flaw: adjourn_app::ports::Flaw| {
        let sentence = records::verified(say, &flaw.code, &std::collections::BTreeMap::new(), &flaw.says);
        [flaw.code, flaw.file, sentence, flaw.says]
    };
    let lines = |claims: Vec<adjourn_app::ports::Claimed>| {
        claims.iter().map(|claim| records::verified(say, &claim.code, &claim.args, &claim.says)).collect()
    };
    Shown {
        frame: reader.frame(Place::Evidence),
        title,
        ok: said.ok,
        headline: if said.ok { msg::verify_ok(lang) } else { msg::verify_bad(lang, count as u64) },
        findings: said.findings.into_iter().take(MAX_FINDINGS).map(finding).collect(),
        more: count.saturating_sub(MAX_FINDINGS) as u64,
        proved: lines(said.proved),
        rests_on: lines(said.rests_on),
        files,
    }
}

/// A bag, verified just now.
pub(crate) async fn bag(
    reader: Reader,
    State(desk): State<Desk>,
    Path((kind, name)): Path<(String, String)>,
) -> Response {
    reader.answer(Place::Evidence, checked(&desk, &reader, &kind, &name).await)
}

async fn checked(desk: &Desk, reader: &Reader, kind: &str, name: &str) -> Result<Shown, AppError> {
    let kind = kind_of(kind, name)?;
    let lang = reader.lang;
    let (bundles, of) = (desk.tools.bundles.clone(), name.to_owned());
    let said = apart(move || bundles.verify(kind, &of)).await?;
    let here = page_of(kind, name);
    let mut files = vec![(format!("{here}/zip"), msg::evidence_zip(lang))];
    match kind {
        BagKind::Case => {
            files.push((format!("{here}/paper"), msg::evidence_certificate(lang)));
            files.push((format!("/evidence/journal/{name}"), msg::evidence_journal(lang)));
        }
        BagKind::Audit => files.push((format!("{here}/paper"), msg::audits_report(lang))),
        BagKind::Destroyed => files.push((format!("{here}/paper"), msg::evidence_certificate(lang))),
    }
    Ok(shown(reader, format!("{} {name}", reader.say.word("bag", kind.slug())), said, files))
}

fn kind_of(slug: &str, name: &str) -> Result<BagKind, AppError> {
    BagKind::from_slug(slug).ok_or_else(|| AppError::new("bundle.unknown").with("bundle", name))
}

/// Verifies a package that somebody brings along. It is removed afterwards.
pub(crate) async fn verify(reader: Reader, State(desk): State<Desk>, form: Multipart) -> Response {
    let said = handed_in(&desk, form).await;
    let page = said.map(|(name, said)| shown(&reader, name, said, Vec::new()));
    reader.answer(Place::Evidence, page)
}

async fn handed_in(desk: &Desk, mut form: Multipart) -> Result<(String, Verified), AppError> {
    let unread = |error| AppError::new("bundle.package").with("says", error).with("limit", "");
    for _ in 0..MAX_FIELDS {
        let Some(mut field) = form.next_field().await.map_err(unread)? else { break };
        let Some(name) = field.file_name().map(str::to_owned).filter(|name| !name.is_empty()) else {
            continue;
        };
        let mut package = desk.tools.bundles.receive()?;
        while let Some(chunk) = field.chunk().await.map_err(unread)? {
            package.take(&chunk)?;
        }
        return Ok((name, apart(move || package.verify()).await?));
    }
    Err(AppError::new("bundle.package").with("says", "no file").with("limit", ""))
}

/// A bag as a zip file.
pub(crate) async fn zip(
    reader: Reader,
    State(desk): State<Desk>,
    Path((kind, name)): Path<(String, String)>,
) -> Response {
    let kind = match kind_of(&kind, &name) {
        Ok(kind) => kind,
        Err(error) => return reader.refused(Place::Evidence, &error),
    };
    let file = format!("adjourn-{name}.zip");
    match package::stream(desk.tools.bundles.clone(), kind, name).await {
        Ok(body) => download(body, "application/zip", &file),
        Err(error) => reader.refused(Place::Evidence, &error),
    }
}

/// The certificate of a case or of a destruction, or the report of an audit, as a page to be printed. It brings its own style and nothing else.
pub(crate) async fn paper(
    reader: Reader,
    State(desk): State<Desk>,
    Path((kind, name)): Path<(String, String)>,
) -> Response {
    match printed(&desk, &reader, &kind, &name).await {
        Ok(html) => standalone(html),
        Err(error) => reader.refused(Place::Evidence, &error),
    }
}

async fn printed(desk: &Desk, reader: &Reader, kind: &str, name: &str) -> Result<Vec<u8>, AppError> {
    let kind = kind_of(kind, name)?;
    let none = || AppError::new("cert.none").with("what", name);
    // Nothing is printed out of a bag that does not hold.
    let (bundles, of) = (desk.tools.bundles.clone(), name.to_owned());
    let said = apart(move || bundles.verify(kind, &of)).await?;
    if !said.ok {
        return Err(AppError::new("verify.failed").with("count", said.findings.len()));
    }
    let bundles = &desk.tools.bundles;
    match kind {
        BagKind::Audit => {
            bundles.file(kind, name, &format!("report.{}.html", reader.lang.tag()))?.ok_or_else(none)
        }
        BagKind::Destroyed => bundles.file(kind, name, "certificate.html")?.ok_or_else(none),
        BagKind::Case => {
            let case = desk.app.journal.known_case(&name.into()).await?;
            let groups = case.head.map(|head| head.groups).unwrap_or_default();
            let mut papers = Vec::new();
            for group in &groups {
                if let Some(bytes) = bundles.file(kind, name, &format!("groups/{group}/certificate.json"))? {
                    let gone = serde_json::from_slice(&bytes)?;
                    papers.push(crate::certificate::Paper::Gone(Box::new(gone)));
                }
            }
            if papers.is_empty() {
                return Err(none());
            }
            Ok(crate::certificate::page(&papers, reader.offset)?.into_bytes())
        }
    }
}

/// A page that stands alone: its style lies in it, and a sandbox around it.
pub(crate) fn standalone(html: impl Into<Body>) -> Response {
    let mut reply = html.into().into_response();
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    let policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    reply
}

/// A file for the reader's disk.
pub(crate) fn download(body: impl Into<Body>, kind: &'static str, name: &str) -> Response {
    let mut reply = body.into().into_response();
    *reply.status_mut() = StatusCode::OK;
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    reply
}
