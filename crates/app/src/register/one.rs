//! One group, registered by hand.

use adjourn_domain::asset::Said;
use adjourn_domain::case::CaseState;
use adjourn_domain::group::Kind;
use adjourn_domain::ids::{ConnectionId, GroupId};
use adjourn_domain::run::RunCommand;

use super::{AssetRow, LedgerRow, Registered, native, snapshot};
use crate::App;
use crate::error::AppError;
use crate::ports::Signer;

/// What a person says about one group. What is left out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct OneWish {
    /// The owner's name.
    pub owner: Option<String>,
    /// How to reach the owner.
    pub contact: Option<String>,
    /// The class.
    pub class: Option<String>,
    /// The kind, of a group that no platform has shown.
    pub kind: Said<Kind>,
    /// What it is as an asset.
    pub asset: AssetRow,
}

impl App {
    /// Registers one group: one that is known, or, through a connection, one that nobody has seen yet, by the platform's id.
    ///
    /// # Errors
    /// `group.unknown`; `register.owner` when nobody says who owns it; `config.invalid` for a class that no policy has.
    pub async fn register_one(
        &self,
        text: &str,
        connection: Option<&ConnectionId>,
        wish: OneWish,
        dry: bool,
        signer: &dyn Signer,
    ) -> Result<Registered, AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let now = self.clock.now();
        let found = match (self.resolve(text).await, connection) {
            (Err(error), Some(_)) if error.code() == "group.unknown" => None,
            (Err(error), _) => return Err(error),
            (Ok(id), _) => Some(id),
        };
        let row = LedgerRow { id: Some(text.to_owned()), kind: wish.kind.clone(), ..LedgerRow::default() };
        let id: GroupId = match (found, connection) {
            (Some(id), _) => id,
            (None, Some(name)) => self.journal.keys.group_id(name.as_str(), &native(&row))?,
            (None, None) => return Err(AppError::new("group.unknown").with("group", text)),
        };
        if org.destroyed.contains(&id) {
            return Err(AppError::new("key.destroyed").with("group", &id));
        }
        let before = self.journal.group(&id).await?;
        let fresh = before.version == 0;
        let through = before.snapshot.as_ref().map(|snapshot| &snapshot.connection).or(connection);
        let through =
            org.connection(through.ok_or_else(|| AppError::new("group.unknown").with("group", text))?)?;
        let seen = match &before.snapshot {
            Some(known) => {
                let mut known = known.clone();
                known.kind = wish.kind.clone().over(Some(known.kind)).unwrap_or_default();
                known
            }
            None => snapshot(&row, through, None, now),
        };
        let known_class = if before.class.is_empty() { &through.class } else { &before.class };
        let class = wish.class.unwrap_or_else(|| known_class.clone());
        self.policy.of(&class)?;
        let known = before.registration.as_deref();
        let owner = wish.owner.or_else(|| known.map(|known| known.owner_name.clone()));
        let owner = owner.ok_or_else(|| AppError::new("register.owner").with("group", text))?;
        let same = known.filter(|known| super::plain(&known.owner_name) == super::plain(&owner));
        let contact = wish.contact.or_else(|| same.map(|known| known.contact.clone())).unwrap_or_default();
        let mut registration = self.registration(&owner, &contact, &wish.asset, known)?;
        registration.kind = wish.kind.clone().over(registration.kind);
        let mut done =
            Registered { no_contact: usize::from(registration.contact.is_empty()), ..Registered::default() };
        let command =
            RunCommand::Register { snapshot: Box::new(seen), class, registration: Box::new(registration) };
        let owner = known.map(|known| known.owner.clone());
        let events = before.decide(&CaseState::new("c-none".into()), command, now)?;
        match (fresh, events.is_empty()) {
            (true, _) => done.new.push(id),
            (false, true) => done.same += 1,
            (false, false) => done.changed.push(id),
        }
        if !dry && !events.is_empty() {
            let mut tx = self.journal.begin(now, &by);
            let after = tx.group(before, &events)?;
            self.put_card(&mut tx, &after)?;
            tx.commit().await?;
            if !fresh && owner != after.registration.as_ref().map(|known| known.owner.clone()) {
                self.hand_tasks(&after, &by).await?;
            }
        }
        Ok(done)
    }
}
