//! What an endpoint is: one declaration, from which its route, its checks and its part of the OpenAPI document are made. What is not declared can't be
//! answered, and what is declared is checked before the endpoint's own code runs.

use std::future::Future;

use adjourn_app::AppError;
use adjourn_domain::token::Scope;
use axum::http::StatusCode;
use axum::routing::MethodFilter;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;

/// Largest body where an endpoint says nothing else, in bytes.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// The methods that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

impl Verb {
    /// Its name in the document.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Delete => "delete",
        }
    }

    pub(crate) fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Delete => MethodFilter::DELETE,
        }
    }

    /// Whether a request has a body that is read.
    pub(crate) fn reads(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

/// The declaration of an endpoint.
pub(crate) struct Declared {
    /// The operation's id, `places.verb`.
    pub(crate) id: &'static str,
    pub(crate) method: Verb,
    /// The path below `/api/v1`.
    pub(crate) path: &'static str,
    /// What a token needs.
    pub(crate) scope: Scope,
    /// The role that the use case asks for, where it asks for one by itself.
    pub(crate) role: Option<&'static str>,
    /// Status of a reply.
    pub(crate) status: StatusCode,
    /// Errors of its own. Those that every endpoint has are added.
    pub(crate) errors: &'static [&'static str],
    /// One line.
    pub(crate) summary: &'static str,
    /// What an integrator has to know, empty if nothing.
    pub(crate) about: &'static str,
    /// Largest body, in bytes.
    pub(crate) max_body: usize,
    /// Whether the reply holds a secret that is shown once: then a repetition with the same key is not shown it again.
    pub(crate) secret: bool,
}

impl Declared {
    const fn new(
        method: Verb,
        id: &'static str,
        path: &'static str,
        scope: Scope,
        summary: &'static str,
    ) -> Self {
        Self {
            id,
            method,
            path,
            scope,
            role: None,
            status: StatusCode::OK,
            errors: &[],
            summary,
            about: "",
            max_body: MAX_BODY,
            secret: false,
        }
    }

    /// Reads something; every such endpoint has the scope `read` unless it says otherwise.
    pub(crate) const fn get(id: &'static str, path: &'static str, summary: &'static str) -> Self {
        Self::new(Verb::Get, id, path, Scope::Read, summary)
    }

    pub(crate) const fn post(
        id: &'static str,
        path: &'static str,
        scope: Scope,
        summary: &'static str,
    ) -> Self {
        Self::new(Verb::Post, id, path, scope, summary)
    }

    pub(crate) const fn put(
        id: &'static str,
        path: &'static str,
        scope: Scope,
        summary: &'static str,
    ) -> Self {
        Self::new(Verb::Put, id, path, scope, summary)
    }

    pub(crate) const fn delete(
        id: &'static str,
        path: &'static str,
        scope: Scope,
        summary: &'static str,
    ) -> Self {
        Self::new(Verb::Delete, id, path, scope, summary)
    }
}

/// What was asked, read and checked for its shape.
pub(crate) struct Asked<E: Endpoint> {
    pub(crate) path: E::Path,
    pub(crate) query: E::Query,
    pub(crate) body: E::Body,
}

/// An endpoint.
pub(crate) trait Endpoint: Sized + Send + 'static {
    /// The declaration.
    const DECLARED: Declared;
    /// Parameters in the path.
    type Path: DeserializeOwned + IntoParams + Send;
    /// Parameters behind it.
    type Query: DeserializeOwned + IntoParams + Send;
    /// The body of a request. One without a required field may be left out.
    type Body: DeserializeOwned + ToSchema + Send;
    /// The body of a reply.
    type Reply: Serialize + ToSchema + Send;

    /// Does it.
    fn answer(call: &Call, asked: Asked<Self>) -> impl Future<Output = Result<Self::Reply, AppError>> + Send;

    /// Where what was made or goes on can be looked at.
    fn location(_reply: &Self::Reply) -> Option<String> {
        None
    }
}

/// No parameters, or no body.
#[derive(Debug, Default, Deserialize, Serialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// A case in the path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfCase {
    /// The case, `c-…`.
    #[param(example = "c-1a2b3c4d")]
    pub(crate) case: String,
}

/// A group in the path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfGroup {
    /// The group: our id (`g-…`), the platform's id, the alias, or the name.
    #[param(example = "g-6")]
    pub(crate) group: String,
}
