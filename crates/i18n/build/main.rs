//! Reads `i18n/*/*.ftl` and writes the functions that `src/lib.rs` includes.
//!
//! The build fails, naming file and key, when the two languages don't say the same things.

mod catalog;
mod emit;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

#[expect(clippy::print_stdout, reason = "standard output is where cargo reads a build script's directives")]
fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../i18n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?);
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", root.display());
    match catalog::Catalog::load(&root) {
        Ok(catalog) => {
            fs::write(out.join("messages.rs"), emit::messages(&catalog))?;
            fs::write(out.join("errors.rs"), emit::errors(&catalog))?;
            fs::write(out.join("notes.rs"), emit::notes(&catalog))?;
            fs::write(out.join("words.rs"), emit::words(&catalog))?;
        }
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
        }
    }
    Ok(())
}
