//! `cert`: certificates, out of bundles that were verified just now, and as a page to be printed.

use std::path::{Path, PathBuf};

use adjourn_app::{App, AppError};
use adjourn_console::certificate::{Paper, page};
use adjourn_console::local::time;
use adjourn_domain::ids::CaseId;
use adjourn_evidence::layout::{CERTIFICATE, GROUPS, REPORT};
use adjourn_evidence::verify::{VerifyOptions, verify_bundle};
use adjourn_i18n::msg;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Ctx;
use crate::compose::Places;
use crate::out::{Exit, Out};

/// Runs `cert show`.
pub(crate) async fn show(ctx: &Ctx<'_>, what: &str, html: Option<&Path>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let (bundle, papers) = find(&ctx.app, &ctx.places, what).await?;
    let offset = ctx.app.utc_offset_minutes();
    for paper in &papers {
        line(out, paper, offset);
    }
    if let Some(path) = html {
        let page = page(&papers, offset)?;
        std::fs::write(path, page).map_err(|error| AppError::io(&error, path.display()))?;
        out.line(msg::cert_written(out.lang, path.display()));
    }
    out.next(format!("adjourn verify {bundle}"));
    out.document(&json!({
        "bundle": bundle,
        "certificates": told(&papers),
        "html": html.map(|path| path.display().to_string()),
    }));
    Ok(Exit::Done)
}

/// The certificates of a case, out of its bundle.
pub(super) async fn of_case(app: &App, places: &Places, case: &CaseId) -> Result<Vec<Value>, AppError> {
    Ok(told(&find(app, places, case.as_str()).await?.1))
}

fn told(papers: &[Paper]) -> Vec<Value> {
    let told = papers.iter().map(|paper| match paper {
        Paper::Gone(gone) => json!(gone),
        Paper::Destroyed(destroyed) => json!(destroyed),
    });
    told.collect()
}

/// The certificates of a case's bundle, or of a destroyed key, with the folder that they lie in.
async fn find(app: &App, places: &Places, what: &str) -> Result<(String, Vec<Paper>), AppError> {
    let none = || AppError::new("cert.none").with("what", what);
    let known = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let destroyed = places.bundles.join("destroyed").join(what);
    if what.starts_with("g-") && known(what) && destroyed.is_dir() {
        let certificate = read(&sound(destroyed.clone()).await?.join(REPORT))?;
        return Ok((destroyed.display().to_string(), vec![Paper::Destroyed(Box::new(certificate))]));
    }
    let case = CaseId::from(what);
    let groups = app.journal.known_case(&case).await?.head.map(|head| head.groups).unwrap_or_default();
    let bundle = app.vault.bundle_path(&case).await?.ok_or_else(none)?;
    let data = sound(PathBuf::from(&bundle)).await?;
    let mut papers = Vec::new();
    for group in &groups {
        let path = data.join(GROUPS).join(group.as_str()).join(CERTIFICATE);
        if path.is_file() {
            papers.push(Paper::Gone(Box::new(read(&path)?)));
        }
    }
    if papers.is_empty() { Err(none()) } else { Ok((bundle, papers)) }
}

/// The contents of a bundle in which every check holds: nothing is printed out of another one.
async fn sound(bundle: PathBuf) -> Result<PathBuf, AppError> {
    // Every byte is read and hashed: not on a thread on which pages wait.
    let (bundle, report) = tokio::task::spawn_blocking(move || {
        let report = verify_bundle(&bundle, &VerifyOptions::default());
        (bundle, report)
    })
    .await
    .map_err(|error| AppError::new("internal").with("says", error))?;
    if report.ok {
        Ok(bundle.join("data"))
    } else {
        Err(AppError::new("verify.failed").with("count", report.findings.len()))
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, AppError> {
    let bytes = std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?;
    Ok(serde_json::from_slice(&bytes)?)
}

fn line(out: Out, paper: &Paper, offset: i32) {
    let (id, name, at) = match paper {
        Paper::Gone(gone) => (&gone.group, gone.name.as_str(), gone.issued_at),
        Paper::Destroyed(destroyed) => (&destroyed.group, "", destroyed.at),
    };
    let at = time(out.lang, at, offset);
    out.line(format!("{}  {id}  {name}  {at}", paper.title(out.lang)));
    if let Paper::Gone(gone) = paper
        && gone.drill
    {
        out.line(format!("  {}", msg::certificate_drill(out.lang)));
    }
}
