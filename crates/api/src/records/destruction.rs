//! `GET /groups/{group}/destruction`: where the destruction of a group's key stands, with the certificate of one that was destroyed.

use adjourn_app::AppError;
use adjourn_domain::destruction::Certificate;
use adjourn_domain::ids::GroupId;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfGroup};

pub(crate) struct Show;

/// Where a destruction stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct Destruction {
    group: String,
    /// Whether nothing of the group can be read any more.
    destroyed: bool,
    /// Who signed first, a principal; null where nobody has, and where it is done.
    asked_by: Option<String>,
    /// The short code that the second person types, once the first has signed.
    code: Option<String>,
    /// The certificate, `destruction/v1`: both signatures, what had run out, the method. A key from before there were certificates has none.
    #[schema(value_type = Option<Object>)]
    certificate: Option<Value>,
}

impl Destruction {
    pub(super) async fn of(call: &Call, group: &GroupId) -> Result<Self, AppError> {
        let app = call.app();
        let org = app.journal.org().await?;
        let mut found =
            Self { group: group.to_string(), destroyed: false, asked_by: None, code: None, certificate: None };
        if org.destroyed.contains(group) {
            let key_of = |id: &_| org.principals.get(id).map(|principal| principal.public_key.clone());
            let certificate = org.destructions.get(group).and_then(|one| Certificate::of(one, key_of));
            return Ok(Self { destroyed: true, certificate: certificate.map(|one| json!(one)), ..found });
        }
        if let Some(by) = app.journal.group(group).await?.key_destroy_asked_by {
            found.asked_by = Some(by.to_string());
            found.code = Some(app.confirmation_of_destruction(group).await?.code.as_str().to_owned());
        }
        Ok(found)
    }
}

impl Endpoint for Show {
    const DECLARED: Declared = Declared {
        errors: &["group.unknown", "group.ambiguous"],
        about: "A group whose key was destroyed is found by our id alone.",
        ..Declared::get("destructions.show", "/groups/{group}/destruction", "Show where a destruction stands")
    };
    type Path = OfGroup;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Destruction;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Destruction, AppError> {
        let group = call.app().resolve_record(&asked.path.group).await?;
        Destruction::of(call, &group).await
    }
}
