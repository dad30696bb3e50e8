//! Messages as RFC 5322 and RFC 2045 to 2047 have them: headers, a text, attachments.

use std::fmt::Write as _;

use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Bytes of text in one encoded word: with its frame it stays below 75 characters (RFC 2047, 2).
const WORD: usize = 42;
/// Length of a line of base64 (RFC 2045, 6.8).
const LINE: usize = 76;
/// Between the parts. Their lines are base64, in which `-` does not occur.
const BOUNDARY: &str = "=-adjourn-part";

/// A message that is written.
pub(super) struct Message(String);

impl Message {
    pub(super) fn new() -> Self {
        Self(String::new())
    }

    /// A header. What is no printable ASCII becomes encoded words, so no text can begin a header of its own.
    pub(super) fn header(&mut self, name: &str, text: &str) {
        self.raw(name, &words(text));
    }

    /// A header that is put together already.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        let _ = write!(self.0, "{name}: {value}\r\n");
    }

    /// When it was sent.
    pub(super) fn date(&mut self, at: Time) {
        let stamp = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_string(&stamp);
        self.raw("Date", &date.unwrap_or_else(|_| "Thu, 1 Jan 1970 00:00:00 -0000".to_owned()));
    }

    /// Ends the headers: a text and an attachment follow.
    pub(super) fn body(mut self, text: &str, name: &str, media_type: &str, bytes: &[u8]) -> Vec<u8> {
        self.raw("MIME-Version", "1.0");
        self.raw("Content-Type", &format!("multipart/mixed; boundary=\"{BOUNDARY}\""));
        let _ = write!(self.0, "\r\n--{BOUNDARY}\r\n");
        self.raw("Content-Type", "text/plain; charset=\"utf-8\"");
        self.raw("Content-Transfer-Encoding", "base64");
        self.0.push_str("\r\n");
        // A text's lines end as mail's do (RFC 2046, 4.1.1).
        self.base64(text.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes());
        let _ = write!(self.0, "--{BOUNDARY}\r\n");
        self.raw("Content-Type", &format!("{media_type}; name=\"{name}\""));
        self.raw("Content-Disposition", &format!("attachment; filename=\"{name}\""));
        self.raw("Content-Transfer-Encoding", "base64");
        self.0.push_str("\r\n");
        self.base64(bytes);
        let _ = write!(self.0, "--{BOUNDARY}--\r\n");
        self.0.into_bytes()
    }

    fn base64(&mut self, bytes: &[u8]) {
        for line in bytes.chunks(LINE / 4 * 3) {
            BASE64_STANDARD.encode_string(line, &mut self.0);
            self.0.push_str("\r\n");
        }
    }
}

/// An address with a name: the account's own where it is one, else one that leads nowhere (RFC 2606).
pub(super) fn address(name: &str, email: Option<&str>, id: &NativeId, platform: &str) -> String {
    let own = email.filter(|email| deliverable(email)).map(str::to_owned);
    let address = own.unwrap_or_else(|| format!("{}@{}.invalid", local(id), host(platform)));
    format!("{} <{address}>", phrase(name))
}

fn deliverable(email: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || "._%+-@".contains(c);
    let parts = email.split_once('@');
    email.chars().all(safe)
        && parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// An id as the first half of an address; what may not stand there is written as its bytes.
fn local(id: &NativeId) -> String {
    if id.as_str().is_empty() {
        return "nobody".to_owned();
    }
    id.as_str().bytes().take(48).fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "={byte:02X}");
        }
        text
    })
}

fn host(platform: &str) -> String {
    platform.chars().filter(char::is_ascii_alphanumeric).take(32).collect()
}

/// A name before an address.
fn phrase(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') && !name.trim().is_empty();
    if plain { name.trim().to_owned() } else { words_of(name) }
}

/// A text in a header.
fn words(text: &str) -> String {
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && !text.contains("=?") && text.len() < 900;
    if plain { text.to_owned() } else { words_of(text) }
}

fn words_of(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encoded = |word: &String| format!("=?utf-8?B?{}?=", BASE64_STANDARD.encode(word));
    words.iter().map(encoded).collect::<Vec<_>>().join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_a_header_of_its_own() {
        let evil = "A\r\nBcc: b@example.org\r\n\r\nbody";
        let mut message = Message::new();
        message.header("Subject", evil);
        message.raw("From", &address(evil, Some("a@b.c>\r\nX: y"), &NativeId(evil.to_owned()), "we chat\r\n"));
        assert!(message.0.lines().all(|line| {
            line.starts_with("Subject: =?") || line.starts_with(" =?") || line.starts_with("From: =?")
        }));
        assert!(message.0.ends_with("@wechat.invalid>\r\n"), "{}", message.0);
        assert!(message.0.lines().all(|line| line.len() < 260));
    }
}
