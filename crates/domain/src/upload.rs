//! What somebody handed in: facts about a file, never its texts. The file itself lies beside the bundles.

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
use crate::ids::{IdentityId, PrincipalId};
use crate::time::Time;

/// Findings that are kept one by one in an event.
pub const MAX_FINDINGS: usize = 20;

/// A file that a person handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The identity whose client it comes from.
    pub identity: IdentityId,
    /// Whether that identity is a witness.
    pub witness: bool,
    /// Who handed it in.
    pub by: PrincipalId,
    /// When.
    pub received_at: Time,
    /// What it is: `chatlog_json`, `memotrace_csv`, `png`.
    pub format: String,
    /// The zone of its local times; empty where it has none.
    pub zone: String,
    /// SHA-256 of what is kept.
    pub sha256: Hash,
    /// SHA-256 of the file as it came, where something was taken out of it before it was kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original: Option<Hash>,
    /// Size of what is kept, in bytes.
    pub bytes: u64,
    /// Records about the group that could be read.
    pub records: u64,
    /// The first of them.
    pub first: Option<Time>,
    /// The last of them.
    pub last: Option<Time>,
    /// Rows in which the platform says that the group was ended.
    pub ended: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// How much was noticed.
    pub noticed: u64,
    /// The first findings.
    pub findings: Vec<UploadFinding>,
}

/// One thing that was noticed about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadFinding {
    /// Number of the row; 0 for the file as a whole.
    pub row: u64,
    /// What it is, a slug.
    pub code: String,
}

/// Longest name of a file, in characters.
pub const MAX_NAME: usize = 100;
/// Names that are devices on Windows, whatever ends them.
const DEVICES: [&str; 8] = ["con", "prn", "aux", "nul", "com", "lpt", "conin$", "conout$"];

/// A file's name that leads nowhere: no folders, no control or direction characters, no device, not longer than a line. A name is a label and nothing
/// is found by it: files lie under their hashes.
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\', '\0']).next().unwrap_or_default();
    let safe: String = last.chars().map(|c| if unsafe_in_name(c) { '_' } else { c }).collect();
    let safe = safe.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = safe.rsplit_once('.').unwrap_or((safe, ""));
    let device = stem.split('.').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    let mark = if DEVICES.contains(&device.to_ascii_lowercase().as_str()) { "_" } else { "" };
    let ending: String = ending.chars().take(10).collect();
    let room = MAX_NAME.saturating_sub(ending.chars().count() + 1 + mark.len());
    let stem: String = stem.chars().take(room).collect();
    match (stem.is_empty(), ending.is_empty()) {
        (true, true) => "file".to_owned(),
        (_, true) => format!("{mark}{stem}"),
        (_, false) => format!("{mark}{stem}.{ending}"),
    }
}

/// What would reorder a line, end it, or mean something to a file system, a shell's pattern or a page.
fn unsafe_in_name(c: char) -> bool {
    let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}');
    c.is_control() || turns || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere() {
        for (name, safe) in [
            ("shot.png", "shot.png"),
            ("\u{7fa4}\u{622a}\u{56fe}.png", "\u{7fa4}\u{622a}\u{56fe}.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\li\\shot.png", "shot.png"),
            ("a.png\0.exe", "exe"),
            ("..", "file"),
            ("", "file"),
            (" . ", "file"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("nul.tar.gz", "_nul.tar.gz"),
            ("console.png", "console.png"),
            ("shot\u{202e}gnp.exe", "shot_gnp.exe"),
            ("a\r\nset-cookie: b", "a__set-cookie_ b"),
            ("<script>.png", "_script_.png"),
        ] {
            assert_eq!(file_name(name), safe, "{name:?}");
        }
        let long = file_name(&format!("{}.jpeg", "\u{957f}".repeat(100_000)));
        assert_eq!(
            (long.chars().count(), long.split_once('.').map(|(_, ending)| ending)),
            (MAX_NAME, Some("jpeg"))
        );
    }
}
