//! Records: holds, how long what is kept, certificates.

use crate::Mounted;

mod certificates;
mod hold_lift;
mod hold_place;
mod holds;
mod retention;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<holds::Holds>(),
        crate::mounted::<hold_place::Place>(),
        crate::mounted::<hold_lift::Lift>(),
        crate::mounted::<retention::Retention>(),
        crate::mounted::<certificates::Certificates>(),
    ]
}
