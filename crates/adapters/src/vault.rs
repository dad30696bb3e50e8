//! Exports, bags and bundles in a directory of their own, beside the data folder and not in it: what lies here is handed
//! over to people, and the destruction of a group's key does not reach it once it is.
//!
//! ```text
//! <case>.work/<group>/main, tail     exports under way
//! <case>.work/<group>/archive        the sealed archive bag; messages, members and media in it as age files where originals are sealed ([`closed`])
//! <case>.work/<group>/archive.tsr    the time stamp over it
//! <case>.work/<group>/archive.deposit.json   the receipt of a keeper of evidence over it
//! <case>.work/<group>/evidence/      what people handed in, by hash; `<hash>.sealed` a file as it came, under the group's key
//! <case>/                            the bundle, complete or not there
//! export.work/<group>/main           the same of an export outside a case, in a folder that a person names
//! <group>/                           its archive bag, complete or not there
//! audits/<name>/                     the report of an audit, the same way
//! destroyed/<group>/                 the certificate that a group's key was destroyed, the same way
//! ```

mod compose;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_app::AppError;
use adjourn_app::export::NO_CASE;
use adjourn_app::ports::{
    BundleInfo, BundleInput, Deposits, ExportState, KeyId, Keys as _, Part, ReportInput, SealInfo, Stamps,
    Vault,
};
use adjourn_archive::sealed::{Recipient, RecordsError, SealError};
use adjourn_archive::{ArchiveError, Staging};
use adjourn_domain::call::ExportPage;
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::{EvidenceRef, Receipt};
use adjourn_domain::export::Days;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{CaseId, GroupId, NativeId};
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use adjourn_domain::upload::file_name;
use adjourn_evidence::bag::{BagError, BagInfo, PAYLOAD, TAG_MANIFEST, inspect};
use adjourn_evidence::bundle::{ArchiveBundle, MessageWriter};
use adjourn_evidence::layout::{ARCHIVE_DEPOSIT, ARCHIVE_STAMP, RECEIPT};
use adjourn_evidence::verify::{VerifyOptions, verify_bundle};
use async_trait::async_trait;

mod closed;

use crate::handed;
use crate::keys::FileKeys;

/// Largest file that a person may hand in, in bytes.
pub const MAX_EVIDENCE: usize = 50 * 1024 * 1024;
/// Ending of a file as it came, sealed.
const SEALED: &str = "sealed";

/// The vault in a directory.
pub struct FileVault {
    root: PathBuf,
    keys: Arc<FileKeys>,
    stamps: Arc<dyn Stamps>,
    deposits: Arc<dyn Deposits>,
    recipients: Option<Vec<Recipient>>,
    open: Mutex<HashMap<PathBuf, Staging>>,
}

impl FileVault {
    /// A vault under `root`.
    ///
    /// # Errors
    /// `io` when the folder can't be made, for its owner alone.
    pub fn new(
        root: &Path,
        keys: Arc<FileKeys>,
        stamps: Arc<dyn Stamps>,
        deposits: Arc<dyn Deposits>,
    ) -> Result<Self, AppError> {
        match crate::keys::private_dir(root) {
            // Nothing will be written there either; what only reads, and `doctor`, must still run.
            Err(error) if error.kind() == std::io::ErrorKind::ReadOnlyFilesystem && root.is_dir() => {}
            made => made.map_err(|error| AppError::io(&error, root.display()))?,
        }
        Ok(Self { root: root.to_owned(), keys, stamps, deposits, recipients: None, open: Mutex::default() })
    }

    /// Seals originals under their groups' keys; `recipients` of the organisation get a way back to each key.
    #[must_use]
    pub fn sealing_originals(mut self, recipients: Vec<Recipient>) -> Self {
        self.recipients = Some(recipients);
        self
    }

    /// To whom the original of a group is sealed, where originals are.
    fn recipient(&self, group: &GroupId) -> Result<Option<Recipient>, AppError> {
        let Some(recover) = &self.recipients else { return Ok(None) };
        self.keys.original_recipient(group, recover).map(Some)
    }

    /// A vault in a folder that a person names. One that is there keeps its rights.
    ///
    /// # Errors
    /// As [`FileVault::new`].
    pub fn in_folder(
        root: &Path,
        keys: Arc<FileKeys>,
        stamps: Arc<dyn Stamps>,
        deposits: Arc<dyn Deposits>,
    ) -> Result<Self, AppError> {
        if root.is_dir() {
            return Ok(Self {
                root: root.to_owned(),
                keys,
                stamps,
                deposits,
                recipients: None,
                open: Mutex::default(),
            });
        }
        Self::new(root, keys, stamps, deposits)
    }

    fn work(&self, case: &CaseId) -> PathBuf {
        self.root.join(format!("{case}.work"))
    }

    fn group(&self, case: &CaseId, group: &GroupId) -> PathBuf {
        self.work(case).join(group.as_str())
    }

    fn archive(&self, case: &CaseId, group: &GroupId) -> PathBuf {
        // Outside a case the archive is what is handed over.
        if case.as_str() == NO_CASE {
            return self.root.join(group.as_str());
        }
        self.group(case, group).join("archive")
    }

    fn evidence_dir(&self, case: &CaseId, group: &GroupId) -> Result<PathBuf, AppError> {
        let dir = self.group(case, group).join("evidence");
        fs::create_dir_all(&dir).map_err(|error| AppError::io(&error, dir.display()))?;
        Ok(dir)
    }

    fn stamp_path(&self, case: &CaseId, group: &GroupId) -> PathBuf {
        self.group(case, group).join(ARCHIVE_STAMP)
    }

    fn deposit_path(&self, case: &CaseId, group: &GroupId) -> PathBuf {
        self.group(case, group).join(ARCHIVE_DEPOSIT)
    }

    /// Works on an export's folder, opened once in a process.
    fn with<T>(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        f: impl FnOnce(&mut Staging) -> Result<T, Fault>,
    ) -> Result<T, AppError> {
        let path = self.staging(case, group, part);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // After an error what is on disk counts, and not what was in memory.
        let mut staging = if let Some(staging) = open.remove(&path) {
            staging
        } else {
            let earlier = match part {
                Part::Main => None,
                Part::Tail => Some(Staging::open(&self.staging(case, group, Part::Main), None)),
            };
            Staging::open(&path, earlier.transpose().map_err(Fault::from)?).map_err(Fault::from)?
        };
        let done = f(&mut staging)?;
        open.insert(path, staging);
        Ok(done)
    }

    fn staging(&self, case: &CaseId, group: &GroupId, part: Part) -> PathBuf {
        self.group(case, group).join(if part == Part::Main { "main" } else { "tail" })
    }

    fn close(&self, case: &CaseId) {
        let work = self.work(case);
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|path, _| !path.starts_with(&work));
    }
}

fn check_size(bytes: &[u8]) -> Result<(), AppError> {
    if bytes.is_empty() || bytes.len() > MAX_EVIDENCE {
        return Err(AppError::new("step.evidence").with("says", format!("{} bytes", bytes.len())));
    }
    Ok(())
}

/// Why something could not be written.
enum Fault {
    Archive(ArchiveError),
    Bag(BagError),
    Seal(SealError),
}

impl Fault {
    fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Archive(ArchiveError::Io { path: path.to_owned(), source })
    }
}

impl From<SealError> for Fault {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<RecordsError> for Fault {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Archive(error) => Self::Archive(error),
            RecordsError::Seal(error) => Self::Seal(error),
        }
    }
}

impl From<ArchiveError> for Fault {
    fn from(error: ArchiveError) -> Self {
        Self::Archive(error)
    }
}

impl From<BagError> for Fault {
    fn from(error: BagError) -> Self {
        Self::Bag(error)
    }
}

impl From<Fault> for AppError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Archive(ArchiveError::Io { path, source }) | Fault::Bag(BagError::Io { path, source }) => {
                Self::io(&source, path.display())
            }
            Fault::Archive(error) => Self::new("journal.corrupt").with("what", "export").with("says", error),
            Fault::Bag(error) => Self::new("seal.failed").with("says", error),
            Fault::Seal(SealError::Io(error)) => Self::io(&error, "archive"),
            Fault::Seal(error) => Self::new("seal.failed").with("says", error),
        }
    }
}

/// Writes all records of an export into a bag.
fn push_all(staging: &Staging, mut messages: MessageWriter<'_>) -> Result<(), Fault> {
    staging.each(|record| Ok::<(), Fault>(messages.push(record)?))?;
    messages.close()?;
    Ok(())
}

fn state(staging: &Staging) -> ExportState {
    let state = staging.state();
    ExportState {
        at_end: state.at_end,
        cursor: state.cursor.clone(),
        records: state.total(),
        media_open: staging.media_open() as u64,
        checked: state.checked,
    }
}

/// Ids of the attachments that were taken.
fn media_done(staging: &Staging) -> Vec<NativeId> {
    let done = staging.media().iter().filter(|entry| entry.content.is_some());
    done.map(|entry| entry.id.clone()).collect()
}

fn info(now: Time, kind: &str, fields: &[(&str, String)]) -> BagInfo {
    let mut all = vec![
        ("Bag-Software-Agent".to_owned(), concat!("adjourn/", env!("CARGO_PKG_VERSION")).to_owned()),
        ("Adjourn-Bag".to_owned(), kind.to_owned()),
    ];
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let date = now.to_string();
    BagInfo { bagging_date: date.get(..10).unwrap_or_default().to_owned(), fields: all }
}

#[async_trait]
impl Vault for FileVault {
    async fn export_state(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
    ) -> Result<ExportState, AppError> {
        self.with(case, group, part, |staging| Ok(state(staging)))
    }

    async fn write_page(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        page: &ExportPage,
    ) -> Result<ExportState, AppError> {
        self.with(case, group, part, |staging| {
            staging.write_page(page)?;
            Ok(state(staging))
        })
    }

    async fn media_open(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        most: usize,
    ) -> Result<Vec<NativeId>, AppError> {
        self.with(case, group, part, |staging| Ok(staging.next_media(most)))
    }

    async fn write_recount(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        listed: Option<&Days>,
    ) -> Result<(), AppError> {
        self.with(case, group, part, |staging| Ok(staging.check(listed)?))
    }

    async fn let_go(&self, case: &CaseId, group: &GroupId, part: Part) {
        let path = self.staging(case, group, part);
        let left = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&path);
        // What can't be made durable now is asked for again.
        let _ = left.map(|mut staging| staging.settle());
    }

    async fn write_media(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        id: &NativeId,
        bytes: Result<&[u8], Note>,
    ) -> Result<(), AppError> {
        self.with(case, group, part, |staging| Ok(staging.write_media(id, bytes)?))
    }

    async fn receipt(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        platform_says: Option<u64>,
    ) -> Result<Receipt, AppError> {
        self.with(case, group, part, |staging| Ok(staging.receipt(platform_says)))
    }

    async fn media_ids(&self, case: &CaseId, group: &GroupId) -> Result<Vec<NativeId>, AppError> {
        let mut ids = self.with(case, group, Part::Main, |staging| Ok(media_done(staging)))?;
        ids.extend(self.with(case, group, Part::Tail, |staging| Ok(media_done(staging)))?);
        Ok(ids)
    }

    async fn seal(
        &self,
        case: &CaseId,
        group: &GroupId,
        snapshot: &Snapshot,
        receipt: &Receipt,
        now: Time,
    ) -> Result<SealInfo, AppError> {
        let dir = self.archive(case, group);
        let recipient = self.recipient(group)?;
        let sealed = self.with(case, group, Part::Main, |staging| {
            let mut bundle = ArchiveBundle::create(&dir)?;
            let fields = [("Adjourn-Case", case.to_string()), ("Adjourn-Group", group.to_string())];
            let info = info(now, "archive", &fields);
            bundle.links(&snapshot.links)?;
            bundle.receipt(receipt)?;
            if let Some(recipient) = &recipient {
                let note = closed::contents(staging, &mut bundle, snapshot, recipient)?;
                return Ok(bundle.finish_sealed(&note, &info)?);
            }
            push_all(staging, bundle.messages()?)?;
            bundle.members(&snapshot.members)?;
            for entry in staging.media() {
                if let Some((hash, _)) = &entry.content {
                    bundle.media_file(entry.id.as_str(), &entry.name, &staging.media_path(hash))?;
                }
            }
            Ok(bundle.finish(&info)?)
        })?;
        Ok(SealInfo { bag_hash: sealed.bag_hash, bytes: sealed.bytes, files: sealed.files })
    }

    async fn sealed_receipt(
        &self,
        case: &CaseId,
        group: &GroupId,
    ) -> Result<Option<(Receipt, bool)>, AppError> {
        let path = self.archive(case, group).join(PAYLOAD).join(RECEIPT);
        let Some(bytes) = kept(&path)? else { return Ok(None) };
        Ok(Some((serde_json::from_slice(&bytes)?, self.group(case, group).exists())))
    }

    async fn read_back(&self, case: &CaseId, group: &GroupId) -> Result<Option<SealInfo>, AppError> {
        let dir = self.archive(case, group);
        if !dir.exists() {
            return Ok(None);
        }
        let inspection = inspect(&dir);
        if let Some(finding) = inspection.findings.first() {
            return Err(AppError::new("seal.failed").with("says", &finding.says));
        }
        let Some(bag_hash) = inspection.bag_hash else {
            return Err(AppError::new("seal.failed").with("says", "no bag"));
        };
        closed::read_back(&self.keys, group, &dir)?;
        let (files, bytes) = inspection
            .files
            .below("data/")
            .fold((0, 0), |(files, bytes), (_, entry)| (files + 1, bytes + entry.bytes));
        Ok(Some(SealInfo { bag_hash, bytes, files }))
    }

    async fn seal_bytes(&self, case: &CaseId, group: &GroupId) -> Result<Vec<u8>, AppError> {
        let path = self.archive(case, group).join(TAG_MANIFEST);
        fs::read(&path).map_err(|error| AppError::io(&error, path.display()))
    }

    async fn keep_stamp(&self, case: &CaseId, group: &GroupId, reply: &[u8]) -> Result<(), AppError> {
        write(&self.stamp_path(case, group), reply)
    }

    async fn stamped(&self, case: &CaseId, group: &GroupId) -> Result<bool, AppError> {
        Ok(self.stamp_path(case, group).exists())
    }

    async fn keep_deposit(&self, case: &CaseId, group: &GroupId, receipt: &[u8]) -> Result<(), AppError> {
        write(&self.deposit_path(case, group), receipt)
    }

    async fn deposited(&self, case: &CaseId, group: &GroupId) -> Result<bool, AppError> {
        Ok(self.deposit_path(case, group).exists())
    }

    async fn take_in(
        &self,
        case: &CaseId,
        group: &GroupId,
        files: &[(String, Vec<u8>)],
        originals: bool,
    ) -> Result<Vec<EvidenceRef>, AppError> {
        let mut clean = Vec::with_capacity(files.len());
        for (name, bytes) in files {
            check_size(bytes)?;
            clean.push((handed::clean(name, bytes)?, bytes));
        }
        let dir = self.evidence_dir(case, group)?;
        let mut kept = Vec::with_capacity(clean.len());
        for (file, came) in clean {
            let sha256 = Hash::of(&file.bytes);
            write(&dir.join(sha256.to_hex()), &file.bytes)?;
            if let Some(original) = file.original.filter(|_| originals) {
                let key = KeyId::Group(group.clone());
                self.keys.ensure(&key)?;
                write(&dir.join(format!("{original}.{SEALED}")), &self.keys.seal(&key, came)?)?;
            }
            kept.push(EvidenceRef {
                original: file.original,
                format: file.format.to_owned(),
                ..EvidenceRef::new(&file.name, sha256, file.bytes.len() as u64)
            });
        }
        Ok(kept)
    }

    async fn keep_evidence(
        &self,
        case: &CaseId,
        group: &GroupId,
        name: &str,
        bytes: &[u8],
    ) -> Result<EvidenceRef, AppError> {
        check_size(bytes)?;
        let sha256 = Hash::of(bytes);
        write(&self.evidence_dir(case, group)?.join(sha256.to_hex()), bytes)?;
        Ok(EvidenceRef::new(&file_name(name), sha256, bytes.len() as u64))
    }

    async fn write_bundle(&self, input: BundleInput) -> Result<BundleInfo, AppError> {
        let dir = self.root.join(input.case.as_str());
        if !dir.exists() {
            self.compose(&dir, &input).await?;
        }
        let info = verified(&dir)?;
        self.close(&input.case);
        let work = self.work(&input.case);
        if work.exists() {
            fs::remove_dir_all(&work).map_err(|error| AppError::io(&error, work.display()))?;
        }
        Ok(info)
    }

    async fn write_report(&self, input: ReportInput) -> Result<BundleInfo, AppError> {
        let folder = self.root.join(input.kind);
        fs::create_dir_all(&folder).map_err(|error| AppError::io(&error, folder.display()))?;
        let dir = folder.join(&input.name);
        if !dir.exists() {
            self.report(&dir, &input).await?;
        }
        verified(&dir)
    }

    async fn bundle_path(&self, case: &CaseId) -> Result<Option<String>, AppError> {
        let dir = self.root.join(case.as_str());
        Ok(dir.exists().then(|| dir.display().to_string()))
    }

    async fn forget(&self, case: &CaseId, group: &GroupId) -> Result<(), AppError> {
        self.close(case);
        let dir = self.group(case, group);
        if dir.exists() {
            fs::remove_dir_all(&dir).map_err(|error| AppError::io(&error, dir.display()))?;
        }
        // The folder around it goes with the last group.
        let _ = fs::remove_dir(self.work(case));
        Ok(())
    }
}

/// A file of the work in progress, if it is there.
fn kept(path: &Path) -> Result<Option<Vec<u8>>, AppError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AppError::io(&error, path.display())),
    }
}

/// A bag that verifies, or what is wrong with it.
fn verified(dir: &Path) -> Result<BundleInfo, AppError> {
    let invalid =
        |says: String| AppError::new("bundle.invalid").with("bundle", dir.display()).with("says", says);
    let report = verify_bundle(dir, &VerifyOptions::default());
    if let Some(finding) = report.findings.first() {
        return Err(invalid(format!("{}: {} ({})", finding.file, finding.says, report.findings.len())));
    }
    let bag_hash = inspect(dir).bag_hash.ok_or_else(|| invalid("no bag".to_owned()))?;
    Ok(BundleInfo { bag_hash, path: dir.display().to_string() })
}

/// Writes a file whole or not at all, durable when it returns.
fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    use std::io::Write as _;
    let new = path.with_extension("new");
    fs::File::create(&new)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&new, path))
        .map_err(|error| AppError::io(&error, path.display()))
}
