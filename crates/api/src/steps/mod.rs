//! Steps that wait for a person.

use crate::Mounted;

mod cant;
mod list;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![crate::mounted::<list::List>(), crate::mounted::<cant::Cant>()]
}
