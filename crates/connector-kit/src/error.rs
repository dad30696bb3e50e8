//! One error for all connectors: what it is, whether to try again, and above all **what became of the effect**.

use adjourn_domain::capability::{Effect, Op};

use crate::transport::{Cause, TransportError};

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The credentials are wrong.
    Auth,
    /// The credentials were right once and have expired.
    Expired,
    /// The identity may not do this.
    Permission,
    /// There is no such thing.
    NotFound,
    /// The thing is in a state that forbids it.
    Conflict,
    /// Too many calls.
    RateLimited,
    /// The request makes no sense to the platform.
    Invalid,
    /// The connector can't do this.
    Unsupported,
    /// The platform failed.
    Upstream,
    /// No connection, or it broke.
    Network,
    /// The TLS handshake failed.
    Tls,
    /// The configured URL makes no sense, or something else answers there.
    Url,
    /// The reply makes no sense to us.
    Protocol,
    /// A setting or secret is missing.
    Config,
    /// A delivery that is not proved to come from the platform.
    Forged,
}

impl Kind {
    /// The error slug that users see.
    pub fn code(self) -> &'static str {
        match self {
            Self::Auth => "connection.auth",
            Self::Expired => "connection.expired",
            Self::Permission => "connection.permission",
            Self::NotFound => "group.unknown",
            Self::Conflict | Self::Invalid | Self::Upstream | Self::Protocol => "connection.protocol",
            Self::RateLimited => "connection.rate_limited",
            Self::Unsupported => "capability.unsupported",
            Self::Network => "connection.network",
            Self::Tls => "connection.tls",
            Self::Url => "connection.url",
            Self::Config => "config.missing",
            Self::Forged => "event.forged",
        }
    }
}

/// Whether and when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Never: the answer will be the same.
    Never,
    /// Not before this many seconds.
    After(u64),
    /// Later, with growing pauses.
    Backoff,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} ({upstream}): {says}")]
pub struct ConnectorError {
    /// What it is.
    pub kind: Kind,
    /// Whether to try again.
    pub retry: Retry,
    /// What became of the effect. A read has none: `NotApplied`.
    pub effect: Effect,
    /// The platform's own code, e.g. `403 M_FORBIDDEN`; empty when there is none.
    pub upstream: String,
    /// In words, without texts of messages, names of people, or secrets.
    pub says: String,
}

impl ConnectorError {
    /// An error that had no effect and will not go away.
    pub fn new(kind: Kind, says: impl Into<String>) -> Self {
        Self {
            kind,
            retry: Retry::Never,
            effect: Effect::NotApplied,
            upstream: String::new(),
            says: says.into(),
        }
    }

    /// With the platform's own code.
    #[must_use]
    pub fn upstream(mut self, code: impl Into<String>) -> Self {
        self.upstream = code.into();
        self
    }

    /// With advice on trying again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// With what became of the effect.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// A setting or secret is missing.
    pub fn missing(name: &str) -> Self {
        Self::new(Kind::Config, name)
    }

    /// The connector can't do `op`.
    pub fn unsupported(op: Op) -> Self {
        Self::new(Kind::Unsupported, op.slug())
    }

    /// A reply that makes no sense. Whether a changing call took effect is then unknown.
    pub fn protocol(says: impl Into<String>) -> Self {
        Self::new(Kind::Protocol, says).effect(Effect::Unknown).retry(Retry::Backoff)
    }

    /// No reply came: `unknown`, unless the request can't have been sent.
    pub fn transport(error: &TransportError) -> Self {
        let (kind, retry) = match error.cause {
            Cause::Url => (Kind::Url, Retry::Never),
            Cause::Tls => (Kind::Tls, Retry::Never),
            Cause::Connect | Cause::Lost => (Kind::Network, Retry::Backoff),
            Cause::TooLarge => (Kind::Protocol, Retry::Never),
            Cause::Garbled => (Kind::Protocol, Retry::Backoff),
        };
        let effect = if error.cause.before_sending() { Effect::NotApplied } else { Effect::Unknown };
        Self::new(kind, error.says.clone()).retry(retry).effect(effect)
    }
}
