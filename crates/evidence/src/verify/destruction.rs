//! Certificates of destruction: two different people, each with a key of their own, signed for exactly this group's key.

use std::collections::BTreeSet;

use adjourn_domain::canonical::{Hash, unhex};
use adjourn_domain::destruction::{ACT, Certificate, FORMAT, Signed};
use serde_json::Value;

use super::kinds::holds;
use super::{Check, FindingCode, StatementCode};

/// Whether a report says that it is one.
pub(super) fn is_one(report: &Value) -> bool {
    report.get("adjourn").and_then(Value::as_str) == Some(FORMAT)
}

/// Checks the certificate in `path`.
pub(super) fn check(check: &mut Check<'_>, path: &str, report: Value) {
    let certificate: Certificate = match serde_json::from_value(report) {
        Ok(certificate) => certificate,
        Err(error) => return check.find(FindingCode::FileForm, path, error.to_string()),
    };
    if let Err(says) = signed(&certificate) {
        return check.find(FindingCode::DestructionSignatures, path, says);
    }
    let who: Vec<String> =
        certificate.statements.iter().map(|signed| signed.statement.principal.to_string()).collect();
    let who = who.join(", ");
    let args = [
        ("group", certificate.group.to_string()),
        ("principals", who.clone()),
        ("at", certificate.at.to_string()),
    ];
    check.prove(
        StatementCode::Destruction,
        &args,
        "Two people signed for the destruction of the group's key, each with a key of their own.",
    );
    let says = format!("That these keys belong to these people: {who}.");
    check.rest(StatementCode::Principals, &[("principals", who)], says);
    let says = "It speaks of the copies under the group's key alone; those elsewhere are not covered.";
    check.rest(StatementCode::CopiesElsewhere, &[], says);
}

/// What is wrong with the signatures, if anything is.
fn signed(certificate: &Certificate) -> Result<(), String> {
    let [_, _] = certificate.statements.as_slice() else {
        return Err(format!("{} statements, and not two", certificate.statements.len()));
    };
    let (mut keys, mut people) = (BTreeSet::new(), BTreeSet::new());
    for signed in &certificate.statements {
        let Signed { statement, signature, public_key } = signed;
        let who = &statement.principal;
        if statement.act != ACT || statement.subject != certificate.group.as_str() {
            return Err(format!("{who} signed for something else"));
        }
        if statement.at > certificate.at {
            return Err(format!("{who} signed after it was done"));
        }
        let bytes = statement.bytes().map_err(|error| error.to_string())?;
        // A principal's id is `p-` and the first 12 digits of the SHA-256 of the key: nobody signs under another's.
        let id = unhex(public_key).map(|key| Hash::of(&key).to_hex());
        let id = id.and_then(|id| id.get(..12).map(|start| format!("p-{start}")));
        if id.as_deref() != Some(who.as_str()) {
            return Err(format!("the key is not the one of {who}"));
        }
        if !holds(public_key, &bytes, signature) {
            return Err(format!("the signature of {who} does not hold"));
        }
        keys.insert(public_key.to_ascii_lowercase());
        people.insert(who.clone());
    }
    if keys.len() < 2 || people.len() < 2 {
        return Err("both statements are one person's".to_owned());
    }
    Ok(())
}
