//! Webhooks: addresses of the configuration that are told what happens.

use crate::Mounted;

mod list;
mod replay;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![crate::mounted::<list::Webhooks>(), crate::mounted::<replay::Replay>()]
}
