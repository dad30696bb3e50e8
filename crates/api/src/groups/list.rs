//! `GET /groups`: the inventory, by view and by search.

use adjourn_app::AppError;
use adjourn_app::inventory::{Card, Wanted};
use adjourn_app::register::View;
use adjourn_domain::ids::GroupId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::GroupRow;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::{Page, read, rows_of};

pub(crate) struct List;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// A view of the register: `orphan`, `one-owner`, `idle`, `unknown`, `unregistered`, `expiring`, `linked`, `owed`.
    view: Option<String>,
    /// A part of the name, the alias, an owner or an id.
    q: Option<String>,
    /// Only groups of this platform.
    platform: Option<String>,
    /// Only groups at this place on the way.
    state: Option<String>,
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl Endpoint for List {
    const DECLARED: Declared = Declared {
        errors: &["cursor.invalid"],
        about: "By name. A platform's word is as old as `seen_at` says; `groups.refresh` looks again.",
        ..Declared::get("groups.list", "/groups", "List groups")
    };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<GroupRow>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<GroupRow>, AppError> {
        let sought = asked.query;
        let view = sought
            .view
            .as_deref()
            .map(|slug| {
                View::from_slug(slug).ok_or_else(|| AppError::new("request.form").with("says", "view"))
            })
            .transpose()?;
        let limit = rows_of(sought.limit)?;
        let wanted = Wanted {
            view,
            words: sought.q.unwrap_or_default(),
            platform: sought.platform,
            states: sought.state.into_iter().collect(),
            after: sought.after.as_deref().map(read::<(String, GroupId)>).transpose()?,
            limit,
            ..Wanted::default()
        };
        let found = call.app().looked_up(&wanted, &call.desk.rules).await?;
        let more = found.all > found.cards.len();
        let key = |card: &Card| (card.label().to_owned(), card.group.clone());
        Ok(Page::cut(found.cards, key, more)?.map(GroupRow::from))
    }
}
