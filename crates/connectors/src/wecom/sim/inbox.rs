//! The host's inbox in the place where tests have no host: what people handed in. An archive with the records of all groups,
//! decrypted, and the files in it. Beside it the callbacks that the platform sends to the organisation's receiver.
//!
//! The archive has messages, files and recalls, and nothing for the rest of the world's records (reactions, edits,
//! changes of the group): the platform's has no types for them. A file's `md5sum` is a hash, but not MD5.

use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::canonical::Hash;
use adjourn_domain::group::Kind;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_world::phone::Shown;
use adjourn_world::{Group, Message, Role};
use aes::Aes256;
use aes::cipher::{BlockModeEncrypt, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::super::wire::callback::{self, signature};
use super::{CORPID, WecomSim, nowhere};

/// The token of the organisation's receiver.
pub(super) const TOKEN: &str = "QDG6eK";
/// Its EncodingAESKey.
pub(super) const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

/// Something that was handed in.
struct Upload {
    id: String,
    format: &'static str,
    name: String,
    bytes: Vec<u8>,
}

impl WecomSim {
    /// The list of uploads, or a portion of one.
    pub(super) fn inbox(&self, request: &Request) -> Reply {
        let uploads = self.uploads();
        let path: Vec<&str> = request.uri().path().split('/').skip(1).collect();
        match path.as_slice() {
            ["v1", "groups", _, "uploads"] => {
                let line = |upload: &Upload| json!({ "id": upload.id, "format": upload.format, "name": upload.name, "bytes": upload.bytes.len() });
                let list = json!({ "uploads": uploads.iter().map(line).collect::<Vec<_>>() });
                Reply::new(Bytes::from(list.to_string()))
            }
            ["v1", "uploads", id] => {
                let upload = uploads.iter().find(|upload| upload.id == *id);
                upload.and_then(|upload| portion(&upload.bytes, request)).unwrap_or_else(nowhere)
            }
            _ => nowhere(),
        }
    }

    /// What the organisation's own program pulled and decrypted, for whoever has the console.
    pub(super) fn archive_page(&self, request: &Request) -> Option<Reply> {
        let path: Vec<&str> = request.uri().path().split('/').filter(|part| !part.is_empty()).collect();
        let ["client", "phone", who, "console", "archive"] = path.as_slice() else { return None };
        if request.method() != Method::GET {
            return None;
        }
        let may = self.world.accounts.get(*who).is_some_and(|account| account.role != Role::Member);
        let shown = may.then(|| Shown::File {
            name: "archive.jsonl".to_owned(),
            media_type: "application/x-ndjson".to_owned(),
            content: self.archive(),
        });
        let body = shown.map_or_else(|| json!({ "code": "not_org_admin" }), |shown| json!(shown));
        let mut reply = Reply::new(Bytes::from(body.to_string()));
        *reply.status_mut() = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
        Some(reply)
    }

    fn uploads(&self) -> Vec<Upload> {
        let upload = |n: usize, format, name: String, bytes: Vec<u8>| Upload {
            id: format!("u{n}"),
            format,
            name,
            bytes,
        };
        let archives = self.handed_in.clone().unwrap_or_else(|| vec![self.archive()]);
        let archives = archives.into_iter().zip(1000..);
        let archive = |(text, n): (String, usize)| {
            upload(n, "wecom_archive_jsonl", "archive.jsonl".to_owned(), text.into_bytes())
        };
        let mut all: Vec<Upload> = archives.map(archive).collect();
        let files = self.world.groups.values().flat_map(|group| group.files.values());
        let files = files
            .zip(3..)
            .map(|(content, n)| upload(n, "file", file_id(content), content.clone().into_bytes()));
        all.extend(files);
        all
    }

    /// Every group's records in the order of time, numbered over all of them.
    fn archive(&self) -> String {
        let mut all: Vec<(&String, &Group, &Message)> = Vec::new();
        for (id, group) in &self.world.groups {
            all.extend(group.messages.iter().map(|message| (id, group, message)));
        }
        all.sort_by_key(|(id, _, message)| (message.at, *id, message.seq));
        let mut lines = String::new();
        let mut seq = 0_u64;
        for (id, group, message) in all {
            if let Some(record) = record(id, group, message, seq + 1) {
                seq += 1;
                lines.push_str(&record.to_string());
                lines.push('\n');
            }
        }
        lines
    }

    /// The receiver is told that the owner dissolved a customer group. Of other groups it is told nothing.
    pub(super) fn tell_dismissed(&mut self, at: Time, chat: &str) {
        if self.world.groups.get(chat).is_none_or(|group| group.kind != Kind::ExternalCustomer) {
            return;
        }
        let second = at.as_millis().div_euclid(1000);
        let event = format!(
            "<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>\
             <CreateTime>{second}</CreateTime><MsgType><![CDATA[event]]></MsgType>\
             <Event><![CDATA[change_external_chat]]></Event><ChatId><![CDATA[{chat}]]></ChatId>\
             <ChangeType><![CDATA[dismiss]]></ChangeType></xml>"
        );
        let sealed = seal(&event);
        let (timestamp, nonce) = (second.to_string(), "1372623149");
        let body = format!(
            "<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt>\
             <AgentID><![CDATA[]]></AgentID></xml>"
        );
        let sign = signature(TOKEN, &timestamp, nonce, &sealed);
        let address = format!(
            "https://receiver.simulated.invalid/?msg_signature={sign}&timestamp={timestamp}&nonce={nonce}"
        );
        if let Ok(request) = http::Request::post(address).body(Bytes::from(body)) {
            self.callbacks.push(request);
        }
    }
}

/// The bytes of the `Range` of a request.
fn portion(bytes: &[u8], request: &Request) -> Option<Reply> {
    let range = request.headers().get(header::RANGE)?.to_str().ok()?;
    let (from, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, last) = (from.parse::<usize>().ok()?, last.parse::<usize>().ok()?);
    let last = last.min(bytes.len().checked_sub(1)?);
    let mut reply = Reply::new(Bytes::copy_from_slice(bytes.get(from..=last)?));
    *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
    let told = format!("bytes {from}-{last}/{}", bytes.len()).parse().ok()?;
    reply.headers_mut().insert(header::CONTENT_RANGE, told);
    Some(reply)
}

fn record(id: &str, group: &Group, message: &Message, seq: u64) -> Option<Value> {
    let (action, msgtype, content) = match (message.kind, &message.file) {
        (RecordKind::Message, Some(file)) => {
            let content = group.files.get(&file.id).map_or("", String::as_str);
            let extension = file.name.rsplit('.').next().unwrap_or_default();
            let hash = file_id(content);
            let body = json!({ "md5sum": hash, "filename": file.name, "fileext": extension,
                "filesize": file.bytes, "sdkfileid": format!("sdk-{hash}") });
            ("send", "file", body)
        }
        (RecordKind::Message, None) => {
            ("send", "text", json!({ "content": message.text.as_deref().unwrap_or_default() }))
        }
        (RecordKind::Redaction, _) => {
            let target = message.target.as_deref().unwrap_or_default();
            ("recall", "revoke", json!({ "pre_msgid": msgid(id, target) }))
        }
        _ => return None,
    };
    let outside = group.kind == Kind::ExternalCustomer;
    let to: Vec<&String> = group.members.keys().filter(|user| **user != message.sender).collect();
    let mut record = json!({
        "seq": seq,
        "msgid": msgid(id, &message.id) + if outside { "_external" } else { "" },
        "action": action,
        "from": message.sender,
        "tolist": to,
        "roomid": id,
        "msgtime": message.at.as_millis(),
        "msgtype": msgtype,
    });
    if let Some(fields) = record.as_object_mut() {
        fields.insert(msgtype.to_owned(), content);
    }
    Some(record)
}

fn msgid(group: &str, message: &str) -> String {
    format!("{group}-{message}")
}

fn file_id(content: &str) -> String {
    Hash::of(content.as_bytes()).to_hex().chars().take(32).collect()
}

/// Encrypts as the platform does. What should be chance is a count of the message, so that a simulation repeats.
pub(super) fn seal(message: &str) -> String {
    let mut plain = b"0123456789abcdef".to_vec();
    plain.extend(u32::try_from(message.len()).unwrap_or_default().to_be_bytes());
    plain.extend(message.as_bytes());
    plain.extend(CORPID.as_bytes());
    let padding = 32 - plain.len() % 32;
    plain.extend(std::iter::repeat_n(u8::try_from(padding).unwrap_or(32), padding));
    let key = callback::key(KEY).unwrap_or_default();
    let vector = key.get(..16).unwrap_or_default();
    let Ok(cipher) = cbc::Encryptor::<Aes256>::new_from_slices(&key, vector) else { return String::new() };
    let length = plain.len();
    let sealed = cipher.encrypt_padded::<aes::cipher::block_padding::NoPadding>(&mut plain, length);
    sealed.map(|bytes| STANDARD.encode(bytes)).unwrap_or_default()
}
