//! Reads facts and tests out of the sources.

use std::collections::{BTreeMap, BTreeSet};

use crate::repo::SourceFile;

/// A test that is named after rows of the requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) name: String,
    pub(super) ids: BTreeSet<String>,
    pub(super) tier: &'static str,
    /// Whether anything in it can fail by an assertion.
    pub(super) asserts: bool,
    pub(super) ignored: bool,
}

/// Keys of facts by row, each with the platforms that have it.
pub(super) fn facts(files: &[SourceFile]) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut found: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for file in files {
        let Some(platform) = file.path.strip_prefix("profiles/").and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        for block in file.text.split("[[fact]]").skip(1) {
            let field = |name: &str| {
                let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))?;
                Some(line.trim_matches('"').to_owned())
            };
            if let Some((id, key)) = field("id").zip(field("key")) {
                found.entry(id).or_default().entry(key).or_default().insert(platform.to_owned());
            }
        }
    }
    found
}

/// Every test that is named after a row, in the order of its name.
pub(super) fn tests(files: &[SourceFile]) -> Vec<Test> {
    let rust: Vec<&SourceFile> =
        files.iter().filter(|file| file.is_rust() && !file.path.starts_with("xtask/")).collect();
    let named: Vec<(&SourceFile, usize)> =
        rust.iter().flat_map(|file| file.text.match_indices("fn req_").map(|(at, _)| (*file, at))).collect();
    // What a test calls may assert for it.
    let crates: BTreeSet<&str> = named.iter().map(|(file, _)| crate_of(&file.path)).collect();
    let helpers: BTreeMap<&str, BTreeSet<String>> =
        crates.into_iter().map(|name| (name, asserting(&rust, name))).collect();
    let empty = BTreeSet::new();
    let mut found: Vec<Test> = named
        .into_iter()
        .filter_map(|(file, at)| test(file, at, helpers.get(crate_of(&file.path)).unwrap_or(&empty)))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// `crates/domain`, `tests/e2e`.
fn crate_of(path: &str) -> &str {
    let end = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    path.get(..end).unwrap_or(path)
}

/// Functions of a crate that assert themselves.
fn asserting(files: &[&SourceFile], name: &str) -> BTreeSet<String> {
    let of_crate = files.iter().filter(|file| crate_of(&file.path) == name);
    let functions =
        of_crate.flat_map(|file| file.text.match_indices("fn ").map(|(at, _)| function(&file.text, at)));
    functions.flatten().filter(|(_, body)| asserts(body)).map(|(name, _)| name).collect()
}

fn asserts(body: &str) -> bool {
    ["assert!", "assert_eq!", "assert_ne!", "assert_matches!", "panic!", "unwrap_err()", "expect_err("]
        .iter()
        .any(|word| body.contains(word))
}

/// Name and body of the function whose `fn` stands at this place; the body ends where a brace closes in its column.
fn function(text: &str, at: usize) -> Option<(String, &str)> {
    let rest = text.get(at + "fn ".len()..)?;
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let line = text.get(text.get(..at)?.rfind('\n').map_or(0, |end| end + 1)..at)?;
    let indent = line.get(..line.len() - line.trim_start().len())?;
    let end = rest.find(&format!("\n{indent}}}")).unwrap_or(rest.len());
    (!name.is_empty()).then_some((name, rest.get(..end)?))
}

fn test(file: &SourceFile, at: usize, helpers: &BTreeSet<String>) -> Option<Test> {
    let (name, body) = function(&file.text, at)?;
    // Attributes stand right before the function; a helper of the same name has none.
    let before = file.text.get(..at)?;
    let attributes: Vec<&str> = before
        .lines()
        .rev()
        .skip(usize::from(!before.ends_with('\n')))
        .map(str::trim)
        .take_while(|line| line.starts_with('#') || line.starts_with("//"))
        .collect();
    if !attributes.iter().any(|line| line.starts_with("#[") && line.contains("test")) {
        return None;
    }
    let calls = |helper: &String| *helper != name && body.contains(&format!("{helper}("));
    Some(Test {
        ids: ids(&name),
        tier: tier(&file.path),
        asserts: asserts(body) || helpers.iter().any(calls),
        ignored: attributes.iter().any(|line| line.starts_with("#[ignore")),
        name,
    })
}

/// The rows in a name: `req_n2_e3_each_clock` is about N2 and E3.
fn ids(name: &str) -> BTreeSet<String> {
    let words = name.strip_prefix("req_").unwrap_or_default().split('_');
    let ids = words.take_while(|word| {
        let mut chars = word.chars();
        chars.next().is_some_and(|first| first.is_ascii_lowercase())
            && !chars.as_str().is_empty()
            && chars.all(|c| c.is_ascii_digit())
    });
    ids.map(str::to_ascii_uppercase).collect()
}

/// Files of end-to-end tests whose rows are executed on a real homeserver.
const LIVE: &[&str] = &["create.rs", "life.rs", "matrix.rs", "transfer.rs"];

/// What a test of this file runs on.
fn tier(path: &str) -> &'static str {
    match path {
        path if path.strip_prefix("tests/e2e/tests/").is_some_and(|file| LIVE.contains(&file)) => "live",
        path if path.starts_with("tests/e2e/") || path.starts_with("crates/connectors/") => "simulated",
        path if path.starts_with("crates/cli/tests/") || path.starts_with("crates/cli/src/demo/") => {
            "simulated"
        }
        path if path.starts_with("crates/world/") || path.starts_with("crates/sim/") => "simulated",
        path if path.starts_with("crates/connector") || path.starts_with("crates/worker/") => "simulated",
        _ => "domain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_which_rows() {
        let rows = |name: &str| ids(name).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(rows("req_p1_only_the_owner"), "P1");
        assert_eq!(rows("req_n2_e3_each_clock"), "E3 N2");
        assert_eq!(rows("req_g10_one_person"), "G10");
        assert_eq!(rows("req_nothing"), "");
    }

    #[test]
    fn tests_and_facts_are_found_and_helpers_are_not() {
        let code = "#[test]\n#[ignore]\nfn req_p1_a() {\n    assert!(true);\n}\n\nfn req_p1_helper() {}\n\n\
                    #[tokio::test]\nasync fn req_x1_b() {\n    run();\n}\n";
        let files = [
            SourceFile::new("crates/domain/tests/a.rs", code),
            SourceFile::new(
                "profiles/qq.toml",
                "[[fact]]\nid = \"P2\"\nkey = \"dissolve.who\"\n[[fact]]\nid = \"P2\"\nkey = \"dissolve.who\"\n",
            ),
        ];
        let found: Vec<_> =
            tests(&files).into_iter().map(|test| (test.name, test.asserts, test.ignored)).collect();
        assert_eq!(found, [("req_p1_a".to_owned(), true, true), ("req_x1_b".to_owned(), false, false)]);
        let helper = "fn holds() {\n    assert!(true);\n}\n";
        let with = [files[0].clone(), SourceFile::new("crates/domain/tests/b.rs", &code_calling("holds"))];
        assert!(tests(&with).iter().all(|test| test.name != "req_x2_c" || !test.asserts));
        let with = [with[1].clone(), SourceFile::new("crates/domain/src/c.rs", helper)];
        assert!(tests(&with).iter().any(|test| test.name == "req_x2_c" && test.asserts));
        assert_eq!(facts(&files)["P2"]["dissolve.who"].len(), 1);
    }

    fn code_calling(helper: &str) -> String {
        format!(
            "mod t {{\n    #[test]\n    fn req_x2_c() {{\n        {helper}();\n    }}\n    fn other() {{ assert!(true) }}\n}}\n"
        )
    }
}
