//! HMAC-SHA256 (RFC 2104), by which messages between us and configured addresses are signed.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The code over parts, one behind the other. A key of any length is a key of HMAC.
pub(crate) fn mac(secret: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}
