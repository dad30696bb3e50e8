//! Callbacks: what the platform tells by itself. Signature, decryption, and the flat document inside (XML or JSON).
//!
//! `msg_signature` is the SHA-1 over token, timestamp, nonce and the encrypted text, sorted and joined. The encrypted text
//! is AES-256-CBC under the EncodingAESKey, its first 16 bytes are the vector; inside lie 16 random bytes, the length of
//! the message, the message, and the id of the organisation, padded to blocks of 32.

use std::collections::BTreeMap;

use adjourn_connector_kit::Request;
use aes::Aes256;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::{Engine, alphabet};
use serde_json::Value;
use sha1::{Digest, Sha1};

/// Largest callback that is looked at, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// Most fields of a callback.
const MAX_FIELDS: usize = 64;
/// Length of the key, and of a padded block.
const BLOCK: usize = 32;

/// A callback as it came in: the parameters of its address, and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize))]
pub(crate) struct Envelope {
    pub(crate) msg_signature: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    pub(crate) body: String,
}

impl Envelope {
    /// That of a request. What is missing is empty, and then the signature is wrong.
    pub(crate) fn of(request: &Request) -> Self {
        let parameter = |name: &str| parameter(request, name);
        let body = request.body().get(..MAX_BYTES).unwrap_or(request.body());
        Self {
            msg_signature: parameter("msg_signature"),
            timestamp: parameter("timestamp"),
            nonce: parameter("nonce"),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

/// A parameter of a request's address; empty where there is none.
fn parameter(request: &Request, name: &str) -> String {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Why a callback is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// It is no callback, or a larger one than there are.
    Shape,
    /// Its signature is not that of the token.
    Signature,
    /// It can't be decrypted with the key.
    Key,
    /// It is about another organisation.
    Organisation,
}

/// The token and key that the receiver was given in the console.
#[derive(Clone)]
pub(crate) struct Receiver {
    token: String,
    key: [u8; BLOCK],
    corpid: String,
}

/// What a believed callback says about a customer group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChatChange {
    /// The group.
    pub(crate) chat: String,
    /// `create`, `update` or `dismiss`.
    pub(crate) change: String,
    /// When, in seconds of the epoch, as the platform says.
    pub(crate) at: i64,
}

impl Receiver {
    /// A receiver; `None` when the key is not the 43 letters that it has to be.
    pub(crate) fn new(token: &str, encoding_aes_key: &str, corpid: &str) -> Option<Self> {
        Some(Self { token: token.to_owned(), key: key(encoding_aes_key)?, corpid: corpid.to_owned() })
    }

    /// The plain document of a callback, once its signature, key and organisation are right.
    pub(crate) fn open(&self, envelope: &Envelope) -> Result<BTreeMap<String, String>, Distrust> {
        let outer = document(&envelope.body).ok_or(Distrust::Shape)?;
        let encrypted = field(&outer, &["Encrypt", "encrypt"]).ok_or(Distrust::Shape)?;
        if signature(&self.token, &envelope.timestamp, &envelope.nonce, encrypted)
            != envelope.msg_signature.to_ascii_lowercase()
        {
            return Err(Distrust::Signature);
        }
        let message = self.decrypt(encrypted)?;
        document(&message).ok_or(Distrust::Shape)
    }

    /// What is inside the `echostr` with which the platform asks whether an address is a receiver's.
    pub(crate) fn echo(&self, request: &Request) -> Result<String, Distrust> {
        let envelope = Envelope::of(request);
        let encrypted = parameter(request, "echostr");
        if signature(&self.token, &envelope.timestamp, &envelope.nonce, &encrypted)
            != envelope.msg_signature.to_ascii_lowercase()
        {
            return Err(Distrust::Signature);
        }
        self.decrypt(&encrypted)
    }

    fn decrypt(&self, encrypted: &str) -> Result<String, Distrust> {
        let mut bytes = STANDARD.decode(encrypted).map_err(|_| Distrust::Key)?;
        let (vector, _) = self.key.split_at(BLOCK / 2);
        let cipher =
            cbc::Decryptor::<Aes256>::new_from_slices(&self.key, vector).map_err(|_| Distrust::Key)?;
        let plain = cipher
            .decrypt_padded::<aes::cipher::block_padding::NoPadding>(&mut bytes)
            .map_err(|_| Distrust::Key)?;
        let plain = unpadded(plain).ok_or(Distrust::Key)?;
        let (_, rest) = plain.split_at_checked(16).ok_or(Distrust::Key)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(Distrust::Key)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Distrust::Key)?;
        let (message, receiver) = rest.split_at_checked(length).ok_or(Distrust::Key)?;
        if receiver != self.corpid.as_bytes() {
            return Err(Distrust::Organisation);
        }
        String::from_utf8(message.to_vec()).map_err(|_| Distrust::Shape)
    }
}

/// What a plain document says about a customer group, if that is what it is about.
pub(crate) fn chat_change(document: &BTreeMap<String, String>) -> Option<ChatChange> {
    let event = field(document, &["Event", "InfoType"])?;
    if event != "change_external_chat" {
        return None;
    }
    Some(ChatChange {
        chat: field(document, &["ChatId"])?.to_owned(),
        change: field(document, &["ChangeType"])?.to_owned(),
        at: field(document, &["CreateTime", "TimeStamp"]).and_then(|text| text.parse().ok()).unwrap_or(0),
    })
}

/// The key behind an EncodingAESKey. The last of its letters may carry bits that no byte needs.
pub(crate) fn key(encoding_aes_key: &str) -> Option<[u8; BLOCK]> {
    let lenient = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, lenient);
    engine.decode(format!("{encoding_aes_key}=")).ok()?.try_into().ok()
}

/// The signature of an encrypted text.
pub(crate) fn signature(token: &str, timestamp: &str, nonce: &str, encrypted: &str) -> String {
    let mut parts = [token, timestamp, nonce, encrypted];
    parts.sort_unstable();
    adjourn_domain::canonical::hex(&Sha1::digest(parts.concat().as_bytes()))
}

/// The padding says its own length, from 1 to 32.
fn unpadded(plain: &[u8]) -> Option<&[u8]> {
    let length = usize::from(*plain.last()?);
    let (rest, padding) = plain.split_at_checked(plain.len().checked_sub(length)?)?;
    let right = (1..=BLOCK).contains(&length) && padding.iter().all(|byte| usize::from(*byte) == length);
    right.then_some(rest)
}

fn field<'a>(document: &'a BTreeMap<String, String>, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| document.get(*name)).map(String::as_str)
}

/// The fields of a flat document, XML or JSON. What lies deeper is left out.
pub(crate) fn document(text: &str) -> Option<BTreeMap<String, String>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    if text.starts_with('{') { json(text) } else { xml(text) }
}

fn json(text: &str) -> Option<BTreeMap<String, String>> {
    let Value::Object(fields) = serde_json::from_str(text).ok()? else { return None };
    let flat = fields.into_iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some((name, text)),
        Value::Number(number) => Some((name, number.to_string())),
        _ => None,
    });
    Some(flat.take(MAX_FIELDS).collect())
}

/// `<xml><Name>text</Name><Name><![CDATA[text]]></Name>…</xml>`, and nothing cleverer: no attributes, no declarations, no
/// entities but the five.
fn xml(text: &str) -> Option<BTreeMap<String, String>> {
    let mut rest = text.strip_prefix("<xml>")?.strip_suffix("</xml>")?.trim();
    let mut fields = BTreeMap::new();
    while !rest.is_empty() {
        let (name, tail) = rest.strip_prefix('<')?.split_once('>')?;
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if name.is_empty() || !plain || fields.len() >= MAX_FIELDS {
            return None;
        }
        let close = format!("</{name}>");
        let (value, tail) = if let Some(data) = tail.strip_prefix("<![CDATA[") {
            let (value, tail) = data.split_once("]]>")?;
            (Some(value.to_owned()), tail.trim_start().strip_prefix(&close)?)
        } else {
            let (value, tail) = tail.split_once(&close)?;
            ((!value.contains('<')).then(|| unescaped(value)).flatten(), tail)
        };
        fields.extend(value.map(|value| (name.to_owned(), value)));
        rest = tail.trim_start();
    }
    Some(fields)
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        let (name, tail) = after.split_once(';')?;
        out.push_str(before);
        out.push(match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => return None,
        });
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}
