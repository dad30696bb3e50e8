//! Exports, bags and bundles.

use adjourn_domain::call::ExportPage;
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::{EvidenceRef, Header, Receipt};
use adjourn_domain::export::Days;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{CaseId, GroupId, NativeId, PrincipalId};
use adjourn_domain::passkey::{Assertion, Passkey, Purpose};
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::AppError;

/// Which export of a group it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The main export.
    Main,
    /// What came after it.
    Tail,
}

/// How far an export is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportState {
    /// Whether the last page is written.
    pub at_end: bool,
    /// Cursor of the next page.
    pub cursor: Option<String>,
    /// Records written.
    pub records: u64,
    /// How many attachments are announced by records and neither written nor given up.
    pub media_open: u64,
    /// Whether what was taken was compared with a second listing, or the platform has none.
    pub checked: bool,
}

/// A sealed bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealInfo {
    /// Hash of the bag.
    pub bag_hash: Hash,
    /// Size in bytes.
    pub bytes: u64,
    /// Payload files.
    pub files: u64,
}

/// A row of the journal as the bundle carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    /// The header.
    pub header: Header,
    /// Salt, if it can be read.
    pub salt: Option<Vec<u8>>,
    /// Payload, if it can be read.
    pub payload: Option<Value>,
}

/// What the case bag is made of, besides the archive bags.
#[derive(Debug, Clone)]
pub struct BundleInput {
    /// The case.
    pub case: CaseId,
    /// Now.
    pub now: Time,
    /// Canonical bytes of the plan.
    pub plan: Vec<u8>,
    /// Principals.
    pub principals: Value,
    /// Approvals.
    pub approvals: Value,
    /// In whose name and with what people spoke.
    pub who: BundleWho,
    /// Rows of the case, its groups, and the organisation.
    pub rows: Vec<OpenRow>,
    /// Leaf hashes of the whole journal, up to the checkpoint.
    pub leaves: Vec<Hash>,
    /// For each group: announcements, probes, verdict, residue, and certificate where it is gone.
    pub groups: Vec<BundleGroup>,
    /// Whether it is a drill.
    pub drill: bool,
}

/// Delegations and passkeys that were used in a case.
#[derive(Debug, Clone, Default)]
pub struct BundleWho {
    /// Delegations, each with its signature.
    pub delegations: Vec<Value>,
    /// Passkeys, each with its owner's signature.
    pub passkeys: Vec<Value>,
    /// What passkeys signed.
    pub answers: Vec<BundleAnswer>,
}

/// An answer of a passkey.
#[derive(Debug, Clone)]
pub struct BundleAnswer {
    /// What for.
    pub purpose: Purpose,
    /// Who.
    pub principal: PrincipalId,
    /// The nonce of the statement.
    pub nonce: String,
    /// The passkey.
    pub passkey: Passkey,
    /// Its answer.
    pub answer: Assertion,
}

/// A group's part of the bundle.
#[derive(Debug, Clone)]
pub struct BundleGroup {
    /// The group.
    pub group: GroupId,
    /// Announcements with read-back.
    pub announcements: Value,
    /// Probes.
    pub probes: Value,
    /// Verdict; `None` when the group was not observed.
    pub verdict: Option<Value>,
    /// Residue.
    pub residue: Value,
    /// Certificate.
    pub certificate: Option<Value>,
}

/// What a report's bag is made of.
#[derive(Debug, Clone)]
pub struct ReportInput {
    /// What kind of report it is, as its folder is called (`audits`).
    pub kind: &'static str,
    /// Its name in it.
    pub name: String,
    /// Now.
    pub now: Time,
    /// Canonical bytes of the report.
    pub report: Vec<u8>,
    /// The same for people and for spreadsheets: file names and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// Leaf hashes of the whole journal.
    pub leaves: Vec<Hash>,
}

/// A written and verified bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// Hash of the case bag.
    pub bag_hash: Hash,
    /// Where it lies.
    pub path: String,
}

/// Where exports, bags and bundles lie. Work in progress survives a crash and is never visible under the final name.
#[async_trait]
pub trait Vault: Send + Sync {
    /// How far an export is.
    async fn export_state(&self, case: &CaseId, group: &GroupId, part: Part)
    -> Result<ExportState, AppError>;
    /// Takes the page at the cursor; records that are there already are left out. Durable at the end of the history and at the latest when a
    /// megabyte or five seconds of pages wait.
    async fn write_page(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        page: &ExportPage,
    ) -> Result<ExportState, AppError>;
    /// The next attachments that are neither written nor given up.
    async fn media_open(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        most: usize,
    ) -> Result<Vec<NativeId>, AppError>;
    /// Keeps what a second listing of the history says; `None` where there is none.
    async fn write_recount(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        listed: Option<&Days>,
    ) -> Result<(), AppError>;
    /// Lets go of an export that can't go on now. Whoever goes on, here or elsewhere, begins at what is durable.
    async fn let_go(&self, case: &CaseId, group: &GroupId, part: Part);
    /// Writes an attachment, or the reason why it can't be had.
    async fn write_media(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        id: &NativeId,
        bytes: Result<&[u8], Note>,
    ) -> Result<(), AppError>;
    /// The receipt of a finished export.
    async fn receipt(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        platform_says: Option<u64>,
    ) -> Result<Receipt, AppError>;
    /// Ids of the attachments that were taken.
    async fn media_ids(&self, case: &CaseId, group: &GroupId) -> Result<Vec<NativeId>, AppError>;
    /// Closes the archive bag with the group's members, links and receipt.
    async fn seal(
        &self,
        case: &CaseId,
        group: &GroupId,
        snapshot: &Snapshot,
        receipt: &Receipt,
        now: Time,
    ) -> Result<SealInfo, AppError>;
    /// The receipt in a sealed archive bag, and whether its export was not cleared away yet; `None` when there is no bag.
    async fn sealed_receipt(
        &self,
        case: &CaseId,
        group: &GroupId,
    ) -> Result<Option<(Receipt, bool)>, AppError>;
    /// Reads a sealed archive bag back, every byte; `None` when there is none.
    async fn read_back(&self, case: &CaseId, group: &GroupId) -> Result<Option<SealInfo>, AppError>;
    /// The bytes that a time stamp and a deposit of the archive bag cover.
    async fn seal_bytes(&self, case: &CaseId, group: &GroupId) -> Result<Vec<u8>, AppError>;
    /// Keeps a time stamp over the archive bag.
    async fn keep_stamp(&self, case: &CaseId, group: &GroupId, reply: &[u8]) -> Result<(), AppError>;
    /// Whether a time stamp over the archive bag is kept.
    async fn stamped(&self, case: &CaseId, group: &GroupId) -> Result<bool, AppError>;
    /// Keeps a deposit receipt over the archive bag.
    async fn keep_deposit(&self, case: &CaseId, group: &GroupId, receipt: &[u8]) -> Result<(), AppError>;
    /// Whether a deposit receipt over the archive bag is kept.
    async fn deposited(&self, case: &CaseId, group: &GroupId) -> Result<bool, AppError>;
    /// Keeps files that a person handed in: what they tell beside what they show is taken out, what could act when it is opened is refused. With
    /// `originals`, a file of which something was taken out is also kept as it came, sealed under the group's key. None is kept of which one is
    /// refused.
    ///
    /// # Errors
    /// `step.evidence`, `upload.active`, `upload.picture`, `upload.kind`.
    async fn take_in(
        &self,
        case: &CaseId,
        group: &GroupId,
        files: &[(String, Vec<u8>)],
        originals: bool,
    ) -> Result<Vec<EvidenceRef>, AppError>;
    /// Keeps what another party answered, or what we sent it, as it is: it may be signed.
    async fn keep_evidence(
        &self,
        case: &CaseId,
        group: &GroupId,
        name: &str,
        bytes: &[u8],
    ) -> Result<EvidenceRef, AppError>;
    /// Writes the case bag, has its checkpoint stamped and deposited, and verifies it.
    async fn write_bundle(&self, input: BundleInput) -> Result<BundleInfo, AppError>;
    /// Writes a report as a bag of its own under `name`, signed, stamped and deposited as a bundle is, and verifies it. A report that is
    /// there already is only verified.
    async fn write_report(&self, input: ReportInput) -> Result<BundleInfo, AppError>;
    /// Where a case's bundle lies, if it is written.
    async fn bundle_path(&self, case: &CaseId) -> Result<Option<String>, AppError>;
    /// Removes work in progress of a group (after its key was destroyed).
    async fn forget(&self, case: &CaseId, group: &GroupId) -> Result<(), AppError>;
}
