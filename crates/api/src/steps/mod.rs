//! Steps that wait for a person.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::Mounted;

mod cant;
mod done;
mod list;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<list::List>(),
        crate::mounted::<done::StepDone>(),
        crate::mounted::<cant::Cant>(),
    ]
}

/// A step in the path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OfStep {
    /// The case, `c-…`.
    case: String,
    /// The group, `g-…`.
    group: String,
    /// The step's id.
    step: String,
}
