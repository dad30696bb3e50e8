//! The deposit receipts of a bundle.

use adjourn_domain::time::Time;

use super::{Check, FindingCode, Statement, StatementCode};
use crate::deposit::{DepositError, Deposited, MAX_RECEIPT_BYTES, Trust, verify};

impl Check<'_> {
    /// Checks the receipt at `receipt_path` over the file at `about`, if there is one. Gives the time that it says.
    pub(super) fn deposit(&mut self, receipt_path: &str, about: &str) -> Option<Time> {
        let entry = self.files.get(about).copied();
        if self.files.get(receipt_path).is_none() {
            let says = format!("No third party keeps the digest of {about}.");
            self.rest(StatementCode::NoDeposit, &[("file", about.to_owned())], says);
            return None;
        }
        let bytes = self.read(receipt_path, MAX_RECEIPT_BYTES as u64)?;
        let Some(entry) = entry else {
            self.find(FindingCode::DepositDigest, receipt_path, format!("{about} is not in the bundle"));
            return None;
        };
        match verify(&bytes, &entry.hash, self.options.deposit_key.as_ref()) {
            Ok(deposited) => {
                let at = deposited.receipt.at;
                self.deposited(about, deposited);
                Some(at)
            }
            Err(error) => {
                let code = match error {
                    DepositError::Form => FindingCode::DepositForm,
                    DepositError::OtherKey => FindingCode::DepositKey,
                    DepositError::Signature => FindingCode::DepositSignature,
                    DepositError::Digest => FindingCode::DepositDigest,
                };
                self.find(code, receipt_path, error.to_string());
                None
            }
        }
    }

    fn deposited(&mut self, about: &str, Deposited { receipt, key, trust }: Deposited) {
        let (number, issuer) = (receipt.number, receipt.issuer);
        let says = format!(
            "{issuer} confirms with receipt {number} that it has kept the digest of {about} since {}.",
            receipt.at
        );
        let args = [
            ("file", about.to_owned()),
            ("number", number),
            ("issuer", issuer.clone()),
            ("at", receipt.at.to_string()),
        ];
        self.prove(StatementCode::Deposit, &args, says);
        let whose = [("issuer", issuer.clone()), ("key", key.to_base64())];
        let (code, says) = match trust {
            Trust::Vouched => (
                StatementCode::KeeperGiven,
                format!("The key of {issuer} is the one that you gave, and that it keeps what it signs."),
            ),
            Trust::Unvouched => (
                StatementCode::KeeperFromBundle,
                format!(
                    "The key of {issuer} came with the bundle: compare it with the one it publishes, or give --deposit-key."
                ),
            ),
        };
        self.rest_once(Statement::new(code, &whose, says));
        if receipt.simulated {
            let says = format!("{issuer} is simulated: its receipts prove nothing to anybody.");
            self.rest_once(Statement::new(StatementCode::SimulatedKeeper, &[("issuer", issuer)], says));
        }
    }

    /// One keeper gives many receipts.
    fn rest_once(&mut self, statement: Statement) {
        if !self.rests_on.contains(&statement) {
            self.rests_on.push(statement);
        }
    }
}
