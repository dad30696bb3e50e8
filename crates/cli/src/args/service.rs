//! `serve` and `worker`.

use clap::Args;

use crate::service::logs::Form;

/// `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address of the console and of the answers about health and readiness.
    #[arg(long, default_value = "127.0.0.1:7080")]
    pub(crate) listen: String,
    /// Answers `GET /metrics` at this address; none if left out.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<String>,
    /// Writes a log to standard error.
    #[arg(long, value_enum, value_name = "json|text")]
    pub(crate) log: Option<Form>,
}

/// `worker`.
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Stop when nothing is due any more.
    #[arg(long)]
    pub(crate) until_idle: bool,
    /// Answers `GET /metrics` at this address; none if left out.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<String>,
    /// Writes a log to standard error.
    #[arg(long, value_enum, value_name = "json|text")]
    pub(crate) log: Option<Form>,
}
