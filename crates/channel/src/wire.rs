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
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::keys::Succession;

/// Version of the protocol.
pub(crate) const VERSION: &str = "channel/v1";
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

/// A request of the centre.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// Its number in the session.
    pub(crate) id: u64,
    /// What is asked.
    pub(crate) ask: Ask,
}

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(crate) enum Ask {
    /// Whether the other side is there.
    Ping,
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
    /// The only one that changes something.
    Act {
        /// The signed instruction, base64.
        envelope: String,
        /// Base64 of the canonical JSON of an [`Order`]; the instruction has its hash.
        body: String,
        /// Keys that followed others.
        successions: Vec<Succession>,
    },
}

impl Ask {
    /// The connection that it is about, where it says so itself; an instruction's is in what was signed.
    pub(crate) fn connection(&self) -> Option<&Connection> {
        match self {
            Self::Ping | Self::Act { .. } => None,
            Self::Whoami { connection, .. }
            | Self::List { connection }
            | Self::Inspect { connection, .. }
            | Self::InspectUnseen { connection, .. }
            | Self::ReadBack { connection, .. }
            | Self::ExportPage { connection, .. }
            | Self::Count { connection, .. }
            | Self::Gaps { connection, .. }
            | Self::Media { connection, .. }
            | Self::Probe { connection, .. } => Some(connection),
        }
    }
}

/// What an instruction is about.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) connection: Connection,
    pub(crate) call: Call,
}

/// An outpost's answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    /// Number of the request.
    pub(crate) id: u64,
    /// The answer.
    pub(crate) answer: Result<Value, Failure>,
}

/// A failed call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Failure {
    code: String,
    effect: Effect,
    retry_s: Option<u64>,
    passing: bool,
    says: String,
    /// Set when the outpost did not obey.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) refused: Option<Refused>,
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
            refused: Some(why),
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
