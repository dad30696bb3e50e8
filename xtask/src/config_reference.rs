//! `docs/reference/config.schema.json` and the tables of `docs/reference/config.md`, from the list of the configuration's keys. A test of the program holds
//! the list against what it reads.

use std::collections::{BTreeMap, BTreeSet};
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
    let mut root = Table::default();
    for key in keys(repo)? {
        let path: Vec<&str> = word(&key, "path")?.split('.').collect();
        root.put(&path, &key)?;
    }
    let mut schema = root.schema();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("Configuration of Adjourn"));
    Ok((SCHEMA.to_owned(), format!("{}\n", serde_json::to_string_pretty(&Value::Object(schema))?)))
}

/// A table of the file.
#[derive(Default)]
struct Table {
    keys: Map<String, Value>,
    tables: BTreeMap<String, Table>,
    /// What stands under any name.
    any: Option<Box<Table>>,
    needed: BTreeSet<String>,
}

impl Table {
    /// Puts a key where it belongs; a name in capitals stands for any name.
    fn put(&mut self, path: &[&str], key: &Value) -> Result<()> {
        match path {
            [] => bail!("{KEYS}: a key without a path"),
            [name] => {
                self.keys.insert((*name).to_owned(), kind(key)?);
                if key.get("needed") == Some(&json!(true)) {
                    self.needed.insert((*name).to_owned());
                }
                Ok(())
            }
            [any, rest @ ..] if any.chars().all(char::is_uppercase) => {
                self.any.get_or_insert_default().put(rest, key)
            }
            [name, rest @ ..] => {
                if *name == "review" {
                    self.needed.insert("review".to_owned());
                }
                self.tables.entry((*name).to_owned()).or_default().put(rest, key)
            }
        }
    }

    fn schema(&self) -> Map<String, Value> {
        let mut properties = self.keys.clone();
        properties
            .extend(self.tables.iter().map(|(name, table)| (name.clone(), Value::Object(table.schema()))));
        let any = self.any.as_ref().map_or(json!(false), |table| Value::Object(table.schema()));
        let mut schema = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("properties".to_owned(), Value::Object(properties)),
            ("additionalProperties".to_owned(), any),
        ]);
        if !self.needed.is_empty() {
            schema.insert("required".to_owned(), json!(self.needed));
        }
        schema
    }
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
    if let Some([least, most]) = key.get("range").and_then(Value::as_array).map(Vec::as_slice) {
        of.insert("minimum".to_owned(), least.clone());
        of.insert("maximum".to_owned(), most.clone());
    }
    of.insert("description".to_owned(), json!(word(key, "means")?));
    Ok(Value::Object(of))
}

fn keys(repo: &Repo) -> Result<Vec<Value>> {
    let all: Value = serde_json::from_str(&read(repo, KEYS)?).context(KEYS)?;
    all.get("keys").and_then(Value::as_array).cloned().context("a list of keys")
}

fn word<'a>(key: &'a Value, name: &str) -> Result<&'a str> {
    key.get(name).and_then(Value::as_str).with_context(|| format!("{KEYS}: {key} has no {name}"))
}

fn read(repo: &Repo, path: &str) -> Result<String> {
    std::fs::read_to_string(repo.root.join(path)).with_context(|| path.to_owned())
}
