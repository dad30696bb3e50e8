//! The asset register, group by group.

use crate::Mounted;

pub(crate) mod set;
pub(crate) mod show;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![crate::mounted::<show::Show>(), crate::mounted::<set::Set>()]
}
