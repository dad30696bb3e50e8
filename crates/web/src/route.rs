//! Which route answered a request. Pages lie in a router of their own behind others, where a route is matched too late for whoever looks from outside: they
//! tell it on.

use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// The route of a request, once it is known: a template such as `/case/{case}`, and never an address.
#[derive(Debug, Clone, Default)]
pub struct Route(Arc<OnceLock<MatchedPath>>);

impl Route {
    /// That of a request which is about to be answered.
    pub fn of(request: &mut Request) -> Self {
        let route = Self::default();
        route.tell(request);
        request.extensions_mut().insert(route.clone());
        route
    }

    /// The template; empty where nothing answers at that address.
    pub fn template(&self) -> &str {
        self.0.get().map_or("", MatchedPath::as_str)
    }

    fn tell(&self, request: &Request) {
        if let Some(path) = request.extensions().get::<MatchedPath>() {
            // What was matched first stays.
            let _ = self.0.set(path.clone());
        }
    }
}

/// Tells the route to whoever asked for it before it was matched. To be laid around routes, not around a whole service.
pub async fn told(request: Request, next: Next) -> Response {
    if let Some(route) = request.extensions().get::<Route>() {
        route.tell(&request);
    }
    next.run(request).await
}
