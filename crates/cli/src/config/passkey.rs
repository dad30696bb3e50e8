//! `[passkey]`: where the page is on which people use their passkeys.

use std::net::SocketAddr;

use adjourn_app::AppError;
use adjourn_domain::passkey::{LOCALHOST, Relying};
use serde::Deserialize;

/// `[passkey]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Passkey {
    /// The relying party's id.
    rp_id: String,
    /// Where its pages are.
    origin: String,
    /// Where the page of a ceremony listens; port 0 takes any.
    listen: String,
    /// How long a command waits for the browser, in seconds, 5 to 600.
    wait_s: u64,
}

impl Default for Passkey {
    fn default() -> Self {
        let here = Relying::default();
        Self { rp_id: here.rp_id, origin: here.origin, listen: "127.0.0.1:0".to_owned(), wait_s: 120 }
    }
}

/// The same, checked.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    /// The relying party.
    pub(crate) relying: Relying,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// How long to wait, in seconds.
    pub(crate) wait_s: u64,
}

impl Passkey {
    /// Checked.
    ///
    /// # Errors
    /// `config.invalid` names the key.
    pub(crate) fn desk(&self) -> Result<Desk, AppError> {
        let bad = |says: &str| AppError::new("config.invalid").with("says", format!("passkey: {says}"));
        let relying = Relying::new(&self.rp_id, &self.origin)?;
        let listen: SocketAddr = self.listen.parse().map_err(|_| bad("listen is ADDRESS:PORT"))?;
        // A page on localhost is safe because nobody else can be there.
        if relying.rp_id == LOCALHOST && !listen.ip().is_loopback() {
            return Err(bad("with rp_id localhost the page listens on 127.0.0.1 or [::1]"));
        }
        if !(5..=600).contains(&self.wait_s) {
            return Err(bad("wait_s is 5 to 600"));
        }
        Ok(Desk { relying, listen, wait_s: self.wait_s })
    }
}

impl Desk {
    /// The address that a person opens, when the page listens there.
    pub(crate) fn url(&self, listens: SocketAddr, token: &str) -> String {
        let origin = &self.relying.origin;
        if self.relying.rp_id == LOCALHOST {
            format!("{origin}:{}/passkey/{token}", listens.port())
        } else {
            format!("{origin}/passkey/{token}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(text: &str) -> Result<Desk, &'static str> {
        toml::from_str::<Passkey>(text).unwrap().desk().map_err(|error| error.code())
    }

    #[test]
    fn req_g9_the_page_is_where_a_browser_lets_passkeys_be_used() {
        let here = desk("").unwrap();
        assert_eq!(here.url("127.0.0.1:4711".parse().unwrap(), "t"), "http://localhost:4711/passkey/t");
        let away =
            desk("rp_id='example.org'\norigin='https://adjourn.example.org'\nlisten='0.0.0.0:7081'").unwrap();
        assert_eq!(away.url(away.listen, "t"), "https://adjourn.example.org/passkey/t");
        for text in [
            "listen='0.0.0.0:0'",
            "listen='here'",
            "wait_s=0",
            "rp_id='example.org'",
            "rp_id='example.org'\norigin='http://example.org'",
        ] {
            assert_eq!(desk(text).unwrap_err(), "config.invalid", "{text}");
        }
    }
}
