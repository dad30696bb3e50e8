//! Where the two rules act differently on the platforms of the drill, fact by fact; what `facts --differences` finds.

use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_domain::clocks::shown;
use adjourn_domain::fact::Rules;
use adjourn_domain::knowledge::Knowledge;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::platforms::PLATFORMS;
use crate::describe;
use crate::out::Out;

/// The slug of the rules, as the argument and JSON write it.
pub(super) fn slug(rules: Rules) -> &'static str {
    match rules {
        Rules::Declared => "declared",
        Rules::Confirmed => "confirmed",
    }
}

/// Prints the differences, and gives them as rows.
pub(super) fn differences(out: Out, rules: Rules) -> Result<Vec<Value>, AppError> {
    let mut rows = Vec::new();
    for platform in PLATFORMS {
        let known = Knowledge::of(profiles::profile(platform)?);
        let found = known.differences();
        let name = describe::platform(out, platform, true);
        out.line(msg::facts_differences(out.lang, found.len() as u64, name));
        for found in &found {
            let (declared, confirmed) = (shown(&found.declared.value), shown(&found.confirmed.value));
            let here = if rules == Rules::Declared { &declared } else { &confirmed };
            let (id, key) = (&found.declared.id, &found.declared.key);
            out.line(msg::demo_difference(out.lang, &confirmed, &declared, here, id, key));
            rows.push(json!({
                "platform": platform,
                "id": id,
                "key": key,
                "declared": found.declared.value,
                "confirmed": found.confirmed.value,
            }));
        }
    }
    Ok(rows)
}
