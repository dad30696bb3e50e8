//! `GET /principals`: who there is.

use adjourn_app::AppError;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Person;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct List;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl Endpoint for List {
    const DECLARED: Declared = Declared {
        errors: &["cursor.invalid"],
        ..Declared::get("principals.list", "/principals", "List who acts")
    };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<Person>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<Person>, AppError> {
        let org = call.app().journal.org().await?;
        let people: Vec<Person> = org.principals.values().map(Person::from).collect();
        Page::of(people, |person| person.id.clone(), asked.query.after.as_deref(), asked.query.limit)
    }
}
