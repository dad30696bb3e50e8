//! What goes over the wire: frames of a four-byte length (big endian) and JSON.

use adjourn_app::AppError;
use adjourn_app::ports::{Call, PlatformError};
use adjourn_domain::capability::Effect;
use adjourn_domain::event::Connection;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{IdentityId, NativeId};
use adjourn_domain::instruction::Refused;
use adjourn_domain::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::keys::Succession;

/// Version of the protocol.
pub(crate) const VERSION: &str = "channel/v2";
/// Longest frame in bytes: an attachment with its coding.
pub(crate) const MAX_FRAME: usize = 64 * 1024 * 1024;
/// Longest frame before both sides know each other.
pub(crate) const MAX_HELLO: usize = 16 * 1024;

/// An outpost's first frame.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// Always [`VERSION`].
    pub(crate) adjourn: String,
    /// Its name.
    pub(crate) name: String,
    /// Its clock.
    pub(crate) now: Time,
}

/// The centre's answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Welcome {
    /// The centre's clock.
    pub(crate) now: Time,
    /// Why the outpost is sent away: an error slug.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refused: Option<String>,
}

/// A frame of the centre.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case")]
pub(crate) enum Request {
    /// Whether the other side is there.
    Ping,
    /// An instruction or a question.
    Ask(Asked),
}

/// An instruction or a question, signed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Its number in the session.
    pub(crate) id: u64,
    /// The envelope, base64.
    pub(crate) envelope: String,
    /// JSON of an [`Ask`]; the envelope has its hash.
    pub(crate) body: String,
    /// Keys that followed others.
    pub(crate) successions: Vec<Succession>,
}

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(crate) enum Ask {
    /// The only one that changes something: it goes as an instruction, all others as questions.
    Act {
        connection: Connection,
        call: Box<Call>,
    },
    Whoami {
        connection: Connection,
        identity: IdentityId,
    },
    List {
        connection: Connection,
    },
    Inspect {
        connection: Connection,
        group: NativeId,
    },
    InspectUnseen {
        connection: Connection,
        snapshot: Box<Snapshot>,
    },
    ReadBack {
        connection: Connection,
        call: Box<Call>,
    },
    ExportPage {
        connection: Connection,
        group: NativeId,
        cursor: Option<String>,
    },
    ExportBeyond {
        connection: Connection,
        group: NativeId,
        cursor: Option<String>,
    },
    Recount {
        connection: Connection,
        group: NativeId,
        cursor: Option<String>,
    },
    Count {
        connection: Connection,
        group: NativeId,
    },
    Gaps {
        connection: Connection,
        group: NativeId,
    },
    Media {
        connection: Connection,
        group: NativeId,
        id: NativeId,
    },
    Probe {
        connection: Connection,
        group: NativeId,
        known: Option<NativeId>,
    },
}

impl Ask {
    /// The connection that it is about.
    pub(crate) fn connection(&self) -> &Connection {
        match self {
            Self::Act { connection, .. }
            | Self::Whoami { connection, .. }
            | Self::List { connection }
            | Self::Inspect { connection, .. }
            | Self::InspectUnseen { connection, .. }
            | Self::ReadBack { connection, .. }
            | Self::ExportPage { connection, .. }
            | Self::ExportBeyond { connection, .. }
            | Self::Recount { connection, .. }
            | Self::Count { connection, .. }
            | Self::Gaps { connection, .. }
            | Self::Media { connection, .. }
            | Self::Probe { connection, .. } => connection,
        }
    }

    /// The call that is made, or read back.
    pub(crate) fn call(&self) -> Option<&Call> {
        match self {
            Self::Act { call, .. } | Self::ReadBack { call, .. } => Some(call),
            _ => None,
        }
    }
}

/// A frame of an outpost.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case")]
pub(crate) enum Reply {
    /// It is there.
    Pong,
    /// A reply.
    Answer(Answer),
}

/// A reply with the answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// Number of the request.
    pub(crate) id: u64,
    /// The signed statement, base64.
    #[serde(default)]
    pub(crate) envelope: String,
    /// JSON of what was found, or of a [`Failure`] when the statement has a code; the statement has its hash.
    pub(crate) body: String,
}

/// A failed call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) code: String,
    effect: Effect,
    retry_s: Option<u64>,
    passing: bool,
    says: String,
    /// Set when the outpost did not obey.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refused: Option<Box<Refused>>,
}

/// Codes that an outpost may answer with. Another one would have no text here.
const CODES: &[&str] = &[
    "connection.auth",
    "connection.expired",
    "connection.permission",
    "group.unknown",
    "connection.protocol",
    "connection.rate_limited",
    "capability.unsupported",
    "connection.network",
    "connection.tls",
    "connection.url",
    "config.missing",
    "platform.unknown",
    "io",
    "disk.full",
    "outpost.book",
    "outpost.pinned",
];

impl Failure {
    pub(crate) fn refused(why: Refused) -> Self {
        Self {
            code: why.code().to_owned(),
            effect: Effect::NotApplied,
            retry_s: None,
            passing: false,
            says: why.to_string(),
            refused: Some(Box::new(why)),
        }
    }

    pub(crate) fn into_port(self) -> PlatformError {
        let known = CODES.iter().copied().find(|code| *code == self.code);
        let code = self.refused.map_or(known.unwrap_or("connection.protocol"), |why| why.code());
        PlatformError {
            code,
            effect: self.effect,
            retry_s: self.retry_s,
            passing: self.passing,
            says: self.says,
        }
    }
}

impl From<PlatformError> for Failure {
    fn from(error: PlatformError) -> Self {
        Self {
            code: error.code.to_owned(),
            effect: error.effect,
            retry_s: error.retry_s,
            passing: error.passing,
            says: error.says,
            refused: None,
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self {
            code: error.code().to_owned(),
            effect: Effect::NotApplied,
            retry_s: None,
            passing: false,
            says: error.to_string(),
            refused: None,
        }
    }
}

/// What is asked or answered, as the text whose hash is signed. Not canonical JSON: that would round long numbers, such as the
/// ids in an export's records.
///
/// # Errors
/// Never for what is ours: all keys of its maps are strings.
pub(crate) fn text(what: &impl Serialize) -> Result<String, AppError> {
    Ok(serde_json::to_string(what)?)
}

/// Reads one frame.
///
/// # Errors
/// Those of the stream; `InvalidData` for a frame that is too long or is not what is expected.
pub(crate) async fn read<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
    most: usize,
) -> std::io::Result<T> {
    let length = usize::try_from(from.read_u32().await?).unwrap_or(usize::MAX);
    if length > most {
        return Err(invalid("the frame is too long"));
    }
    // Memory is taken as bytes arrive, not as a length promises.
    let mut bytes = Vec::new();
    let got = from.take(u64::try_from(length).unwrap_or(u64::MAX)).read_to_end(&mut bytes).await?;
    if got < length {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_slice(&bytes).map_err(|_| invalid("the frame is not what was expected"))
}

/// Writes one frame.
pub(crate) async fn write(to: &mut (impl AsyncWrite + Unpin), what: &impl Serialize) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(what)?;
    let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MAX_FRAME);
    to.write_u32(length.ok_or_else(|| invalid("the frame is too long"))?).await?;
    to.write_all(&bytes).await?;
    to.flush().await
}

fn invalid(says: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn long_numbers_come_through_whole() {
        let value = serde_json::json!({"id": u64::MAX, "at": i64::MIN});
        assert_eq!(serde_json::from_str::<Value>(&text(&value).unwrap()).unwrap(), value);
    }

    #[tokio::test]
    async fn a_frame_that_promises_too_much_or_stops_early_is_an_error() {
        let mut bytes = Vec::new();
        write(&mut bytes, &serde_json::json!({"a": 1})).await.unwrap();
        let back: Value = read(&mut bytes.as_slice(), 100).await.unwrap();
        assert_eq!(back, serde_json::json!({"a": 1}));
        for cut in 0..bytes.len() {
            assert!(read::<Value>(&mut &bytes[..cut], 100).await.is_err());
        }
        let long = read::<Value>(&mut bytes.as_slice(), 3).await.unwrap_err();
        assert_eq!(long.kind(), std::io::ErrorKind::InvalidData);
    }
}
