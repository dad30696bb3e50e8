//! `POST /cases/{case}/steps/{group}/{step}/done`: a person says that a step is done, and hands in what shows it. Files are cleaned and kept by the same
//! one way in as the console's and the command line's.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_domain::event::EvidenceRef;
use adjourn_domain::ids::CaseId;
use adjourn_domain::token::Scope;
use adjourn_web::limits::MAX_FILE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OfStep;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};

/// Largest body, in bytes: files of together the largest one's size in base64, and what stands around them.
const MAX_BODY: usize = MAX_FILE / 3 * 4 + 64 * 1024;

pub(crate) struct StepDone;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DoneWish)]
pub(crate) struct Wish {
    /// What shows it: at most 10 files, together at most 20 MiB.
    #[serde(default)]
    #[schema(max_items = 10)]
    files: Vec<File>,
    /// The platform's second confirmation, by name: `typed_name`, `qr_scanned`, `phone_confirmed`, `approved_by`.
    #[serde(default)]
    factors: BTreeMap<String, String>,
}

/// A file that is handed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FileHandedIn)]
pub(crate) struct File {
    /// Its name, a label: nothing is found by it.
    name: String,
    /// Its bytes, in base64 (RFC 4648, section 4).
    #[schema(content_encoding = "base64")]
    content: String,
}

/// A file that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = FileKept)]
pub(crate) struct Kept {
    name: String,
    /// SHA-256 of what is kept.
    sha256: String,
    bytes: u64,
    /// SHA-256 of the file as it came, where something was taken out of it.
    original: Option<String>,
    /// What it is, a slug.
    format: String,
}

impl From<&EvidenceRef> for Kept {
    fn from(file: &EvidenceRef) -> Self {
        Self {
            name: file.name.clone(),
            sha256: file.sha256.to_hex(),
            bytes: file.bytes,
            original: file.original.map(|hash| hash.to_hex()),
            format: file.format.clone(),
        }
    }
}

/// What was noted.
#[derive(Serialize, ToSchema)]
#[schema(as = StepNoted)]
pub(crate) struct Noted {
    case: String,
    group: String,
    step: String,
    /// Everything that was handed in for the step so far.
    handed: Vec<Kept>,
}

impl Endpoint for StepDone {
    const DECLARED: Declared = Declared {
        errors: &[
            "case.unknown",
            "step.unknown",
            "step.ambiguous",
            "step.confirm",
            "step.evidence",
            "step.same_person",
            "upload.active",
            "upload.kind",
            "upload.picture",
            "hold.active",
            "run.active",
            "key.destroyed",
        ],
        about: "The step counts as done once the platform has been asked and shows it; what nobody can ask is done on people's word. Pictures are \
                cleaned of what they tell beside what they show, and both hashes are kept.",
        max_body: MAX_BODY,
        ..Declared::post(
            "steps.done",
            "/cases/{case}/steps/{group}/{step}/done",
            Scope::Run,
            "Say that a human step is done",
        )
    };
    type Path = OfStep;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Noted;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Noted, AppError> {
        let OfStep { case, group, step } = asked.path;
        let app = call.app();
        let id = CaseId(case);
        let (group, step) = app.find_person_step(&id, &format!("{group}/{step}")).await?;
        let mut files = Vec::with_capacity(asked.body.files.len());
        for (at, File { name, content }) in asked.body.files.into_iter().enumerate() {
            let bytes = STANDARD.decode(content);
            let form = || AppError::new("request.form").with("says", format!("files[{at}].content: not base64"));
            files.push((name, bytes.map_err(|_| form())?));
        }
        app.person_done(&id, &group, &step, &files, asked.body.factors, call.signer()).await?;
        let state = app.journal.group(&group).await?;
        let found = state.run.as_ref().and_then(|run| run.find(&step));
        let handed = found.map(|(_, _, stand)| stand.human.handed.iter().map(|(_, file)| Kept::from(file)).collect());
        Ok(Noted { case: id.0, group: group.0, step, handed: handed.unwrap_or_default() })
    }
}
