//! Another tool's export as JSON lines that are never on disk: its importer writes an archive's lines into a queue of a few blocks in memory, and the copy
//! is made from there. Whatever ends the process leaves nothing behind but the copy's unfinished file, which was de-identified already.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::import::{self, Format, ImportError, Imported, Options};
use crate::model::Writer;

/// Bytes of a block.
const BLOCK: usize = 256 * 1024;
/// Blocks that wait.
const BLOCKS: usize = 8;

/// The export's format, when a file or folder is one that has to be imported: its people, chats and ids stand in places that only its importer knows.
/// `None` for an archive's own lines and for lines that no tool is known to write, each of which is searched as it stands.
pub fn format(path: &Path) -> Option<Format> {
    import::detect(path).ok().filter(|format| *format != Format::ArchiveJsonl)
}

/// What became of an import, known when all lines were read.
pub type Outcome = Arc<Mutex<Option<Result<(Format, Imported), ImportError>>>>;

/// Lines of an export that is read by a thread of its own.
pub struct Exported {
    blocks: Receiver<Vec<u8>>,
    block: io::Cursor<Vec<u8>>,
    importer: Option<JoinHandle<Result<(Format, Imported), ImportError>>>,
    outcome: Outcome,
}

impl Exported {
    /// Begins to read an export. How it ended is in the outcome when the lines are at their end.
    pub fn open(path: &Path, options: Options) -> (Self, Outcome) {
        let (to, blocks) = sync_channel(BLOCKS);
        let (path, outcome) = (path.to_owned(), Outcome::default());
        let importer = std::thread::spawn(move || {
            let mut writer = Writer::plain(Blocks { block: Vec::with_capacity(BLOCK), to });
            let imported = import::read(&path, &options, |line| Ok(writer.write(&line)?))?;
            writer.finish()?.flush()?;
            Ok(imported)
        });
        let lines =
            Self { blocks, block: io::Cursor::default(), importer: Some(importer), outcome: outcome.clone() };
        (lines, outcome)
    }
}

impl Read for Exported {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.block.read(to)?;
            if count > 0 || to.is_empty() {
                return Ok(count);
            }
            if let Ok(block) = self.blocks.recv() {
                self.block = io::Cursor::new(block);
                continue;
            }
            // All lines were read: an import that failed is a failed read, so that no copy of a half export is made.
            let Some(importer) = self.importer.take() else { return Ok(0) };
            let ended = importer.join().map_err(|_| io::Error::other("the importer ended"))?;
            let failed = ended.is_err();
            *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
            return if failed { Err(io::Error::other("the export can't be read to its end")) } else { Ok(0) };
        }
    }
}

/// Gathers what is written into blocks.
struct Blocks {
    block: Vec<u8>,
    to: SyncSender<Vec<u8>>,
}

impl Write for Blocks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= BLOCK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let block = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK));
        self.to.send(block).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_lines_and_one_that_breaks_off_is_a_failed_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("result.json");
        let message = |id: u32| {
            format!(
                r#"{{"id":{id},"type":"message","date":"2026-11-28T08:00:00","date_unixtime":"1795852800","from":"Ann","from_id":"user1","text":"x{id}"}}"#
            )
        };
        let all: Vec<String> = (1..20_000).map(message).collect();
        let whole = format!(r#"{{"name":"g","type":"private_group","id":1,"messages":[{}]}}"#, all.join(","));
        std::fs::write(&path, &whole).unwrap();
        assert_eq!(format(&path), Some(Format::TelegramJson));
        let (mut lines, outcome) = Exported::open(&path, Options::default());
        let mut text = String::new();
        lines.read_to_string(&mut text).unwrap();
        assert!(text.lines().count() > 20_000 && text.contains("\"x19999\""));
        assert!(
            matches!(&*outcome.lock().unwrap(), Some(Ok((Format::TelegramJson, imported))) if imported.rows == 19_999)
        );
        // Nobody who stops reading holds the importer up.
        drop(Exported::open(&path, Options::default()));
        std::fs::remove_file(&path).unwrap();
        let (mut lines, outcome) = Exported::open(&path, Options::default());
        assert!(lines.read_to_string(&mut text).is_err());
        assert!(matches!(&*outcome.lock().unwrap(), Some(Err(ImportError::Io { .. }))));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
