//! The laws of a text. `cargo +nightly fuzz run text` in `crates/redact`.
#![no_main]

use std::cell::RefCell;

use adjourn_redact::laws::Laws;
use libfuzzer_sys::fuzz_target;

thread_local! {
    static LAWS: RefCell<Laws> = RefCell::new(Laws::new(&["\u{5f20}\u{4f1f}", "Ann"]));
}

fuzz_target!(|text: &str| {
    let held = LAWS.with_borrow_mut(|laws| laws.text(text));
    assert_eq!(held, Ok(()));
});
