//! The document as another people's tool reads it: schemathesis makes requests of it, good ones and bad ones, and looks at every reply.

use std::process::Command;

use adjourn_e2e::Peers;

use crate::desk::Desk;

/// Longest time that the tool takes for its requests, in seconds.
const LONG_S: &str = "25";

#[test]
fn schemathesis_finds_no_500_and_nothing_that_the_document_does_not_say() {
    let desk = Desk::new();
    // Something to find.
    desk.office.planned("g-6");
    let tool = Peers::locate().schemathesis();
    let output = Command::new(tool)
        .args(["run", &format!("{}/api/openapi.json", desk.address), "--url", &desk.address])
        .args(["--header", &format!("Authorization: Bearer {}", desk.of("admin"))])
        .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance"])
        .args(["--seed", "7", "--max-time", LONG_S, "--max-examples", "10", "--generation-database", "none"])
        .args(["--continue-on-failure", "--no-shrink"])
        // It finds its own token in the list and takes it back; all that comes after would be refused.
        .args(["--exclude-operation-id", "tokens.revoke"])
        .current_dir(desk.office.office.dir())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    // A run in which everything was refused would find nothing either.
    desk.get("admin", "/v1/me");
    let audits = desk.get("admin", "/v1/audits");
    assert!(!audits["items"].as_array().unwrap().is_empty(), "nothing was let in: {said}");
    assert!(said.contains("Tested: 46"), "{said}");
}
