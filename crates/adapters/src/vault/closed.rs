//! Archive bags whose original is sealed under the group's key: messages, members and media are age files, receipt and links stay in clear.
//!
//! The bag's manifest is over the sealed bytes, so anybody can check that nothing was changed. `sealed.json` has the hash of what is inside; that it is so
//! is checked here once, when the bag is read back, before anything irreversible happens.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use adjourn_app::AppError;
use adjourn_archive::Staging;
use adjourn_archive::sealed::{self, ENDING, Recipient, SealError, Sealed};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::GroupId;
use adjourn_evidence::bag::{PAYLOAD, PayloadFile};
use adjourn_evidence::bundle::ArchiveBundle;
use adjourn_evidence::layout::{MEDIA, MEDIA_INDEX, MEMBERS, MESSAGES, MediaRecord, SEALED, SealedNote};
use sha2::{Digest as _, Sha256};

use super::Fault;
use crate::keys::FileKeys;
use crate::originals::refused;

/// Writes messages, members and media of an export into a bag, sealed.
pub(super) fn contents(
    staging: &Staging,
    bundle: &mut ArchiveBundle,
    snapshot: &Snapshot,
    recipient: &Recipient,
) -> Result<SealedNote, Fault> {
    let to = std::slice::from_ref(recipient);
    let name = |plain: &str| format!("{plain}{ENDING}");
    let messages = records(staging, to, bundle.sealed(&name(MESSAGES))?)?;
    let members = canonical_json(&snapshot.members).map_err(adjourn_evidence::bag::BagError::from)?;
    whole(members.as_slice(), to, bundle.sealed(&name(MEMBERS))?)?;
    let mut index: Vec<MediaRecord> = Vec::new();
    for entry in staging.media() {
        let Some((sha256, bytes)) = entry.content else { continue };
        // The name of a sealed file tells nothing of what is in it; the index, which does, is sealed as well.
        if !index.iter().any(|known| known.sha256 == sha256) {
            let path = staging.media_path(&sha256);
            let file = File::open(&path).map_err(|source| Fault::io(&path, source))?;
            let number = index.len() + 1;
            whole(file, to, bundle.sealed(&name(&format!("{MEDIA}/{number:06}")))?)?;
        }
        index.push(MediaRecord { id: entry.id.to_string(), name: entry.name.clone(), sha256, bytes });
    }
    let index = canonical_json(&index).map_err(adjourn_evidence::bag::BagError::from)?;
    whole(index.as_slice(), to, bundle.sealed(&name(MEDIA_INDEX))?)?;
    Ok(SealedNote {
        recipient: recipient.to_string(),
        messages_sha256: messages.plain,
        messages_bytes: messages.bytes,
    })
}

/// Whether the original in an archive bag is sealed.
pub(super) fn is_sealed(bag: &Path) -> bool {
    bag.join(PAYLOAD).join(SEALED).exists()
}

/// Seals an export's records into a file of a bag.
pub(super) fn records(staging: &Staging, to: &[Recipient], file: PayloadFile<'_>) -> Result<Sealed, Fault> {
    let (file, sealed) = sealed::records(staging, to, file)?;
    file.close()?;
    Ok(sealed)
}

fn whole(from: impl Read, to: &[Recipient], mut file: PayloadFile<'_>) -> Result<(), Fault> {
    sealed::seal(from, to, &mut file)?;
    file.close()?;
    Ok(())
}

/// Opens the messages of a bag and holds them against what the bag says is inside. A bag in clear has nothing to open.
pub(super) fn read_back(keys: &FileKeys, group: &GroupId, bag: &Path) -> Result<(), AppError> {
    let data = bag.join(PAYLOAD);
    if !is_sealed(bag) {
        return Ok(());
    }
    let path = data.join(format!("{MESSAGES}{ENDING}"));
    let failed = |says: String| AppError::new("seal.failed").with("says", says);
    let note =
        fs::read(data.join(SEALED)).map_err(|error| AppError::io(&error, data.join(SEALED).display()))?;
    let note: SealedNote = serde_json::from_slice(&note).map_err(|error| failed(error.to_string()))?;
    let file = File::open(&path).map_err(|error| AppError::io(&error, path.display()))?;
    let identity = keys.original_identity(group)?;
    let mut plain = sealed::open(file, &[identity]).map_err(|error| refused(error, &path))?;
    let mut hash = Hashed(Sha256::new());
    let bytes = io::copy(&mut plain, &mut hash).map_err(|error| refused(SealError::Io(error), &path))?;
    if Hash(hash.0.finalize().into()) != note.messages_sha256 || bytes != note.messages_bytes {
        return Err(failed(format!("{}: not what was sealed", path.display())));
    }
    Ok(())
}

struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
