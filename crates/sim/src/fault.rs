//! Fault plans: what goes wrong with which request. A plan is data, so that a drill brings its own and a report can
//! show it.

use serde::{Deserialize, Serialize};

/// What goes wrong, in order; the first fault that matches a request strikes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultPlan(pub Vec<Fault>);

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which requests it strikes.
    pub when: Matcher,
    /// What happens to them.
    pub what: FaultKind,
}

/// Which requests a fault strikes. The default strikes every request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matcher {
    /// The method; any if `None`.
    pub method: Option<String>,
    /// What the path and query contain; empty matches all.
    pub path_contains: String,
    /// Only the `nth` request that matches otherwise, from 1; all of them if `None`.
    pub nth: Option<u32>,
}

/// What happens to a request. Where the doc does not say that the platform acts, the request never reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The platform acts; its reply is lost.
    ReplyLost,
    /// The request is lost, which looks the same from here.
    RequestLost,
    /// No connection.
    Refused,
    /// 429, with `Retry-After` where there is a number of seconds.
    TooMany {
        /// Value of `Retry-After`.
        retry_after_s: Option<u64>,
    },
    /// A status of the 500s.
    ServerError {
        /// The status.
        status: u16,
        /// Whether the platform acts before it fails.
        after_effect: bool,
    },
    /// The platform acts; only the first half of its reply's body arrives, as if it were whole.
    HalfBody,
    /// The platform acts; in place of its reply comes a page of HTML with status 200.
    WrongContentType,
    /// 401 with a JSON body that both the reference platform and Matrix read as "the token has expired". A platform
    /// that spells it in another way is given [`FaultKind::Answer`].
    ExpiredToken,
    /// A request gets the earlier reply to the same request (method, address, body), as from a cache; passes where there
    /// is none. For requests that read: there are platforms that read by POST.
    StaleRead,
    /// The request gets the previous reply to the same path, whatever its query; passes where there is none.
    RepeatedPage,
    /// A reply that the plan spells out.
    Answer {
        /// The status.
        status: u16,
        /// Value of `Content-Type`.
        content_type: String,
        /// The body.
        body: String,
    },
    /// Status 200 and JSON with bytes that are not UTF-8.
    InvalidUtf8,
    /// Status 200 and JSON arrays within arrays.
    DeepJson {
        /// How deep.
        depth: u32,
    },
    /// Status 200 and one JSON string of this many bytes under every usual key.
    HugeField {
        /// Its length.
        bytes: u32,
    },
}

impl FaultKind {
    /// Whether the platform gets the request.
    pub fn reaches(&self) -> bool {
        match self {
            Self::ReplyLost | Self::HalfBody | Self::WrongContentType => true,
            Self::ServerError { after_effect, .. } => *after_effect,
            _ => false,
        }
    }
}

impl FaultPlan {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// `what` strikes every request.
    pub fn always(what: FaultKind) -> Self {
        Self(vec![Fault { when: Matcher::default(), what }])
    }

    /// `what` strikes the `nth` request, from 1.
    pub fn nth(nth: u32, what: FaultKind) -> Self {
        Self(vec![Fault { when: Matcher { nth: Some(nth), ..Matcher::default() }, what }])
    }
}

/// A plan under way: it counts what it has seen.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    plan: FaultPlan,
    seen: Vec<u32>,
}

impl Faults {
    /// Begins a plan.
    pub fn new(plan: FaultPlan) -> Self {
        let seen = vec![0; plan.0.len()];
        Self { plan, seen }
    }

    /// The fault that strikes this request. Every fault that matches counts it, also when another one strikes.
    pub fn strike(&mut self, method: &str, path: &str) -> Option<FaultKind> {
        let mut found = None;
        for (fault, seen) in self.plan.0.iter().zip(&mut self.seen) {
            let method_fits = fault.when.method.as_deref().is_none_or(|want| want == method);
            if !method_fits || !path.contains(&fault.when.path_contains) {
                continue;
            }
            *seen = seen.saturating_add(1);
            if found.is_none() && fault.when.nth.is_none_or(|nth| nth == *seen) {
                found = Some(fault.what.clone());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_data_and_strikes_what_it_names() {
        let text = r#"[
            {"when": {"method": "POST", "path_contains": "/dissolve", "nth": 2}, "what": {"kind": "reply_lost"}},
            {"when": {"path_contains": "/groups"}, "what": {"kind": "too_many", "retry_after_s": 7}}
        ]"#;
        let plan: FaultPlan = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_str::<FaultPlan>(&serde_json::to_string(&plan).unwrap()).unwrap(), plan);
        let mut faults = Faults::new(plan);
        assert_eq!(faults.strike("GET", "/me"), None);
        assert_eq!(faults.strike("POST", "/x/dissolve"), None);
        assert_eq!(faults.strike("POST", "/x/dissolve"), Some(FaultKind::ReplyLost));
        assert_eq!(faults.strike("GET", "/groups"), Some(FaultKind::TooMany { retry_after_s: Some(7) }));
        assert_eq!(faults.strike("POST", "/x/dissolve"), None);
    }
}
