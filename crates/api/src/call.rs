//! A call: who asks, with what, in which language. A service token or a session of the console; what both may do is what their principal may,
//! and a token only what its scopes leave of it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_app::accounts::Session;
use adjourn_app::ports::Signer;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_domain::token::{Scope, ServiceToken};
use adjourn_i18n::Lang;
use adjourn_web::wording::Say;
use adjourn_web::{guard, session};
use axum::http::{HeaderMap, Method, header};

use crate::House;
use crate::groups::refresh::Refreshes;

/// What the endpoints share.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    pub(crate) rules: Rules,
    pub(crate) house: Arc<dyn House>,
    pub(crate) refreshes: Refreshes,
    /// Requests with a key that are being answered.
    pub(crate) busy: Busy,
}

/// Names of what is under way in this process.
#[derive(Clone, Default)]
pub(crate) struct Busy(Arc<Mutex<BTreeSet<String>>>);

impl Busy {
    /// Takes a name, until what is returned is dropped; `None` when somebody has it.
    pub(crate) fn take(&self, name: String) -> Option<Taken> {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(name.clone()).then(|| Taken { busy: self.clone(), name })
    }
}

/// A name that is taken.
pub(crate) struct Taken {
    busy: Busy,
    name: String,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.busy.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

/// A call.
pub(crate) struct Call {
    pub(crate) desk: Desk,
    pub(crate) lang: Lang,
    pub(crate) session: Session,
    /// The token that it came with; `None` for a session of the console.
    pub(crate) token: Option<ServiceToken>,
}

impl Call {
    /// Who asks.
    ///
    /// # Errors
    /// `session.missing`, `session.over`, `token.refused`; `request.cross_site` for what another site made a browser send; `token.scope`.
    pub(crate) async fn of(
        desk: Desk,
        lang: Lang,
        method: &Method,
        headers: &HeaderMap,
        scope: Scope,
    ) -> Result<Self, AppError> {
        if let Some(said) = headers.get(header::AUTHORIZATION) {
            let refused = || AppError::new("token.refused");
            let (scheme, text) =
                said.to_str().ok().and_then(|said| said.split_once(' ')).ok_or_else(refused)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(refused());
            }
            let (session, token) = desk.app.bearer(text.trim()).await?;
            if !token.scopes.contains(&scope) {
                return Err(AppError::new("token.scope").with("scope", scope.slug()));
            }
            return Ok(Self { desk, lang, session, token: Some(token) });
        }
        let session = session::session(&desk.app, headers).await?;
        guard::same_site(method, headers)?;
        Ok(Self { desk, lang, session, token: None })
    }

    pub(crate) fn app(&self) -> &App {
        &self.desk.app
    }

    pub(crate) fn signer(&self) -> &dyn Signer {
        self.session.signer.as_ref()
    }

    pub(crate) fn say(&self) -> Say {
        Say::new(self.lang)
    }

    /// Who agrees to what can't be taken back says once more who they are. A token with the scope was given for that, by somebody who did.
    ///
    /// # Errors
    /// `sign_in.refused`, `sign_in.locked`.
    pub(crate) async fn step_up(&self, password: Option<&str>) -> Result<(), AppError> {
        match self.token {
            Some(_) => Ok(()),
            None => self.app().step_up(&self.session, password.unwrap_or_default()).await,
        }
    }
}
