//! Events: their signature, and what they say.

use adjourn_connector_kit::{ConnectorError, Heard, Kind, Told};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha1::Sha1;

use super::files::seconds;
use super::ids::Id;

/// Name of the header with the signature of a pushed event.
pub(crate) const SIGNATURE: &str = "x-signature";
/// Name of the header with the account that the event is for.
pub(crate) const SELF_ID: &str = "x-self-id";

/// The value of `X-Signature` for a body: `sha1=` and the HMAC-SHA1 in hexadecimal.
pub fn sign(secret: &[u8], body: &[u8]) -> String {
    // HMAC takes keys of every length; there is none that could fail.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    let mut signature = "sha1=".to_owned();
    for byte in digest {
        for digit in [byte >> 4, byte & 15] {
            signature.extend(char::from_digit(digit.into(), 16));
        }
    }
    signature
}

/// Whether `header` is the signature of `body` under `secret`.
///
/// # Errors
/// `Forged` when it is not, or when there is none.
pub fn verify_event(secret: &[u8], header: Option<&str>, body: &[u8]) -> Result<(), ConnectorError> {
    let forged = || ConnectorError::new(Kind::Forged, "an event without the right signature");
    let hex = header.and_then(|value| value.strip_prefix("sha1=")).ok_or_else(forged)?;
    let given = unhex(hex).ok_or_else(forged)?;
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).map_err(|_| forged())?;
    mac.update(body);
    // Compared in constant time.
    mac.verify_slice(&given).map_err(|_| forged())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 40 || !text.is_ascii() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? * 16 + digit(*pair.get(1)?)?)).collect()
}

/// An event, as far as we read it.
#[derive(Debug, Deserialize)]
struct Event {
    time: u32,
    self_id: Id,
    post_type: String,
    #[serde(default)]
    notice_type: Option<String>,
    #[serde(default)]
    meta_event_type: Option<String>,
    #[serde(default)]
    sub_type: Option<Word>,
    #[serde(default)]
    group_id: Option<Id>,
    #[serde(default)]
    user_id: Option<Id>,
    #[serde(default)]
    status: Option<super::replies::Status>,
}

/// A word that some write as a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Number(u32),
}

/// Reads an event.
///
/// # Errors
/// `Protocol` when it makes no sense.
pub(crate) fn read(body: &[u8]) -> Result<Heard, ConnectorError> {
    let event: Event = serde_json::from_slice(body).map_err(|_| {
        ConnectorError::protocol("an event of another shape")
            .effect(adjourn_domain::capability::Effect::NotApplied)
    })?;
    let sub = match &event.sub_type {
        Some(Word::Text(text)) => text.clone(),
        Some(Word::Number(number)) => number.to_string(),
        None => String::new(),
    };
    let kind = event.notice_type.as_deref().or(event.meta_event_type.as_deref()).unwrap_or(&event.post_type);
    let about_self = event.user_id.as_ref() == Some(&event.self_id);
    let online = event.status.as_ref().and_then(|status| status.online);
    let what = match (event.post_type.as_str(), kind, sub.as_str()) {
        // 129 is the number behind it, which older versions of Lagrange printed.
        ("notice", "group_decrease", "disband" | "129") | ("notice", "group_dismiss", _) => Told::Dissolved,
        ("notice", "group_decrease", "kick_me") => Told::Out,
        // go-cqhttp shows a dissolve like this as well, so it proves none.
        ("notice", "group_decrease", _) if about_self => Told::Out,
        ("notice", "bot_offline", _) => Told::Offline,
        ("meta_event", "heartbeat", _) if online == Some(false) => Told::Offline,
        ("meta_event", "heartbeat", _) if online == Some(true) => Told::Online,
        _ => Told::Other,
    };
    let upstream = if sub.is_empty() { kind.to_owned() } else { format!("{kind}.{sub}") };
    Ok(Heard {
        account: event.self_id.native(),
        at: seconds(event.time.into()),
        group: event.group_id.map(|id| id.native()),
        what,
        upstream: upstream.chars().filter(char::is_ascii_graphic).take(60).collect(),
    })
}
