//! The console's pages over a drill on a virtual clock: in every state that a case can be in, in both languages, as texts and in a browser.

mod keys;
mod looks;
mod office;
mod shown;
mod sound;
mod states;
mod walks;
