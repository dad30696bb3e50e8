//! `guide`: the personal way. Needs no account, no database and no network; of a configuration, where there is one,
//! it takes whose laws count.

use std::io::IsTerminal as _;
use std::path::Path;
use std::str::FromStr;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::AppError;
use adjourn_app::ports::Clock as _;
use adjourn_console::guide::{PLATFORMS, View, default_offset, html, ics, typed_time};
use adjourn_domain::fact::Rules;
use adjourn_domain::guide::{Answers, Button, Hanging, Holds, Keep, Owner, guide};
use adjourn_i18n::msg;
use serde_json::json;

use crate::args::GuideArgs;
use crate::config::Config;
use crate::guide::ask;
use crate::out::{Exit, Out};

/// Runs `guide`.
pub(crate) fn run(out: Out, args: &GuideArgs, config: &Config) -> Result<Exit, AppError> {
    if !PLATFORMS.contains(&args.platform.as_str()) {
        return Err(AppError::new("guide.platform")
            .with("platform", &args.platform)
            .with("choices", PLATFORMS.join(", ")));
    }
    let profile = config.profiles()?.read(&args.platform)?;
    let answers = answers(out, args)?;
    let now = SystemClock.now();
    let (at, offset) = match &args.at {
        None => (now, default_offset()),
        Some(text) => typed_time(text).ok_or_else(|| AppError::new("guide.time").with("given", text))?,
    };
    let rules = if args.rules == "declared" { Rules::Declared } else { Rules::Confirmed };
    let document = guide(&profile, &answers, rules, at);
    let view = View { lang: out.lang, offset, now };
    let page = write(&args.out, &format!("adjourn-{}.html", args.platform), &html::render(&document, view))?;
    let calendar =
        write(&args.out, &format!("adjourn-{}.ics", args.platform), &ics::render(&document, view))?;
    out.line(view.word("guide-outcome", &document.outcome.slug().replace('_', "-")));
    out.line(msg::guide_written(out.lang, &page));
    out.line(msg::guide_written(out.lang, &calendar));
    out.line(msg::guide_printed_how(out.lang));
    let unsure = document.clocks.running.iter().filter(|clock| !clock.acting).count();
    out.document(&json!({
        "platform": document.platform,
        "outcome": document.outcome,
        "answers": document.answers,
        "at": at,
        "steps": document.steps.iter().map(|line| &line.note.code).collect::<Vec<_>>(),
        "clocks": document.clocks.running.len(),
        "clocks_not_acting": unsure,
        "clocks_unknown": document.clocks.unknown,
        "page": page,
        "calendar": calendar,
    }));
    Ok(Exit::Done)
}

fn answers(out: Out, args: &GuideArgs) -> Result<Answers, AppError> {
    let Some(owner) = &args.owner else {
        if out.json || !std::io::stdin().is_terminal() {
            return Err(refused("--owner", "", Owner::ALL.iter().map(|choice| choice.slug())));
        }
        return ask::ask(out.lang, &mut std::io::stdin().lock(), &mut std::io::stderr().lock());
    };
    Ok(Answers {
        owner: one("--owner", owner, Owner::ALL, Owner::slug)?,
        holds: several("--holds", &args.holds, Holds::ALL, Holds::slug)?.into_iter().collect(),
        links: several("--links", &args.links, Hanging::ALL, Hanging::slug)?.into_iter().collect(),
        keep: several("--keep", &args.keep, Keep::ALL, Keep::slug)?.into_iter().collect(),
        button: one("--button", &args.button, Button::ALL, Button::slug)?,
    })
}

fn one<T: FromStr + Copy>(
    flag: &str,
    given: &str,
    all: &[T],
    slug: fn(T) -> &'static str,
) -> Result<T, AppError> {
    given.parse().map_err(|_| refused(flag, given, all.iter().map(|choice| slug(*choice))))
}

fn several<T: FromStr + Copy>(
    flag: &str,
    given: &str,
    all: &[T],
    slug: fn(T) -> &'static str,
) -> Result<Vec<T>, AppError> {
    ask::parse_list(given).map_err(|wrong| refused(flag, &wrong, all.iter().map(|choice| slug(*choice))))
}

fn refused<'a>(flag: &str, given: &str, choices: impl Iterator<Item = &'a str>) -> AppError {
    let choices: Vec<&str> = choices.collect();
    let error = AppError::new("guide.answer").with("flag", flag).with("choices", choices.join(", "));
    if given.is_empty() { error } else { error.with("given", given) }
}

fn write(dir: &Path, name: &str, text: &str) -> Result<String, AppError> {
    let path = dir.join(name);
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|error| AppError::io(&error, path.display()))?;
    Ok(path.display().to_string())
}
