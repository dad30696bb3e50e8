//! A browser's half of HTTP/1.1, as much as the pages need: one connection that is kept, one request at a time, and a stream of events. Our own
//! `serve` is at the other end, so that what is not as expected is an error of the run.

use std::time::Duration;

use adjourn_app::AppError;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(2);
/// Largest answer, in bytes.
const MAX_BODY: usize = 16 << 20;
/// Largest line, in bytes; a head has not more of it.
const MAX_LINE: u64 = 16 << 10;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// The first pair of a cookie that it gives.
    pub(super) cookie: Option<String>,
}

/// A connection that is made when it is needed.
pub(super) struct Client {
    address: String,
    cookie: String,
    open: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(super) fn new(address: &str, cookie: &str) -> Self {
        Self { address: address.to_owned(), cookie: cookie.to_owned(), open: None }
    }

    pub(super) async fn get(&mut self, path: &str) -> Result<Answer, AppError> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "").await
    }

    /// Sends a form.
    pub(super) async fn post(&mut self, path: &str, form: &str) -> Result<Answer, AppError> {
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
            form.len()
        );
        self.ask(&head, form).await
    }

    /// The events of the journal from now on.
    pub(super) async fn live(mut self) -> Result<Live, AppError> {
        let head = self.head("GET /live HTTP/1.1\r\n");
        let mut stream = self.connection().await?;
        stream.write_all(head.as_bytes()).await.map_err(failed)?;
        let answer = within(read_head(&mut stream)).await?.ok_or_else(|| bad("no answer"))?;
        if answer.0.status != 200 {
            return Err(bad(&format!("/live: {}", answer.0.status)));
        }
        Ok(Live(stream))
    }

    async fn ask(&mut self, head: &str, body: &str) -> Result<Answer, AppError> {
        let kept = self.open.is_some();
        let text = format!("{}{body}", self.head(head));
        match self.once(&text).await {
            // Whoever is idle is closed by the other end, maybe in this moment; browsers ask again as well.
            Ok(None) if kept => self.once(&text).await?.ok_or_else(|| bad("no answer")),
            Ok(answer) => answer.ok_or_else(|| bad("no answer")),
            Err(error) => Err(error),
        }
    }

    fn head(&self, first: &str) -> String {
        let cookie =
            if self.cookie.is_empty() { String::new() } else { format!("cookie: {}\r\n", self.cookie) };
        format!(
            "{first}host: {}\r\nsec-fetch-site: same-origin\r\naccept-language: zh-CN\r\n{cookie}\r\n",
            self.address
        )
    }

    async fn connection(&mut self) -> Result<BufReader<TcpStream>, AppError> {
        if let Some(open) = self.open.take() {
            return Ok(open);
        }
        let stream = TcpStream::connect(&self.address).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(BufReader::new(stream))
    }

    /// `None` when the other end closed the connection without a word.
    async fn once(&mut self, text: &str) -> Result<Option<Answer>, AppError> {
        let mut stream = self.connection().await?;
        if stream.write_all(text.as_bytes()).await.is_err() {
            return Ok(None);
        }
        let Some((mut answer, length)) = within(read_head(&mut stream)).await? else { return Ok(None) };
        let length = length.filter(|length| *length <= MAX_BODY).ok_or_else(|| bad("no length"))?;
        answer.body = vec![0; length];
        within(async { stream.read_exact(&mut answer.body).await.map_err(failed) }).await?;
        self.open = Some(stream);
        Ok(Some(answer))
    }
}

/// A stream of events.
pub(super) struct Live(BufReader<TcpStream>);

impl Live {
    /// The journal's number of the next event; an error when the stream ends.
    pub(super) async fn next(&mut self) -> Result<u64, AppError> {
        loop {
            // Sizes of chunks, comments that keep the connection, and empty lines stand between.
            let line = read_line(&mut self.0).await?.ok_or_else(|| bad("the stream ended"))?;
            if let Some(id) = line.strip_prefix("id:") {
                return id.trim().parse().map_err(|_| bad("an id that is no number"));
            }
        }
    }
}

/// Head of an answer, and the length of its body. `None` when nothing came.
async fn read_head(stream: &mut BufReader<TcpStream>) -> Result<Option<(Answer, Option<usize>)>, AppError> {
    let Some(first) = read_line(stream).await? else { return Ok(None) };
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| bad(&first))?;
    let mut answer = Answer { status, body: Vec::new(), cookie: None };
    let mut length = None;
    loop {
        let line = read_line(stream).await?.ok_or_else(|| bad("half a head"))?;
        if line.is_empty() {
            return Ok(Some((answer, length)));
        }
        let (name, value) = line.split_once(':').ok_or_else(|| bad(&line))?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok(),
            "set-cookie" => answer.cookie = value.trim().split(';').next().map(str::to_owned),
            _ => {}
        }
    }
}

/// A line without its end; `None` at the end of the stream, also of one that was torn down.
async fn read_line(stream: &mut BufReader<TcpStream>) -> Result<Option<String>, AppError> {
    let mut line = String::new();
    match stream.take(MAX_LINE).read_line(&mut line).await {
        Ok(0) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Ok(None),
        Err(error) => Err(failed(error)),
        Ok(_) => {
            line.truncate(line.trim_end().len());
            Ok(Some(line))
        }
    }
}

async fn within<T>(work: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
    timeout(PATIENCE, work).await.map_err(|_| bad("no answer in time"))?
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where an error is mapped")]
fn failed(error: std::io::Error) -> AppError {
    AppError::io(&error, "loopback")
}

fn bad(says: &str) -> AppError {
    AppError::new("internal").with("says", says)
}

/// Waits, on the machine's clock.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
pub(super) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
