//! The parser: takes bytes in any portions, finds the format, gives items.

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cells::Cells;
use crate::finding::{Findings, Refused};
use crate::format::Format;
use crate::item::{Item, Row};
use crate::split::{CsvSplit, JsonSplit, JsonStep};
use crate::unique::Unique;
use crate::zone::Zone;
use crate::{chatlog, memotrace, pywxdump, roster, words};

/// Longest row in bytes. A longer one ends the reading: no tool writes one.
pub const MAX_ROW: usize = 1024 * 1024;

/// The UTF-8 byte order mark.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A place in a file, at the beginning of a row, from which another parser can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The format.
    pub format: Format,
    /// Bytes before the row.
    pub offset: u64,
    /// Rows before it.
    pub row: u64,
    unique: Unique,
    /// Which of the format's headers the file has.
    #[serde(default, skip_serializing_if = "is_usual")]
    header: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_usual(header: &u8) -> bool {
    *header == 0
}

/// Reads one file.
pub struct Parser {
    zone: Zone,
    state: State,
    /// Bytes before the next row.
    offset: u64,
    /// Bytes since then.
    ahead: u64,
    row: u64,
    unique: Unique,
    findings: Findings,
    last_at: Option<Time>,
    /// Rows with text beyond ASCII that could be read, and that could not.
    wide: (u64, u64),
    /// Which of the format's headers the file has.
    header: u8,
    short_header: bool,
}

enum State {
    /// Nothing but perhaps a byte order mark was seen.
    Start(Vec<u8>),
    /// The header or the first element is being read.
    Csv(Option<Format>, Box<CsvSplit>),
    Json(Option<Format>, Box<JsonSplit>),
}

/// What a row's text is put into.
pub(crate) struct Made {
    /// The id that the tool writes; `None` when it writes none.
    pub(crate) id: Option<String>,
    pub(crate) at: Time,
    pub(crate) sender: String,
    pub(crate) sender_name: String,
    pub(crate) text: String,
    pub(crate) group: Option<String>,
    pub(crate) group_name: Option<String>,
    pub(crate) own: Option<bool>,
    pub(crate) code: Option<(i64, i64)>,
    pub(crate) system: bool,
    pub(crate) raw: Value,
    /// What was noticed on the way.
    pub(crate) notes: Vec<&'static str>,
}

/// What a format makes of a row; the slug of what is wrong with it.
pub(crate) type Read<T> = Result<T, &'static str>;

impl Parser {
    /// A parser at the beginning of a file.
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            state: State::Start(Vec::new()),
            offset: 0,
            ahead: 0,
            row: 0,
            unique: Unique::default(),
            findings: Findings::default(),
            last_at: None,
            wide: (0, 0),
            header: 0,
            short_header: false,
        }
    }

    /// A parser that goes on at a mark.
    pub fn resume(zone: Zone, mark: &Mark) -> Self {
        let state = if mark.format.is_csv() {
            State::Csv(Some(mark.format), Box::new(CsvSplit::new(MAX_ROW)))
        } else {
            State::Json(Some(mark.format), Box::new(JsonSplit::new(MAX_ROW, true)))
        };
        let (offset, row, unique, header) = (mark.offset, mark.row, mark.unique.clone(), mark.header);
        Self { state, offset, row, unique, header, ..Self::new(zone) }
    }

    /// A parser of elements of JSON, with commas between them, that somebody else found in a file.
    pub fn of_elements(zone: Zone, format: Format) -> Self {
        Self { state: State::Json(Some(format), Box::new(JsonSplit::new(MAX_ROW, true))), ..Self::new(zone) }
    }

    /// The format, once it is known.
    pub fn format(&self) -> Option<Format> {
        match &self.state {
            State::Start(_) => None,
            State::Csv(format, _) | State::Json(format, _) => *format,
        }
    }

    /// Where the next row begins; `None` before the format is known.
    pub fn mark(&self) -> Option<Mark> {
        let format = self.format()?;
        let (offset, row, header) = (self.offset, self.row, self.header);
        Some(Mark { format, offset, row, unique: self.unique.clone(), header })
    }

    /// What was noticed so far.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Rows read so far, those that could not be read among them.
    pub fn rows(&self) -> u64 {
        self.row
    }

    /// Takes the next bytes of the file, and adds the items that they complete.
    ///
    /// # Errors
    /// When the file is not taken at all.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Item>) -> Result<(), Refused> {
        let held;
        let bytes = if let State::Start(head) = &mut self.state {
            head.extend_from_slice(bytes);
            if head.len() < BOM.len() + 1 {
                return Ok(());
            }
            held = std::mem::take(head);
            self.begin(&held)?
        } else {
            bytes
        };
        match &self.state {
            // No bytes would mean the end.
            State::Csv(..) if !bytes.is_empty() => self.csv(bytes, out),
            State::Csv(..) => Ok(()),
            _ => self.json(bytes, out),
        }
    }

    /// The file is over.
    ///
    /// # Errors
    /// When the file is not taken at all.
    pub fn finish(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        if let State::Start(head) = &mut self.state {
            let head = std::mem::take(head);
            let bytes = self.begin(&head)?;
            match &self.state {
                State::Start(_) => return Err(Refused::Empty),
                State::Csv(..) => self.csv(bytes, out)?,
                State::Json(..) => self.json(bytes, out)?,
            }
        }
        if let State::Csv(_, split) = &self.state {
            let cut = split.cut();
            let before = (self.row, self.findings.unreadable);
            self.csv(b"", out)?;
            if cut {
                if self.row > before.0 && self.findings.unreadable == before.1 {
                    self.findings.note(self.row, "file.truncated");
                } else {
                    self.findings.note(0, "file.truncated");
                }
            }
        }
        if let State::Json(format, split) = &self.state {
            if format.is_none() {
                // A file that breaks off within its first element shows no shape.
                return Err(if split.begun() && (split.closed() || split.between()) {
                    Refused::Empty
                } else {
                    Refused::Format { found: "JSON".to_owned() }
                });
            }
            if !split.closed() {
                self.row += u64::from(!split.between());
                if split.between() {
                    self.findings.note(0, "file.truncated");
                } else {
                    self.findings.lost(self.row, "file.truncated");
                }
            }
        }
        match self.format() {
            None => Err(Refused::Empty),
            Some(_) if self.wide.0 == 0 && self.wide.1 > 0 => Err(Refused::Encoding { found: "GBK" }),
            Some(_) => {
                if self.row == 0 {
                    self.findings.note(0, "file.no_rows");
                }
                Ok(())
            }
        }
    }

    /// Looks at the first bytes, and gives those after a byte order mark.
    fn begin<'a>(&mut self, head: &'a [u8]) -> Result<&'a [u8], Refused> {
        if head.starts_with(b"\xff\xfe")
            || head.starts_with(b"\xfe\xff")
            || head.get(..4).is_some_and(|four| four.contains(&0))
        {
            return Err(Refused::Encoding { found: "UTF-16" });
        }
        let text = head.strip_prefix(BOM).unwrap_or(head);
        self.offset = (head.len() - text.len()) as u64;
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
        self.state = match first {
            Some(b'[' | b'{') => State::Json(None, Box::new(JsonSplit::new(MAX_ROW, false))),
            Some(_) => State::Csv(None, Box::new(CsvSplit::new(MAX_ROW))),
            None => {
                // White space alone: not known yet, and nobody begins a file with a megabyte of it.
                self.state = State::Start(head.to_vec());
                return if head.len() > MAX_ROW { Err(Refused::Empty) } else { Ok(&[]) };
            }
        };
        Ok(text)
    }

    fn too_long(&self) -> Refused {
        Refused::RowTooLong { row: self.row + 1, limit: MAX_ROW }
    }

    /// Rows of CSV; no bytes mean the end of the file.
    fn csv(&mut self, mut bytes: &[u8], out: &mut Vec<Item>) -> Result<(), Refused> {
        let end = bytes.is_empty();
        while end || !bytes.is_empty() {
            let State::Csv(format, split) = &mut self.state else { return Ok(()) };
            let format = *format;
            let step = split.step(bytes);
            let (row, used) =
                step.map_err(|_| if format.is_some() { self.too_long() } else { shape(bytes) })?;
            bytes = bytes.get(used..).unwrap_or_default();
            let Some(row) = row else { return Ok(()) };
            self.offset += row.bytes as u64;
            let fields: Option<Vec<&str>> =
                row.fields.iter().map(|field| std::str::from_utf8(field).ok()).collect();
            match (format, fields) {
                (None, fields) => {
                    let found = fields.as_deref().and_then(header);
                    let Some((format, header)) = found else {
                        return Err(shape(&row.fields.join(&b","[..])));
                    };
                    self.header = header;
                    // Its rows have more fields than it names.
                    self.short_header = format == Format::MemotraceCsv && header > 0;
                    if let State::Csv(known, _) = &mut self.state {
                        *known = Some(format);
                    }
                }
                (Some(_), None) => {
                    self.row += 1;
                    self.wide.1 += 1;
                    self.findings.lost(self.row, "row.encoding");
                }
                (Some(format), Some(fields)) => {
                    self.row += 1;
                    self.wide.0 += u64::from(fields.iter().any(|field| !field.is_ascii()));
                    let item = self.csv_row(format, &fields);
                    self.take(item, out);
                }
            }
        }
        Ok(())
    }

    fn csv_row(&mut self, format: Format, fields: &[&str]) -> Read<Item> {
        let cells = Cells::new(format.header(self.header), fields);
        let made = match format {
            Format::ChatlogCsv => chatlog::csv(cells, &self.zone),
            Format::MemotraceCsv => memotrace::csv(&cells, &self.zone),
            Format::MemotraceSessionCsv => memotrace::session_csv(cells, &self.zone),
            Format::PywxdumpCsv => pywxdump::csv(cells, &self.zone),
            Format::ChatroomsCsv => return roster::chatroom(fields, self.row).map(Item::Chatroom),
            Format::ContactsCsv => return roster::contact(fields, self.row).map(Item::Contact),
            Format::ChatlogJson | Format::PywxdumpJson | Format::ChatroomsJson => Err("row.format"),
        };
        made.map(|made| self.row(made))
    }

    fn json(&mut self, mut bytes: &[u8], out: &mut Vec<Item>) -> Result<(), Refused> {
        while !bytes.is_empty() {
            let State::Json(_, split) = &mut self.state else { return Ok(()) };
            let Ok((step, used)) = split.step(bytes) else { return Err(self.too_long()) };
            self.ahead += used as u64;
            bytes = bytes.get(used..).unwrap_or_default();
            match step {
                JsonStep::More => return Ok(()),
                JsonStep::NoArray => return Err(Refused::Format { found: "JSON".to_owned() }),
                JsonStep::Element(element) => {
                    self.offset += std::mem::take(&mut self.ahead);
                    self.row += 1;
                    let item = self.element(&element)?;
                    self.take(item, out);
                }
            }
        }
        Ok(())
    }

    fn element(&mut self, element: &[u8]) -> Result<Read<Item>, Refused> {
        let Ok(text) = std::str::from_utf8(element) else {
            self.wide.1 += 1;
            return Ok(Err("row.encoding"));
        };
        self.wide.0 += u64::from(!text.is_ascii());
        let parsed = serde_json::from_str::<Value>(text);
        let State::Json(format, _) = &mut self.state else { return Ok(Err("row.format")) };
        let Ok(Value::Object(map)) = parsed else {
            // A file whose very first element is no object is none of ours.
            return if format.is_some() { Ok(Err("row.json")) } else { Err(shape(element)) };
        };
        let known = match *format {
            Some(known) => known,
            None => Format::of_element(&map).ok_or_else(|| shape(element))?,
        };
        *format = Some(known);
        let made = match known {
            Format::ChatlogJson => chatlog::json(map),
            Format::PywxdumpJson => pywxdump::json(map, &self.zone),
            _ => return Ok(roster::chatroom_json(&map, self.row).map(Item::Chatroom)),
        };
        Ok(made.map(|made| self.row(made)))
    }

    fn take(&mut self, item: Read<Item>, out: &mut Vec<Item>) {
        match item {
            Ok(item) => out.push(item),
            Err(code) => self.findings.lost(self.row, code),
        }
    }

    fn row(&mut self, made: Made) -> Item {
        for note in &made.notes {
            self.findings.note(self.row, note);
        }
        if self.short_header {
            self.short_header = false;
            self.findings.note(0, "header.short");
        }
        if self.last_at.is_some_and(|last| made.at < last) {
            self.findings.note(self.row, "row.order");
        }
        self.last_at = Some(made.at);
        let has_id = made.id.is_some();
        let base = made.id.unwrap_or_else(|| crate::unique::derived(made.at, &[&made.sender, &made.text]));
        let (id, again) = self.unique.id(&base, made.at, self.row);
        if again && has_id {
            self.findings.note(self.row, "row.id_twice");
        }
        let kind = match made.code {
            _ if made.system => RecordKind::System,
            // Types that the tools do not know are kept, and only `raw` tells.
            Some((code, _)) if !matches!(code, 1 | 3 | 34 | 42 | 43 | 47..=50 | 62 | 66) => RecordKind::Other,
            _ => RecordKind::Message,
        };
        let ends_group = made.system && words::ends_group(&made.text);
        let record = Record {
            text: Some(made.text),
            raw: made.raw,
            ..Record::new(id, kind, made.at, NativeId(made.sender))
        };
        Item::Row(Box::new(Row {
            number: self.row,
            record,
            group: made.group.map(NativeId),
            group_name: made.group_name.filter(|name| !name.is_empty()),
            sender_name: made.sender_name,
            own: made.own,
            code: made.code,
            ends_group,
        }))
    }
}

/// The format of a header, and which of its headers that is.
fn header(fields: &[&str]) -> Option<(Format, u8)> {
    let fields: Vec<&str> = fields.iter().map(|field| field.trim()).collect();
    Format::of_header(&fields)
}

/// Refuses what begins like this.
fn shape(head: &[u8]) -> Refused {
    let text = String::from_utf8_lossy(head);
    Refused::Format { found: text.trim().chars().take(120).collect() }
}
