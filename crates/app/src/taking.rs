//! Takes a history out, page by page, and makes its receipt: for the steps of a case and for an export outside one.
//!
//! Goes on where it stopped. A page that the platform fails to give is asked for in smaller pieces; what can't be had, again and again, is left out and
//! listed. At the end the history is counted once more, where the platform can be asked in another way.

use adjourn_domain::call::ExportPage;
use adjourn_domain::event::{Connection, Receipt};
use adjourn_domain::export::Days;
use adjourn_domain::ids::{CaseId, GroupId, NativeId};
use adjourn_domain::plan::Note;

use crate::App;
use crate::error::AppError;
use crate::ports::{Part, PlatformError};

/// Pages of one export, at most.
const MAX_PAGES: usize = 10_000_000;
/// How often something that the platform fails to give is asked for.
const TRIES: u32 = 3;
/// Pages in a row of which nothing can be had, at most. A platform that gives nothing at all any more is down.
const MAX_DARK: usize = 3;
/// Attachments that are looked up at once.
const MEDIA: usize = 256;
/// What a platform that fails, or makes no sense, is called.
const FAILED: &str = "connection.protocol";

/// A history that is taken out.
pub(crate) struct Source<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) native: &'a NativeId,
    pub(crate) case: &'a CaseId,
    pub(crate) group: &'a GroupId,
    pub(crate) part: Part,
    /// What its progress is called.
    pub(crate) step: &'a str,
}

impl App {
    /// Takes out what is not there yet. When it can't go on, what was written stays.
    pub(crate) async fn take_out(&self, source: &Source<'_>) -> Result<(), AppError> {
        let taken = self.take_on(source).await;
        if taken.is_err() {
            self.vault.let_go(source.case, source.group, source.part).await;
        }
        taken
    }

    async fn take_on(&self, source: &Source<'_>) -> Result<(), AppError> {
        let Source { connection, native, case, group, part, step } = *source;
        let total = self.platforms.count(connection, native).await.ok().flatten();
        let mut state = self.vault.export_state(case, group, part).await?;
        let mut dark = 0;
        for _ in 0..MAX_PAGES {
            if state.at_end {
                break;
            }
            let page = self.next_page(source, state.cursor.as_deref()).await?;
            if page.next.is_some() && page.next == state.cursor {
                return Err(AppError::new(FAILED).with("says", "the page repeats"));
            }
            dark = if page.records.is_empty() && !page.bad.is_empty() { dark + 1 } else { 0 };
            if dark > MAX_DARK {
                return Err(AppError::new(FAILED).with("says", "nothing can be read any more"));
            }
            self.points.hit("export.page.before");
            state = self.vault.write_page(case, group, part, &page).await?;
            self.points.hit("export.page.after");
            self.progress.count(group, step, state.records, total);
        }
        self.take_media(source).await?;
        if part == Part::Main && state.at_end && !state.checked {
            let listed = self.recounted(source).await?;
            self.vault.write_recount(case, group, part, listed.as_ref()).await?;
        }
        Ok(())
    }

    /// The page at a cursor. Where the platform fails and there is a way around, what can be had of it: nothing is given up before it failed again
    /// and again.
    async fn next_page(&self, source: &Source<'_>, cursor: Option<&str>) -> Result<ExportPage, AppError> {
        let Source { connection, native, .. } = *source;
        let mut attempt = 1;
        loop {
            let error = match self.platforms.export_page(connection, native, cursor).await {
                Err(error) if failed(&error) => error,
                other => return Ok(other?),
            };
            let Some(page) = self.platforms.export_beyond(connection, native, cursor).await? else {
                return Err(error.into());
            };
            if page.bad.is_empty() || attempt >= TRIES {
                return Ok(page);
            }
            self.again(&error, &mut attempt).await;
        }
    }

    async fn take_media(&self, source: &Source<'_>) -> Result<(), AppError> {
        let Source { case, group, part, .. } = *source;
        loop {
            let open = self.vault.media_open(case, group, part, MEDIA).await?;
            if open.is_empty() {
                return Ok(());
            }
            for id in open {
                let bytes = self.file(source, &id).await?;
                let bytes = bytes.as_deref().map_err(Clone::clone);
                self.vault.write_media(case, group, part, &id, bytes).await?;
                self.points.hit("export.media.after");
            }
        }
    }

    /// A file, or the gap that it leaves: the platform no longer has it, or fails whenever it is asked for it. Any other failure is tried again.
    async fn file(&self, source: &Source<'_>, id: &NativeId) -> Result<Result<Vec<u8>, Note>, AppError> {
        let mut attempt = 1;
        loop {
            let error = match self.platforms.media(source.connection, source.native, id).await {
                Ok(bytes) => return Ok(Ok(bytes)),
                Err(error) => error,
            };
            match error.code {
                "group.unknown" => return Ok(Err(Note::new("gap-media").with("media", id))),
                _ if !failed(&error) => return Err(error.into()),
                _ if attempt >= TRIES => return Ok(Err(Note::new("gap-media-failed").with("media", id))),
                _ => self.again(&error, &mut attempt).await,
            }
        }
    }

    /// The history counted by day, by another question.
    async fn recounted(&self, source: &Source<'_>) -> Result<Option<Days>, AppError> {
        let Source { connection, native, group, .. } = *source;
        let (mut all, mut cursor, mut count) = (Days::default(), None::<String>, 0);
        for _ in 0..MAX_PAGES {
            let ask = || self.platforms.recount(connection, native, cursor.as_deref());
            let Some(page) = self.patiently(ask).await? else { return Ok(None) };
            if page.next.is_some() && page.next == cursor {
                break;
            }
            count += page.days.0.values().sum::<u64>();
            self.progress.count(group, "recount", count, None);
            all.add(&page.days);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(Some(all));
            }
        }
        Err(AppError::new(FAILED).with("says", "the second listing does not end"))
    }

    /// Waits before something is asked for again.
    async fn again(&self, error: &PlatformError, attempt: &mut u32) {
        let pause = 1 << (*attempt - 1);
        *attempt += 1;
        self.progress.again(error.code, pause, *attempt, TRIES);
        self.clock.sleep_until(self.clock.now().plus_secs(pause)).await;
    }

    /// The receipt of an export that has come to its end.
    pub(crate) async fn receipt_of(&self, source: &Source<'_>) -> Result<Receipt, AppError> {
        let Source { connection, native, case, group, part, .. } = *source;
        let says = match part {
            Part::Main => self.platforms.count(connection, native).await?,
            Part::Tail => None,
        };
        let mut made = self.vault.receipt(case, group, part, says).await?;
        if part == Part::Main {
            let gaps = self.platforms.gaps(connection, native).await?;
            made.complete &= gaps.is_empty();
            made.gaps.extend(gaps);
        }
        Ok(made)
    }
}

/// Whether the platform failed, and might not the next time.
fn failed(error: &PlatformError) -> bool {
    error.code == FAILED && error.passing
}
