//! Writes the bags that are handed over: a case's bundle, and reports.

use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::ports::{BundleInput, Part, ReportInput};
use adjourn_domain::ids::GroupId;
use adjourn_evidence::bag::BagError;
use adjourn_evidence::bundle::CaseBundle;
use adjourn_evidence::layout::{JournalLine, REPORT, answer_folder};
use adjourn_evidence::tree::Tree;

use super::{Fault, FileVault, closed, info, kept, push_all};

impl FileVault {
    /// Writes the case bag and has its checkpoint stamped and deposited.
    pub(super) async fn compose(&self, dir: &Path, input: &BundleInput) -> Result<(), AppError> {
        let failed = |error: BagError| AppError::from(Fault::from(error));
        let mut bundle = CaseBundle::create(dir).map_err(failed)?;
        bundle.plan(&input.plan).map_err(failed)?;
        bundle.principals(&input.principals).map_err(failed)?;
        bundle.approvals(&input.approvals).map_err(failed)?;
        bundle.delegations(&input.who.delegations).map_err(failed)?;
        bundle.passkeys(&input.who.passkeys).map_err(failed)?;
        for one in &input.who.answers {
            let folder = answer_folder(one.purpose, one.principal.as_str(), &one.nonce);
            bundle.answer(&folder, &one.passkey, &one.answer).map_err(failed)?;
        }
        for group in &input.groups {
            let id = group.group.as_str();
            let archive_dir = self.archive(&input.case, &group.group);
            if archive_dir.exists() {
                bundle.archive(id, &archive_dir).map_err(failed)?;
            }
            if let Some(reply) = kept(&self.stamp_path(&input.case, &group.group))? {
                bundle.archive_timestamp(id, &reply).map_err(failed)?;
            }
            if let Some(receipt) = kept(&self.deposit_path(&input.case, &group.group))? {
                bundle.archive_deposit(id, &receipt).map_err(failed)?;
            }
            self.tail(&mut bundle, input, &group.group)?;
            self.evidence(&mut bundle, input, &group.group)?;
            bundle.announcements(id, &group.announcements).map_err(failed)?;
            bundle.probes(id, &group.probes).map_err(failed)?;
            bundle.residue(id, &group.residue).map_err(failed)?;
            if let Some(verdict) = &group.verdict {
                bundle.verdict(id, verdict).map_err(failed)?;
            }
            if let Some(certificate) = &group.certificate {
                bundle.certificate(id, certificate).map_err(failed)?;
            }
        }
        let tree = Tree::new(input.leaves.clone());
        let mut lines = Vec::with_capacity(input.rows.len());
        for row in &input.rows {
            let index = usize::try_from(row.header.seq.saturating_sub(1)).unwrap_or(usize::MAX);
            let proof = tree.inclusion_proof(index).ok_or_else(|| {
                AppError::new("journal.corrupt").with("what", row.header.seq).with("says", "no leaf")
            })?;
            let opened = row.salt.as_deref().zip(row.payload.clone());
            lines.push(JournalLine::new(&row.header, opened, proof)?);
        }
        bundle.journal(lines).map_err(failed)?;
        self.sign(&mut bundle, &tree, input.case.as_str()).await?;
        let kind = if input.drill { "case (drill, simulated platforms)" } else { "case" };
        bundle.finish(&info(input.now, kind, &[("Adjourn-Case", input.case.to_string())])).map_err(failed)?;
        Ok(())
    }

    pub(super) async fn report(&self, dir: &Path, input: &ReportInput) -> Result<(), AppError> {
        let failed = |error: BagError| AppError::from(Fault::from(error));
        let mut bundle = CaseBundle::create(dir).map_err(failed)?;
        bundle.file(REPORT, &input.report).map_err(failed)?;
        for (name, bytes) in &input.files {
            bundle.file(name, bytes).map_err(failed)?;
        }
        let name = format!("{}/{}", input.kind, input.name);
        self.sign(&mut bundle, &Tree::new(input.leaves.clone()), &name).await?;
        bundle.finish(&info(input.now, input.kind, &[])).map_err(failed)?;
        Ok(())
    }

    /// The log's part: the checkpoint over what was written, and over that a time stamp and a deposit under the bundle's name.
    async fn sign(&self, bundle: &mut CaseBundle, tree: &Tree, name: &str) -> Result<(), AppError> {
        let failed = |error: BagError| AppError::from(Fault::from(error));
        let note = bundle
            .checkpoint(&self.keys.log_name(), self.keys.log_seed(), tree.size() as u64, tree.root())
            .map_err(failed)?;
        if self.stamps.configured() {
            let reply = self.stamps.stamp(note.as_bytes()).await?;
            bundle.checkpoint_timestamp(&reply).map_err(failed)?;
        }
        if let Some(receipt) = self.deposits.receipt(note.as_bytes(), &format!("{name}/checkpoint")).await? {
            bundle.checkpoint_deposit(&receipt).map_err(failed)?;
        }
        Ok(())
    }

    fn tail(&self, bundle: &mut CaseBundle, input: &BundleInput, group: &GroupId) -> Result<(), AppError> {
        if !self.group(&input.case, group).join("tail").exists() {
            return Ok(());
        }
        // As the archive was sealed, whatever is configured by now.
        let closed = closed::is_sealed(&self.archive(&input.case, group));
        let recipient = if closed { self.keys.original_recipient(group, &[]).map(Some)? } else { None };
        self.with(&input.case, group, Part::Tail, |staging| match (staging.state().total(), &recipient) {
            (0, _) => Ok(()),
            (_, None) => push_all(staging, bundle.tail(group.as_str())?),
            (_, Some(recipient)) => {
                let to = std::slice::from_ref(recipient);
                closed::records(staging, to, bundle.sealed_tail(group.as_str())?).map(|_| ())
            }
        })
    }

    fn evidence(
        &self,
        bundle: &mut CaseBundle,
        input: &BundleInput,
        group: &GroupId,
    ) -> Result<(), AppError> {
        let dir = self.group(&input.case, group).join("evidence");
        if !dir.exists() {
            return Ok(());
        }
        Ok(bundle.evidence(group.as_str(), &dir).map_err(Fault::from)?)
    }
}
