//! `channel`: the instruction channel's keys, certificates and outposts.

use adjourn_app::AppError;
use adjourn_channel::Office;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::args::ChannelVerb;
use crate::out::Exit;

/// Seconds of an hour.
const HOUR_S: u64 = 3600;

/// Runs `channel`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: ChannelVerb) -> Result<Exit, AppError> {
    let (out, app) = (ctx.out, &ctx.app);
    let office = Office::in_keys(&ctx.places.keys);
    let (now, rng) = (app.clock.now(), &*app.journal.rng);
    match verb {
        ChannelVerb::Init { hosts } => {
            app.channel_admin(&ctx.signer()?).await?;
            office.init(&hosts, now, rng)?;
            let key = office.signing()?.public().id();
            out.line(msg::channel_made(out.lang, hosts.join(", "), &key));
            out.document(&json!({"hosts": hosts, "instruction_key": key}));
            out.next("adjourn channel add NAME --out DIR");
        }
        ChannelVerb::Add { name, out: dir, days } => {
            let signer = ctx.signer()?;
            app.channel_admin(&signer).await?;
            app.outpost_is_free(&name).await?;
            // A certificate that the journal does not know opens nothing; the other way round nobody could connect.
            let made = office.add(&name, now, days, &dir, rng)?;
            if let Err(error) = app.add_outpost(&name, made.certificate, &made.key, &signer).await {
                let _ = std::fs::remove_dir_all(&dir);
                return Err(error);
            }
            out.line(msg::channel_added(out.lang, dir.display(), &name));
            out.document(&json!({
                "outpost": name,
                "certificate": made.certificate,
                "key": made.key,
                "identity": dir,
            }));
        }
        ChannelVerb::Ls => {
            let org = app.journal.org().await?;
            for (name, known) in &org.outposts {
                out.line(match known.revoked {
                    Some(at) => msg::channel_row_revoked(out.lang, at, known.certificate, name),
                    None => msg::channel_row(out.lang, known.certificate, name, known.since),
                });
            }
            if org.outposts.is_empty() {
                out.line(msg::channel_none(out.lang));
            }
            let key = if office.exists() { Some(office.signing()?.public().id()) } else { None };
            out.document(&json!({
                "outposts": org.outposts,
                "instruction_key": key,
                "instructions_refused": org.instructions_refused,
                "replies_refused": org.replies_refused,
            }));
        }
        ChannelVerb::Rotate { overlap } => {
            let signer = ctx.signer()?;
            app.channel_admin(&signer).await?;
            let (old, new, until) = office.rotate(now, overlap * HOUR_S, rng)?;
            app.rotated(&new, &old, until, &signer).await?;
            out.line(msg::channel_rotated(out.lang, &new, &old, until));
            out.document(&json!({"instruction_key": new, "old": old, "old_until": until}));
        }
        ChannelVerb::Revoke { name, reason } => {
            app.revoke_outpost(&name, &reason, &ctx.signer()?).await?;
            out.line(msg::channel_revoked(out.lang, &name));
            out.document(&json!({"outpost": name, "revoked": true}));
        }
    }
    Ok(Exit::Done)
}
