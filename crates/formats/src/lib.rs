//! What members' export tools write about a chat, read as a stream.
//!
//! The tools read a client's local database; we read only their files: chatlog (CSV, JSON), `MemoTrace` (CSV) and `PyWxDump`
//! (CSV, JSON), and chatlog's lists of chatrooms and contacts. The format is found by what the file begins with, never by
//! its name. Memory is bounded by [`MAX_ROW`], whatever the file. A row that can't be read is a [`Finding`] with its number;
//! the caller keeps the file itself as evidence, so nothing is lost.
//!
//! ```text
//! bytes ─► Parser::feed ─► split (CSV, JSON) ─► chatlog │ memotrace │ pywxdump │ roster ─► Item
//!              └─ Mark: where a later parser goes on         └─ Finding: row number and slug
//! ```
//!
//! Beside them the organisation's own archive of messages in WeCom: [`archive`], and events of Matrix rooms: [`matrix`].
//!
//! Pure: no clock, no files; time zones come with the crate, and which one is meant is an argument.

pub mod archive;
mod cells;
mod chatlog;
mod finding;
mod format;
mod item;
mod json;
pub mod matrix;
mod memotrace;
mod parser;
mod pywxdump;
mod roster;
mod split;
mod survey;
mod unique;
mod words;
mod zone;

pub use finding::{Finding, Findings, MAX_FINDINGS, Refused};
pub use format::{Class, Format};
pub use item::{Chatroom, Contact, Item, Row};
pub use parser::{MAX_ROW, Mark, Parser};
pub use survey::{Ended, GroupRows, ReadError, Survey, survey};
pub use words::{ends_group, names_nobody, names_self, own_words, type_of};
pub use zone::Zone;
