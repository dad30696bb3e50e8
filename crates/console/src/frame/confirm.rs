//! Typed confirmation of what can't be taken back: a page shows the code of exactly this act on exactly this object, and the act happens when it was
//! typed. The template is `frame/confirm.html`; it expects a `confirm`.

use adjourn_app::AppError;
use adjourn_domain::short_code::ShortCode;

/// What is shown where somebody confirms.
pub(crate) struct Confirm {
    /// What will happen, and that it can't be taken back.
    pub(crate) says: String,
    /// The code.
    pub(crate) code: ShortCode,
}

impl Confirm {
    /// The confirmation of an act on an object.
    pub(crate) fn of(act: &str, object: &str, says: String) -> Self {
        Self { says, code: ShortCode::of(act, object) }
    }
}

/// Checks what was typed.
///
/// # Errors
/// `confirm.mismatch`; nothing was done then.
pub(crate) fn check(act: &str, object: &str, typed: &str) -> Result<(), AppError> {
    if ShortCode::of(act, object).is(typed) {
        Ok(())
    } else {
        Err(AppError::new("confirm.mismatch").with("typed", typed.trim()))
    }
}
