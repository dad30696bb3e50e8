//! Archives in a bucket of S3-compatible storage.
//!
//! Nothing is overwritten: an upload carries `If-None-Match: *`. Nothing is believed: whatever the server answered to an upload, the whole object is
//! read back and hashed, and its head has to show the lock that was asked for. Memory is a part of the file, however large the file is. Every request
//! can be asked again: a lost answer is found out by looking.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_app::ports::{Bucket, Clock, Locking, Stage, Storage, ToldStored as Told};
use adjourn_domain::canonical::Hash;
use adjourn_domain::stored::{Lock, LockMode, Stored};
use adjourn_domain::time::Time;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

mod parts;
#[cfg(test)]
mod tests;
mod wire;

use wire::{Ask, Reply, Wire, date};

/// Size of a part, in bytes, as long as there are not too many. A file up to this size is sent in one request.
const PART: u64 = 8 * 1024 * 1024;
/// What is read at a time, in bytes.
const READ: u64 = 8 * 1024 * 1024;
/// The largest part that memory is taken for, in bytes; with the number of parts the largest file.
const MAX_PART: u64 = 64 * 1024 * 1024;
/// SHA-256 of what a request brings, in base64; the server refuses anything else.
const CHECKSUM: &str = "x-amz-checksum-sha256";
/// SHA-256 of the whole object, in hex, kept with it.
const WHOLE: &str = "x-amz-meta-sha256";
const DAY: u64 = 86_400;

/// Where archives go, and how.
#[derive(Clone)]
pub struct Settings {
    /// The server.
    pub endpoint: String,
    /// The region that signatures name.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// What all keys begin with; empty, or a path.
    pub prefix: String,
    /// Whether the bucket is named in the path and not in the host.
    pub path_style: bool,
    /// Which key signs.
    pub access_key: String,
    /// That key.
    pub secret: String,
    /// How objects are locked, and for how many days.
    pub lock: Option<(LockMode, u32)>,
    /// Whether objects get a legal hold.
    pub legal_hold: bool,
    /// A certificate authority to trust besides the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// Folder for notes about uploads under way.
    pub working: PathBuf,
}

/// A bucket.
pub struct S3Storage {
    wire: Wire,
    prefix: String,
    lock: Option<(LockMode, u32)>,
    legal_hold: bool,
    working: PathBuf,
    part: u64,
}

/// What is known about a file before it is sent.
struct Facts {
    path: PathBuf,
    sha256: Hash,
    bytes: u64,
}

/// What became of sending.
enum Sent {
    /// A new object, with its version where there are versions.
    Made(Option<String>),
    /// There is one already: somebody else's, or one whose answer was lost.
    There,
}

impl Sent {
    fn made(reply: &Reply) -> Self {
        Self::Made(version(reply))
    }
}

/// What the head of an object says.
struct Head {
    version: Option<String>,
    bytes: u64,
    tag: Option<String>,
    whole: Option<Hash>,
    modified: Option<Time>,
    lock: Option<Lock>,
    legal_hold: bool,
}

impl S3Storage {
    /// The bucket of the settings.
    ///
    /// # Errors
    /// What is wrong with the settings, in words.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let wire = Wire::new(&settings, clock)?;
        let Settings { prefix, lock, legal_hold, working, .. } = settings;
        let prefix = prefix.trim_matches('/').to_owned();
        if !prefix.is_empty() && !adjourn_app::storing::is_key(&prefix) {
            return Err("prefix: a path without . and ..".to_owned());
        }
        Ok(Self { wire, prefix, lock, legal_hold, working, part: PART })
    }

    fn whole_key(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}/{key}", self.prefix) }
    }

    /// Until when something that is stored now is locked, in whole seconds.
    fn until(&self) -> Option<Time> {
        let (_, days) = self.lock?;
        let seconds = self.wire.clock.now().as_millis().div_euclid(1000);
        Some(Time::from_millis(seconds * 1000).plus_secs(u64::from(days) * DAY))
    }

    /// The headers of a new object.
    fn about(&self, facts: &Facts, until: Option<Time>) -> Vec<(&'static str, String)> {
        let mut headers =
            vec![("content-type", "application/octet-stream".to_owned()), (WHOLE, facts.sha256.to_string())];
        if let (Some((mode, _)), Some(until)) = (self.lock, until) {
            headers.push(("x-amz-object-lock-mode", mode.slug().to_uppercase()));
            headers.push(("x-amz-object-lock-retain-until-date", until.to_string()));
        }
        if self.legal_hold {
            headers.push(("x-amz-object-lock-legal-hold", "ON".to_owned()));
        }
        headers
    }

    /// The head of an object; `None` when there is none.
    async fn head(&self, key: &str, version: Option<&str>) -> Result<Option<Head>, AppError> {
        let action = self.wire.bucket.head_object(Some(&self.wire.credentials), key);
        let query = version.map(|version| ("versionId", version.to_owned())).into_iter().collect();
        let reply = self.wire.ask(action, Ask { query, ..Ask::default() }).await?;
        match reply.status {
            200 => head_of(&reply).map(Some),
            404 => Ok(None),
            // A refused head has no body: the bucket says why.
            _ => {
                self.configuration("versioning").await?;
                Err(self.wire.refused(&reply))
            }
        }
    }

    /// Asks the bucket itself, by the name of one of its configurations.
    async fn configuration(&self, name: &'static str) -> Result<Reply, AppError> {
        // An object without a name is the bucket.
        let action = self.wire.bucket.get_object(Some(&self.wire.credentials), "");
        let query = vec![(name, String::new())];
        let reply = self.wire.ask(action, Ask { query, ..Ask::default() }).await?;
        let stranger = ["InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket"];
        let redirected = (300..400).contains(&reply.status) || reply.status == 400;
        let error = self.wire.refused(&reply);
        let clock = !reply.fine() && error.code() == "storage.clock";
        if stranger.contains(&reply.code().as_str()) || redirected || reply.status == 401 || clock {
            return Err(error);
        }
        Ok(reply)
    }

    async fn locking(&self) -> Result<Locking, AppError> {
        let reply = self.configuration("object-lock").await?;
        Ok(match reply.status {
            200 if reply.element("ObjectLockEnabled").is_some_and(|says| says == "Enabled") => Locking::On,
            200 | 404 => Locking::Off,
            _ => Locking::Unknown,
        })
    }

    /// Refuses a bucket without Object Lock, where there has to be one. Who may not ask finds out by what is read back.
    async fn can_lock(&self) -> Result<Locking, AppError> {
        let locking = self.locking().await?;
        if locking == Locking::Off && (self.lock.is_some() || self.legal_hold) {
            return Err(AppError::new("storage.no_lock").with("bucket", self.wire.bucket.name()));
        }
        Ok(locking)
    }

    /// Sends a small file in one request.
    async fn send(
        &self,
        file: &mut File,
        key: &str,
        facts: &Facts,
        told: Told<'_>,
    ) -> Result<(Sent, Option<Time>), AppError> {
        if facts.bytes > self.part {
            return parts::send(self, file, key, facts, told).await;
        }
        let at = |error: std::io::Error| AppError::io(&error, facts.path.display());
        let mut bytes = Vec::new();
        std::io::Seek::rewind(file).map_err(at)?;
        file.take(self.part + 1).read_to_end(&mut bytes).map_err(at)?;
        if Hash::of(&bytes) != facts.sha256 {
            return Err(AppError::new("storage.changed").with("file", facts.path.display()));
        }
        let until = self.until();
        let mut headers = self.about(facts, until);
        headers.push((CHECKSUM, STANDARD.encode(facts.sha256.0)));
        headers.push(("if-none-match", "*".to_owned()));
        let action = self.wire.bucket.put_object(Some(&self.wire.credentials), key);
        let reply =
            self.wire.ask(action, Ask { headers, body: Bytes::from(bytes), ..Ask::default() }).await?;
        told(Stage::Send, facts.bytes, facts.bytes);
        match reply.status {
            200 | 201 if reply.fine() => Ok((Sent::made(&reply), until)),
            412 => Ok((Sent::There, None)),
            _ => Err(self.wire.refused(&reply)),
        }
    }

    /// Reads an object piece by piece and gives its hash.
    async fn read(
        &self,
        key: &str,
        head: &Head,
        told: Told<'_>,
        mut take: impl FnMut(&[u8]) -> Result<(), AppError> + Send,
    ) -> Result<Hash, AppError> {
        let (mut whole, mut done) = (Sha256::new(), 0);
        while done < head.bytes {
            let size = READ.min(head.bytes - done);
            let mut headers = vec![("range", format!("bytes={done}-{}", done + size - 1))];
            headers.extend(head.tag.clone().map(|tag| ("if-match", tag)));
            let query = head.version.iter().map(|version| ("versionId", version.clone())).collect();
            let action = self.wire.bucket.get_object(Some(&self.wire.credentials), key);
            let content = Some(usize::try_from(size).unwrap_or(usize::MAX));
            let reply = self.wire.ask(action, Ask { headers, query, content, ..Ask::default() }).await?;
            let all = reply.status == 200 && size == head.bytes;
            if reply.status != 206 && !all {
                return Err(match reply.status {
                    200 => AppError::new("storage.reply").with("says", "it gave more than was asked for"),
                    404 | 412 => damaged(key, "it changed while it was read"),
                    _ => self.wire.refused(&reply),
                });
            }
            if reply.body.len() as u64 != size {
                return Err(damaged(key, "it is shorter than its head says"));
            }
            whole.update(&reply.body);
            take(&reply.body)?;
            done += size;
            told(Stage::Read, done, head.bytes);
        }
        Ok(Hash(whole.finalize().into()))
    }

    /// Whether an object is locked at least as it has to be.
    fn check_lock(&self, key: &str, head: &Head, until: Option<Time>) -> Result<(), AppError> {
        let wrong = |says: String| AppError::new("storage.lock").with("key", key).with("says", says);
        if self.legal_hold && !head.legal_hold {
            return Err(wrong("legal hold: off".to_owned()));
        }
        let Some((mode, _)) = self.lock else { return Ok(()) };
        match &head.lock {
            None => Err(wrong("none".to_owned())),
            Some(lock) if lock.mode < mode || until.is_some_and(|until| lock.until < until) => {
                Err(wrong(format!("{} {}", lock.mode.slug(), lock.until)))
            }
            Some(_) => Ok(()),
        }
    }

    /// The lock that an object has to have that was stored earlier: counted from then, a day less for uploads that took long.
    fn since(&self, head: &Head) -> Option<Time> {
        let (_, days) = self.lock?;
        let from = head.modified.unwrap_or_else(|| self.wire.clock.now());
        Some(from.plus_secs(u64::from(days).saturating_sub(1) * DAY))
    }

    fn stored(&self, key: &str, head: Head, sha256: Hash) -> Stored {
        let Head { version, bytes, lock, legal_hold, .. } = head;
        let bucket = self.wire.bucket.name().to_owned();
        Stored { bucket, key: key.to_owned(), version, sha256, bytes, lock, legal_hold }
    }
}

#[async_trait]
impl Storage for S3Storage {
    async fn look(&self) -> Result<Bucket, AppError> {
        let reply = self.configuration("versioning").await?;
        let versioned =
            reply.fine().then(|| reply.element("Status").is_some_and(|status| status == "Enabled"));
        let at = self.wire.bucket.base_url().join(&self.prefix);
        let at = at.map_or_else(|_| self.wire.bucket.base_url().to_string(), |url| url.to_string());
        Ok(Bucket { at, versioned, locking: self.can_lock().await? })
    }

    async fn locks(&self) -> Result<bool, AppError> {
        // A bucket's own rule for whatever comes without a lock.
        Ok(self.lock.is_some()
            || self.legal_hold
            || self.configuration("object-lock").await?.element("DefaultRetention").is_some())
    }

    async fn find(&self, key: &str) -> Result<Option<Stored>, AppError> {
        let key = self.whole_key(key);
        let head = self.head(&key, None).await?;
        Ok(head.and_then(|head| head.whole.map(|whole| self.stored(&key, head, whole))))
    }

    async fn put(&self, file: &Path, key: &str, told: Told<'_>) -> Result<(Stored, bool), AppError> {
        let key = &self.whole_key(key);
        let mut open = File::open(file).map_err(|error| AppError::io(&error, file.display()))?;
        let facts = facts(&mut open, file, told).await?;
        let exists = || AppError::new("storage.exists").with("key", key);
        let mut found = self.head(key, None).await?;
        let mut until = None;
        if found.is_none() {
            self.can_lock().await?;
            let (sent, asked) = Box::pin(self.send(&mut open, key, &facts, told)).await?;
            if let Sent::Made(version) = &sent {
                let head = self.head(key, version.as_deref()).await?;
                let head = head.ok_or_else(|| damaged(key, "it is not there"))?;
                if head.bytes != facts.bytes {
                    return Err(damaged(key, "it has another size"));
                }
                self.check_lock(key, &head, asked)?;
                if self.read(key, &head, told, |_| Ok(())).await? != facts.sha256 {
                    return Err(damaged(key, "it has another hash"));
                }
                return Ok((self.stored(key, head, facts.sha256), false));
            }
            (found, until) = (self.head(key, None).await?, asked);
        }
        let head = found.ok_or_else(|| damaged(key, "it is not there"))?;
        if head.bytes != facts.bytes || self.read(key, &head, told, |_| Ok(())).await? != facts.sha256 {
            return Err(exists());
        }
        self.check_lock(key, &head, until.or_else(|| self.since(&head)))?;
        Ok((self.stored(key, head, facts.sha256), true))
    }

    async fn get(
        &self,
        key: &str,
        known: Option<&Stored>,
        to: &Path,
        told: Told<'_>,
    ) -> Result<Stored, AppError> {
        let key = &self.whole_key(key);
        if to.symlink_metadata().is_ok() {
            return Err(AppError::new("archive.exists").with("path", to.display()));
        }
        let Some(head) = self.head(key, known.and_then(|known| known.version.as_deref())).await? else {
            // It may be the bucket that is not there.
            self.configuration("versioning").await?;
            return Err(AppError::new("storage.unknown").with("key", key));
        };
        let wanted = known.map(|known| known.sha256).or(head.whole);
        let wanted = wanted.ok_or_else(|| AppError::new("storage.unhashed").with("key", key))?;
        let mut name = to.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let at = |error: std::io::Error| AppError::io(&error, part.display());
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(at)?;
        let read = self.read(key, &head, told, |bytes| file.write_all(bytes).map_err(at)).await;
        let written = read.and_then(|sha256| {
            if sha256 != wanted {
                return Err(damaged(key, &format!("its hash is {sha256} and has to be {wanted}")));
            }
            file.sync_all().map_err(at)?;
            // Not by rename: what somebody else made meanwhile stays.
            fs::hard_link(&part, to).map_err(|error| AppError::io(&error, to.display()))
        });
        // What is left of an attempt is of no use.
        let _ = fs::remove_file(&part);
        written.map(|()| self.stored(key, head, wanted))
    }
}

/// Hashes a file.
async fn facts(file: &mut File, path: &Path, told: Told<'_>) -> Result<Facts, AppError> {
    let at = |error: std::io::Error| AppError::io(&error, path.display());
    let size = file.metadata().map_err(at)?.len();
    if size > MAX_PART * parts::MAX_PARTS {
        let limit = MAX_PART * parts::MAX_PARTS / 1024 / 1024 / 1024;
        return Err(AppError::new("storage.size").with("file", path.display()).with("limit", limit));
    }
    let (mut whole, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(at)?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { break };
        whole.update(chunk);
        bytes += count as u64;
        told(Stage::Hash, bytes, size);
        tokio::task::yield_now().await;
    }
    Ok(Facts { path: path.to_owned(), sha256: Hash(whole.finalize().into()), bytes })
}

fn head_of(reply: &Reply) -> Result<Head, AppError> {
    let bytes = reply.header("content-length").and_then(|length| length.parse().ok());
    let bytes = bytes.ok_or_else(|| AppError::new("storage.reply").with("says", "no length"))?;
    let mode = match reply.header("x-amz-object-lock-mode") {
        Some("COMPLIANCE") => Some(LockMode::Compliance),
        Some("GOVERNANCE") => Some(LockMode::Governance),
        _ => None,
    };
    let until = reply.header("x-amz-object-lock-retain-until-date").and_then(Time::parse);
    Ok(Head {
        version: version(reply),
        bytes,
        tag: reply.header("etag").map(str::to_owned),
        whole: reply.header(WHOLE).and_then(Hash::from_hex),
        modified: reply.header("last-modified").and_then(date),
        lock: mode.zip(until).map(|(mode, until)| Lock { mode, until }),
        legal_hold: reply.header("x-amz-object-lock-legal-hold") == Some("ON"),
    })
}

/// The version that a reply is about. Buckets without versions have one that is called null.
fn version(reply: &Reply) -> Option<String> {
    reply.header("x-amz-version-id").filter(|version| *version != "null").map(str::to_owned)
}

fn damaged(key: &str, says: &str) -> AppError {
    AppError::new("storage.damaged").with("key", key).with("says", says)
}
