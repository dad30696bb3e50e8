//! Writes the registry of connectors from the folders of `src/`.
//!
//! Every folder is a platform. The registry names `crate::FOLDER`, so a folder without its `pub mod` line in
//! `lib.rs` does not compile, and a platform can't be forgotten.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src");
    let mut platforms = Vec::new();
    for entry in fs::read_dir("src")? {
        let entry = entry?;
        if entry.path().join("mod.rs").is_file() {
            platforms.push(entry.file_name().into_string().map_err(|_| "a folder's name is not UTF-8")?);
        }
    }
    platforms.sort();
    let mut text = String::from("/// Every connector, sorted by platform.\npub static ALL: &[Entry] = &[\n");
    for name in &platforms {
        // A platform whose simulator can play another world under other rules says so by a function of this name.
        let played = fs::read_to_string(format!("src/{name}/mod.rs"))?.contains("\npub fn played(");
        let played = if played { format!("Some(crate::{name}::played)") } else { "None".to_owned() };
        writeln!(
            text,
            "    Entry {{ id: \"{name}\", connector: crate::{name}::connector, seeded: crate::{name}::seeded, played: {played} }},"
        )?;
    }
    text.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join("registry.rs"), text)?;
    Ok(())
}
