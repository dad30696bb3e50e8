//! Writing the two bags without knowing file names by heart.
//!
//! [`ArchiveBundle`] makes the archive bag of one group. [`CaseBundle`] makes the case bag, which carries the
//! archive bags byte for byte. The checkpoint is written last: besides the state of the log it signs the hash of
//! everything that was written before, as the extension line `bundle <hex>`. So the log's signature, and
//! the time stamp over it, bind every file of the bundle; manifests alone could be written anew by anyone.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use adjourn_domain::canonical::{Hash, canonical_json, unhex};
use adjourn_domain::passkey::{Assertion, Passkey};
use serde::Serialize;

use crate::bag::{BagError, BagInfo, BagWriter, PAYLOAD, PayloadFile, SealedBag, manifest_text};
use crate::bag_read::hash_file;
use crate::layout::{
    ANNOUNCEMENTS, APPROVALS, ARCHIVE, ARCHIVE_DEPOSIT, ARCHIVE_STAMP, CERTIFICATE, CHECKPOINT,
    CHECKPOINT_DEPOSIT, CHECKPOINT_STAMP, DELEGATIONS, HANDED_IN, JOURNAL, JournalLine, LINKS, LOG_PEM,
    LOG_VKEY, MEDIA, MEDIA_INDEX, MEMBERS, MESSAGES, MediaRecord, PASSKEY_KEY, PASSKEY_SIGNED, PASSKEYS,
    PLAN, PRINCIPALS, PROBES, RECEIPT, RESIDUE, SEALED, SEALED_ENDING, SealedNote, TAIL, VERDICT, group_path,
    signature_name,
};
use crate::note::{Checkpoint, LogKey};
use crate::passkey::to_pem;

/// What the checkpoint's extension line begins with; the content hash in hex follows.
pub(crate) const EXTENSION: &str = "bundle ";
/// The zstd level of messages; higher ones cost far more time than they save room.
const ZSTD_LEVEL: i32 = 9;

/// The log's own files are written after the content hash is known, and so are not in it.
pub(crate) fn is_content(path: &str) -> bool {
    ![CHECKPOINT, CHECKPOINT_STAMP, CHECKPOINT_DEPOSIT, LOG_VKEY, LOG_PEM]
        .iter()
        .any(|name| path.strip_prefix("data/") == Some(name))
}

/// SHA-256 over the manifest lines of a bundle's content: of `manifest-sha256.txt` without the log's files.
pub(crate) fn content_hash_of(files: &BTreeMap<String, Hash>) -> Hash {
    let content = files.iter().filter(|(path, _)| is_content(path)).map(|(path, hash)| (path.clone(), *hash));
    Hash::of(manifest_text(&content.collect()).as_bytes())
}

/// Writes the case bag.
#[derive(Debug)]
pub struct CaseBundle {
    bag: BagWriter,
}

impl CaseBundle {
    /// Starts the bundle that will be at `dir`.
    pub fn create(dir: &Path) -> Result<Self, BagError> {
        Ok(Self { bag: BagWriter::create(dir)? })
    }

    /// The plan: the canonical bytes that were hashed, unchanged.
    pub fn plan(&mut self, canonical: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(PLAN, canonical)
    }

    /// The principals that the approvals and the plan name: a list of [`crate::layout::PrincipalRecord`].
    pub fn principals<T: Serialize + ?Sized>(&mut self, principals: &T) -> Result<Hash, BagError> {
        self.json(PRINCIPALS, principals)
    }

    /// The approvals with their signatures: a list of [`crate::layout::ApprovalRecord`].
    pub fn approvals<T: Serialize + ?Sized>(&mut self, approvals: &T) -> Result<Hash, BagError> {
        self.json(APPROVALS, approvals)
    }

    /// Roles that were lent, each with its signature; nothing is written where there are none.
    pub fn delegations<T: Serialize>(&mut self, delegations: &[T]) -> Result<(), BagError> {
        if !delegations.is_empty() {
            self.json(DELEGATIONS, delegations)?;
        }
        Ok(())
    }

    /// Passkeys that were used, each with its owner's signature; nothing is written where there are none.
    pub fn passkeys<T: Serialize>(&mut self, passkeys: &[T]) -> Result<(), BagError> {
        if !passkeys.is_empty() {
            self.json(PASSKEYS, passkeys)?;
        }
        Ok(())
    }

    /// A passkey's answer as files that openssl reads.
    pub fn answer(&mut self, folder: &str, passkey: &Passkey, answer: &Assertion) -> Result<(), BagError> {
        let part = |text: &str| unhex(text).unwrap_or_default();
        let client = part(&answer.client_data);
        let signed = [part(&answer.authenticator_data), Hash::of(&client).0.to_vec()].concat();
        let pem = to_pem(&part(&passkey.public_key));
        let files: [(&str, &[u8]); 4] = [
            (PASSKEY_SIGNED, &signed),
            (signature_name(passkey.algorithm), &part(&answer.signature)),
            (PASSKEY_KEY, pem.as_bytes()),
            ("client_data.json", &client),
        ];
        for (name, bytes) in files {
            self.bag.add_bytes(&format!("{folder}/{name}"), bytes)?;
        }
        Ok(())
    }

    /// A group's archive bag, copied byte for byte from where it was sealed.
    pub fn archive(&mut self, group: &str, archive_bag: &Path) -> Result<(), BagError> {
        self.bag.copy_tree(&group_path(group, ARCHIVE), archive_bag)
    }

    /// The RFC 3161 reply over the archive bag's `tagmanifest-sha256.txt`.
    pub fn archive_timestamp(&mut self, group: &str, reply: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(&group_path(group, ARCHIVE_STAMP), reply)
    }

    /// A keeper's receipt over the archive bag's `tagmanifest-sha256.txt`.
    pub fn archive_deposit(&mut self, group: &str, receipt: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(&group_path(group, ARCHIVE_DEPOSIT), receipt)
    }

    /// What came after the archive was sealed, in the form of the archive's messages.
    pub fn tail(&mut self, group: &str) -> Result<MessageWriter<'_>, BagError> {
        MessageWriter::new(self.bag.add_file(&group_path(group, TAIL))?)
    }

    /// The same for a group whose original is sealed: what is written are the bytes of an age file.
    pub fn sealed_tail(&mut self, group: &str) -> Result<PayloadFile<'_>, BagError> {
        self.bag.add_file(&group_path(group, &format!("{TAIL}{SEALED_ENDING}")))
    }

    /// What was announced in a group, where and when.
    pub fn announcements<T: Serialize + ?Sized>(&mut self, group: &str, items: &T) -> Result<Hash, BagError> {
        self.json(&group_path(group, ANNOUNCEMENTS), items)
    }

    /// Every look at a group during its observation.
    pub fn probes<T: Serialize + ?Sized>(&mut self, group: &str, items: &T) -> Result<Hash, BagError> {
        self.json(&group_path(group, PROBES), items)
    }

    /// A group's verdict, of the shape [`crate::layout::Verdict`].
    pub fn verdict<T: Serialize + ?Sized>(&mut self, group: &str, verdict: &T) -> Result<Hash, BagError> {
        self.json(&group_path(group, VERDICT), verdict)
    }

    /// What survives a group's dissolve.
    pub fn residue<T: Serialize + ?Sized>(&mut self, group: &str, residue: &T) -> Result<Hash, BagError> {
        self.json(&group_path(group, RESIDUE), residue)
    }

    /// A group's certificate, of the shape [`crate::layout::Certificate`]; only with the verdict `gone`.
    pub fn certificate<T: Serialize + ?Sized>(
        &mut self,
        group: &str,
        certificate: &T,
    ) -> Result<Hash, BagError> {
        self.json(&group_path(group, CERTIFICATE), certificate)
    }

    /// What people handed in to show that they did a step: files named by their SHA-256.
    pub fn evidence(&mut self, group: &str, folder: &Path) -> Result<(), BagError> {
        self.bag.copy_tree(&group_path(group, HANDED_IN), folder)
    }

    /// Any other file, for content that this version has no name for.
    pub fn other<T: Serialize>(&mut self, path: &str, value: &T) -> Result<Hash, BagError> {
        self.json(path, value)
    }

    /// A file of a report as it is.
    pub fn file(&mut self, path: &str, bytes: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(path, bytes)
    }

    /// The journal's lines, by rising `seq`: of every stream that the case touches, all events from the
    /// first that is carried to the last.
    pub fn journal(&mut self, lines: impl IntoIterator<Item = JournalLine>) -> Result<u64, BagError> {
        let mut file = self.bag.add_file(JOURNAL)?;
        let mut count = 0;
        for line in lines {
            write_line(&mut file, JOURNAL, &line)?;
            count += 1;
        }
        file.close()?;
        Ok(count)
    }

    /// The log's part, after everything else: its key, and the checkpoint over its state and this bundle's
    /// content, signed under the log's name. Gives the checkpoint's text, whose bytes are what is stamped;
    /// after it only [`CaseBundle::checkpoint_timestamp`] and [`CaseBundle::checkpoint_deposit`] may follow.
    pub fn checkpoint(
        &mut self,
        origin: &str,
        seed: &[u8; 32],
        size: u64,
        root: Hash,
    ) -> Result<String, BagError> {
        let key = LogKey::from_seed(origin, seed)?;
        let extensions = vec![format!("{EXTENSION}{}", content_hash_of(self.bag.files()))];
        let note = Checkpoint { origin: origin.to_owned(), size, root, extensions }.sign(seed)?;
        self.bag.add_bytes(CHECKPOINT, note.as_bytes())?;
        self.bag.add_bytes(LOG_VKEY, format!("{}\n", key.to_vkey()).as_bytes())?;
        self.bag.add_bytes(LOG_PEM, key.to_pem().as_bytes())?;
        Ok(note)
    }

    /// The RFC 3161 reply over the bytes of the checkpoint.
    pub fn checkpoint_timestamp(&mut self, reply: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(CHECKPOINT_STAMP, reply)
    }

    /// A keeper's receipt over the bytes of the checkpoint.
    pub fn checkpoint_deposit(&mut self, receipt: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(CHECKPOINT_DEPOSIT, receipt)
    }

    /// Completes the bundle and publishes it under its name.
    pub fn finish(self, info: &BagInfo) -> Result<SealedBag, BagError> {
        self.bag.finish(info)
    }

    fn json<T: Serialize + ?Sized>(&mut self, path: &str, value: &T) -> Result<Hash, BagError> {
        self.bag.add_bytes(path, &canonical_json(&value)?)
    }
}

/// Writes the archive bag of one group.
#[derive(Debug)]
pub struct ArchiveBundle {
    bag: BagWriter,
    media: Vec<MediaRecord>,
}

impl ArchiveBundle {
    /// Starts the archive bag that will be at `dir`.
    pub fn create(dir: &Path) -> Result<Self, BagError> {
        Ok(Self { bag: BagWriter::create(dir)?, media: Vec::new() })
    }

    /// Begins the messages.
    pub fn messages(&mut self) -> Result<MessageWriter<'_>, BagError> {
        MessageWriter::new(self.bag.add_file(MESSAGES)?)
    }

    /// Who was in the group.
    pub fn members<T: Serialize + ?Sized>(&mut self, members: &T) -> Result<Hash, BagError> {
        self.bag.add_bytes(MEMBERS, &canonical_json(&members)?)
    }

    /// What hung on the group.
    pub fn links<T: Serialize + ?Sized>(&mut self, links: &T) -> Result<Hash, BagError> {
        self.bag.add_bytes(LINKS, &canonical_json(&links)?)
    }

    /// A media file with its content; the same content under another id is stored once.
    pub fn media(&mut self, id: &str, name: &str, content: &[u8]) -> Result<Hash, BagError> {
        let sha256 = Hash::of(content);
        let path = format!("{MEDIA}/{sha256}");
        if !self.bag.files().contains_key(&format!("{PAYLOAD}/{path}")) {
            self.bag.add_bytes(&path, content)?;
        }
        let bytes = content.len() as u64;
        self.media.push(MediaRecord { id: id.to_owned(), sha256, bytes, name: name.to_owned() });
        Ok(sha256)
    }

    /// A media file from where it lies, without reading it as a whole.
    pub fn media_file(&mut self, id: &str, name: &str, source: &Path) -> Result<Hash, BagError> {
        let found =
            hash_file(source).map_err(|error| BagError::Io { path: source.to_owned(), source: error })?;
        let path = format!("{MEDIA}/{}", found.hash);
        if !self.bag.files().contains_key(&format!("{PAYLOAD}/{path}"))
            && self.bag.add_existing(&path, source)? != found.hash
        {
            return Err(BagError::Changed(source.to_owned()));
        }
        self.media.push(MediaRecord {
            id: id.to_owned(),
            sha256: found.hash,
            bytes: found.bytes,
            name: name.to_owned(),
        });
        Ok(found.hash)
    }

    /// What the archive holds and what is known to be missing, of the shape [`crate::layout::Receipt`].
    pub fn receipt<T: Serialize + ?Sized>(&mut self, receipt: &T) -> Result<Hash, BagError> {
        self.bag.add_bytes(RECEIPT, &canonical_json(&receipt)?)
    }

    /// A file that is sealed, by its path with [`SEALED_ENDING`]: what is written are the bytes of an age file.
    pub fn sealed(&mut self, path: &str) -> Result<PayloadFile<'_>, BagError> {
        self.bag.add_file(path)
    }

    /// Any other file of the payload.
    pub fn other(&mut self, path: &str, bytes: &[u8]) -> Result<Hash, BagError> {
        self.bag.add_bytes(path, bytes)
    }

    /// Writes the media index, completes the bag and publishes it. The bag hash is what `sealed` and
    /// `seal_read_back` events carry.
    pub fn finish(mut self, info: &BagInfo) -> Result<SealedBag, BagError> {
        self.bag.add_bytes(MEDIA_INDEX, &canonical_json(&self.media)?)?;
        self.bag.finish(info)
    }

    /// Completes a bag whose original is sealed.
    pub fn finish_sealed(mut self, note: &SealedNote, info: &BagInfo) -> Result<SealedBag, BagError> {
        self.bag.add_bytes(SEALED, &canonical_json(note)?)?;
        self.bag.finish(info)
    }
}

/// Messages on their way into a bag: one canonical JSON object per line, one zstd frame with a checksum.
#[must_use = "without close() the bag can't be finished"]
pub struct MessageWriter<'a> {
    encoder: zstd::Encoder<'static, PayloadFile<'a>>,
    count: u64,
}

impl<'a> MessageWriter<'a> {
    fn new(file: PayloadFile<'a>) -> Result<Self, BagError> {
        let mut encoder = zstd::Encoder::new(file, ZSTD_LEVEL).map_err(io_at(MESSAGES))?;
        encoder.include_checksum(true).map_err(io_at(MESSAGES))?;
        Ok(Self { encoder, count: 0 })
    }

    /// Writes one message, which has at least `id` and `kind`.
    pub fn push<T: Serialize>(&mut self, message: &T) -> Result<(), BagError> {
        self.count += 1;
        write_line(&mut self.encoder, MESSAGES, message)
    }

    /// Completes the file and gives the number of messages.
    pub fn close(self) -> Result<u64, BagError> {
        self.encoder.finish().map_err(io_at(MESSAGES))?.close()?;
        Ok(self.count)
    }
}

impl fmt::Debug for MessageWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageWriter").field("count", &self.count).finish_non_exhaustive()
    }
}

fn write_line<T: Serialize>(to: &mut impl Write, name: &str, value: &T) -> Result<(), BagError> {
    let mut line = canonical_json(value)?;
    line.push(b'\n');
    to.write_all(&line).map_err(io_at(name))
}

fn io_at(name: &str) -> impl Fn(io::Error) -> BagError {
    let path = Path::new(PAYLOAD).join(name);
    move |source| BagError::Io { path: path.clone(), source }
}
