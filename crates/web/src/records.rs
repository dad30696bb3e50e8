//! The words for evidence, records, reviews and the state of the installation.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_app::health::Found;
use adjourn_domain::claims::Mark;
use adjourn_domain::law::{HeldIn, Pack};
use adjourn_domain::policy::RoleRule;
use adjourn_domain::retention::{Period, Standing};
use adjourn_domain::review::Review;
use adjourn_i18n::msg;

use crate::wording::{Say, in_language};

/// A sentence of a verification: what was found, what is proved, what that rests on.
pub fn verified(say: Say, slug: &str, args: &BTreeMap<String, String>, says: &str) -> String {
    let mut args = args.clone();
    if let Some(parties) = args.get_mut("parties") {
        let words: Vec<String> = parties.split(", ").map(|slug| say.word("party", slug)).collect();
        *parties = words.join(", ");
    }
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    adjourn_i18n::note(say.lang, &format!("verify-{slug}"), &args).unwrap_or_else(|| says.to_owned())
}

/// A legal period of a group's record.
pub fn period(say: Say, period: &Period, standing: &Standing) -> String {
    let class = say.word("retention", period.class.slug());
    let article = in_language(say.lang, &period.basis.article);
    match (period.runs(standing.today), period.held_in) {
        (true, HeldIn::Archive) => msg::retention_runs(say.lang, article, class, period.until),
        (true, HeldIn::JournalHeaders) => {
            msg::retention_runs_in_headers(say.lang, article, class, period.until)
        }
        (false, _) => msg::retention_over(say.lang, article, class, period.until),
    }
}

/// What a check found that was well.
pub fn found(say: Say, found: &Found) -> String {
    match found {
        Found::Text(text) => text.clone(),
        Found::Laws(laws) if laws.is_empty() => msg::doctor_no_law(say.lang),
        Found::Laws(laws) => {
            let name = |pack: &Pack| format!("{} ({})", in_language(say.lang, &pack.name), pack.law);
            laws.iter().map(name).collect::<Vec<_>>().join(", ")
        }
        Found::Unmeetable(AppError(lack)) => {
            let arg = |name: &str| lack.args.get(name).cloned().unwrap_or_default();
            msg::doctor_unmeetable(say.lang, arg("have"), arg("need"), say.word("role", &arg("role")))
        }
    }
}

/// The sign of a mark of `facts check`; the word stands beside it.
pub fn mark_sign(mark: Mark) -> char {
    match mark {
        Mark::Confirmed => '✔',
        Mark::Declared => '○',
        Mark::Disputed => '≈',
        Mark::Outdated => '⌛',
        Mark::Contradicted => '✘',
        Mark::SelfContradictory => '⇄',
    }
}

/// One or several ways to meet a review, any of which is enough.
pub fn ways(say: Say, ways: &[Vec<RoleRule>]) -> String {
    let way = |way: &Vec<RoleRule>| {
        let rules: Vec<_> =
            way.iter().map(|rule| format!("{} × {}", say.word("role", &rule.role), rule.count)).collect();
        rules.join(" + ")
    };
    ways.iter().map(way).collect::<Vec<_>>().join(&msg::review_or(say.lang))
}

/// What a review asks for, in a line.
pub fn rules(say: Say, review: &Review) -> String {
    let list: Vec<Vec<RoleRule>> = review
        .ways()
        .into_iter()
        .map(|way| way.into_iter().map(|(role, count)| RoleRule { role, count }).collect())
        .collect();
    ways(say, &list)
}
