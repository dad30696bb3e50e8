//! `archive`: chats in one form, whichever tool exported them.

use adjourn_app::AppError;

use super::{archive_convert, archive_import, reading};
use crate::args::ArchiveVerb;
use crate::compose::Places;
use crate::out::{Exit, Out};

/// What became of a verb without a journal.
pub(crate) enum Alone {
    /// It is done.
    Done(Exit),
    /// It needs the journal.
    Needs(ArchiveVerb),
}

/// Runs `archive`, as far as it needs no journal.
pub(crate) async fn alone(out: Out, places: &Places, verb: ArchiveVerb) -> Result<Alone, AppError> {
    match verb {
        ArchiveVerb::Convert(args) => archive_convert::run(out, args).await.map(Alone::Done),
        ArchiveVerb::Import(args) => archive_import::run(out, args).await.map(Alone::Done),
        // It is looked at before, and needs a person in any case.
        ArchiveVerb::Anonymise(_) => Err(AppError::new("principal.missing")),
        ArchiveVerb::Read(verb) => match reading::alone(out, places, &verb) {
            Some(done) => done.map(Alone::Done),
            None => Ok(Alone::Needs(ArchiveVerb::Read(verb))),
        },
        verb @ ArchiveVerb::Store(_) => Ok(Alone::Needs(verb)),
    }
}
