//! Compliance audits: `audit`.

use clap::Subcommand;

/// `audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// Audits a period, and leaves a sealed report: a page, JSON and CSV.
    #[command(
        after_help = "Days begin at midnight of the organisation's clock (Beijing, if the configuration says nothing).\n\
                      Examples: adjourn audit run --period 2026-Q3\n          adjourn audit run --period 2026-11-01/now --dry-run"
    )]
    Run {
        /// 2026, 2026-Q3, 2026-11, 2026-11-05, 2026-11-01/2026-11-15, 2026-11-01/now. Default: what the schedule asks for.
        #[arg(long, value_name = "PERIOD")]
        period: Option<String>,
        /// Only show what would be found.
        #[arg(long)]
        dry_run: bool,
    },
    /// Lists the audits that were made, and says what is due.
    Ls,
}
