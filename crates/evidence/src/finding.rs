//! What a check has to say: findings that make evidence invalid, and statements about what it proves.
//!
//! Both carry a slug and parameters, so that a reader in another language can say the same; `says` is the
//! plain English of it.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// Something that makes the evidence invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of finding.
    pub code: FindingCode,
    /// The file it is about, as a path from the bundle's folder; empty if it is about the whole.
    pub file: String,
    /// The finding in English.
    pub says: String,
}

impl Finding {
    /// A finding about a file.
    pub fn new(code: FindingCode, file: impl Into<String>, says: impl Into<String>) -> Self {
        Self { code, file: file.into(), says: says.into() }
    }
}

/// One sentence about what the evidence proves or rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Which sentence.
    pub code: StatementCode,
    /// The values in it.
    pub args: BTreeMap<String, String>,
    /// The sentence in English.
    pub says: String,
}

impl Statement {
    /// A sentence with its values.
    pub fn new(code: StatementCode, args: &[(&str, String)], says: impl Into<String>) -> Self {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { code, args, says: says.into() }
    }
}

/// Makes an enum whose variants have a slug each, and serialises as that slug.
macro_rules! slugs {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $slug:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every value, for catalogues of texts.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The slug that scripts see.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.slug())
            }
        }
    };
}

slugs! {
    /// The kinds of findings.
    FindingCode {
        /// A file could not be read.
        Unreadable = "bag.unreadable",
        /// A tag file is not what BagIt, or our one way of writing it, says.
        BagForm = "bag.form",
        /// A file's content is not what the manifest says.
        BagAltered = "bag.altered",
        /// A file of the manifest is not there.
        BagMissing = "bag.missing",
        /// Something is there that no manifest names.
        BagExtra = "bag.extra",
        /// A manifest names a file twice.
        BagDuplicate = "bag.duplicate",
        /// A path leads out of the bag, or is a link or a device.
        BagEscape = "bag.escape",
        /// The files or bytes are not as many as Payload-Oxum says.
        BagCount = "bag.count",
        /// A file that every bundle has is not there.
        FileMissing = "bundle.missing",
        /// A file of the bundle can't be understood.
        FileForm = "bundle.form",
        /// The bundle's content is not what the checkpoint's signature names.
        BundleContent = "bundle.content",
        /// The plan is not the one that the journal knows.
        PlanHash = "plan.hash",
        /// The groups carried are not the groups of the plan.
        PlanGroups = "plan.groups",
        /// The principals contradict themselves or the journal.
        Principals = "principal.conflict",
        /// A signature on an approval does not hold.
        ApprovalSignature = "approval.signature",
        /// An approval is for another plan or case.
        ApprovalPlan = "approval.plan",
        /// An approval is not in the journal, or differs from it.
        ApprovalJournal = "approval.journal",
        /// The review asked for by the plan did not take place.
        ApprovalQuorum = "approval.quorum",
        /// An approval in a role that was lent is not covered by its delegation.
        ApprovalDelegation = "approval.delegation",
        /// Approvals had expired when something irreversible was done.
        ApprovalExpired = "approval.expired",
        /// The plan asks for a passkey, and there is none.
        PasskeyMissing = "passkey.missing",
        /// A passkey's answer, or the file with it, does not hold.
        PasskeyInvalid = "passkey.invalid",
        /// A journal line's payload is not the one that was committed to.
        JournalCommitment = "journal.commitment",
        /// A journal line is not in the log's tree.
        JournalInclusion = "journal.inclusion",
        /// Journal lines are out of order or some are left out.
        JournalOrder = "journal.order",
        /// The checkpoint's signature does not hold.
        CheckpointSignature = "checkpoint.signature",
        /// The log's key is not the expected one.
        LogKey = "log.key",
        /// A time stamp can't be read, or was not granted.
        TimestampForm = "timestamp.form",
        /// A time stamp is about something else.
        TimestampImprint = "timestamp.imprint",
        /// A time stamp's signature does not hold.
        TimestampSignature = "timestamp.signature",
        /// The time stamp authority is not one that is trusted.
        TimestampChain = "timestamp.chain",
        /// A deposit receipt can't be read.
        DepositForm = "deposit.form",
        /// A deposit receipt is about something else.
        DepositDigest = "deposit.digest",
        /// A deposit receipt's signature does not hold.
        DepositSignature = "deposit.signature",
        /// A deposit receipt is by another keeper than the expected one.
        DepositKey = "deposit.key",
        /// Something irreversible came before the sealed archive was read back.
        OrderSeal = "order.seal",
        /// Something irreversible came before the approvals.
        OrderApproval = "order.approval",
        /// Something irreversible was done under a hold.
        OrderHold = "order.hold",
        /// Something irreversible was done before another party had agreed.
        OrderParty = "order.party",
        /// Something irreversible was done before the notice's time was over.
        OrderNotice = "order.notice",
        /// Something irreversible was done before the nominee had accepted the handover.
        OrderHandover = "order.handover",
        /// The minutes of how the record was fixed are not there, or don't hold.
        MinutesForm = "minutes.form",
        /// The announcement that was posted is not the one that the plan names.
        AnnouncementHash = "announcement.hash",
        /// Certificate, verdict and journal don't agree.
        CertificateVerdict = "certificate.verdict",
        /// A certificate of destruction is not signed by two different people over this group's key.
        DestructionSignatures = "destruction.signatures",
        /// The archive does not hold what its receipt counts.
        ReceiptCounts = "receipt.counts",
        /// The media files are not those that the archive lists.
        ReceiptMedia = "receipt.media",
    }
}

slugs! {
    /// The sentences about what a bundle proves, and what that rests on.
    StatementCode {
        /// No file was changed, added or taken away. `files`, `bytes`, `bag_hash`.
        Intact = "proved.intact",
        /// The bundle's content is the one that the log's signature names. `content_hash`.
        Content = "proved.content",
        /// The report is the one that the log's signature names. `form`, `sha256`.
        Report = "proved.report",
        /// The plan is the one that was drawn. `plan_hash`.
        Plan = "proved.plan",
        /// These principals approved this exact plan. `principals`, `plan_hash`.
        Approved = "proved.approved",
        /// Somebody used a user-verified passkey. `principal`, `folder`.
        Passkey = "proved.passkey",
        /// The events are in the log that the checkpoint signs. `events`, `size`, `origin`.
        Journal = "proved.journal",
        /// A file existed at a time. `file`, `at`.
        Time = "proved.time",
        /// A keeper confirms that it has kept a file's digest since a time. `file`, `number`, `issuer`, `at`.
        Deposit = "proved.deposit",
        /// Everything irreversible of a group came after approvals and read-back. `group`, `intents`.
        Order = "proved.order",
        /// A group's archive holds what its receipt says. `group`, `messages`, `media`.
        Archive = "proved.archive",
        /// The journal holds this verdict for a group. `group`, `verdict`.
        Verdict = "proved.verdict",
        /// Every party that a group had to wait for agreed before. `group`, `parties`.
        Parties = "proved.parties",
        /// The record was fixed as evidence before. `group`, `reference`.
        Preserved = "proved.preserved",
        /// The group was told beforehand. `group`, `seconds`.
        Notice = "proved.notice",
        /// Two people signed for the destruction of a group's key. `group`, `principals`, `at`.
        Destruction = "proved.destruction",
        /// What a certificate of destruction does not speak of.
        CopiesElsewhere = "rests.copies_elsewhere",
        /// A party's word rests on what a person handed in. `group`, `party`.
        ByHand = "rests.by_hand",
        /// A party was simulated. `group`, `party`.
        Simulated = "rests.simulated",
        /// The log's key came with the bundle. `key`.
        KeyFromBundle = "rests.key_from_bundle",
        /// The log's key was given by the verifier. `key`.
        KeyGiven = "rests.key_given",
        /// Somebody approved in a role that was lent. `principal`, `of`, `role`.
        Delegated = "rests.delegated",
        /// Who the principals are. `principals`.
        Principals = "rests.principals",
        /// There is no time stamp for a file. `file`.
        NoTimestamp = "rests.no_timestamp",
        /// A time stamp's signature is good, but nobody vouched for the authority. `file`.
        Unvouched = "rests.unvouched_authority",
        /// A time stamp is of the simulated authority of drills. `file`.
        SimulatedAuthority = "rests.simulated_authority",
        /// A time stamp's authority is trusted by the verifier. `file`.
        Authority = "rests.authority",
        /// A time stamp came only after the first irreversible step. `file`, `at`.
        LateTimestamp = "rests.late_timestamp",
        /// No third party keeps the digest of a file. `file`.
        NoDeposit = "rests.no_deposit",
        /// A keeper's key came with the bundle. `issuer`, `key`.
        KeeperFromBundle = "rests.keeper_from_bundle",
        /// A keeper's key was given by the verifier. `issuer`, `key`.
        KeeperGiven = "rests.keeper_given",
        /// A keeper was simulated. `issuer`.
        SimulatedKeeper = "rests.simulated_keeper",
        /// A deposit came only after the first irreversible step. `file`, `at`.
        LateDeposit = "rests.late_deposit",
        /// Payloads of journal lines were destroyed. `events`.
        Destroyed = "rests.destroyed",
        /// A stream's earlier events are not in the bundle. `stream`, `version`.
        EarlierHistory = "rests.earlier_history",
        /// The plan asked for a typed confirmation. `principal`.
        TypedConfirmation = "rests.typed_confirmation",
        /// A certificate rests on a person's word. `group`.
        HumanAttestation = "rests.human_attestation",
        /// A group's messages are sealed under its key. `group`, `messages`, `sha256`.
        SealedOriginal = "rests.sealed_original",
        /// A group's messages were not counted, since a quick look was asked for. `group`, `messages`.
        Uncounted = "rests.uncounted",
        /// A group's archive is not complete. `group`, `gaps`, `undecryptable`.
        Incomplete = "rests.incomplete_archive",
        /// What a report says was told from the journal by whoever holds the log's key.
        Told = "rests.told",
        /// What the platform showed us was what it had.
        Platform = "rests.platform",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_distinct_and_what_scripts_see() {
        let mut slugs: Vec<_> = FindingCode::ALL.iter().map(|code| code.slug()).collect();
        slugs.extend(StatementCode::ALL.iter().map(|code| code.slug()));
        let count = slugs.len();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), count);
        let finding = Finding::new(FindingCode::BagAltered, "data/a", "changed");
        assert_eq!(
            serde_json::to_value(&finding).unwrap(),
            serde_json::json!({"code": "bag.altered", "file": "data/a", "says": "changed"})
        );
    }
}
