//! The installation: its connections, what it knows about platforms, whether it is well.

use crate::Mounted;

mod connections;
mod doctor;
mod facts;
mod platforms;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<connections::Connections>(),
        crate::mounted::<platforms::Platforms>(),
        crate::mounted::<facts::Facts>(),
        crate::mounted::<doctor::Doctor>(),
    ]
}
