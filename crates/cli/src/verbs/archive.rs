//! `archive`: chats in one form, whichever tool exported them.

use adjourn_app::AppError;

use super::{Ctx, archive_convert, archive_import, reading};
use crate::args::{ArchiveConvertArgs, ArchiveImportArgs, ArchiveVerb};
use crate::compose::Places;
use crate::out::{Exit, Out};

/// What became of a verb without a journal.
pub(crate) enum Alone {
    /// It is done.
    Done(Exit),
    /// It needs the journal.
    Needs(ArchiveVerb),
}

/// Converts what has originals of ours in it: who does stands in the journal first.
pub(super) async fn convert(ctx: &Ctx<'_>, args: ArchiveConvertArgs) -> Result<Exit, AppError> {
    archive_convert::refuse_existing(&args)?;
    reading::note_taken(ctx, &args.from).await?;
    archive_convert::run(ctx.out, args).await
}

/// The same for `archive import`.
pub(super) async fn import(ctx: &Ctx<'_>, args: ArchiveImportArgs) -> Result<Exit, AppError> {
    archive_import::refuse_existing(&args)?;
    reading::note_taken(ctx, &args.from).await?;
    archive_import::run(ctx.out, args).await
}

/// Runs `archive`, as far as it needs no journal.
pub(crate) async fn alone(out: Out, places: &Places, verb: ArchiveVerb) -> Result<Alone, AppError> {
    match verb {
        ArchiveVerb::Convert(args) if !reading::may_hold(places, &args.from)? => {
            archive_convert::run(out, args).await.map(Alone::Done)
        }
        // A look without writing shows nothing of what people wrote.
        ArchiveVerb::Import(args) if args.dry_run || !reading::may_hold(places, &args.from)? => {
            archive_import::run(out, args).await.map(Alone::Done)
        }
        // It is looked at before, and needs a person in any case.
        ArchiveVerb::Anonymise(_) => Err(AppError::new("principal.missing")),
        ArchiveVerb::Read(verb) => match reading::alone(out, places, &verb) {
            Some(done) => done.map(Alone::Done),
            None => Ok(Alone::Needs(ArchiveVerb::Read(verb))),
        },
        verb @ (ArchiveVerb::Convert(_) | ArchiveVerb::Import(_) | ArchiveVerb::Store(_)) => {
            Ok(Alone::Needs(verb))
        }
    }
}
