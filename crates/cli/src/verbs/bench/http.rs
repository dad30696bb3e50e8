//! As much HTTP as a benchmark needs: one request a connection, over loopback, and a stream that is read line by line.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A reply.
pub(super) struct Reply {
    /// The status.
    pub(super) status: u16,
    /// Headers, their names in small letters.
    pub(super) headers: Vec<(String, String)>,
    /// Bytes of the body.
    pub(super) bytes: usize,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}

/// Who asks: the address, and a session if there is one.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) address: SocketAddr,
    pub(super) cookie: Option<String>,
}

impl Client {
    /// Reads a page to its end.
    pub(super) async fn get(&self, path: &str) -> io::Result<Reply> {
        self.ask("GET", path, "").await
    }

    /// Sends a form as a page of the same site does.
    pub(super) async fn post(&self, path: &str, form: &str) -> io::Result<Reply> {
        self.ask("POST", path, form).await
    }

    /// Calls `line` for every line of a stream until it ends or `line` says so; gives the status.
    pub(super) async fn stream(&self, path: &str, mut line: impl FnMut(&str) -> bool) -> io::Result<u16> {
        let mut from = BufReader::new(self.send("GET", path, "").await?);
        let (status, _) = head(&mut from).await?;
        let mut text = String::new();
        loop {
            text.clear();
            if from.read_line(&mut text).await? == 0 || !line(text.trim_end()) {
                return Ok(status);
            }
        }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> io::Result<Reply> {
        let mut from = BufReader::new(self.send(method, path, body).await?);
        let (status, headers) = head(&mut from).await?;
        let mut body = Vec::new();
        from.read_to_end(&mut body).await?;
        Ok(Reply { status, headers, bytes: body.len() })
    }

    async fn send(&self, method: &str, path: &str, body: &str) -> io::Result<TcpStream> {
        let mut to = TcpStream::connect(self.address).await?;
        to.set_nodelay(true)?;
        let cookie = self.cookie.as_ref().map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\naccept-language: zh-CN\r\nsec-fetch-site: same-origin\r\n{cookie}\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        to.write_all(request.as_bytes()).await?;
        Ok(to)
    }
}

/// Status and headers.
async fn head(from: &mut BufReader<TcpStream>) -> io::Result<(u16, Vec<(String, String)>)> {
    let mut line = String::new();
    from.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("no reply of HTTP"))?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        if from.read_line(&mut line).await? == 0 || line.trim_end().is_empty() {
            return Ok((status, headers));
        }
        if let Some((name, value)) = line.trim_end().split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
}
