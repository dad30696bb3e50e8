//! An organisation, and the law of an invented country.

use adjourn_domain::law::Pack;
use adjourn_domain::member_notice::Processor;
use serde_json::{Value, json};

/// Who answers for the data.
pub(crate) fn office() -> Processor {
    Processor {
        name: "Example School".to_owned(),
        contact: "office@example.org".to_owned(),
        archive: "the school's archive".to_owned(),
        keep_months: Some(12),
    }
}

/// A pack of an invented country, whose trade records are kept for so many months.
pub(crate) fn pack(months: u16) -> Pack {
    let text = |en: &str| json!({"zh": en, "en": en});
    let basis = |article: &str| {
        json!({"article": text(&format!("Law, article {article}")), "short": text(&format!("Law {article}")),
               "source": "https://example.org/law", "checked": "2026-11-22"})
    };
    let rule = |class: &str, months: u16, held_in: &str, article: &str, more: Value| {
        let mut rule = json!({"class": class, "months": months, "from": "end", "held_in": held_in,
                              "basis": basis(article), "binds": text("all"), "claim": text("none")});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    };
    serde_json::from_value(json!({
        "law": "test",
        "name": text("Testland"),
        "notice": {"basis": basis("17"), "household": basis("72")},
        "keep": [
            rule("logs", 6, "journal_headers", "23", json!({})),
            rule("provision_records", 24, "archive", "12",
                 json!({"holdings": ["personal_data"], "household": basis("63")})),
            rule("trade_records", months, "archive", "31", json!({"kinds": ["trading"], "holdings": ["vouchers"]})),
        ],
    }))
    .unwrap()
}
