//! The log of a service, on standard error: one line for each thing that happened, as JSON or as text. Only what this program says is in it, and this program
//! says codes, slugs and our own pseudonyms.

use adjourn_app::AppError;
use clap::ValueEnum;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// Begins the log.
///
/// # Errors
/// When there is one already.
pub(crate) fn begin(form: Form) -> Result<(), AppError> {
    // Libraries say addresses and bodies.
    let ours = Targets::new().with_target("adjourn", Level::INFO);
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let begun = match form {
        Form::Json => {
            tracing_subscriber::registry().with(ours).with(layer.json().flatten_event(true)).try_init()
        }
        Form::Text => tracing_subscriber::registry().with(ours).with(layer).try_init(),
    };
    begun.map_err(|error| AppError::new("internal").with("says", error))
}
