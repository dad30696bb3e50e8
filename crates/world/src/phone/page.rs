//! Pages as data.

use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

/// What a phone shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A page.
    Page(Box<Page>),
    /// A file to be kept.
    File {
        /// Its name.
        name: String,
        /// Media type.
        media_type: String,
        /// What is in it.
        content: String,
    },
}

/// A page of the platform's app.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Page {
    /// Language of our own words.
    pub lang: String,
    /// The app's name.
    pub app: String,
    /// The app's colour.
    pub colour: String,
    /// Says that all of this is simulated.
    pub simulated: String,
    /// Name of the person whose phone it is.
    pub person: Option<String>,
    /// The platform's time.
    pub at: Time,
    /// Title.
    pub title: String,
    /// Where the arrow leads.
    pub back: Option<String>,
    /// What is at the top right.
    pub menu: Option<Row>,
    /// What is on it.
    pub sections: Vec<Section>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// A heading.
    Heading(String),
    /// A sentence.
    Text(String),
    /// A sentence that must be seen.
    Warning(String),
    /// Lines, most of which lead somewhere.
    Rows(Vec<Row>),
    /// A conversation.
    Bubbles(Vec<Bubble>),
    /// Digits that stand for a QR code.
    Code {
        /// What it is.
        caption: String,
        /// The digits.
        code: String,
    },
    /// Something to fill in or press.
    Form(Form),
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// What it says.
    pub text: String,
    /// In small.
    pub detail: String,
    /// Where it leads.
    pub href: Option<String>,
    /// A mark at its end.
    pub mark: Option<String>,
}

/// Whose bubble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The phone's owner.
    Mine,
    /// Somebody else.
    Theirs,
    /// The platform.
    System,
}

/// A message on a phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bubble {
    /// Whose it is.
    pub side: Side,
    /// Name of the sender.
    pub from: String,
    /// When it came.
    pub at: Time,
    /// What it says.
    pub text: String,
    /// What a long press offers.
    pub press: Option<Form>,
}

/// How heavy a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// One of several.
    #[default]
    Plain,
    /// The one that the page is for.
    Main,
    /// One that ends something.
    Danger,
}

/// Something to fill in or press.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// What it does, in our words.
    pub hint: String,
    /// What is filled in.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: String,
    /// How heavy it is.
    pub weight: Weight,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it asks for.
    pub label: String,
    /// What is in it.
    pub value: String,
    /// What it is.
    pub kind: FieldKind,
}

/// What a field is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Not shown.
    Hidden,
    /// A line of text.
    Text,
    /// One of several; each is a value and what is shown for it.
    Choice(Vec<(String, String)>),
}

impl Form {
    /// A button that sends `act` to `action`.
    pub(super) fn button(action: &str, act: &str, button: &str) -> Self {
        let form = Self { action: action.to_owned(), button: button.to_owned(), ..Self::default() };
        form.hidden("act", act)
    }

    pub(super) fn hidden(self, name: &str, value: &str) -> Self {
        self.field(name, "", value, FieldKind::Hidden)
    }

    pub(super) fn text(self, name: &str, label: &str) -> Self {
        self.field(name, label, "", FieldKind::Text)
    }

    pub(super) fn choice(self, name: &str, label: &str, options: Vec<(String, String)>) -> Self {
        self.field(name, label, "", FieldKind::Choice(options))
    }

    pub(super) fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    pub(super) fn weight(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    fn field(mut self, name: &str, label: &str, value: &str, kind: FieldKind) -> Self {
        self.fields.push(Field {
            name: name.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
            kind,
        });
        self
    }
}

impl From<Form> for Section {
    fn from(form: Form) -> Self {
        Self::Form(form)
    }
}

impl From<Page> for Shown {
    fn from(page: Page) -> Self {
        Self::Page(Box::new(page))
    }
}
