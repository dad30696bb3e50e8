//! Parquet: a row a record, for analysis. A derived copy: what has no column is in the archive.
//!
//! Lists are JSON text in a column of their own. Row groups of [`GROUP`] records are all that is held.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use adjourn_domain::message::Record;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::words::{content, kind};
use super::{People, Sink};

/// Records of a row group.
const GROUP: usize = 65_536;

const SCHEMA: &str = "message record {
    optional binary conversation (STRING);
    optional binary conversation_name (STRING);
    required binary id (STRING);
    required binary kind (STRING);
    required int64 at (TIMESTAMP(MILLIS,true));
    required binary sender (STRING);
    required binary sender_name (STRING);
    optional binary text (STRING);
    optional binary content (STRING);
    optional binary reply_to (STRING);
    optional binary thread (STRING);
    optional binary target (STRING);
    optional int64 edited_at (TIMESTAMP(MILLIS,true));
    required boolean recalled;
    optional binary mentions (JSON);
    optional binary attachments (JSON);
    optional binary reactions (JSON);
}";

/// A column of text: the values that are there, and for each row whether there is one.
#[derive(Default)]
struct Text {
    values: Vec<ByteArray>,
    there: Vec<i16>,
}

impl Text {
    fn put(&mut self, value: Option<&str>) {
        self.there.push(i16::from(value.is_some()));
        self.values.extend(value.map(|value| ByteArray::from(value.as_bytes().to_vec())));
    }
}

#[derive(Default)]
struct Group {
    rows: usize,
    /// By the order of the schema, those of numbers left out.
    texts: [Text; 14],
    at: Vec<i64>,
    edited: Vec<i64>,
    edited_there: Vec<i16>,
    recalled: Vec<bool>,
}

pub(super) struct Columns {
    writer: SerializedFileWriter<File>,
    group: Group,
}

impl Columns {
    pub(super) fn new(to: &Path) -> io::Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(of_disk)?);
        let level = ZstdLevel::try_new(3).map_err(of_disk)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let writer = SerializedFileWriter::new(File::create(to)?, schema, Arc::new(properties));
        Ok(Self { writer: writer.map_err(of_disk)?, group: Group::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        let group = std::mem::take(&mut self.group);
        if group.rows == 0 {
            return Ok(());
        }
        let mut writer = self.writer.next_row_group().map_err(of_disk)?;
        let mut texts = group.texts.iter();
        let mut text = |writer: &mut SerializedRowGroupWriter<'_, File>, optional: bool| {
            let Some(column) = texts.next() else { return Ok(()) };
            write::<ByteArrayType>(writer, &column.values, optional.then_some(&column.there))
        };
        for optional in [true, true, false, false] {
            text(&mut writer, optional)?;
        }
        write::<Int64Type>(&mut writer, &group.at, None)?;
        for optional in [false, false, true, true, true, true, true] {
            text(&mut writer, optional)?;
        }
        write::<Int64Type>(&mut writer, &group.edited, Some(&group.edited_there))?;
        write::<BoolType>(&mut writer, &group.recalled, None)?;
        for optional in [true, true, true] {
            text(&mut writer, optional)?;
        }
        writer.close().map(drop).map_err(of_disk)
    }
}

fn write<T: parquet::data_type::DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &[T::T],
    there: Option<&Vec<i16>>,
) -> io::Result<()> {
    let none = || io::Error::other("the schema has fewer columns");
    let mut column = group.next_column().map_err(of_disk)?.ok_or_else(none)?;
    column.typed::<T>().write_batch(values, there.map(Vec::as_slice), None).map_err(of_disk)?;
    column.close().map_err(of_disk)
}

/// What the library says; a full disk stays one.
fn of_disk(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => {
            error.downcast::<io::Error>().map_or_else(io::Error::other, |error| *error)
        }
        other => io::Error::other(other),
    }
}

fn list<T: serde::Serialize>(values: &[T]) -> io::Result<Option<String>> {
    if values.is_empty() { Ok(None) } else { Ok(Some(serde_json::to_string(values)?)) }
}

impl Sink for Columns {
    fn record(&mut self, people: &People, record: Record) -> io::Result<()> {
        let conversation = people.conversation_of(&record);
        let id = record.conversation.as_ref().or(conversation.map(|of| &of.id));
        let (mentions, attachments, reactions) =
            (list(&record.mentions)?, list(&record.attachments)?, list(&record.reactions)?);
        let values = [
            id.map(|id| id.as_str()),
            conversation.and_then(|of| of.name.as_deref()),
            Some(record.id.as_str()),
            Some(kind(record.kind)),
            Some(record.sender.as_str()),
            Some(people.sender(&record)),
            record.text.as_deref(),
            record.content.map(content),
            record.reply_to.as_ref().map(|id| id.as_str()),
            record.thread.as_ref().map(|id| id.as_str()),
            record.target.as_ref().map(|id| id.as_str()),
            mentions.as_deref(),
            attachments.as_deref(),
            reactions.as_deref(),
        ];
        let group = &mut self.group;
        for (column, value) in group.texts.iter_mut().zip(values) {
            column.put(value);
        }
        group.at.push(record.at.as_millis());
        group.edited.extend(record.edited_at.map(|at| at.as_millis()));
        group.edited_there.push(i16::from(record.edited_at.is_some()));
        group.recalled.push(record.recalled);
        group.rows += 1;
        if group.rows >= GROUP { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>, _: &People) -> io::Result<u64> {
        self.flush()?;
        let file = self.writer.into_inner().map_err(of_disk)?;
        file.sync_all()?;
        Ok(1)
    }
}
