//! Compliance audits.

use crate::Mounted;

mod list;
mod run;
mod show;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![crate::mounted::<list::List>(), crate::mounted::<show::Show>(), crate::mounted::<run::Run>()]
}
