//! Who was sent away is written into the journal, but nobody who only dials in can fill it: each reason from each address once
//! an hour, and so many of them at most. The log has all of them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use adjourn_domain::time::Time;

/// How long a reason from an address is not written down again, in seconds.
const AGAIN_S: u64 = 3600;
/// Reasons with their addresses that are written down in that time, at most.
const MAX_TOLD: usize = 200;

/// What was written down lately.
#[derive(Default)]
pub(crate) struct Strangers(BTreeMap<(&'static str, IpAddr), Time>);

impl Strangers {
    /// Whether this one is to be written down. A connection that was merely lost is none of them.
    pub(crate) fn news(&mut self, now: Time, code: &'static str, from: IpAddr) -> bool {
        if matches!(code, "channel.lost" | "channel.tls" | "io" | "journal.conflict") {
            return false;
        }
        self.0.retain(|_, told| told.plus_secs(AGAIN_S) > now);
        if self.0.len() >= MAX_TOLD || self.0.contains_key(&(code, from)) {
            return false;
        }
        self.0.insert((code, from), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_from_each_address_is_told_once_an_hour_and_never_too_many() {
        let (mut strangers, now) = (Strangers::default(), Time::from_millis(1_790_000_000_000));
        let from = |n: u8| IpAddr::from([10, 0, 0, n]);
        assert!(strangers.news(now, "outpost.unknown", from(1)));
        assert!(!strangers.news(now.plus_secs(3599), "outpost.unknown", from(1)));
        assert!(strangers.news(now, "channel.other_name", from(1)));
        assert!(!strangers.news(now, "channel.lost", from(1)));
        assert!(strangers.news(now.plus_secs(3600), "outpost.unknown", from(1)));
        let told = (2..=255).filter(|n| strangers.news(now.plus_secs(3601), "outpost.unknown", from(*n)));
        assert_eq!(told.count(), MAX_TOLD - 1);
    }
}
