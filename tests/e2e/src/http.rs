//! A small blocking HTTP/1.1 client and the parsing that client, proxy and responder share.
//!
//! One request per connection. Unlike a usual client it tells apart what a test must tell apart: no connection, no
//! reply, half a reply. It never retries.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Largest body that is read, in either direction.
const BODY_LIMIT: u64 = 64 << 20;
const HEADER_LIMIT: usize = 200;

/// Why there is no (whole) answer.
#[derive(Debug)]
pub enum HttpError {
    /// Nobody listens.
    Connect(std::io::Error),
    /// The connection ended before a status line: whether the request had an effect is unknown.
    NoReply,
    /// The head came, the body ended early.
    Truncated {
        /// Status of the head.
        status: u16,
        /// Bytes of the body that did arrive.
        got: usize,
    },
    /// The read took too long, or the connection broke.
    Io(std::io::Error),
    /// Not HTTP.
    Malformed(String),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for HttpError {}

/// An answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body, already de-chunked.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: status {}, body {}", self.status, self.text()))
    }

    /// The body as text, damaged characters replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The JSON body of an answer that must have this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "body: {}", self.text());
        self.json()
    }

    /// The Matrix error code, if the body has one.
    pub fn errcode(&self) -> Option<String> {
        serde_json::from_slice::<Value>(&self.body).ok()?.get("errcode")?.as_str().map(str::to_owned)
    }
}

/// Sends one request over a new connection; waits up to three minutes for the answer.
pub fn request(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Result<Response, HttpError> {
    request_within(Duration::from_mins(3), method, url, headers, body)
}

/// [`request`] with a limit of its own.
pub fn request_within(
    limit: Duration,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Result<Response, HttpError> {
    let (host, path) = split(url);
    let mut stream = TcpStream::connect(host).map_err(HttpError::Connect)?;
    stream.set_read_timeout(Some(limit)).map_err(HttpError::Io)?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if body.is_some() || method != "GET" {
        head.push_str(&format!("Content-Length: {}\r\n", body.map_or(0, <[u8]>::len)));
    }
    head.push_str("\r\n");
    let mut message = head.into_bytes();
    message.extend_from_slice(body.unwrap_or_default());
    // A server may close without reading; that shows up as "no reply" on the read, like on the real wire.
    let _ = stream.write_all(&message);
    read_response(&mut BufReader::new(stream), method == "HEAD")
}

/// `http://host:port/path?query` → `host:port`, `/path?query`.
pub(crate) fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("only http:// here: {url}"));
    rest.find('/').map_or((rest, "/"), |at| rest.split_at(at))
}

pub(crate) struct Head {
    pub(crate) first_line: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// Start line and headers. `None` when the other side closed without a byte.
pub(crate) fn read_head(from: &mut impl BufRead) -> Result<Option<Head>, HttpError> {
    let Some(first_line) = line(from)? else { return Ok(None) };
    let mut headers = Vec::new();
    loop {
        let Some(text) = line(from)? else { return Err(HttpError::Malformed("head ends early".into())) };
        if text.is_empty() {
            return Ok(Some(Head { first_line, headers }));
        }
        if headers.len() >= HEADER_LIMIT {
            return Err(HttpError::Malformed("too many headers".into()));
        }
        let (name, value) = text.split_once(':').ok_or_else(|| HttpError::Malformed(text.clone()))?;
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// The body that these headers announce; the second value is false when it ended early.
pub(crate) fn read_body(
    from: &mut impl BufRead,
    headers: &[(String, String)],
    until_close: bool,
) -> Result<(Vec<u8>, bool), HttpError> {
    let mut body = Vec::new();
    if find(headers, "transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
        loop {
            let Some(size) = line(from)? else { return Ok((body, false)) };
            let size = u64::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)
                .map_err(|_| HttpError::Malformed(format!("chunk size {size:?}")))?;
            let before = body.len() as u64;
            if before + size > BODY_LIMIT {
                return Err(HttpError::Malformed("body too large".into()));
            }
            from.by_ref().take(size).read_to_end(&mut body).map_err(HttpError::Io)?;
            if body.len() as u64 - before < size {
                return Ok((body, false));
            }
            line(from)?;
            if size == 0 {
                return Ok((body, true));
            }
        }
    }
    if let Some(length) = find(headers, "content-length") {
        let length: u64 = length.parse().map_err(|_| HttpError::Malformed(format!("length {length:?}")))?;
        if length > BODY_LIMIT {
            return Err(HttpError::Malformed("body too large".into()));
        }
        // A broken connection in the middle is an early end, not an error of its own.
        let _ = from.by_ref().take(length).read_to_end(&mut body);
        let whole = body.len() as u64 == length;
        return Ok((body, whole));
    }
    if until_close {
        from.by_ref().take(BODY_LIMIT).read_to_end(&mut body).map_err(HttpError::Io)?;
    }
    Ok((body, true))
}

pub(crate) fn read_response(from: &mut impl BufRead, no_body: bool) -> Result<Response, HttpError> {
    let head = read_head(from)?.ok_or(HttpError::NoReply)?;
    let status = head
        .first_line
        .split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .ok_or_else(|| HttpError::Malformed(head.first_line.clone()))?;
    let (body, whole) = if no_body || status == 204 || status == 304 {
        (Vec::new(), true)
    } else {
        read_body(from, &head.headers, true)?
    };
    if !whole {
        return Err(HttpError::Truncated { status, got: body.len() });
    }
    Ok(Response { status, headers: head.headers, body })
}

pub(crate) fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

fn line(from: &mut impl BufRead) -> Result<Option<String>, HttpError> {
    let mut bytes = Vec::new();
    match from.by_ref().take(64 << 10).read_until(b'\n', &mut bytes) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())),
        Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => Ok(None),
        Err(e) => Err(HttpError::Io(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::{HttpError, read_response};

    fn parse(text: &str) -> Result<super::Response, HttpError> {
        read_response(&mut text.as_bytes(), false)
    }

    #[test]
    fn chunked_bodies_are_joined() {
        let answer = parse(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
        )
        .unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (200, "abcde"));
    }

    #[test]
    fn early_ends_are_told_apart() {
        assert!(matches!(parse(""), Err(HttpError::NoReply)));
        let short = parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        assert!(matches!(short, Err(HttpError::Truncated { status: 200, got: 3 })), "{short:?}");
        let short = parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc");
        assert!(matches!(short, Err(HttpError::Truncated { status: 200, got: 3 })), "{short:?}");
    }
}
