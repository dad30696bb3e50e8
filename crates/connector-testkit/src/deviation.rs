//! Known deviations: a case that is expected to fail, for a reason, until a date.

use adjourn_connector_kit::Deviation;

use crate::Outcome;

/// What a result means in the light of the deviations: one that has expired fails, and so does one that nothing needs
/// any more.
///
/// # Errors
/// What is wrong, in words.
pub fn judge(deviations: &[Deviation], case: &str, today: &str, result: Outcome) -> Outcome {
    let Some(known) = deviations.iter().find(|deviation| deviation.case == case) else { return result };
    match result {
        _ if known.expires < today => Err(format!("the deviation of {case} expired on {}", known.expires)),
        Ok(()) => Err(format!("{case} passes: its deviation can go")),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deviation_holds_until_its_date_and_only_while_it_is_needed() {
        let known = [Deviation { case: "list::x", reason: "r", since: "2026-01-01", expires: "2026-12-31" }];
        let fails = || Err("wrong".to_owned());
        assert_eq!(judge(&known, "list::x", "2026-12-31", fails()), Ok(()));
        assert!(judge(&known, "list::x", "2027-01-01", fails()).is_err());
        assert!(judge(&known, "list::x", "2026-12-31", Ok(())).is_err());
        assert!(judge(&known, "list::y", "2026-12-31", fails()).is_err());
        assert_eq!(judge(&known, "list::y", "2026-12-31", Ok(())), Ok(()));
    }
}
