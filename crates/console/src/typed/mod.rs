//! Typed confirmation on a page. Another page shows it with `{% include "typed/typed.html" %}` inside its form, where a variable `typed` of
//! [`Typed`] is in sight, and hands the field `typed` to `App::apply_confirmed`, `App::destroy_confirmed` or `App::lift_confirmed`.
//!
//! The code may be pasted; Enter under an input method does not send the form; nothing is filled in for anybody.

use adjourn_app::confirmation::Confirmation;
use adjourn_i18n::msg;

use crate::desk::Reader;

/// Groups that are shown beside the code; the others are counted.
const MAX_THINGS: usize = 20;

/// What is shown before somebody types.
pub(crate) struct Typed {
    /// What will happen.
    pub(crate) effect: String,
    /// Until when, and how, it can be taken back; empty where it can't.
    pub(crate) last: String,
    /// The code.
    pub(crate) code: String,
    /// Name, platform, owner and members of each group.
    pub(crate) things: Vec<[String; 4]>,
    /// Groups that are not shown.
    pub(crate) more: u64,
}

impl Typed {
    /// What is typed for a confirmation.
    pub(crate) fn of(reader: &Reader, confirmation: &Confirmation, effect: String, last: String) -> Self {
        let lang = reader.lang;
        let unknown = || reader.say.word("verdict", "unknown");
        let row = |thing: &adjourn_app::confirmation::Thing| {
            let name = if thing.name.is_empty() { msg::typed_no_name(lang) } else { thing.name.clone() };
            let owners = thing.owners.as_ref().map_or_else(unknown, |owners| {
                if owners.is_empty() { msg::owner_none(lang) } else { owners.join(", ") }
            });
            let members = thing.members.map_or_else(unknown, |count| count.to_string());
            [name, reader.say.word("platform", &thing.platform), owners, members]
        };
        Self {
            effect,
            last,
            code: confirmation.code.to_string(),
            things: confirmation.things.iter().take(MAX_THINGS).map(row).collect(),
            more: confirmation.things.len().saturating_sub(MAX_THINGS) as u64,
        }
    }
}
