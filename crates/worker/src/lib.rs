//! The worker: a synchronous step function ([`step`]) without clock, tasks or chance, in a thin shell ([`shell`]).
//! Server, command line, drill and simulation run the same one, in the order (due, stream).
//! Beside it, [`listen()`] hears what platforms tell by themselves.

pub mod listen;
pub mod shell;
pub mod step;

pub use listen::{News, Streams, listen};
pub use shell::{Pass, Worker};
