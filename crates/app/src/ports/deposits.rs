//! A keeper of evidence that is not ours.

use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_domain::deposit::{DepositReceipt, Keeper};
use async_trait::async_trait;

use crate::error::AppError;

/// How often a deposit is sent again whose reply was lost. The digest is the key: the keeper gives the same receipt.
const AGAIN: u32 = 2;

/// Whether deposits are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deposit {
    /// No keeper is configured.
    None,
    /// One is asked; where it gives no receipt, the bundle says so.
    Wanted,
    /// Nothing is sealed and no case is closed without its receipt.
    Required,
}

/// Why there is no receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepositError {
    /// `deposit.failed`: no answer, or a refusal; `deposit.receipt`: an answer that can't be taken; `deposit.unconfigured`.
    pub code: &'static str,
    /// Whether the keeper may have taken the digest.
    pub effect: Effect,
    /// More about it, in English.
    pub says: String,
}

/// A keeper of evidence. It gets digests and names made of ids, never content.
#[async_trait]
pub trait Deposits: Send + Sync {
    /// Whether deposits are made.
    fn deposit(&self) -> Deposit;
    /// Has `digest` kept under `name`, and gives the keeper's checked receipt, as a bundle carries it. The digest is the key
    /// of the request: a repeated one gives the first receipt again.
    async fn submit(&self, digest: &Hash, name: &str) -> Result<Vec<u8>, DepositError>;
    /// What the keeper knows under the number of a receipt; `None` when it knows nothing of it. Its signature is checked.
    async fn check(&self, number: &str) -> Result<Option<DepositReceipt>, DepositError>;
    /// Who the keeper says that it is. Deposits nothing.
    async fn keeper(&self) -> Result<Keeper, DepositError>;
}

impl dyn Deposits {
    /// A receipt over `bytes`; `None` where there is none and none is required.
    ///
    /// # Errors
    /// As [`Deposits::submit`], where a receipt is required.
    pub async fn receipt(&self, bytes: &[u8], name: &str) -> Result<Option<Vec<u8>>, AppError> {
        let deposit = self.deposit();
        if deposit == Deposit::None {
            return Ok(None);
        }
        let digest = Hash::of(bytes);
        let mut given = self.submit(&digest, name).await;
        for _ in 0..AGAIN {
            let lost = given.as_ref().is_err_and(|error| error.effect == Effect::Unknown);
            if !lost {
                break;
            }
            given = self.submit(&digest, name).await;
        }
        match given {
            Ok(receipt) => Ok(Some(receipt)),
            Err(error) if deposit == Deposit::Required => Err(error.into()),
            Err(error) => {
                tracing::warn!(code = error.code, "a digest was not deposited");
                Ok(None)
            }
        }
    }
}
