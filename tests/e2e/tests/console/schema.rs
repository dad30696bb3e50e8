//! The configuration's JSON Schema, by somebody else's validator: it takes what the documents show, and refuses what the program refuses.

use std::process::Command;

use adjourn_e2e::{Peers, workspace_root};

/// Says one line for each example that is refused, and then what is wrong with a bad one.
const CHECK: &str = r#"
import json, re, sys, tomllib
from jsonschema import Draft202012Validator as Validator
folder = sys.argv[1]
schema = json.load(open(folder + "/config.schema.json"))
Validator.check_schema(schema)
validator, seen = Validator(schema), 0
for page in ("config.md", "config.zh-CN.md"):
    for block in re.findall(r"```toml\n(.*?)```", open(folder + "/" + page, encoding="utf-8").read(), re.S):
        seen += 1
        for error in validator.iter_errors(tomllib.loads(block)):
            print(page, error.message)
bad = {"timestamp": {"urll": "x"}, "policy": {"strict": {}}, "channel": {"wait_s": 601}, "colour": 1}
print(seen > 5, len({tuple(error.path)[:1] for error in validator.iter_errors(bad)}))
"#;

#[test]
fn the_schema_takes_what_the_documents_show_and_refuses_misspelt_keys() {
    let folder = workspace_root().join("docs/reference");
    let python = Peers::locate().clients_python();
    let output = Command::new(python).args(["-c", CHECK]).arg(folder).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "True 4\n", "{output:?}");
}
