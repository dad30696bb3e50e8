//! The HTTP client of those who are called at a configured address: in clear on this machine only, without redirects, with a limit of time.

use std::time::Duration;

use reqwest::{Client, Url};

/// The address and a client for it; a whole reply is there within `reply`.
///
/// # Errors
/// When the address is none, or would be called in clear over a network.
pub(crate) fn client(url: &str, reply: Duration) -> Result<(Url, Client), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let near = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && near) {
        return Err("the address must begin with https".to_owned());
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .timeout(reply)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| error.to_string())?;
    Ok((url, client))
}
