//! `facts`: what is known about a platform.

use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_i18n::{Lang, msg};
use serde_json::json;

use crate::out::{Exit, Out};

/// Runs `facts`.
pub(crate) fn run(out: Out, platform: &str, only: Option<&str>) -> Result<Exit, AppError> {
    let profile = profiles::profile(platform)?;
    let facts: Vec<_> = profile
        .facts
        .iter()
        .filter(|fact| only.is_none_or(|only| fact.id.starts_with(only) || fact.key.starts_with(only)))
        .collect();
    let name = match out.lang {
        Lang::ZhCn => &profile.name.zh,
        Lang::En => &profile.name.en,
    };
    out.line(msg::facts_title(out.lang, facts.len() as u64, name));
    for fact in &facts {
        let says = match out.lang {
            Lang::ZhCn => &fact.says.zh,
            Lang::En => &fact.says.en,
        };
        out.line(format!(
            "{:<4} {:<26} [{}] {says}\n     {} · {}",
            fact.id,
            fact.key,
            out.word("confidence", fact.confidence.slug()),
            fact.source,
            fact.checked
        ));
    }
    out.document(&json!({"platform": profile.platform, "name": profile.name, "facts": facts}));
    Ok(Exit::Done)
}
