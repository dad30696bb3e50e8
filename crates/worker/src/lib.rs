//! The worker: a synchronous step function ([`step`]) without clock, tasks or chance, in a thin shell ([`shell`]).
//! Server, command line, drill and simulation run the same one, in the order (due, stream).

pub mod shell;
pub mod step;

pub use shell::{Pass, Worker};
