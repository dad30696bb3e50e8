//! `principal delegate`, `delegations`, `revoke-delegation`: roles that are lent for a time.

use adjourn_app::AppError;
use adjourn_domain::delegation::MAX_DELEGATION_S;
use adjourn_domain::ids::DelegationId;
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::out::Exit;

/// Lends a role.
pub(crate) async fn delegate(
    ctx: &Ctx<'_>,
    to: &str,
    role: &str,
    until: &str,
    reason: &str,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let bad = || {
        AppError::new("delegation.time").with("until", until).with("limit", MAX_DELEGATION_S / (24 * 3600))
    };
    let time = Time::parse(until).ok_or_else(bad)?;
    let made = ctx.app.delegate(to, role, time, reason, &ctx.signer()?).await?;
    let org = ctx.app.journal.org().await?;
    out.line(msg::delegation_made(
        out.lang,
        org.name(&made.from),
        &made.id,
        out.word("role", &made.role),
        org.name(&made.to),
        made.until,
    ));
    out.next(format!("adjourn principal revoke-delegation {}", made.id));
    out.document(&json!({"delegation": made}));
    Ok(Exit::Done)
}

/// Lists what is and was lent.
pub(crate) async fn ls(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let org = ctx.app.journal.org().await?;
    let now = ctx.app.clock.now();
    let mut rows = Vec::new();
    for lent in org.who.delegations.values() {
        let one = &lent.delegation;
        let state = match lent.revoked {
            Some(_) => "revoked",
            None if one.holds(now) => "holds",
            None => "over",
        };
        let role = out.word("role", &one.role);
        let (from, to) = (org.name(&one.from), org.name(&one.to));
        let line = msg::delegation_line(out.lang, from, role, one.at, to, one.until);
        out.line(format!("{}  {line}  {}  {}", one.id, out.word("lent", state), one.reason));
        rows.push(json!({"delegation": one, "state": state, "revoked": lent.revoked}));
    }
    if rows.is_empty() {
        out.line(msg::delegation_none(out.lang));
        out.next("adjourn principal delegate --to NAME --role ROLE --until TIME --reason TEXT");
    }
    out.document(&json!({"delegations": rows}));
    Ok(Exit::Done)
}

/// Takes a role back.
pub(crate) async fn revoke(ctx: &Ctx<'_>, id: &DelegationId) -> Result<Exit, AppError> {
    let out = ctx.out;
    ctx.app.revoke_delegation(id, &ctx.signer()?).await?;
    out.line(msg::delegation_revoked(out.lang, id));
    out.next("adjourn principal delegations");
    out.document(&json!({"revoked": id}));
    Ok(Exit::Done)
}
