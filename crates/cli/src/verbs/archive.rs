//! `archive`: chats in one form, whichever tool exported them.

use adjourn_app::AppError;

use super::{archive_convert, archive_import};
use crate::args::ArchiveVerb;
use crate::out::{Exit, Out};

/// Runs `archive`.
pub(crate) async fn run(out: Out, verb: ArchiveVerb) -> Result<Exit, AppError> {
    match verb {
        ArchiveVerb::Convert(args) => archive_convert::run(out, args).await,
        ArchiveVerb::Import(args) => archive_import::run(out, args).await,
    }
}
