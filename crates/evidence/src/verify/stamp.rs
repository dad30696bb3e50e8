//! The time stamps of a bundle.

use jiff::Timestamp;

use super::{Check, FindingCode, StatementCode};
use crate::timestamp::{MAX_REPLY_BYTES, Stamp, TimestampError, Trust, verify};

impl Check<'_> {
    /// Checks the reply at `reply_path` over the file at `about`, if there is one.
    pub(super) fn stamp(&mut self, reply_path: &str, about: &str) -> Option<Timestamp> {
        let file = [("file", about.to_owned())];
        let entry = self.files.get(about).copied();
        if self.files.get(reply_path).is_none() {
            let says = format!("{about} has no time stamp: its time rests on our own clock.");
            self.rest(StatementCode::NoTimestamp, &file, says);
            return None;
        }
        let reply = self.read(reply_path, MAX_REPLY_BYTES as u64)?;
        let Some(entry) = entry else {
            self.find(FindingCode::TimestampImprint, reply_path, format!("{about} is not in the bundle"));
            return None;
        };
        match verify(&reply, &entry.hash, None, self.options.tsa_ca.as_deref()) {
            Ok(Stamp { at, simulated: true, .. }) => {
                let says =
                    format!("The time stamp of {about} is of a simulated authority: it proves nothing.");
                self.rest(StatementCode::SimulatedAuthority, &file, says);
                Some(at)
            }
            Ok(Stamp { at, trust: Trust::Vouched, .. }) => {
                let args = [("file", about.to_owned()), ("at", at.to_string())];
                self.prove(StatementCode::Time, &args, format!("{about} existed on {at}, as it is."));
                let says = format!("The authority that stamped {about} is one that you trust.");
                self.rest(StatementCode::Authority, &file, says);
                Some(at)
            }
            Ok(Stamp { at, trust: Trust::Unvouched, .. }) => {
                let says = format!(
                    "The time stamp of {about} ({at}) has a good signature, but nobody vouched for the \
                     authority: give --tsa-ca."
                );
                self.rest(StatementCode::Unvouched, &file, says);
                Some(at)
            }
            Err(error) => {
                let code = match error {
                    TimestampError::Imprint => FindingCode::TimestampImprint,
                    TimestampError::Chain => FindingCode::TimestampChain,
                    TimestampError::Form | TimestampError::Refused(_) => FindingCode::TimestampForm,
                    _ => FindingCode::TimestampSignature,
                };
                self.find(code, reply_path, error.to_string());
                None
            }
        }
    }
}
