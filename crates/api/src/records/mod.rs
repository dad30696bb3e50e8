//! Records: holds, how long what is kept, destruction, certificates.

use crate::Mounted;

mod certificates;
mod destroy;
mod destruction;
mod hold_lift;
mod hold_place;
mod holds;
mod retention;
mod retention_decide;

pub(crate) fn endpoints() -> Vec<Mounted> {
    vec![
        crate::mounted::<holds::Holds>(),
        crate::mounted::<hold_place::Place>(),
        crate::mounted::<hold_lift::Lift>(),
        crate::mounted::<retention::Retention>(),
        crate::mounted::<retention_decide::Decide>(),
        crate::mounted::<destruction::Show>(),
        crate::mounted::<destroy::Destroy>(),
        crate::mounted::<certificates::Certificates>(),
    ]
}
