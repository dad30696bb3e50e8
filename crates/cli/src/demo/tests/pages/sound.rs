//! Whether a page is sound HTML: tags close in order, ids are unique, fields have labels, headings come in order, and no word fell back to its slug.
//!
//! It reads what our own templates write (quoted attributes, no comments, no raw text elements), not HTML at large.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "img", "hr"];
/// Kinds of input that need no label.
const UNLABELLED: [&str; 2] = ["hidden", "submit"];

/// What is wrong with a page, a line each.
pub(super) fn faults(page: &str) -> Vec<String> {
    let mut reader = Reader::default();
    let mut rest = page.trim_start_matches("<!doctype html>");
    while let Some(at) = rest.find('<') {
        reader.text(&rest[..at]);
        let Some(end) = rest[at..].find('>') else {
            reader.faults.push("a tag does not end".to_owned());
            break;
        };
        reader.tag(&rest[at + 1..at + end]);
        rest = &rest[at + end + 1..];
    }
    reader.end()
}

#[derive(Default)]
struct Reader {
    open: Vec<String>,
    /// How many of the open elements were there when one began that holds names of interfaces: code, and facts about platforms.
    names_from: Option<usize>,
    ids: BTreeSet<String>,
    labels: BTreeSet<String>,
    /// Fields that are named by an id that a label has to name.
    fields: Vec<(String, String)>,
    heading: u32,
    faults: Vec<String>,
}

impl Reader {
    fn tag(&mut self, tag: &str) {
        if let Some(name) = tag.strip_prefix('/') {
            if self.open.pop().as_deref() != Some(name) {
                self.faults.push(format!("</{name}> closes another element"));
            }
            self.names_from = self.names_from.filter(|from| self.open.len() > *from);
            return;
        }
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        let attributes = self.attributes(attributes);
        let get = |key: &str| attributes.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        if get("class") == Some("") {
            self.faults.push(format!("<{tag}> has an empty class"));
        }
        if let Some(id) = get("id")
            && !self.ids.insert(id.to_owned())
        {
            self.faults.push(format!("the id {id} is there twice"));
        }
        self.labels.extend(get("for").map(str::to_owned));
        let field = name == "input" || name == "select" || name == "textarea";
        let labelled = self.open.iter().any(|open| open == "label") || get("aria-label").is_some();
        if field && !labelled && !UNLABELLED.contains(&get("type").unwrap_or_default()) {
            self.fields.push((get("id").unwrap_or_default().to_owned(), tag.to_owned()));
        }
        if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok()) {
            if level > self.heading + 1 || (level == 1 && self.heading > 0) {
                self.faults.push(format!("<{name}> comes after <h{}>", self.heading));
            }
            self.heading = level;
        }
        if !VOID.contains(&name) {
            if name == "code" || get("class") == Some("facts") || get("translate") == Some("no") {
                self.names_from.get_or_insert(self.open.len());
            }
            self.open.push(name.to_owned());
        }
    }

    fn attributes<'a>(&mut self, mut text: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        loop {
            text = text.trim_start();
            if text.is_empty() {
                return all;
            }
            let end = text.find(['=', ' ']).unwrap_or(text.len());
            let name = &text[..end];
            let value = if let Some(quoted) = text[end..].strip_prefix("=\"") {
                let close = quoted.find('"').unwrap_or(quoted.len());
                text = quoted.get(close + 1..).unwrap_or_default();
                &quoted[..close]
            } else {
                text = &text[end..];
                if text.starts_with('=') {
                    self.faults.push(format!("{name} is not quoted"));
                    return all;
                }
                ""
            };
            if all.iter().any(|(other, _)| *other == name) {
                self.faults.push(format!("{name} is there twice"));
            }
            all.push((name, value));
        }
    }

    /// A word with an underscore outside of such names is one that has no text. A step's id begins with its number.
    fn text(&mut self, text: &str) {
        if self.names_from.is_some() {
            return;
        }
        // What is quoted is a name, too.
        let bare: String = text.split("&quot;").step_by(2).collect();
        let slugs = bare.split(|c: char| !c.is_ascii_alphanumeric() && !"_-./:".contains(c)).filter(|word| {
            word.contains('_')
                && !word.contains(['.', '/', ':'])
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        });
        self.faults.extend(slugs.map(|word| format!("{word} has no text")));
        if text.contains("{ $") {
            self.faults.push(format!("an argument was left out: {text}"));
        }
    }

    fn end(mut self) -> Vec<String> {
        if !self.open.is_empty() {
            self.faults.push(format!("never closed: {:?}", self.open));
        }
        for (id, tag) in &self.fields {
            if id.is_empty() || !self.labels.contains(id) {
                self.faults.push(format!("<{tag}> has no label"));
            }
        }
        self.faults
    }
}

/// Classes that a style sheet selects.
fn selected(style: &str) -> BTreeSet<String> {
    let bare: String =
        style.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rest)| rest)).collect();
    let selectors = bare.split('{').filter_map(|part| part.rsplit(['}', ';']).next());
    let named = selectors.flat_map(|selector| selector.split('.').skip(1));
    let class =
        |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
    named.map(class).filter(|class| class.starts_with(|c: char| c.is_ascii_alphabetic())).collect()
}

/// Classes that a template gives.
fn given(template: &str) -> BTreeSet<String> {
    let attributes = template.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let words = attributes.map(|value| {
        let parts = value.split('{');
        parts
            .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest.trim_start_matches('}')))
            .collect::<Vec<_>>()
            .join(" ")
    });
    words.flat_map(|words| words.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn pages_use_what_the_style_sheet_has_and_it_has_nothing_else() {
    let console = Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/src");
    let (mut style, mut templates, mut code) = (String::new(), String::new(), String::new());
    for path in files(&console) {
        let text = |into: &mut String| into.push_str(&std::fs::read_to_string(&path).unwrap());
        match path.extension().and_then(|name| name.to_str()) {
            Some("html") => text(&mut templates),
            Some("css") if path.parent().unwrap().ends_with("frame/style") => text(&mut style),
            // A tone of a pill, a dot of the observation, a button that the script makes.
            Some("rs" | "js") => text(&mut code),
            _ => {}
        }
    }
    let (there, used) = (selected(&style), given(&templates));
    let missing: Vec<_> = used.difference(&there).collect();
    assert!(missing.is_empty(), "templates use what no style sheet has: {missing:?}");
    let by_code = |class: &str| {
        code.contains(&format!("\"{class}\"")) || code.contains(&format!("class=\\\"{class}\\\""))
    };
    let unused: Vec<_> = there.difference(&used).filter(|class| !by_code(class)).collect();
    assert!(unused.is_empty(), "no page uses {unused:?}");
    // Both readers read.
    let selects = selected(
        "/* .x { } */ .a > b.c, d[e=\".5\"] { top: 0.5rem; } @media (min-width: 1.5rem) { .f:hover { } }",
    );
    assert_eq!(selects, ["a", "c", "f"].map(str::to_owned).into());
    assert_eq!(
        given("<p class=\"a {{ tone }} b{% if x %} c{% endif %}\">"),
        ["a", "b", "c"].map(str::to_owned).into()
    );
}

#[test]
fn what_is_not_sound_is_found() {
    let finds = |page: &str, says: &str| {
        let found = faults(page);
        assert!(found.iter().any(|fault| fault.contains(says)), "{page}: {found:?}");
    };
    assert_eq!(
        faults("<!doctype html><main id=\"a\"><h1>x</h1><label>n<input name=\"n\" required></label></main>"),
        [""; 0]
    );
    finds("<p><b>x</p></b>", "closes another");
    finds("<p>x", "never closed");
    finds("<p id=\"a\"></p><p id=\"a\"></p>", "twice");
    finds("<p class=\"\"></p>", "empty class");
    finds("<input name=\"n\">", "no label");
    finds("<h1>a</h1><h3>b</h3>", "comes after");
    finds("<p>is needs_person now</p>", "has no text");
    finds("<p><code>a_b</code> c_d</p>", "c_d has no text");
    assert!(faults("<p>10-cooling_off</p><label for=\"i\">n</label><input id=\"i\">").is_empty());
}
