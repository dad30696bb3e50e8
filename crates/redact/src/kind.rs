//! What is found: kinds of identifiers, and how sure the finding is.

use std::fmt;

/// A kind of personal identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A mobile number of the Chinese mainland: eleven digits; elsewhere any number with a plus and the country's code.
    Mobile,
    /// A landline number with its area code or beside a word for telephones; service numbers 400 and 800.
    Landline,
    /// A resident identity number: 18 characters with a check character (GB 11643-1999), or 15 digits with a date of birth.
    ResidentId,
    /// A payment card: 12 to 19 digits, an issuer's prefix, and the check digit of ISO/IEC 7812-1.
    Card,
    /// A unified social credit code: 18 characters, checked as GB 32100-2015 says.
    CreditCode,
    /// A passport's number.
    Passport,
    /// A permit to travel between the mainland, Hong Kong, Macao and Taiwan.
    Permit,
    /// A vehicle's plate.
    Plate,
    /// An e-mail address.
    Email,
    /// An address of the Internet Protocol, version 4 or 6, with its port; of a network card.
    Ip,
    /// A link that carries a secret: a token, a signature, a user's name and password.
    Link,
    /// A `WeChat` id.
    Wechat,
    /// A QQ number.
    Qq,
    /// A postal address.
    Address,
    /// A person's name.
    Person,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 15] = [
        Self::Mobile,
        Self::Landline,
        Self::ResidentId,
        Self::Card,
        Self::CreditCode,
        Self::Passport,
        Self::Permit,
        Self::Plate,
        Self::Email,
        Self::Ip,
        Self::Link,
        Self::Wechat,
        Self::Qq,
        Self::Address,
        Self::Person,
    ];

    /// The name in reports and schemas: lower case, never changed.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::ResidentId => "resident_id",
            Self::Card => "card",
            Self::CreditCode => "credit_code",
            Self::Passport => "passport",
            Self::Permit => "permit",
            Self::Plate => "plate",
            Self::Email => "email",
            Self::Ip => "ip",
            Self::Link => "link",
            Self::Wechat => "wechat",
            Self::Qq => "qq",
            Self::Address => "address",
            Self::Person => "person",
        }
    }

    /// The kind of a name in reports.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// Whether the kind has a form that can be checked, so that none may be left over.
    pub fn is_structured(self) -> bool {
        !matches!(self, Self::Address | Self::Person)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// Its form and the words around it speak for it.
    Likely,
    /// Its form leaves little else, or a word beside it says what it is.
    High,
    /// A check digit agrees, or a list names it.
    Certain,
}

impl Confidence {
    /// The name in reports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::High => "high",
            Self::Certain => "certain",
        }
    }
}

/// An identifier in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte; the boundary of a character.
    pub start: usize,
    /// The byte behind the last; the boundary of a character.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// How sure that is.
    pub confidence: Confidence,
    /// The person of the list of members, by the number given there, when that list named it.
    pub person: Option<u32>,
}
