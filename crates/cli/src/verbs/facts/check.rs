//! `facts check`: the claims of a how-to text, each with its mark, its source and its place.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use adjourn_adapters::claims::check_text;
use adjourn_adapters::profiles::BuiltIn;
use adjourn_app::AppError;
use adjourn_domain::claims::{Checked, MAX_TEXT, Mark};
use adjourn_domain::clocks::shown;
use adjourn_i18n::msg;
use serde_json::json;

use crate::out::{Exit, Out};
use adjourn_web::records::mark_sign;
use adjourn_web::wording::in_language;
use adjourn_web::wording::sign;

/// Runs `facts check`. A text without claims is no error, and neither is one whose claims are wrong.
pub(super) fn run(out: Out, file: &Path, profiles: &BuiltIn) -> Result<Exit, AppError> {
    let text = read(file)?;
    let checked = check_text(&text, profiles)?;
    let mut counts: BTreeMap<Mark, u64> = BTreeMap::new();
    for claim in &checked {
        *counts.entry(claim.mark).or_default() += 1;
    }
    if checked.is_empty() {
        out.line(msg::check_none(out.lang));
    } else {
        let marks: Vec<_> =
            counts.iter().map(|(mark, count)| format!("{} {count}", out.word("mark", mark.slug()))).collect();
        out.line(msg::check_title(out.lang, checked.len() as u64, marks.join(" · ")));
    }
    for claim in &checked {
        show(out, claim);
    }
    let counts: BTreeMap<_, _> = counts.into_iter().map(|(mark, count)| (mark.slug(), count)).collect();
    out.document(&json!({"file": file.display().to_string(), "claims": checked, "counts": counts}));
    Ok(Exit::Done)
}

/// The text: UTF-8, with or without a byte order mark. Other encodings are refused, not guessed.
fn read(file: &Path) -> Result<String, AppError> {
    let io = |error: &std::io::Error| AppError::io(error, file.display());
    let mut bytes = Vec::new();
    let limit = MAX_TEXT as u64 + 1;
    if file == Path::new("-") {
        std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    } else {
        let source = std::fs::File::open(file).map_err(|error| io(&error))?;
        source.take(limit).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    }
    if bytes.len() > MAX_TEXT {
        let says = format!("{}: > {MAX_TEXT} bytes", file.display());
        return Err(AppError::new("usage").with("says", says));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        AppError::new("usage").with("says", format!("{}: UTF-8: {error}", file.display()))
    })?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn show(out: Out, checked: &Checked) {
    let claim = &checked.claim;
    let mark = |mark: Mark| format!("{} {}", mark_sign(mark), out.word("mark", mark.slug()));
    let mut marks = mark(checked.mark);
    if checked.by_facts != checked.mark {
        marks.push_str(" · ");
        marks.push_str(&mark(checked.by_facts));
    }
    let platform = out.word("platform", claim.platform.as_deref().unwrap_or("any"));
    out.line(format!("\n{}:{}  {}", claim.line, claim.column, claim.text));
    let says = msg::check_says(out.lang, shown(&claim.value));
    out.line(format!("  {marks}  {platform} · {} {} · {says}", checked.id, claim.key));
    if !checked.conflicts.is_empty() {
        let lines: Vec<_> = checked.conflicts.iter().map(ToString::to_string).collect();
        out.line(format!("    {}", msg::check_conflict(out.lang, lines.join(", "))));
    }
    for known in &checked.known {
        let fact = &known.fact;
        let mut line = format!(
            "    {}",
            msg::check_known(
                out.lang,
                out.word("confidence", fact.confidence.slug()),
                &fact.checked,
                sign(fact.confidence),
                &fact.source,
                shown(&fact.value),
            )
        );
        if claim.platform.is_none() {
            line.push_str(" · ");
            line.push_str(&out.word("platform", &known.platform));
        }
        if let Some(ended) = &fact.ended {
            line.push_str(" · ");
            line.push_str(&msg::facts_ended(out.lang, ended));
        }
        out.line(line);
        out.line(format!("      {}", in_language(out.lang, &fact.says)));
    }
}
