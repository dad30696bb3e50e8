//! A stamped bundle to be damaged and forged, and what verification says of it.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use adjourn_evidence::verify::{FindingCode, Report, VerifyOptions, verify_bundle};

use super::authority::{Authority, KEYS};
use super::case::{Scenario, files};

pub(crate) fn verify(dir: &Path) -> Report {
    verify_bundle(dir, &VerifyOptions::default())
}

pub(crate) fn codes(report: &Report) -> Vec<FindingCode> {
    let mut codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    assert_eq!(report.ok, codes.is_empty());
    assert!(report.ok || report.proved.is_empty(), "an invalid bundle proves nothing");
    codes
}

/// The codes of a scenario's bundle.
pub(crate) fn told(scenario: &Scenario) -> Vec<FindingCode> {
    let dir = tempfile::tempdir().unwrap();
    scenario.write(&dir.path().join("case"), None);
    codes(&verify(&dir.path().join("case")))
}

pub(crate) fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| Authority::with_key(KEYS[0].0, "sha256"))
}

/// A stamped bundle, made once; copies of it are changed.
pub(crate) fn stamped() -> &'static Path {
    static BUNDLE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let dir = BUNDLE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        Scenario::good().write(&dir.path().join("case"), Some(&|data| authority().stamp(data)));
        dir
    });
    Box::leak(dir.path().join("case").into_boxed_path())
}

/// A copy of the stamped bundle.
pub(crate) fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for path in files(stamped()) {
        let to = dir.path().join(&path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(stamped().join(&path), to).unwrap();
    }
    dir
}
