//! A connector's texts in both languages, from its `fixtures/texts.json`: `name`, and `field-NAME` for each field.

use std::collections::BTreeMap;

use adjourn_domain::fact::Text;

use crate::descriptor::Field;

/// The texts, by key. One that is missing is its key; the conformance suite finds that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<String, Text>);

impl Texts {
    /// Reads the file. From one that can't be read every text is missing.
    pub fn parse(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap_or_default())
    }

    /// The text of `key`.
    pub fn text(&self, key: &str) -> Text {
        self.0.get(key).cloned().unwrap_or_else(|| Text { zh: key.to_owned(), en: key.to_owned() })
    }

    /// A field with its text.
    pub fn field(&self, name: &'static str, secret: bool, required: bool) -> Field {
        Field { name, says: self.text(&format!("field-{name}")), secret, required }
    }
}
