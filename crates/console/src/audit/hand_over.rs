//! A report that is handed over: as data, as a page in both languages, and as a table for spreadsheets.

use std::collections::BTreeMap;

use adjourn_app::audit::Audited;
use adjourn_app::ports::BundleInfo;
use adjourn_app::{App, AppError};
use adjourn_domain::audit::Report;
use adjourn_i18n::{Lang, msg};
use adjourn_web::cells::inert;

/// Closes the sealed bag: the report, its page in both languages, and a table.
///
/// # Errors
/// As [`App::close_audit`].
pub async fn hand_over(app: &App, lang: Lang, audited: &Audited) -> Result<BundleInfo, AppError> {
    let org = app.journal.org().await?;
    let names: BTreeMap<String, String> =
        org.principals.values().map(|principal| (principal.id.to_string(), principal.name.clone())).collect();
    let shown = super::Shown {
        sha256: audited.sha256,
        last: audited.last.as_ref(),
        names: &names,
        offset: app.utc_offset_minutes(),
    };
    let mut files = vec![("findings.csv".to_owned(), table(lang, &audited.report)?)];
    for lang in [Lang::ZhCn, Lang::En] {
        let html = super::page(lang, &audited.report, &shown);
        files.push((format!("report.{}.html", lang.tag()), html.into_bytes()));
    }
    app.close_audit(audited, files).await
}

/// The findings as a table. Its first bytes tell spreadsheets that it is UTF-8.
fn table(lang: Lang, report: &Report) -> Result<Vec<u8>, AppError> {
    let failed = |error: csv::Error| AppError::new("internal").with("says", error);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record([
            msg::audit_col_check(lang),
            msg::audit_col_grade(lang),
            msg::audit_col_subject(lang),
            msg::audit_col_name(lang),
            msg::audit_col_since(lang),
            msg::audit_col_says(lang),
            msg::audit_col_iso(lang),
            msg::audit_col_pipl(lang),
        ])
        .map_err(failed)?;
    for finding in &report.findings {
        let since = finding.since.map(|since| since.to_string()).unwrap_or_default();
        writer
            .write_record([
                super::check(lang, finding.check),
                super::grade(lang, finding.check.grade()),
                finding.subject.id(),
                &inert(&finding.name),
                &since,
                &inert(&super::says(lang, finding)),
                &finding.check.iso_27001().join(" "),
                &finding.check.pipl().join(" "),
            ])
            .map_err(failed)?;
    }
    writer.into_inner().map_err(|error| AppError::new("internal").with("says", error))
}
