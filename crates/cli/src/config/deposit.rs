//! `[deposit]`: the keeper of evidence that gets digests.

use std::sync::Arc;

use adjourn_adapters::deposits::{HttpWire, KeeperDeposits, NoDeposits};
use adjourn_app::AppError;
use adjourn_app::ports::{Deposit, Deposits};
use adjourn_evidence::deposit::KeeperKey;
use serde::Deserialize;

/// `[deposit]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Keeper {
    /// Where the keeper, or the gateway in front of it, is.
    pub(crate) url: Option<String>,
    /// Its Ed25519 public key, base64.
    pub(crate) key: Option<String>,
    /// Whether nothing is sealed and no case is closed without its receipt.
    pub(crate) required: bool,
}

impl Keeper {
    /// Deposits with it; none where no keeper is configured.
    ///
    /// # Errors
    /// `config.invalid` names the key.
    pub(crate) fn open(&self) -> Result<Arc<dyn Deposits>, AppError> {
        let bad = |says: &str| AppError::new("config.invalid").with("says", format!("deposit.{says}"));
        let (url, key) = match (&self.url, &self.key) {
            (Some(url), Some(key)) => (url, key),
            (Some(_), None) => return Err(bad("key: is needed with deposit.url")),
            (None, Some(_)) => return Err(bad("url: is needed with deposit.key")),
            (None, None) if self.required => return Err(bad("required: there is no deposit.url")),
            (None, None) => return Ok(Arc::new(NoDeposits)),
        };
        let key = KeeperKey::parse(key).ok_or_else(|| bad("key: this is no Ed25519 public key in base64"))?;
        let wire = HttpWire::new(url).map_err(|says| bad(&format!("url: {says}")))?;
        let deposit = if self.required { Deposit::Required } else { Deposit::Wanted };
        Ok(Arc::new(KeeperDeposits::new(wire, key, deposit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_keeper_is_refused_and_none_is_none() {
        let open = |text: &str| toml::from_str::<Keeper>(text).unwrap().open();
        let key = KeeperKey::from_seed(&[1; 32]).to_base64();
        let whole = format!("url='https://k.example.org/v1'\nkey='{key}'\n");
        assert_eq!(open("").unwrap().deposit(), Deposit::None);
        assert_eq!(open(&whole).unwrap().deposit(), Deposit::Wanted);
        assert_eq!(open(&format!("{whole}required=true\n")).unwrap().deposit(), Deposit::Required);
        for bad in [
            "required=true\n",
            "url='https://k.example.org'\n",
            "url='https://k.example.org'\nkey='short'\n",
            &format!("key='{key}'\n"),
            &format!("url='http://k.example.org'\nkey='{key}'\n"),
            &format!("url='nowhere'\nkey='{key}'\n"),
        ] {
            assert_eq!(open(bad).err().map(|error| error.code()), Some("config.invalid"), "{bad}");
        }
    }
}
