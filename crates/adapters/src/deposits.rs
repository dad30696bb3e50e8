//! A keeper of evidence over HTTP, by the protocol of docs/reference/deposit.md. Every receipt is checked before it counts.

use std::time::Duration;

use adjourn_app::ports::{Deposit, DepositError, Deposits};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::capability::Effect;
use adjourn_domain::deposit::{
    DepositReceipt, DepositRequest, KEEPER_FORM, Keeper, REQUEST_FORM, is_name, is_number,
};
use adjourn_evidence::deposit::{Deposited, KeeperKey, MAX_RECEIPT_BYTES, open, verify};
use async_trait::async_trait;

use crate::client::client;

/// Until a whole reply is there, in seconds.
const REPLY_S: u64 = 30;

/// What is asked of a keeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Who it is.
    Keeper,
    /// Have a digest kept; the canonical bytes of a [`DepositRequest`].
    Put(Hash, Vec<u8>),
    /// What is kept under a number.
    Get(String),
}

impl Ask {
    /// The path under the keeper's address.
    pub fn path(&self) -> String {
        match self {
            Self::Keeper => "keeper".to_owned(),
            Self::Put(digest, _) => format!("deposits/{digest}"),
            Self::Get(number) => format!("receipts/{number}"),
        }
    }
}

/// A keeper's whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// The way to a keeper: a socket, or a simulated keeper in the same process.
#[async_trait]
pub trait Wire: Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    /// `deposit.failed`, with what is known of the effect.
    async fn ask(&self, ask: &Ask) -> Result<Answer, DepositError>;
}

/// Deposits over a wire, with the keeper's key.
pub struct KeeperDeposits<W> {
    wire: W,
    key: KeeperKey,
    deposit: Deposit,
}

impl<W: Wire> KeeperDeposits<W> {
    /// Receipts must be signed by `key`.
    pub fn new(wire: W, key: KeeperKey, deposit: Deposit) -> Self {
        Self { wire, key, deposit }
    }
}

#[async_trait]
impl<W: Wire> Deposits for KeeperDeposits<W> {
    fn deposit(&self) -> Deposit {
        self.deposit
    }

    async fn submit(&self, digest: &Hash, name: &str) -> Result<Vec<u8>, DepositError> {
        if !is_name(name) {
            return Err(failed(Effect::NotApplied, "this can't be the name of a deposit"));
        }
        let request =
            DepositRequest { adjourn: REQUEST_FORM.to_owned(), digest: *digest, name: name.to_owned() };
        let body =
            canonical_json(&request).map_err(|error| failed(Effect::NotApplied, &error.to_string()))?;
        let answer = self.wire.ask(&Ask::Put(*digest, body)).await?;
        match answer.status {
            // 201 the first time, 200 when the digest was there already.
            200 | 201 => {}
            status => return Err(refused(status)),
        }
        verify(&answer.body, digest, Some(&self.key)).map_err(|error| unusable(&error.to_string()))?;
        Ok(answer.body)
    }

    async fn check(&self, number: &str) -> Result<Option<DepositReceipt>, DepositError> {
        if !is_number(number) {
            return Err(unusable("this can't be the number of a receipt"));
        }
        let answer = self.wire.ask(&Ask::Get(number.to_owned())).await?;
        match answer.status {
            200 => {}
            404 | 410 => return Ok(None),
            status => return Err(refused(status)),
        }
        let Deposited { receipt, .. } =
            open(&answer.body, Some(&self.key)).map_err(|error| unusable(&error.to_string()))?;
        Ok(Some(receipt))
    }

    async fn keeper(&self) -> Result<Keeper, DepositError> {
        let answer = self.wire.ask(&Ask::Keeper).await?;
        if answer.status != 200 {
            return Err(refused(answer.status));
        }
        let keeper: Keeper =
            serde_json::from_slice(&answer.body).map_err(|error| unusable(&error.to_string()))?;
        if keeper.adjourn != KEEPER_FORM || !is_name(&keeper.issuer) {
            return Err(unusable("it does not say who it is"));
        }
        if KeeperKey::parse(&keeper.key) != Some(self.key) {
            return Err(unusable("its key is not the configured one"));
        }
        Ok(keeper)
    }
}

/// No keeper.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoDeposits;

#[async_trait]
impl Deposits for NoDeposits {
    fn deposit(&self) -> Deposit {
        Deposit::None
    }

    async fn submit(&self, _: &Hash, _: &str) -> Result<Vec<u8>, DepositError> {
        Err(unconfigured())
    }

    async fn check(&self, _: &str) -> Result<Option<DepositReceipt>, DepositError> {
        Err(unconfigured())
    }

    async fn keeper(&self) -> Result<Keeper, DepositError> {
        Err(unconfigured())
    }
}

/// HTTP.
pub struct HttpWire {
    url: reqwest::Url,
    client: reqwest::Client,
}

impl HttpWire {
    /// The keeper at `url`; paths are put behind it.
    ///
    /// # Errors
    /// When the address is none, or would be called in clear over a network.
    pub fn new(url: &str) -> Result<Self, String> {
        let (url, client) = client(url, Duration::from_secs(REPLY_S))?;
        Ok(Self { url, client })
    }
}

#[async_trait]
impl Wire for HttpWire {
    async fn ask(&self, ask: &Ask) -> Result<Answer, DepositError> {
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| failed(Effect::NotApplied, "the address can't be extended"))?
            .pop_if_empty()
            .extend(ask.path().split('/'));
        let request = match ask {
            Ask::Put(_, body) => {
                self.client.put(url).header("content-type", "application/json").body(body.clone())
            }
            Ask::Keeper | Ask::Get(_) => self.client.get(url),
        };
        let unknown = |error: reqwest::Error| failed(Effect::Unknown, &error.without_url().to_string());
        let mut reply = request.send().await.map_err(|error| {
            let effect = if error.is_connect() { Effect::NotApplied } else { Effect::Unknown };
            failed(effect, &error.without_url().to_string())
        })?;
        let status = reply.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(unknown)? {
            if body.len() + chunk.len() > MAX_RECEIPT_BYTES {
                return Err(failed(Effect::Unknown, "the answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

/// No answer, or none that helps.
pub fn failed(effect: Effect, says: &str) -> DepositError {
    DepositError { code: "deposit.failed", effect, says: says.to_owned() }
}

/// The keeper refuses, or is out of order.
fn refused(status: u16) -> DepositError {
    let effect = if (400..500).contains(&status) { Effect::NotApplied } else { Effect::Unknown };
    failed(effect, &format!("HTTP {status}"))
}

fn unusable(says: &str) -> DepositError {
    DepositError { code: "deposit.receipt", effect: Effect::Unknown, says: says.to_owned() }
}

fn unconfigured() -> DepositError {
    DepositError { code: "deposit.unconfigured", effect: Effect::NotApplied, says: String::new() }
}
