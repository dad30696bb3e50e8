//! The JSON Schema of a line. It is committed as `docs/reference/archive.schema.json`; a test holds it against what is written.

use serde_json::{Map, Value, json};

use super::VERSION;

/// The schema, draft 2020-12.
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of an archive of Adjourn",
        "description": format!(
            "Version {VERSION}. An archive is UTF-8, one canonical JSON object (RFC 8785) per line, plain or in zstd frames. Fields may be added."
        ),
        "oneOf": [
            {"$ref": "#/$defs/archive"},
            {"$ref": "#/$defs/conversation"},
            {"$ref": "#/$defs/participant"},
            {"$ref": "#/$defs/record"},
        ],
        "$defs": {
            "archive": tagged("archive", archive()),
            "conversation": tagged("conversation", conversation()),
            "participant": tagged("participant", participant()),
            "record": record(),
            "id": {"type": "string", "description": "An id of the platform, as it came."},
            "time": {
                "type": "string",
                "format": "date-time",
                "pattern": "Z$",
                "description": "RFC 3339 in UTC with milliseconds.",
            },
        },
    })
}

fn tagged(tag: &str, of: Value) -> Value {
    json!({"type": "object", "properties": Map::from_iter([(tag.to_owned(), of)]), "required": [tag], "maxProperties": 1})
}

/// An object with these properties, of which the first `required` ones must be there.
fn object(about: &str, required: usize, properties: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = properties.iter().take(required).map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        properties.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    json!({"type": "object", "description": about, "properties": properties, "required": names})
}

fn text(about: &str) -> Value {
    json!({"type": "string", "description": about})
}

fn one_of(values: &[&str], about: &str) -> Value {
    json!({"enum": values, "description": about})
}

fn id() -> Value {
    json!({"$ref": "#/$defs/id"})
}

fn time() -> Value {
    json!({"$ref": "#/$defs/time"})
}

fn ids(about: &str) -> Value {
    json!({"type": "array", "items": id(), "description": about})
}

fn count(about: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": about})
}

fn flag(about: &str) -> Value {
    json!({"type": "boolean", "description": about})
}

fn raw() -> Value {
    json!({"description": "What the source says, as it came; whole numbers beyond 2^53 as text."})
}

fn archive() -> Value {
    object(
        "About the file; the first line if there is one.",
        2,
        &[
            ("version", json!({"const": VERSION})),
            ("platform", text("The platform; empty where the source does not tell.")),
            ("format", text("The format that it was read from.")),
            ("tool", text("The tool that wrote the source.")),
            ("exported", time()),
        ],
    )
}

fn conversation() -> Value {
    object(
        "What the records belong to.",
        2,
        &[
            ("id", id()),
            ("kind", one_of(&["group", "channel", "direct", "thread"], "What it is.")),
            ("name", text("Its name.")),
            ("topic", text("Its topic or description.")),
            ("created", time()),
            ("raw", raw()),
        ],
    )
}

fn participant() -> Value {
    object(
        "Who took part. A later line replaces an earlier one of the same id and conversation.",
        1,
        &[
            ("id", id()),
            ("conversation", id()),
            ("name", text("The name of the account.")),
            ("nickname", text("The name in this conversation.")),
            (
                "aliases",
                json!({"type": "array", "items": {"type": "string"}, "description": "Further names."}),
            ),
            ("email", text("E-mail address.")),
            ("bot", flag("Whether it is a bot.")),
            ("raw", raw()),
        ],
    )
}

fn record() -> Value {
    let kinds = ["message", "edit", "redaction", "reaction", "system", "undecryptable", "other"];
    let contents = [
        "image",
        "voice",
        "video",
        "file",
        "sticker",
        "link",
        "app",
        "location",
        "contact",
        "red_packet",
        "transfer",
        "call",
        "poll",
        "forward",
        "poke",
        "other",
    ];
    let attachment = object(
        "A file that a message carries.",
        4,
        &[
            ("id", id()),
            ("name", text("File name as sent.")),
            ("bytes", json!({"type": ["integer", "null"], "minimum": 0, "description": "Size as declared."})),
            ("media_type", json!({"type": ["string", "null"], "description": "Media type as declared."})),
        ],
    );
    let reaction = object(
        "Reactions of one kind.",
        2,
        &[
            ("key", text("The emoji, or the platform's name for it.")),
            ("count", count("How many people gave it.")),
            ("by", ids("Those that the platform names.")),
        ],
    );
    object(
        "One record of the history.",
        5,
        &[
            ("id", id()),
            ("kind", one_of(&kinds, "What it is.")),
            ("at", time()),
            ("sender", id()),
            ("raw", raw()),
            ("conversation", id()),
            ("sender_name", text("The sender's name as it was shown.")),
            ("text", text("Its words.")),
            ("reply_to", id()),
            ("thread", id()),
            ("target", id()),
            ("content", one_of(&contents, "What it is besides text.")),
            ("mentions", ids("Accounts that it addresses; * for everybody.")),
            ("attachments", json!({"type": "array", "items": attachment})),
            ("reactions", json!({"type": "array", "items": reaction})),
            ("edited_at", time()),
            ("recalled", flag("Whether its sender took it back.")),
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::tests::full;
    use super::*;

    #[test]
    fn the_committed_schema_is_this_one() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/archive.schema.json");
        let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
        if std::env::var_os("ADJOURN_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap();
        assert!(committed == text, "`cargo xtask gen` writes it");
    }

    /// Every property of the schema is a field that is written, and the other way round.
    #[test]
    fn the_schema_has_the_fields_that_are_written() {
        fn check(schema: &Value, value: &Value, at: &str) {
            if let (Some(properties), Value::Object(fields)) = (schema.get("properties"), value) {
                let known: Vec<&String> = properties.as_object().unwrap().keys().collect();
                let written: Vec<&String> = fields.keys().collect();
                assert_eq!(known, written, "{at}");
                for (name, value) in fields {
                    check(&properties[name], value, name);
                }
                return;
            }
            if let (Some(items), Value::Array(values)) = (schema.get("items"), value) {
                assert!(!values.is_empty(), "{at}");
                for value in values {
                    check(items, value, at);
                }
            }
            if let Some(values) = schema.get("enum") {
                assert!(values.as_array().unwrap().contains(value), "{at}: {value}");
            }
        }
        let schema = schema();
        for (name, line) in ["archive", "conversation", "participant", "record"].iter().zip(full()) {
            check(&schema["$defs"][*name], &serde_json::to_value(line).unwrap(), name);
        }
    }
}
