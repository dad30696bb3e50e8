//! `principal`: who acts.

use adjourn_adapters::signer::KeySigner;
use adjourn_app::AppError;
use adjourn_app::ports::Signer as _;
use adjourn_i18n::msg;
use serde_json::json;

use super::{Ctx, delegation, passkey};
use crate::args::PrincipalVerb;
use crate::out::Exit;

/// Runs `principal`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: PrincipalVerb) -> Result<Exit, AppError> {
    let out = ctx.out;
    match verb {
        PrincipalVerb::Add { name, role, key_out } => {
            let path =
                key_out.unwrap_or_else(|| ctx.places.keys.join("principals").join(format!("{name}.key")));
            let org = ctx.app.journal.org().await?;
            if org.principals.values().any(|principal| principal.name == name) {
                return Err(AppError::new("principal.exists").with("principal", &name));
            }
            let new = KeySigner::generate(&*ctx.app.journal.rng);
            let by = if org.principals.is_empty() { None } else { Some(ctx.signer()?) };
            // The key is on disk before anybody relies on it.
            new.write(&path)?;
            let added = ctx
                .app
                .add_principal(
                    &name,
                    &role,
                    &new,
                    by.as_ref().map(|by| by as &dyn adjourn_app::ports::Signer),
                )
                .await;
            let principal = match added {
                Ok(principal) => principal,
                Err(error) => {
                    let _ = std::fs::remove_file(&path);
                    return Err(error);
                }
            };
            out.line(msg::principal_added(
                out.lang,
                new.principal(),
                &name,
                path.display(),
                out.word("role", &role),
            ));
            out.next("adjourn connect add NAME PLATFORM --set url=… --key FILE");
            out.document(&json!({"principal": principal, "key": path.display().to_string()}));
        }
        PrincipalVerb::Account => {
            let token = ctx.app.account_link(&ctx.signer()?.open_key()).await?.text();
            let path = format!("/welcome/{token}");
            out.line(msg::principal_account(out.lang, &path));
            out.next("adjourn serve");
            out.document(&json!({"path": path}));
        }
        PrincipalVerb::Delegate { to, role, until, reason } => {
            return delegation::delegate(ctx, &to, &role, &until, &reason).await;
        }
        PrincipalVerb::Delegations => return delegation::ls(ctx).await,
        PrincipalVerb::RevokeDelegation { delegation } => {
            return delegation::revoke(ctx, &delegation.into()).await;
        }
        PrincipalVerb::Passkey(verb) => return passkey::run(ctx, verb).await,
        PrincipalVerb::Ls => {
            let org = ctx.app.journal.org().await?;
            for principal in org.principals.values() {
                let by = principal.added_by.as_ref().map_or_else(|| "–".to_owned(), |by| org.name(by));
                out.line(format!(
                    "{}  {}  {}  {by}",
                    principal.id,
                    principal.name,
                    out.word("role", &principal.role)
                ));
            }
            if org.principals.is_empty() {
                out.line(msg::principal_none(out.lang));
                out.next("adjourn principal add NAME --role admin");
            }
            out.document(&json!({"principals": org.principals.values().collect::<Vec<_>>()}));
        }
    }
    Ok(Exit::Done)
}
