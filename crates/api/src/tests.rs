//! What the declarations have to keep, and the committed document.

use std::collections::BTreeSet;
use std::path::Path;

use adjourn_i18n::{Lang, error_text};
use adjourn_web::refusal::status;
use axum::http::StatusCode;

use super::*;

fn parts() -> Vec<Part> {
    endpoints().iter().map(|one| (one.part)()).collect()
}

#[test]
fn no_two_endpoints_have_one_id_or_one_schema_name_with_two_meanings() {
    let ids: BTreeSet<&str> = parts().iter().map(|part| part.declared.id).collect();
    assert_eq!(ids.len(), endpoints().len());
    let mut seen = BTreeMap::new();
    for (name, schema) in parts().iter().flat_map(Part::schemas) {
        assert_eq!(*seen.entry(name.clone()).or_insert_with(|| schema.clone()), schema, "{name}");
    }
}

#[test]
fn every_error_that_is_declared_has_words_and_no_ones_own_fault_is_declared() {
    for part in parts() {
        for code in part.declared.errors {
            for lang in [Lang::ZhCn, Lang::En] {
                assert!(error_text(lang, code, &[]).is_some(), "{}: {code}", part.declared.id);
            }
            assert_ne!(status(code), StatusCode::INTERNAL_SERVER_ERROR, "{}: {code}", part.declared.id);
        }
        let reads = part.declared.method == endpoint::Verb::Get;
        assert!(reads || part.declared.scope != adjourn_domain::token::Scope::Read, "{}", part.declared.id);
    }
}

/// `cargo xtask gen` runs this with `ADJOURN_BLESS` set.
#[test]
fn the_committed_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/openapi.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var_os("ADJOURN_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "run `cargo xtask gen` and commit the result"
    );
}
