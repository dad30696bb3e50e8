//! Adding a connection: what its connector asks for is answered before anything is written or called.

use std::collections::BTreeMap;

use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::ids::{ConnectionId, IdentityId};

use crate::App;
use crate::error::AppError;
use crate::ports::{IdentityReport, Offer, Signer};

/// Secrets of identities, by name.
pub type Secrets = BTreeMap<IdentityId, BTreeMap<String, String>>;

/// What somebody wants to connect.
pub struct ConnectWish {
    /// Its name.
    pub name: ConnectionId,
    /// Settings.
    pub settings: BTreeMap<String, String>,
    /// The identity that acts.
    pub identity: IdentityId,
    /// Witnesses.
    pub witnesses: Vec<IdentityId>,
    /// Secrets. They go to the keys and nowhere else.
    pub secrets: Secrets,
    /// The class of its groups.
    pub class: String,
}

impl App {
    /// Connects a platform by its connector's own questions, after every identity has answered.
    ///
    /// # Errors
    /// `config.missing` names the question without an answer; `usage` for a connection without a name; and those of [`App::add_connection`].
    pub async fn connect(
        &self,
        offer: &Offer,
        wish: ConnectWish,
        by: &dyn Signer,
    ) -> Result<(Connection, Vec<IdentityReport>), AppError> {
        let named = wish.name.as_str();
        if named.is_empty() || !named.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
            return Err(AppError::new("connection.name").with("name", named));
        }
        for question in offer.questions.iter().filter(|question| question.required && !question.secret) {
            if !wish.settings.contains_key(&question.name) {
                return Err(AppError::new("config.missing").with("says", &question.name));
            }
        }
        let mut identities = vec![IdentitySpec { id: wish.identity, witness: false }];
        identities.extend(wish.witnesses.into_iter().map(|id| IdentitySpec { id, witness: true }));
        let connection = Connection {
            id: wish.name,
            platform: offer.platform.clone(),
            settings: wish.settings,
            identities,
            class: wish.class,
            drill: false,
        };
        let reports = self.add_connection(connection.clone(), &wish.secrets, Some(by)).await?;
        Ok((connection, reports))
    }
}
