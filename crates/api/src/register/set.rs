//! `PUT /groups/{group}/register`: what a person says about a group. Fields that are not sent stay; null takes one out.

use adjourn_app::AppError;
use adjourn_app::register::{AssetRow, OneWish};
use adjourn_domain::asset::{Day, Holding, Said};
use adjourn_domain::token::Scope;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfGroup};

pub(crate) struct Set;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterWish)]
pub(crate) struct Wish {
    /// The owner's name; asked for when the register does not name the group yet.
    owner: Option<String>,
    /// How to reach the owner.
    contact: Option<String>,
    /// A class of the policy.
    class: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    purpose: Said<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    deputy: Said<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    deputy_contact: Said<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    unit: Said<String>,
    /// What it holds: `personal_data`, `business_secrets`, `vouchers`; an empty list says: nothing.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Vec<String>>)]
    holds: Said<std::collections::BTreeSet<Holding>>,
    /// Its last day.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, format = Date)]
    expires: Said<Day>,
    /// How it is to end, in words.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    exit_plan: Said<String>,
}

/// A field that is there: null takes out what is known.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(given: D) -> Result<Said<T>, D::Error> {
    Ok(Option::<T>::deserialize(given)?.map_or(Said::Blank, Said::Is))
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = RegisterDone)]
pub(crate) struct Done {
    group: String,
    /// Whether the register says something new.
    changed: bool,
}

impl Endpoint for Set {
    const DECLARED: Declared = Declared {
        errors: &[
            "group.unknown",
            "group.ambiguous",
            "key.destroyed",
            "register.owner",
            "register.deputy",
            "config.invalid",
        ],
        about: "Fields that are not sent stay as they are; null takes one out.",
        ..Declared::put(
            "register.set",
            "/groups/{group}/register",
            Scope::Plan,
            "Say what the register says about a group",
        )
    };
    type Path = OfGroup;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Done;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Done, AppError> {
        let id = call.app().resolve(&asked.path.group).await?;
        let body = asked.body;
        let wish = OneWish {
            owner: body.owner.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
            contact: body.contact.map(|contact| contact.trim().to_owned()),
            class: body.class,
            kind: Said::Unmentioned,
            asset: AssetRow {
                purpose: body.purpose,
                deputy: body.deputy,
                deputy_contact: body.deputy_contact,
                unit: body.unit,
                holds: body.holds,
                expires: body.expires,
                exit_plan: body.exit_plan,
            },
        };
        let done = call.app().register_one(id.as_str(), None, wish, false, call.signer()).await?;
        Ok(Done { group: id.0, changed: done.same == 0 })
    }
}
