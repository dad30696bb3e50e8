//! `docs/reference/config.schema.json` and the tables of `docs/reference/config.md`, from the list of the configuration's keys. A test of the program holds
//! the list against what it reads.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};

use crate::repo::Repo;

const KEYS: &str = "crates/cli/src/config/keys.json";
const PAGE: &str = "docs/reference/config.md";
const SCHEMA: &str = "docs/reference/config.schema.json";
/// What stands around a table of the page.
const BEGIN: &str = "<!-- keys: ";
const END: &str = "<!-- end -->";

/// The page, with its tables made anew.
pub(crate) fn page(repo: &Repo) -> Result<(String, String)> {
    let keys = keys(repo)?;
    let old = read(repo, PAGE)?;
    let mut rest = old.as_str();
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (sections, after) = after.split_once(" -->").context("the mark of a table ends")?;
        let (_, after) = after.split_once(END).with_context(|| format!("the table {sections} ends"))?;
        let _ = write!(text, "{before}{BEGIN}{sections} -->\n{}{END}", table(&keys, sections)?);
        rest = after;
    }
    text.push_str(rest);
    for key in &keys {
        let path = word(key, "path")?;
        if !text.contains(&format!("| `{path}` |")) {
            bail!("{PAGE}: no table has the section of {path}");
        }
    }
    Ok((PAGE.to_owned(), text))
}

fn table(keys: &[Value], sections: &str) -> Result<String> {
    let mut text = String::from("| key | default | means |\n|---|---|---|\n");
    for section in sections.split(' ') {
        for key in keys {
            let path = word(key, "path")?;
            if path.split('.').next() == Some(section) {
                let _ = writeln!(text, "| `{path}` | {} | {} |", word(key, "default")?, word(key, "means")?);
            }
        }
    }
    Ok(text)
}

/// The JSON Schema.
pub(crate) fn schema(repo: &Repo) -> Result<(String, String)> {
    let mut root = object();
    for key in keys(repo)? {
        let path: Vec<&str> = word(&key, "path")?.split('.').collect();
        put(&mut root, &path, &key)?;
    }
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("Configuration of Adjourn");
    Ok((SCHEMA.to_owned(), format!("{}\n", serde_json::to_string_pretty(&root)?)))
}

fn object() -> Value {
    json!({"type": "object", "properties": {}, "additionalProperties": false})
}

/// Puts a key where it belongs; a name in capitals stands for any name.
fn put(table: &mut Value, path: &[&str], key: &Value) -> Result<()> {
    let Some((name, rest)) = path.split_first() else { bail!("a key has a path") };
    if rest.is_empty() {
        table["properties"][name] = kind(key)?;
        if key["needed"] == true {
            table.as_object_mut().context("a table")?.entry("required").or_insert_with(|| json!([]));
            table["required"].as_array_mut().context("a list")?.push(json!(name));
        }
        return Ok(());
    }
    let any = name.chars().all(char::is_uppercase);
    let place = if any { &mut table["additionalProperties"] } else { &mut table["properties"][name] };
    if !place.is_object() {
        *place = object();
        if *name == "review" {
            table.as_object_mut().context("a table")?.entry("required").or_insert_with(|| json!(["review"]));
        }
    }
    let place = if any { &mut table["additionalProperties"] } else { &mut table["properties"][name] };
    put(place, rest, key)
}

fn kind(key: &Value) -> Result<Value> {
    let rule = json!({
        "type": "object",
        "properties": {"role": {"type": "string"}, "count": {"type": "integer", "minimum": 1, "maximum": 10}},
        "required": ["role", "count"],
        "additionalProperties": false,
    });
    let list = |of: &Value| json!({"type": "array", "items": of});
    let of = match word(key, "type")? {
        "text" | "path" => json!({"type": "string"}),
        "texts" => list(&json!({"type": "string"})),
        "bool" => json!({"type": "boolean"}),
        "whole" => json!({"type": "integer"}),
        "wholes" => list(&json!({"type": "integer", "minimum": 0})),
        "rules" => list(&rule),
        "alternatives" => list(&list(&rule)),
        other => bail!("{KEYS}: a key of the type {other}"),
    };
    let mut of: Map<String, Value> = of.as_object().cloned().unwrap_or_default();
    if let Some([least, most]) = key["range"].as_array().map(Vec::as_slice) {
        of.insert("minimum".to_owned(), least.clone());
        of.insert("maximum".to_owned(), most.clone());
    }
    of.insert("description".to_owned(), json!(word(key, "means")?));
    Ok(Value::Object(of))
}

fn keys(repo: &Repo) -> Result<Vec<Value>> {
    let all: Value = serde_json::from_str(&read(repo, KEYS)?).context(KEYS)?;
    all["keys"].as_array().cloned().context("a list of keys")
}

fn word<'a>(key: &'a Value, name: &str) -> Result<&'a str> {
    key[name].as_str().with_context(|| format!("{KEYS}: {key} has no {name}"))
}

fn read(repo: &Repo, path: &str) -> Result<String> {
    std::fs::read_to_string(repo.root.join(path)).with_context(|| path.to_owned())
}
