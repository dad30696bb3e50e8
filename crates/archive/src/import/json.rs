//! A JSON document of any size, value by value, without holding it.
//!
//! Whoever reads says which containers are opened; every other value comes as its bytes. Values are found by their brackets and quotes alone, so one that
//! is no UTF-8, or no good JSON inside, spoils itself and nothing after it. A value beyond the limit is passed over and told.

use std::io::{self, Read};

use serde_json::{Map, Value};

/// Longest value that is given as bytes.
pub(super) const MAX_VALUE: usize = 16 * 1024 * 1024;
/// Deepest nesting of opened containers.
const MAX_OPEN: usize = 16;
/// Longest key.
const MAX_KEY: usize = 64 * 1024;

/// Where a value lies: keys from the top, `*` for an element of an array.
pub(super) type Path<'a> = [&'a str];

/// What is met.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A whole value.
    Value(&'a [u8]),
    /// A container begins whose values follow.
    Open,
    /// It ends.
    Close,
    /// A value that is too long was passed over.
    TooLong,
}

/// How a document ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Whole,
    /// Cut off between two values.
    Cut,
    /// Cut off in a value, which is lost.
    CutInside,
    /// It is no JSON from here on.
    Broken,
}

/// Reads a document. `opens` says which containers are opened.
pub(super) fn walk<E: From<io::Error>>(
    mut input: impl Read,
    opens: impl Fn(&Path<'_>) -> bool,
    mut take: impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>,
) -> Result<End, E> {
    let mut walk =
        Walk { path: Vec::new(), open: Vec::new(), state: State::Value, value: Captured::default() };
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match input.read(&mut buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        if read == 0 {
            return walk.end(&mut take);
        }
        let mut rest = buffer.get(..read).unwrap_or_default();
        while let Some((byte, after)) = rest.split_first() {
            if let Some(after) = walk.text(rest) {
                rest = after;
                continue;
            }
            // A byte that ends a number is looked at twice.
            while !walk.byte(*byte, &opens, &mut take)? {}
            if walk.state == State::Broken {
                return Ok(End::Broken);
            }
            rest = after;
        }
    }
}

/// A value as an object; `None` for anything else.
pub(super) fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value comes, or the end of an array.
    Value,
    /// A key comes, or the end of an object.
    Key,
    /// Within a key.
    InKey { escaped: bool },
    /// The colon after a key.
    Colon,
    /// Within a value that is taken as bytes.
    In,
    /// A comma or the end of the container.
    After,
    /// After the document.
    Done,
    /// It is no JSON.
    Broken,
}

#[derive(Default)]
struct Captured {
    bytes: Vec<u8>,
    depth: usize,
    string: bool,
    escaped: bool,
    /// A number or a word: its end is seen by what follows.
    bare: bool,
    too_long: bool,
}

impl Captured {
    fn hold(&mut self, bytes: &[u8]) {
        if self.too_long || self.bytes.len() + bytes.len() > MAX_VALUE {
            self.too_long = true;
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

struct Walk {
    path: Vec<String>,
    /// Whether each opened container is an array.
    open: Vec<bool>,
    state: State,
    value: Captured,
}

impl Walk {
    /// Takes a byte; false if it must be looked at again.
    fn byte<E>(
        &mut self,
        byte: u8,
        opens: &impl Fn(&Path<'_>) -> bool,
        take: &mut impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let space = byte.is_ascii_whitespace();
        match self.state {
            State::In => return self.within(byte, take),
            State::InKey { escaped } => self.key(byte, escaped),
            // Something behind the document, as when lines are taken for one.
            State::Done if !space => self.state = State::Broken,
            State::Done | State::Broken => {}
            // A byte order mark.
            State::Value if self.open.is_empty() && matches!(byte, 0xef | 0xbb | 0xbf) => {}
            _ if space => {}
            State::Value if byte == b']' && self.open.last() == Some(&true) => {
                self.path.pop();
                self.close(take)?;
            }
            State::Value => self.begin(byte, opens, take)?,
            State::Key if byte == b'}' => self.close(take)?,
            State::Key if byte == b'"' => {
                self.path.push(String::new());
                self.value = Captured::default();
                self.state = State::InKey { escaped: false };
            }
            State::Colon if byte == b':' => self.state = State::Value,
            State::After if byte == b',' => {
                self.path.pop();
                self.next();
            }
            State::After if matches!(byte, b'}' | b']') => {
                self.path.pop();
                self.close(take)?;
            }
            State::Key | State::Colon | State::After => self.state = State::Broken,
        }
        Ok(true)
    }

    /// Takes what is plain text within a value at once, and gives what is after it; `None` if there is none.
    fn text<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        if self.state != State::In || !self.value.string || self.value.escaped {
            return None;
        }
        let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
        let (plain, rest) = bytes.split_at_checked(end).filter(|(plain, _)| !plain.is_empty())?;
        self.value.hold(plain);
        Some(rest)
    }

    /// What comes next in the innermost container.
    fn next(&mut self) {
        self.state = match self.open.last() {
            Some(true) => {
                self.path.push("*".to_owned());
                State::Value
            }
            Some(false) => State::Key,
            None => State::Done,
        };
    }

    fn key(&mut self, byte: u8, escaped: bool) {
        if byte == b'"' && !escaped {
            let mut text = vec![b'"'];
            text.append(&mut self.value.bytes);
            text.push(b'"');
            if let (Some(last), Ok(key)) = (self.path.last_mut(), serde_json::from_slice::<String>(&text)) {
                *last = key;
            }
            self.state = State::Colon;
            return;
        }
        if self.value.bytes.len() < MAX_KEY {
            self.value.bytes.push(byte);
        }
        self.state = State::InKey { escaped: byte == b'\\' && !escaped };
    }

    fn begin<E>(
        &mut self,
        byte: u8,
        opens: &impl Fn(&Path<'_>) -> bool,
        take: &mut impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let container = matches!(byte, b'{' | b'[');
        if container && self.open.len() < MAX_OPEN && with(&self.path, |path| opens(path)) {
            with(&self.path, |path| take(path, Event::Open))?;
            self.open.push(byte == b'[');
            self.next();
            return Ok(());
        }
        let word = byte.is_ascii_alphanumeric() || byte == b'-';
        if !container && byte != b'"' && !word {
            self.state = State::Broken;
            return Ok(());
        }
        self.value = Captured {
            bytes: vec![byte],
            depth: usize::from(container),
            string: byte == b'"',
            bare: word,
            ..Captured::default()
        };
        self.state = State::In;
        Ok(())
    }

    fn within<E>(
        &mut self,
        byte: u8,
        take: &mut impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let value = &mut self.value;
        if value.bare && (byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}')) {
            self.give(take)?;
            return Ok(false);
        }
        value.hold(&[byte]);
        let mut whole = false;
        if value.string {
            match byte {
                _ if value.escaped => value.escaped = false,
                b'\\' => value.escaped = true,
                b'"' => {
                    value.string = false;
                    whole = value.depth == 0;
                }
                _ => {}
            }
        } else {
            match byte {
                b'"' => value.string = true,
                b'{' | b'[' => value.depth += 1,
                b'}' | b']' => {
                    value.depth = value.depth.saturating_sub(1);
                    whole = value.depth == 0;
                }
                _ => {}
            }
        }
        if whole {
            self.give(take)?;
        }
        Ok(true)
    }

    fn give<E>(&mut self, take: &mut impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>) -> Result<(), E> {
        let value = std::mem::take(&mut self.value);
        let event = if value.too_long { Event::TooLong } else { Event::Value(&value.bytes) };
        with(&self.path, |path| take(path, event))?;
        self.state = if self.open.is_empty() { State::Done } else { State::After };
        Ok(())
    }

    /// The innermost container ends. Its own key or `*` stays until what follows it is known.
    fn close<E>(&mut self, take: &mut impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>) -> Result<(), E> {
        self.open.pop();
        with(&self.path, |path| take(path, Event::Close))?;
        self.state = if self.open.is_empty() { State::Done } else { State::After };
        Ok(())
    }

    fn end<E>(mut self, take: &mut impl FnMut(&Path<'_>, Event<'_>) -> Result<(), E>) -> Result<End, E> {
        if self.state == State::In && self.value.bare && self.open.is_empty() {
            self.give(take)?;
        }
        Ok(match self.state {
            State::Done => End::Whole,
            State::In => End::CutInside,
            State::Broken => End::Broken,
            _ => End::Cut,
        })
    }
}

fn with<T>(path: &[String], f: impl FnOnce(&Path<'_>) -> T) -> T {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    f(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(input: &[u8], opens: &[&str]) -> (Vec<String>, End) {
        let mut found = Vec::new();
        let end = walk::<io::Error>(
            input,
            |path| opens.contains(&path.join("/").as_str()),
            |path, event| {
                let what = match event {
                    Event::Value(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    other => format!("{other:?}"),
                };
                found.push(format!("{}={what}", path.join("/")));
                Ok(())
            },
        );
        (found, end.unwrap())
    }

    #[test]
    fn values_come_with_their_places_and_only_what_is_opened_is_taken_apart() {
        let input =
            br#" {"a": "x,\"]}" , "m":[ {"t":"]"},7 ,[] ], "c":{"d":{"l":[1]},"e":null}, "n":-1.5e3} "#;
        let (found, end) = events(input, &["", "m", "c"]);
        let expected = [
            "=Open",
            "a=\"x,\\\"]}\"",
            "m=Open",
            "m/*={\"t\":\"]\"}",
            "m/*=7",
            "m/*=[]",
            "m=Close",
            "c=Open",
            "c/d={\"l\":[1]}",
            "c/e=null",
            "c=Close",
            "n=-1.5e3",
            "=Close",
        ];
        assert_eq!(found, expected);
        assert_eq!(end, End::Whole);
        let (found, end) = events(b"\xef\xbb\xbf[]", &[""]);
        assert_eq!((found.join(" "), end), ("=Open =Close".to_owned(), End::Whole));
        assert_eq!(events(b"{\"a\":{}}", &["", "a"]).0, ["=Open", "a=Open", "a=Close", "=Close"]);
        assert_eq!(events(b"12", &[""]), (vec!["=12".to_owned()], End::Whole));
    }

    #[test]
    fn a_bad_value_spoils_itself_and_a_cut_is_seen() {
        let (found, end) = events(b"[{\"a\":\"\xff\"},{\"b\":nonsense},3]", &[""]);
        assert_eq!(found.len(), 5, "{found:?}");
        assert_eq!(end, End::Whole);
        let whole = br#"{"m":[{"a":1},{"b":2}],"x":1}"#;
        for cut in 1..whole.len() {
            let (found, end) = events(&whole[..cut], &["", "m"]);
            assert_ne!(end, End::Whole, "{cut}");
            assert!(found.len() < 8, "{cut}: {found:?}");
        }
        assert_eq!(events(b"{\"m\":[1 2]}", &["", "m"]).1, End::Broken);
        assert_eq!(events(b"hello", &[""]).0, ["=hello"], "a word is no document; whoever reads sees it");
    }

    #[test]
    fn a_value_beyond_the_limit_is_passed_over_without_being_held() {
        let mut input = b"[\"".to_vec();
        input.resize(MAX_VALUE + 10, b'x');
        input.extend_from_slice(b"\",1]");
        assert_eq!(events(&input, &[""]).0, ["=Open", "*=TooLong", "*=1", "=Close"]);
    }
}
