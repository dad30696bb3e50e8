//! Uploads in parts: what a killed process has sent is not sent again.
//!
//! Beside the archives lies a note about each upload under way: its id, and the hash and tag of every part that the server has confirmed. Whoever stores
//! the same file again asks the server which of them it still has, and sends the others. The note is a help and no authority: without it, or with one
//! that does not fit, the upload begins anew, and the whole object is read back in any case.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use adjourn_app::AppError;
use adjourn_app::ports::{Stage, ToldStored as Told};
use adjourn_domain::canonical::Hash;
use adjourn_domain::time::Time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use rusty_s3::actions::{CreateMultipartUpload, ListParts};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::wire::{Ask, Reply};
use super::{CHECKSUM, Facts, S3Storage, Sent};

/// Most parts of an upload (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
pub(super) const MAX_PARTS: u64 = 10_000;
/// Lists of parts that are asked for at most; a list has 1,000 as a rule.
const MAX_LISTS: usize = 100;

/// An upload under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// Where it goes: bucket and key.
    to: String,
    /// The server's name for it.
    upload: String,
    /// What is stored.
    sha256: Hash,
    /// Its size.
    bytes: u64,
    /// Size of a part.
    part: u64,
    /// Until when it will be locked.
    until: Option<Time>,
    /// What the server has confirmed, by number.
    parts: BTreeMap<u16, Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    sha256: Hash,
    tag: String,
}

/// Sends a file in parts, and goes on with an upload that was cut off. Gives until when it is locked as well.
pub(super) async fn send(
    storage: &S3Storage,
    file: &mut File,
    key: &str,
    facts: &Facts,
    told: Told<'_>,
) -> Result<(Sent, Option<Time>), AppError> {
    let part = part_size(storage.part, facts.bytes);
    let to = format!("{}{key}", storage.wire.bucket.base_url());
    let path = storage.working.join(format!("{}.json", Hash::of(to.as_bytes())));
    let mut going = match Note::read(&path) {
        Some(note) if note.to == to && note.sha256 == facts.sha256 && note.part == part => {
            going_on(storage, key, note).await?
        }
        Some(old) if old.to == to => {
            abandon(storage, key, &old).await;
            None
        }
        _ => None,
    };
    if going.is_none() {
        going = Some(begin(storage, key, to, facts, part).await?);
    }
    let Some(mut note) = going else { return Err(AppError::new("internal")) };
    note.write(&path)?;
    let at = |error: std::io::Error| AppError::io(&error, facts.path.display());
    file.seek(SeekFrom::Start(0)).map_err(at)?;
    let (mut whole, mut sent) = (Sha256::new(), 0);
    let count = u16::try_from(facts.bytes.div_ceil(part)).unwrap_or(u16::MAX);
    for number in 1..=count {
        let mut chunk = Vec::new();
        file.by_ref().take(part).read_to_end(&mut chunk).map_err(at)?;
        whole.update(&chunk);
        sent += chunk.len() as u64;
        let sha256 = Hash::of(&chunk);
        if note.parts.get(&number).is_none_or(|done| done.sha256 != sha256) {
            let action = storage.wire.bucket.upload_part(
                Some(&storage.wire.credentials),
                key,
                number,
                note.upload.as_str(),
            );
            let headers = vec![(CHECKSUM, STANDARD.encode(sha256.0))];
            let ask = Ask { headers, body: Bytes::from(chunk), ..Ask::default() };
            let reply = storage.wire.ask(action, ask).await?;
            if !reply.fine() {
                if reply.code() == "NoSuchUpload" {
                    forget(&path);
                }
                return Err(storage.wire.refused(&reply));
            }
            note.parts.insert(number, Part { sha256, tag: tag(&reply)? });
            note.write(&path)?;
        }
        told(Stage::Send, sent, facts.bytes);
    }
    if Hash(whole.finalize().into()) != facts.sha256 {
        abandon(storage, key, &note).await;
        forget(&path);
        return Err(AppError::new("storage.changed").with("file", facts.path.display()));
    }
    let sent = complete(storage, key, &note).await;
    // Done, or refused as a whole: the next one begins anew. What could not be asked is asked again.
    if sent.as_ref().map_or_else(|error| error.code() == "storage.refused", |_| true) {
        forget(&path);
    }
    Ok((sent?, note.until))
}

/// The parts of an upload that the server still has; `None` when it knows nothing of it.
async fn going_on(storage: &S3Storage, key: &str, mut note: Note) -> Result<Option<Note>, AppError> {
    let mut kept = BTreeMap::new();
    let mut after = None;
    for _ in 0..MAX_LISTS {
        let mut action =
            storage.wire.bucket.list_parts(Some(&storage.wire.credentials), key, note.upload.as_str());
        if let Some(after) = after {
            action.set_part_number_marker(after);
        }
        let reply = storage.wire.ask(action, Ask::default()).await?;
        if reply.code() == "NoSuchUpload" || reply.status == 404 {
            return Ok(None);
        }
        if !reply.fine() {
            return Err(storage.wire.refused(&reply));
        }
        let list = ListParts::parse_response(&reply.body)
            .map_err(|error| AppError::new("storage.reply").with("says", error))?;
        for part in list.parts {
            let ours = note.parts.get(&part.number);
            if let Some(ours) = ours.filter(|ours| bare(&ours.tag) == bare(&part.etag)) {
                kept.insert(part.number, ours.clone());
            }
        }
        after = list.next_part_number_marker;
        if after.is_none() {
            break;
        }
    }
    note.parts = kept;
    Ok(Some(note))
}

async fn begin(
    storage: &S3Storage,
    key: &str,
    to: String,
    facts: &Facts,
    part: u64,
) -> Result<Note, AppError> {
    let until = storage.until();
    let mut headers = storage.about(facts, until);
    headers.push(("x-amz-checksum-algorithm", "SHA256".to_owned()));
    let action = storage.wire.bucket.create_multipart_upload(Some(&storage.wire.credentials), key);
    let reply = storage.wire.ask(action, Ask { headers, ..Ask::default() }).await?;
    if !reply.fine() {
        return Err(storage.wire.refused(&reply));
    }
    let made = CreateMultipartUpload::parse_response(&reply.body)
        .map_err(|error| AppError::new("storage.reply").with("says", error))?;
    let upload = made.upload_id().to_owned();
    Ok(Note { to, upload, sha256: facts.sha256, bytes: facts.bytes, part, until, parts: BTreeMap::new() })
}

async fn complete(storage: &S3Storage, key: &str, note: &Note) -> Result<Sent, AppError> {
    let part = |(number, part): (&u16, &Part)| {
        let (sum, tag) = (STANDARD.encode(part.sha256.0), &part.tag);
        format!(
            "<Part><ChecksumSHA256>{sum}</ChecksumSHA256><ETag>{tag}</ETag><PartNumber>{number}</PartNumber></Part>"
        )
    };
    let parts: String = note.parts.iter().map(part).collect();
    let body = format!(
        "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{parts}</CompleteMultipartUpload>"
    );
    let action = storage.wire.bucket.complete_multipart_upload(
        Some(&storage.wire.credentials),
        key,
        note.upload.as_str(),
        std::iter::empty(),
    );
    let headers = vec![("content-type", "application/xml".to_owned()), ("if-none-match", "*".to_owned())];
    let reply = storage.wire.ask(action, Ask { headers, body: body.into(), ..Ask::default() }).await?;
    // The second of two requests finds what the first one did, whose answer was lost.
    if reply.status == 412 || reply.code() == "NoSuchUpload" {
        return Ok(Sent::There);
    }
    if reply.fine() { Ok(Sent::made(&reply)) } else { Err(storage.wire.refused(&reply)) }
}

/// Takes an upload back. What stays is the server's to clear away.
async fn abandon(storage: &S3Storage, key: &str, note: &Note) {
    let action = storage.wire.bucket.abort_multipart_upload(
        Some(&storage.wire.credentials),
        key,
        note.upload.as_str(),
    );
    let done = storage.wire.ask(action, Ask::default()).await;
    if !done.is_ok_and(|reply| reply.fine() || reply.status == 404) {
        tracing::warn!("an upload that nobody goes on with is still there");
    }
}

impl Note {
    /// The note, if there is one that can be read.
    fn read(path: &PathBuf) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    fn write(&self, path: &PathBuf) -> Result<(), AppError> {
        let at = |error: std::io::Error| AppError::io(&error, path.display());
        let part = path.with_extension("part");
        if let Some(folder) = path.parent() {
            crate::keys::private_dir(folder).map_err(at)?;
        }
        fs::write(&part, serde_json::to_vec(self)?).map_err(at)?;
        fs::rename(&part, path).map_err(at)
    }
}

/// A note that stays does no harm: it does not fit what the server has.
fn forget(path: &PathBuf) {
    let _ = fs::remove_file(path);
}

/// The tag of a part. It goes back into XML: what would act there is refused.
fn tag(reply: &Reply) -> Result<String, AppError> {
    let tag = reply.header("etag").filter(|tag| !tag.is_empty() && !tag.contains(['<', '>', '&']));
    tag.map(str::to_owned).ok_or_else(|| AppError::new("storage.reply").with("says", "a part without a tag"))
}

/// Some servers put a tag into quotation marks in one place and not in the other.
fn bare(tag: &str) -> &str {
    tag.trim_matches('"')
}

/// Parts of `least`, or larger ones where there would be too many.
fn part_size(least: u64, bytes: u64) -> u64 {
    const MIB: u64 = 1024 * 1024;
    if bytes.div_ceil(least) <= MAX_PARTS { least } else { bytes.div_ceil(MAX_PARTS).div_ceil(MIB) * MIB }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_has_larger_parts_and_never_too_many() {
        let least = 8 << 20;
        assert_eq!(part_size(least, 20 << 20), least);
        assert_eq!(part_size(least, least * MAX_PARTS), least);
        for bytes in [least * MAX_PARTS + 1, 300 << 30, 640 << 30] {
            let part = part_size(least, bytes);
            assert!(part > least && bytes.div_ceil(part) <= MAX_PARTS && part <= 66 << 20, "{bytes}: {part}");
        }
    }
}
