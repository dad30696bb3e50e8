//! `token`: service tokens.

use adjourn_app::AppError;
use adjourn_app::accounts::{Given, TokenWish};
use adjourn_app::ports::Signer as _;
use adjourn_domain::time::Time;
use adjourn_domain::token::Scope;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::TokenVerb;
use crate::out::{Exit, Out};

/// Runs `token`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: TokenVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    match verb {
        TokenVerb::Create { name, scopes, until } => {
            let ends = until.as_deref().map(end).transpose()?;
            let scopes = scopes.iter().filter_map(|slug| Scope::from_slug(slug)).collect();
            let wish = TokenWish { name, scopes, ends };
            let (token, bearer) = ctx.app.create_token(wish, &signer.open_key(), None).await?;
            let given = Given { token, since: ctx.app.clock.now(), revoked: None };
            out.line(line(out, &given, ""));
            out.line(msg::token_secret(out.lang, bearer.text()));
            let mut value = document(&given);
            if let Some(map) = value.as_object_mut() {
                map.insert("secret".to_owned(), json!(bearer.text()));
            }
            out.document(&value);
            out.next("adjourn serve");
        }
        TokenVerb::Ls => {
            let tokens = ctx.app.tokens(&signer).await?;
            let org = ctx.app.journal.org().await?;
            for given in &tokens {
                let whose = org.name(&given.token.principal);
                let whose = if given.token.principal == signer.principal() { "" } else { &whose };
                out.line(line(out, given, whose));
            }
            if tokens.is_empty() {
                out.line(msg::token_none(out.lang));
                out.next("adjourn token create --name NAME --scope read");
            }
            out.document(&json!({"tokens": tokens.iter().map(document).collect::<Vec<_>>()}));
        }
        TokenVerb::Revoke { token } => {
            let given = ctx.app.revoke_token(&token.into(), &signer).await?;
            out.line(line(out, &given, ""));
            out.document(&document(&given));
        }
    }
    Ok(Exit::Done)
}

fn end(text: &str) -> Result<Time, AppError> {
    Time::parse(text).ok_or_else(|| AppError::new("usage").with("says", "--until: RFC 3339"))
}

fn line(out: Out, given: &Given, whose: &str) -> String {
    let scopes: Vec<&str> = given.token.scopes.iter().map(|scope| scope.slug()).collect();
    let ends = match (given.revoked, given.token.ends) {
        (Some(at), _) => msg::token_revoked(out.lang, at),
        (None, Some(ends)) => msg::token_ends(out.lang, ends),
        (None, None) => msg::token_endless(out.lang),
    };
    let whose = if whose.is_empty() { String::new() } else { format!("  {whose}") };
    format!("{}  {}  {}  {ends}{whose}", given.token.id, given.token.name, scopes.join(" "))
}

/// A token, as far as anybody may know it, as the API writes it.
fn document(given: &Given) -> Value {
    let token = &given.token;
    json!({
        "id": token.id,
        "principal": token.principal,
        "name": token.name,
        "scopes": token.scopes,
        "since": given.since,
        "ends": token.ends,
        "revoked": given.revoked,
    })
}
