//! `create`: groups from templates.

use adjourn_app::AppError;
use adjourn_app::creation::{Creation, CreationWish, Stand};
use adjourn_domain::asset::Holding;
use adjourn_domain::capability::Support;
use adjourn_domain::ids::{CreationId, NativeId};
use adjourn_domain::plan::Note;
use adjourn_domain::template::Said;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::{CreateArgs, CreateVerb};
use crate::out::Exit;

/// Runs `create`.
pub(crate) async fn run(ctx: &Ctx<'_>, mut args: CreateArgs) -> Result<Exit, AppError> {
    let (creation, stand) = match args.verb.take() {
        None => make(ctx, args).await?,
        Some(CreateVerb::Ls) => return list(ctx).await,
        Some(CreateVerb::Drop { creation, reason }) => return give_up(ctx, &creation.into(), &reason).await,
        Some(CreateVerb::Resume { creation }) => {
            ctx.app.resume_creation(&creation.into(), &ctx.signer()?).await?
        }
        Some(CreateVerb::Done { creation, group }) => {
            ctx.app.creation_done(&creation.into(), &group.into(), &ctx.signer()?).await?
        }
    };
    say(ctx, &creation, &stand);
    ctx.out.document(&document(&creation, &stand));
    Ok(match stand {
        Stand::Dry(_) | Stand::Done { .. } => Exit::Done,
        Stand::Open { .. } => Exit::Partly,
        Stand::Person { .. } | Stand::Unsure => Exit::Human,
    })
}

async fn make(ctx: &Ctx<'_>, args: CreateArgs) -> Result<(Creation, Stand), AppError> {
    let signer = ctx.signer()?;
    let name = args.template.unwrap_or_default();
    let template = ctx.config.template.get(&name).ok_or_else(|| {
        let known: Vec<&str> = ctx.config.template.keys().map(String::as_str).collect();
        let unknown = AppError::new("template.unknown").with("template", &name);
        if known.is_empty() { unknown } else { unknown.with("known", known.join(", ")) }
    })?;
    let wish = CreationWish {
        said: Said {
            owner: args.owner.unwrap_or_default(),
            contact: args.contact.unwrap_or_default(),
            deputy: args.deputy,
            purpose: args.purpose,
            unit: args.unit,
            expires_days: args.expires_days,
            holds: args.holds.iter().filter_map(|slug| Holding::from_slug(slug)).collect(),
        },
        members: args.member.into_iter().map(NativeId::from).collect(),
        owner_account: args.owner_account.map(NativeId::from),
    };
    ctx.app.create((&name, template), wish, args.dry_run, &signer).await
}

fn say(ctx: &Ctx<'_>, creation: &Creation, stand: &Stand) {
    let out = ctx.out;
    let id = &creation.creation;
    match stand {
        Stand::Dry(support) => {
            let (connection, name) = (&creation.connection, &creation.name);
            out.line(match support {
                Support::Assisted => msg::create_dry_person(out.lang, connection, name),
                _ => msg::create_dry_platform(out.lang, connection, name),
            });
        }
        Stand::Done { group, native, memo } => {
            out.line(msg::create_done(out.lang, group, &creation.name, native));
            if let Some(chat) = memo.get("chat").and_then(Value::as_str) {
                out.line(msg::create_second_id(out.lang, &creation.connection, format!("{native}={chat}")));
            }
            out.next(format!("adjourn show {group}"));
        }
        Stand::Person { note } => {
            out.line(msg::create_person(out.lang, &creation.connection, &creation.name));
            out.line(out.note(&Note::new(note)));
            people(ctx, creation);
            out.next(format!("adjourn create done {id} --group ID"));
        }
        Stand::Open { code } => {
            out.line(msg::create_open(out.lang, if code.is_empty() { "-" } else { code }, &creation.name));
            out.next(format!("adjourn create resume {id}"));
        }
        Stand::Unsure => {
            out.line(msg::create_unsure(out.lang, &creation.name));
            out.line(msg::create_unsure_look(out.lang));
            out.line(msg::create_unsure_name(out.lang, id));
            out.line(msg::create_unsure_drop(out.lang, id));
            out.next(format!("adjourn create done {id} --group ID"));
        }
    }
}

/// Who is in the group, for the person who makes it.
fn people(ctx: &Ctx<'_>, creation: &Creation) {
    let out = ctx.out;
    let owner = creation.owner_account.as_ref().map_or("", |owner| owner.as_str());
    if !owner.is_empty() {
        out.line(msg::create_owner(out.lang, owner));
    }
    let members: Vec<&str> = creation.members.iter().map(NativeId::as_str).collect();
    if !members.is_empty() {
        out.line(msg::create_members(out.lang, members.join(", ")));
    }
}

fn document(creation: &Creation, stand: &Stand) -> Value {
    let (state, more) = match stand {
        Stand::Dry(support) => ("dry_run", json!({ "support": support })),
        Stand::Done { group, native, memo } => {
            ("done", json!({ "group": group, "native": native, "memo": memo }))
        }
        Stand::Person { note } => ("person", json!({ "note": note })),
        Stand::Open { code } => ("open", json!({ "code": code })),
        Stand::Unsure => ("unsure", json!({})),
    };
    let mut document = json!({
        "creation": creation.creation,
        "template": creation.template,
        "connection": creation.connection,
        "class": creation.class,
        "kind": creation.kind,
        "name": creation.name,
        "members": creation.members,
        "owner_account": creation.owner_account,
        "state": state,
    });
    if let (Some(fields), Value::Object(more)) = (document.as_object_mut(), more) {
        fields.extend(more);
    }
    document
}

async fn list(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let open = ctx.app.creations().await?;
    for creation in &open {
        let (id, connection, name) = (&creation.creation, &creation.connection, &creation.name);
        out.line(format!("{id}  {connection}  {name}  {}", creation.at));
    }
    match open.first() {
        Some(first) => out.next(format!("adjourn create resume {}", first.creation)),
        None => out.line(msg::create_none(out.lang)),
    }
    let rows: Vec<Value> = open
        .iter()
        .map(|creation| {
            json!({
                "creation": creation.creation,
                "template": creation.template,
                "connection": creation.connection,
                "name": creation.name,
                "at": creation.at,
                "called": creation.called,
            })
        })
        .collect();
    out.document(&json!({ "creations": rows }));
    Ok(Exit::Done)
}

async fn give_up(ctx: &Ctx<'_>, id: &CreationId, reason: &str) -> Result<Exit, AppError> {
    let out = ctx.out;
    ctx.app.drop_creation(id, reason, &ctx.signer()?).await?;
    out.line(msg::create_dropped(out.lang, id));
    out.document(&json!({ "creation": id, "state": "dropped" }));
    Ok(Exit::Done)
}
