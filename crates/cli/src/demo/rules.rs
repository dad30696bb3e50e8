//! Where the two rules act differently on the platforms of the drill, fact by fact; what `facts --differences` finds.

use std::collections::BTreeMap;

use adjourn_adapters::law;
use adjourn_adapters::profiles::BuiltIn;
use adjourn_app::AppError;
use adjourn_domain::clocks::shown;
use adjourn_domain::fact::Rules;
use adjourn_domain::knowledge::Knowledge;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::platforms::PLATFORMS;
use crate::out::Out;
use adjourn_web::wording;

/// The slug of the rules, as the argument and JSON write it.
pub(super) fn slug(rules: Rules) -> &'static str {
    match rules {
        Rules::Declared => "declared",
        Rules::Confirmed => "confirmed",
    }
}

/// Prints the differences, those of all platforms once, and gives them as rows.
pub(super) fn differences(out: Out, rules: Rules) -> Result<Vec<Value>, AppError> {
    let profiles = BuiltIn::new(law::packs(&law::STANDARD)?);
    let mut rows = Vec::new();
    let mut lines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, platform) in PLATFORMS.into_iter().enumerate() {
        for found in &Knowledge::of(profiles.read(platform)?).differences() {
            let (declared, confirmed) = (shown(&found.declared.value), shown(&found.confirmed.value));
            let here = if rules == Rules::Declared { &declared } else { &confirmed };
            let (id, key) = (&found.declared.id, &found.declared.key);
            let line = msg::demo_difference(out.lang, &confirmed, &declared, here, id, key);
            lines.entry(line).or_default().push(at);
            rows.push(json!({
                "platform": platform,
                "id": id,
                "key": key,
                "declared": found.declared.value,
                "confirmed": found.confirmed.value,
            }));
        }
    }
    let everywhere = |on: &[usize]| on.len() == PLATFORMS.len();
    let print = |name: String, wanted: &dyn Fn(&[usize]) -> bool| {
        let found: Vec<&String> = lines.iter().filter(|(_, on)| wanted(on)).map(|(line, _)| line).collect();
        out.line(msg::facts_differences(out.lang, found.len() as u64, name));
        for line in found {
            out.line(line);
        }
    };
    for (at, platform) in PLATFORMS.into_iter().enumerate() {
        print(wording::platform(out.say(), platform, true), &|on| on.contains(&at) && !everywhere(on));
    }
    print(msg::demo_all_platforms(out.lang), &everywhere);
    Ok(rows)
}
