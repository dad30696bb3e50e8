//! `question`, `withdraw`: what reviewers ask before they decide, what whoever asked for the case answers, and taking a case back before it begins.

use adjourn_app::AppError;
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::CaseId;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::QuestionVerb;
use crate::out::Exit;

/// Runs `question`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: QuestionVerb) -> Result<Exit, AppError> {
    let case = match verb {
        QuestionVerb::Ask { case, text } => ctx.app.ask(&case.into(), &text, &ctx.signer()?).await?,
        QuestionVerb::Answer { case, question, text } => {
            let at = question.checked_sub(1);
            let unknown = || AppError::new("question.unknown").with("question", question);
            ctx.app.answer(&case.into(), at.ok_or_else(unknown)?, &text, &ctx.signer()?).await?
        }
        QuestionVerb::Ls { case } => ctx.app.journal.known_case(&case.into()).await?,
    };
    list(ctx, &case).await
}

/// Every question with its answer.
async fn list(ctx: &Ctx<'_>, case: &CaseState) -> Result<Exit, AppError> {
    let (out, org) = (ctx.out, ctx.app.journal.org().await?);
    let mut rows: Vec<Value> = Vec::with_capacity(case.questions.len());
    for (n, asked) in case.questions.iter().enumerate() {
        let line = msg::case_question(out.lang, asked.at, org.name(&asked.by), &asked.text);
        out.line(format!("{}. {}", n + 1, line));
        match &asked.answer {
            Some((text, by, at)) => {
                let line = msg::case_question(out.lang, at, org.name(by), text);
                out.line(format!("   → {line}"));
            }
            None => out.line(format!("   {}", msg::case_answer_open(out.lang))),
        }
        let answer = asked.answer.as_ref().map(|(text, by, at)| json!({"text": text, "by": by, "at": at}));
        rows.push(json!({
            "question": n + 1,
            "text": asked.text,
            "by": asked.by,
            "at": asked.at,
            "plan_hash": asked.plan_hash,
            "answer": answer,
        }));
    }
    out.document(&json!({"case": case.id, "status": case.status, "questions": rows}));
    if let Some(open) = case.questions.iter().position(|asked| asked.answer.is_none()) {
        out.next(format!("adjourn question answer {} {} --text TEXT", case.id, open + 1));
    }
    Ok(Exit::Done)
}

/// Runs `withdraw`.
pub(crate) async fn withdraw(ctx: &Ctx<'_>, id: &CaseId, reason: &str) -> Result<Exit, AppError> {
    let out = ctx.out;
    let case = ctx.app.withdraw(id, reason, &ctx.signer()?).await?;
    out.line(msg::case_status(out.lang, id, out.word("state", case.status.slug())));
    out.document(&json!({"case": id, "status": case.status}));
    out.next(format!("adjourn plan GROUP --case {id} --reason TEXT"));
    Ok(Exit::Done)
}
