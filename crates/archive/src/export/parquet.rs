//! Parquet: a derived copy for analysis, one row for each record, in zstd.
//!
//! What has several values (mentions, attachments, reactions) and the platform's own record are JSON texts, which every engine takes apart. A row group
//! is held in memory: at most a hundred thousand rows or 32 MiB.

use std::io;
use std::sync::Arc;

use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use adjourn_domain::message::Record;
use adjourn_domain::time::Time;
use serde::Serialize;

use super::cast::Cast;
use super::place::Output;
use super::{Exporter, WriteError, plain};
use crate::model::Line;

/// The columns, in the order in which they are written.
const SCHEMA: &str = "message record {
    REQUIRED BYTE_ARRAY conversation (UTF8);
    OPTIONAL BYTE_ARRAY conversation_name (UTF8);
    REQUIRED BYTE_ARRAY id (UTF8);
    REQUIRED BYTE_ARRAY kind (UTF8);
    REQUIRED BYTE_ARRAY sender (UTF8);
    OPTIONAL BYTE_ARRAY sender_name (UTF8);
    OPTIONAL BYTE_ARRAY text (UTF8);
    OPTIONAL BYTE_ARRAY reply_to (UTF8);
    OPTIONAL BYTE_ARRAY thread (UTF8);
    OPTIONAL BYTE_ARRAY target (UTF8);
    OPTIONAL BYTE_ARRAY content (UTF8);
    OPTIONAL BYTE_ARRAY mentions (UTF8);
    OPTIONAL BYTE_ARRAY attachments (UTF8);
    OPTIONAL BYTE_ARRAY reactions (UTF8);
    REQUIRED BYTE_ARRAY raw (UTF8);
    REQUIRED INT64 at (TIMESTAMP(MILLIS,true));
    OPTIONAL INT64 edited_at (TIMESTAMP(MILLIS,true));
    REQUIRED BOOLEAN recalled;
}";
/// Text columns of the schema, which come first.
const TEXTS: usize = 15;
/// Text columns that always have a value.
const REQUIRED: [usize; 5] = [0, 2, 3, 4, 14];
/// Most rows of a group.
const GROUP_ROWS: usize = 100_000;
/// A group ends sooner when its texts have so many bytes.
const GROUP_BYTES: usize = 32 << 20;
/// zstd level.
const LEVEL: i32 = 3;

pub(super) struct Parquet {
    writer: SerializedFileWriter<Output>,
    group: Group,
}

/// The rows of a group, by column.
#[derive(Default)]
struct Group {
    texts: [Texts; TEXTS],
    at: Vec<i64>,
    edited: Vec<i64>,
    edited_levels: Vec<i16>,
    recalled: Vec<bool>,
    bytes: usize,
}

/// A column of texts: its values, and for each row whether it has one.
#[derive(Default)]
struct Texts {
    values: Vec<ByteArray>,
    levels: Vec<i16>,
}

impl Parquet {
    pub(super) fn new(to: Output) -> Result<Self, WriteError> {
        let schema = parse_message_type(SCHEMA).map_err(failed)?;
        let level = ZstdLevel::try_new(LEVEL).map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by("Adjourn".to_owned())
            .build();
        let writer =
            SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer, group: Group::default() })
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        let group = std::mem::take(&mut self.group);
        if group.at.is_empty() {
            return Ok(());
        }
        let mut rows = self.writer.next_row_group().map_err(failed)?;
        group.write(&mut rows).map_err(failed)?;
        rows.close().map_err(failed)?;
        Ok(())
    }
}

impl Exporter for Parquet {
    fn take(&mut self, line: Line, cast: &Cast) -> Result<(), WriteError> {
        let Line::Record(record) = line else { return Ok(()) };
        self.group.add(&record, cast)?;
        if self.group.at.len() >= GROUP_ROWS || self.group.bytes >= GROUP_BYTES { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<Output, WriteError> {
        self.flush()?;
        self.writer.into_inner().map_err(failed)
    }
}

impl Group {
    fn add(&mut self, record: &Record, cast: &Cast) -> Result<(), WriteError> {
        let talk = cast.of(record);
        let name = Some(cast.sender(record)).filter(|name| !name.is_empty());
        let own = |text: &str| Some(text.to_owned());
        let texts: [Option<String>; TEXTS] = [
            own(talk.map_or("", |talk| talk.about.id.as_str())),
            talk.and_then(|talk| talk.about.name.clone()),
            own(record.id.as_str()),
            own(plain::kind_slug(record).unwrap_or("message")),
            own(record.sender.as_str()),
            name,
            record.text.clone(),
            record.reply_to.as_ref().map(ToString::to_string),
            record.thread.as_ref().map(ToString::to_string),
            record.target.as_ref().map(ToString::to_string),
            record.content.map(|content| plain::content_slug(content).to_owned()),
            list(&record.mentions)?,
            list(&record.attachments)?,
            list(&record.reactions)?,
            Some(serde_json::to_string(&record.raw)?),
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.levels.push(i16::from(text.is_some()));
            if let Some(text) = text {
                self.bytes += text.len();
                column.values.push(ByteArray::from(text.into_bytes()));
            }
        }
        self.at.push(record.at.as_millis());
        self.edited_levels.push(i16::from(record.edited_at.is_some()));
        self.edited.extend(record.edited_at.map(Time::as_millis));
        self.recalled.push(record.recalled);
        Ok(())
    }

    fn write(&self, rows: &mut SerializedRowGroupWriter<'_, Output>) -> Result<(), ParquetError> {
        let mut at = 0;
        while let Some(mut column) = rows.next_column()? {
            if let Some(texts) = self.texts.get(at) {
                let levels = (!REQUIRED.contains(&at)).then_some(texts.levels.as_slice());
                column.typed::<ByteArrayType>().write_batch(&texts.values, levels, None)?;
            } else if at == TEXTS {
                column.typed::<Int64Type>().write_batch(&self.at, None, None)?;
            } else if at == TEXTS + 1 {
                column.typed::<Int64Type>().write_batch(&self.edited, Some(&self.edited_levels), None)?;
            } else {
                column.typed::<BoolType>().write_batch(&self.recalled, None, None)?;
            }
            column.close()?;
            at += 1;
        }
        Ok(())
    }
}

fn list<T: Serialize>(values: &[T]) -> Result<Option<String>, WriteError> {
    if values.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(values)?)) }
}

/// What the library says; a full disk stays one.
fn failed(error: ParquetError) -> WriteError {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => WriteError::Io(*error),
            Err(error) => WriteError::Form(error.to_string()),
        },
        other => WriteError::Form(other.to_string()),
    }
}
