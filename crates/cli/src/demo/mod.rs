//! `demo`: a whole joint dissolve over simulated WeChat, QQ, DingTalk and WeCom, on a virtual clock, in seconds.
//!
//! The same engine and the same connectors as in earnest; only platforms, clock and chance are not. The rules of the
//! platforms are data (profiles). What goes wrong where is in [`platforms`]; what a platform wants from a person is done by a
//! scripted one ([`people`]).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use adjourn_adapters::signer::KeySigner;
use adjourn_app::planning::PlanWish;
use adjourn_app::ports::Signer;
use adjourn_app::{App, AppError};
use adjourn_domain::approval::Decision;
use adjourn_domain::canonical::{Hash, hex};
use adjourn_domain::case::CaseStatus;
use adjourn_domain::fact::Rules;
use adjourn_domain::ids::CaseId;
#[cfg(test)]
use adjourn_domain::kinds::KindWish;
use adjourn_domain::plan::ReasonKind;
use adjourn_domain::run::GroupState;
use adjourn_evidence::verify::{VerifyOptions, verify_bundle};
use adjourn_i18n::msg;
use adjourn_worker::Worker;
use serde_json::{Value, json};

use crate::args::DemoArgs;
use crate::out::{Exit, Out};
use crate::verbs;
use adjourn_web::wording;

mod ears;
#[cfg(test)]
mod joint;
mod keeper;
pub(crate) mod long;
mod people;
mod platforms;
mod reference;
mod rules;
mod serve;
mod stage;
#[cfg(test)]
mod stale;
mod tell;
#[cfg(test)]
mod tests;

use stage::Stage;

/// Marks a folder that a drill made and may replace.
const MARK: &str = "ADJOURN-DRILL";
/// Rows that are read at once.
const BATCH: usize = 10_000;
/// Passes of the worker, at most.
const MAX_PASSES: usize = 10_000;

/// Runs `demo`.
pub(crate) async fn run(out: Out, args: &DemoArgs) -> Result<Exit, AppError> {
    let dir = folder(args.out.as_deref())?;
    let rules = if args.rules == "confirmed" { Rules::Confirmed } else { Rules::Declared };
    if args.serve {
        let dir = serve::whole(&dir)?;
        let stage = Stage::served(&dir, args.seed, rules, out)?;
        return serve::serve(&stage, &dir, args.seed, &args.listen, out).await;
    }
    let (stage, case) = play(&dir, args.seed, rules, out).await?;
    close(&stage, &case, args.seed, &dir, out).await
}

/// Plays the joint case to its end.
async fn play(dir: &Path, seed: u64, rules: Rules, out: Out) -> Result<(Stage, CaseId), AppError> {
    let stage = Stage::new(dir, seed, rules, out)?;
    out.line(msg::demo_begins(out.lang, seed));
    let app = &stage.app;
    let cast = Cast::new(app, out).await?;
    for connection in stage.connections() {
        let secrets = stage.secrets(&connection.id);
        app.add_connection(connection.clone(), &secrets, Some(&cast.admin)).await?;
        app.scan(&connection.id).await?;
    }
    let case = Box::pin(plan_and_review(&stage, &cast, out)).await?;
    Box::pin(act(&stage, &cast, &case, out)).await?;
    Ok((stage, case))
}

/// The people of the drill.
struct Cast {
    admin: KeySigner,
    requester: KeySigner,
    business: KeySigner,
    compliance: KeySigner,
}

impl Cast {
    async fn new(app: &App, out: Out) -> Result<Self, AppError> {
        let key = || KeySigner::generate(&*app.journal.rng);
        let cast = Self { admin: key(), requester: key(), business: key(), compliance: key() };
        let by: &dyn Signer = &cast.admin;
        app.add_principal(&msg::demo_person_admin(out.lang), "admin", &cast.admin, None).await?;
        for (name, role, new) in [
            (msg::demo_person_requester(out.lang), "requester", &cast.requester),
            (msg::demo_person_business(out.lang), "business", &cast.business),
            (msg::demo_person_compliance(out.lang), "compliance", &cast.compliance),
        ] {
            app.add_principal(&name, role, new, Some(by)).await?;
        }
        Ok(cast)
    }
}

async fn plan_and_review(stage: &Stage, cast: &Cast, out: Out) -> Result<CaseId, AppError> {
    let app = &stage.app;
    let wish = PlanWish {
        groups: stage.groups()?,
        reason: msg::demo_reason(out.lang),
        reason_kind: ReasonKind::ProjectEnded,
        announcement: msg::announcement_standard(out.lang),
        // The same text for all: in two languages the statement is longer than what WeCom takes.
        languages: vec!["zh-CN".to_owned()],
        // The reviewer for the business takes the work of the enterprise's groups over.
        kinds: stage.kinds(cast.business.principal(), out)?,
        case: None,
    };
    let (plan, hash) = app.plan(wish, &cast.requester).await?;
    tell::plan(out, &plan, hash);
    out.line("");
    app.submit(&plan.case, &cast.requester).await?;
    // The requester may not approve; the drill shows that it is refused.
    if let Err(error) = app.review(&plan.case, Decision::Approve, "", Some(hash), &cast.requester).await {
        out.line(msg::demo_self_refused(out.lang, error.code()));
    }
    for (name, who) in [
        (msg::demo_person_business(out.lang), &cast.business),
        (msg::demo_person_compliance(out.lang), &cast.compliance),
    ] {
        app.review(&plan.case, Decision::Approve, "", Some(hash), who).await?;
        out.line(msg::demo_approved(out.lang, hash.to_hex().chars().take(12).collect::<String>(), name));
    }
    app.apply(&plan.case, &cast.requester).await?;
    app.accept_handover(&plan.case, &cast.business).await?;
    Ok(plan.case)
}

/// Works until the case is closed; the clock jumps to what is due next.
async fn act(stage: &Stage, cast: &Cast, case: &CaseId, out: Out) -> Result<(), AppError> {
    let app = &stage.app;
    let mut worker = Worker::take(app.clone(), "demo", 1)
        .await?
        .ok_or_else(|| AppError::new("journal.conflict").with("what", "lease").with("says", "taken"))?;
    let mut seen = verbs::run::Seen::default();
    for _ in 0..MAX_PASSES {
        let pass = worker.pass().await?;
        let state = app.journal.known_case(case).await?;
        let groups = app.groups_of(&state).await?;
        verbs::run::news(app, out, &groups, &mut seen).await?;
        if state.status == CaseStatus::Closed {
            return worker.release().await;
        }
        stage.hand_in();
        let acted = stage.people_act(&groups, case, &cast.requester, &cast.business, out).await?;
        match pass.next {
            _ if acted => {}
            Some(next) if next > app.clock.now() => app.clock.sleep_until(next).await,
            None if pass.worked == 0 => {
                let says = format!("{:?}", pass.blocked);
                return Err(AppError::new("internal").with("says", format!("the drill stands still {says}")));
            }
            _ => {}
        }
    }
    Err(AppError::new("internal").with("says", "the drill does not end"))
}

async fn close(stage: &Stage, id: &CaseId, seed: u64, dir: &Path, out: Out) -> Result<Exit, AppError> {
    let app = &stage.app;
    let journal = journal_bytes(app).await?;
    let path = dir.join("journal.jsonl");
    std::fs::write(&path, &journal).map_err(|error| AppError::io(&error, path.display()))?;
    let bundle =
        app.vault.bundle_path(id).await?.ok_or_else(|| AppError::new("bundle.missing").with("bundle", id))?;
    let report = verify_bundle(Path::new(&bundle), &VerifyOptions::default());
    let case = app.journal.known_case(id).await?;
    let mut rows: Vec<Value> = Vec::new();
    let mut gone = true;
    out.line("");
    let mut names = people_of(app).await?;
    let groups = app.groups_of(&case).await?;
    for group in &groups {
        let run = group.run.as_ref();
        let verdict = run.and_then(|run| run.verdict);
        gone &= verdict == Some(adjourn_domain::verdict::Verdict::Gone);
        let platform = run.map(|run| run.part.platform.to_string()).unwrap_or_default();
        let name = run.map(|run| run.part.name.clone()).unwrap_or_default();
        let word = verdict.map_or_else(|| "?".to_owned(), |verdict| out.word("verdict", verdict.slug()));
        out.line(format!("{}  {name}: {word}", wording::platform(out.say(), &platform, true)));
        if let Some(run) = run {
            for line in stage.told(run, out) {
                out.line(format!("    {line}"));
            }
        }
        names.insert(
            group.id.to_string(),
            format!("{} {name}", wording::platform(out.say(), &platform, false)),
        );
        rows.push(json!({"platform": platform, "group": group.id, "name": name, "verdict": verdict}));
    }
    let ok = report.ok && gone;
    out.line("");
    let differences = rules::differences(out, app.drill_rules)?;
    out.document(&json!({
        "ok": ok,
        "seed": seed,
        "rules": rules::slug(app.drill_rules),
        "differences": differences,
        "cases": [{"id": id, "groups": rows}],
        "bundle": bundle,
        "journal": path.display().to_string(),
        "journal_sha256": Hash::of(&journal),
        "verified": report.ok,
        "simulated": true,
    }));
    tell::report(out, &report, &names);
    show_minutes(stage, &groups, dir, out).await?;
    out.line(msg::demo_was_simulated(out.lang));
    let at = dir.display();
    out.line(msg::demo_whole(out.lang, format!("adjourn --data {at} --keys {at}/keys show {id}")));
    out.line(msg::bundle_at(out.lang, &bundle));
    out.next(format!("adjourn verify {bundle}"));
    Ok(match (report.ok, gone) {
        (false, _) => Exit::Evidence,
        (true, false) => Exit::NotGone,
        (true, true) => Exit::Done,
    })
}

/// The people of the drill, by their ids.
async fn people_of(app: &App) -> Result<BTreeMap<String, String>, AppError> {
    let org = app.journal.org().await?;
    Ok(org.principals.values().map(|person| (person.id.to_string(), person.name.clone())).collect())
}

/// Writes down, printable, how the record that is evidence was fixed.
async fn show_minutes(stage: &Stage, groups: &[GroupState], dir: &Path, out: Out) -> Result<(), AppError> {
    let app = &stage.app;
    for group in groups {
        let Some(run) = group.run.as_ref().filter(|run| run.part.way.judicial.is_some()) else { continue };
        let signed = app.minutes(group).await?;
        for (language, text) in app.around.words.minutes(&signed.minutes) {
            let path = dir.join(format!("minutes.{language}.txt"));
            std::fs::write(&path, text).map_err(|error| AppError::io(&error, path.display()))?;
        }
        let steps = signed.minutes.steps.len() as u64;
        out.line(msg::demo_minutes(out.lang, steps, &run.part.name, dir.join("minutes.*.txt").display()));
    }
    Ok(())
}

/// The canonical events of the journal: header and, where it can be read, salt and payload, one line each. Never leases or
/// batches.
async fn journal_bytes(app: &App) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    let mut from = 1;
    loop {
        let rows = app.journal.store.rows(from, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(bytes) };
        from = last.header.seq + 1;
        for row in &rows {
            let open = app.journal.open(row)?;
            let line = json!({
                "header": open.header,
                "salt": open.salt.as_deref().map(hex),
                "payload": open.payload,
            });
            bytes.extend(adjourn_domain::canonical::canonical_json(&line)?);
            bytes.push(b'\n');
        }
    }
}

/// The drill's folder: new, or one that an earlier drill made.
fn folder(named: Option<&Path>) -> Result<PathBuf, AppError> {
    let dir = named.map_or_else(|| PathBuf::from("adjourn-demo"), Path::to_path_buf);
    let io = |error: std::io::Error| AppError::io(&error, dir.display());
    if dir.exists() {
        if !dir.join(MARK).exists() {
            return Err(
                AppError::new("usage").with("says", format!("{}: exists, and is no drill's", dir.display()))
            );
        }
        std::fs::remove_dir_all(&dir).map_err(io)?;
    }
    std::fs::create_dir_all(&dir).map_err(io)?;
    std::fs::write(dir.join(MARK), b"made by adjourn demo; may be removed\n").map_err(io)?;
    Ok(dir)
}
