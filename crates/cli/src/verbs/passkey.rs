//! Passkeys: `principal passkey`, and the page that `approve --passkey` and `apply --passkey` open.

use std::time::Duration;

use adjourn_app::AppError;
use adjourn_console::passkey::{Answer, Ask, Given, router};
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::CaseId;
use adjourn_domain::passkey::{Proof, Purpose};
use adjourn_i18n::{error_text, msg};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Ctx;
use crate::args::PasskeyVerb;
use crate::out::Exit;

/// How much of a credential is shown, in hex digits.
const SHOWN: usize = 16;
/// How long the page may take to show the outcome.
const GRACE: Duration = Duration::from_secs(2);

/// Runs `principal passkey`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: PasskeyVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    match verb {
        PasskeyVerb::Add { name } => {
            let signer = ctx.signer()?;
            let relying = ctx.config.passkey.desk()?.relying;
            let ask = ctx.app.ask_passkey(&name, relying, &signer).await?;
            let page = open(ctx, Ask::New(ask.clone())).await?;
            let added = match page.answer.given.clone() {
                Given::New(new) => ctx.app.add_passkey(&ask, &new, &signer).await,
                Given::Sign(_) => Err(AppError::new("passkey.invalid").with("what", "type")),
            };
            let passkey = page.end(ctx, added).await?;
            let (algorithm, rp) = (passkey.algorithm.slug(), &passkey.rp_id);
            out.line(msg::passkey_added(out.lang, algorithm, start(&passkey.credential), &ask.name, rp));
            out.document(&json!({"passkey": passkey}));
            out.next("adjourn approve CASE --passkey");
        }
        PasskeyVerb::Ls => ls(ctx).await?,
        PasskeyVerb::Revoke { credential } => {
            ctx.app.revoke_passkey(&credential, &ctx.signer()?).await?;
            out.line(msg::passkey_revoked(out.lang));
            out.document(&json!({"revoked": credential}));
            out.next("adjourn principal passkey ls");
        }
    }
    Ok(Exit::Done)
}

async fn ls(ctx: &Ctx<'_>) -> Result<(), AppError> {
    let out = ctx.out;
    let org = ctx.app.journal.org().await?;
    let mut rows = Vec::new();
    for held in org.who.passkeys.values() {
        let passkey = &held.passkey;
        let state = match held {
            held if held.revoked.is_some() => "revoked",
            held if held.suspect > 0 => "suspect",
            _ => "fine",
        };
        out.line(format!(
            "{}…  {}  {}  {}  {}  {}",
            start(&passkey.credential),
            org.name(&passkey.principal),
            passkey.algorithm.slug(),
            passkey.rp_id,
            passkey.at,
            out.word("passkey", state)
        ));
        rows.push(json!({
            "passkey": passkey,
            "name": org.name(&passkey.principal),
            "state": state,
            "counter": held.counter,
            "revoked": held.revoked,
        }));
    }
    if rows.is_empty() {
        out.line(msg::passkey_none_yet(out.lang));
        out.next("adjourn principal passkey add NAME");
    }
    out.document(&json!({"passkeys": rows}));
    Ok(())
}

/// The start of a credential's id, as people see it.
fn start(credential: &str) -> &str {
    credential.get(..SHOWN).unwrap_or(credential)
}

/// An answer to a plan, and the page that waits to hear what came of it.
pub(crate) struct Signed {
    /// What was given, for the use case.
    pub(crate) proof: Proof,
    /// The page.
    pub(crate) page: Page,
}

/// Has the signer's browser sign a case's plan.
pub(crate) async fn sign(
    ctx: &Ctx<'_>,
    id: &CaseId,
    purpose: Purpose,
    read: Option<Hash>,
) -> Result<Signed, AppError> {
    let signer = ctx.signer()?;
    let relying = ctx.config.passkey.desk()?.relying;
    let ask = ctx.app.ask_signature(id, purpose, read, relying, &signer).await?;
    // What is signed is shown: here, and on the page.
    let plan = ctx.app.load_plan(&ctx.app.journal.known_case(id).await?).await?;
    let platform = |slug: &str| ctx.out.word("platform", slug);
    let groups: Vec<String> = plan
        .groups
        .iter()
        .map(|part| format!("{} ({})", part.name, platform(part.platform.as_str())))
        .collect();
    ctx.out.line(msg::passkey_plan(ctx.out.lang, ask.plan_hash));
    let nonce = ask.nonce.clone();
    let page = open(ctx, Ask::Sign(ask, groups)).await?;
    match page.answer.given.clone() {
        Given::Sign(assertion) => Ok(Signed { proof: Proof { nonce, assertion }, page }),
        Given::New(_) => {
            let refused = Err(AppError::new("passkey.invalid").with("what", "type"));
            page.end(ctx, refused).await
        }
    }
}

/// A page whose answer has come.
pub(crate) struct Page {
    answer: Answer,
    close: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Page {
    /// Shows the person what came of it, and closes the page.
    pub(crate) async fn end<T>(self, ctx: &Ctx<'_>, outcome: Result<T, AppError>) -> Result<T, AppError> {
        self.answer.tell(outcome.as_ref().map(|_| ()).map_err(|error| sentence(ctx, error)));
        let _ = self.close.send(());
        // A browser that keeps its connection open holds nobody up.
        let _ = tokio::time::timeout(GRACE, self.served).await;
        outcome
    }
}

fn sentence(ctx: &Ctx<'_>, error: &AppError) -> String {
    let args: Vec<(&str, &str)> = error.0.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    error_text(ctx.out.lang, error.code(), &args).map_or_else(|| error.to_string(), |text| text.sentence)
}

/// Opens the page, says where it is, and waits for the browser.
async fn open(ctx: &Ctx<'_>, ask: Ask) -> Result<Page, AppError> {
    let out = ctx.out;
    let desk = ctx.config.passkey.desk()?;
    let listener = TcpListener::bind(desk.listen).await.map_err(|error| AppError::io(&error, desk.listen))?;
    let listens = listener.local_addr().map_err(|error| AppError::io(&error, desk.listen))?;
    let mut token = [0; 16];
    ctx.app.journal.rng.fill(&mut token);
    let token = adjourn_domain::canonical::hex(&token);
    let (router, mut answers) = router(ask, &token);
    let (close, closing) = oneshot::channel::<()>();
    let served = tokio::spawn(async move {
        let closed = async move {
            let _ = closing.await;
        };
        let _ = axum::serve(listener, router).with_graceful_shutdown(closed).await;
    });
    let url = desk.url(listens, &token);
    out.event(msg::passkey_open(out.lang, &url), &json!({"passkey": {"url": url, "wait_s": desk.wait_s}}));
    out.progress(msg::passkey_waits(out.lang, desk.wait_s));
    let clock = ctx.app.clock.clone();
    let limit = clock.now().plus_secs(desk.wait_s);
    let answer = tokio::select! {
        answer = answers.recv() => answer,
        () = clock.sleep_until(limit) => None,
    };
    let Some(answer) = answer else {
        served.abort();
        return Err(AppError::new("passkey.timeout").with("seconds", desk.wait_s));
    };
    Ok(Page { answer, close, served })
}
