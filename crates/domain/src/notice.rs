//! What members and parents are told opens on a page of their own (requirements N5, S3): they read it as it was told, say that they read it, and say
//! that they object. The link is the credential: case, group, reader and end, with a signature that only this installation can make.
//!
//! A reader counts once, whatever they send. A link for everybody knows no persons: there, a reader is a browser.

use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, GroupId, ReactionId};
use crate::refusal::Refusal;
use crate::time::Time;

/// Readers of one group that are counted, at most.
pub const MAX_READERS: usize = 20_000;
/// Longest name that a reader gives, in characters.
pub const MAX_NAME: usize = 100;
/// Longest token, in bytes.
const MAX_TOKEN: usize = 300;
/// The form of tokens.
const FORM: &str = "n1";
/// The reader of a link for everybody.
const EVERYBODY: &str = "all";

/// Somebody read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// When they said so.
    pub at: Time,
    /// The name that they gave.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
}

/// What a link to a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The case.
    pub case: CaseId,
    /// The group.
    pub group: GroupId,
    /// Whose it is, an id of ours; `None` is everybody's.
    pub reader: Option<String>,
    /// Its end.
    pub expires_at: Time,
    /// How often links of this reader had been taken back when it was given: it opens until the next time.
    pub series: u32,
}

impl Pass {
    /// The bytes that are signed.
    pub fn signed(&self) -> String {
        let reader = self.reader.as_deref().unwrap_or(EVERYBODY);
        let series = if self.series == 0 { String::new() } else { format!(".{}", self.series) };
        format!("{FORM}.{}.{}.{reader}.{}{series}", self.case, self.group, self.expires_at.as_millis() / 1000)
    }

    /// The token: what is signed, and the signature.
    pub fn token(&self, mac: &[u8]) -> String {
        format!("{}.{}", self.signed(), crate::canonical::hex(mac))
    }

    /// Takes a token apart. Whether the signature is right is not known yet.
    pub fn read(token: &str) -> Option<(Self, Vec<u8>)> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let parts: Vec<&str> = token.split('.').collect();
        let (case, group, reader, expires, series, mac) = match parts.as_slice() {
            [FORM, case, group, reader, expires, mac] => (case, group, reader, expires, "0", mac),
            [FORM, case, group, reader, expires, series, mac] => (case, group, reader, expires, *series, mac),
            _ => return None,
        };
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if ![case, group, reader].into_iter().all(|text| plain(text)) {
            return None;
        }
        let pass = Self {
            case: (*case).into(),
            group: (*group).into(),
            reader: (*reader != EVERYBODY).then(|| (*reader).to_owned()),
            expires_at: Time::from_millis(expires.parse::<i64>().ok()?.checked_mul(1000)?),
            series: series.parse().ok()?,
        };
        // One pass has one spelling.
        let mac = crate::canonical::unhex(mac)?;
        (pass.token(&mac) == token).then_some((pass, mac))
    }
}

/// The objection of a reader: there is one.
pub fn objection_of(reader: &str) -> ReactionId {
    ReactionId(format!("r-{reader}"))
}

/// The name that a reader gave, or none.
///
/// # Errors
/// `notice.name` where one is needed, and when it is too long or no name.
pub fn check_name(name: &str, needed: bool) -> Result<Option<String>, Refusal> {
    let name = name.trim();
    let refused = || Err(Refusal::new("notice.name").with("max", MAX_NAME));
    match name.chars().count() {
        0 if needed => refused(),
        0 => Ok(None),
        1..=MAX_NAME if !name.chars().any(char::is_control) => Ok(Some(name.to_owned())),
        _ => refused(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_reads_back_and_has_one_spelling() {
        let pass = |reader: Option<&str>| Pass {
            case: "c-1".into(),
            group: "g-2".into(),
            reader: reader.map(str::to_owned),
            expires_at: Time::from_millis(9_000),
            series: 0,
        };
        for pass in [pass(None), pass(Some("m-1f")), Pass { series: 2, ..pass(None) }] {
            let token = pass.token(&[7; 32]);
            assert_eq!(Pass::read(&token), Some((pass.clone(), vec![7; 32])));
            for wrong in [
                token.to_uppercase(),
                token.replace("n1.", "t1."),
                format!("{token}0"),
                token.replace("g-2", "g/2"),
            ] {
                assert_eq!(Pass::read(&wrong), None, "{wrong}");
            }
        }
        assert_ne!(pass(None).signed(), pass(Some("m-1f")).signed());
        let zero = format!("{}.0.{}", pass(None).signed(), "07".repeat(32));
        assert_eq!(Pass::read(&zero), None, "a link that was never taken back says nothing of it");
    }

    #[test]
    fn a_name_is_one_line_and_needed_where_the_policy_says_so() {
        assert_eq!(check_name(" Li ", true), Ok(Some("Li".to_owned())));
        assert_eq!(check_name(" ", false), Ok(None));
        for (name, needed) in [(" ", true), ("a\nb", false), (&"x".repeat(101)[..], false)] {
            assert_eq!(check_name(name, needed).unwrap_err().code, "notice.name");
        }
    }
}
