//! Who answers, and what it makes of the calls that matter. Everything that differs between implementations and that we
//! rely on is a function of this type.

/// An implementation of OneBot v11.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Implementation {
    /// NapCat, on NTQQ.
    NapCat,
    /// LLOneBot, on NTQQ.
    LlOneBot,
    /// Lagrange.OneBot.
    Lagrange,
    /// go-cqhttp.
    GoCqhttp,
    /// One that nobody has read the code of.
    Unknown,
}

/// How a page of history is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paging {
    /// `message_seq` takes a message's id, and `reverse_order` asks for what is before it.
    Reversed,
    /// `message_id` takes a message's id; what comes ends with it.
    UpToId,
    /// `message_seq` takes a message's number in the group; what comes ends with it.
    UpToNumber,
}

impl Implementation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::NapCat, Self::LlOneBot, Self::Lagrange, Self::GoCqhttp, Self::Unknown];

    /// The implementation behind `app_name` of `get_version_info`.
    pub fn of(app_name: &str) -> Self {
        let name: String =
            app_name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match name.as_str() {
            "napcat" | "napcatonebot" | "napcatqq" => Self::NapCat,
            "llonebot" => Self::LlOneBot,
            "lagrange" | "lagrangeonebot" => Self::Lagrange,
            "gocqhttp" => Self::GoCqhttp,
            _ => Self::Unknown,
        }
    }

    /// Its name, as `get_version_info` gives it and the setting takes it.
    pub fn app_name(self) -> &'static str {
        match self {
            Self::NapCat => "NapCat.Onebot",
            Self::LlOneBot => "LLOneBot",
            Self::Lagrange => "Lagrange.OneBot",
            Self::GoCqhttp => "go-cqhttp",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it drives the official client (NTQQ), on which the owner's leave dissolves the group, with or without
    /// `is_dismiss`. Elsewhere the call does nothing, or nobody knows what.
    pub fn owner_leave_dissolves(self) -> bool {
        matches!(self, Self::NapCat | Self::LlOneBot)
    }

    /// Whether a group says that everybody is muted, so that a freeze can be read back.
    pub fn tells_frozen(self) -> bool {
        matches!(self, Self::NapCat | Self::LlOneBot)
    }

    /// Whether members say that they are bots.
    pub fn tells_bots(self) -> bool {
        matches!(self, Self::NapCat | Self::LlOneBot)
    }

    pub(crate) fn paging(self) -> Paging {
        match self {
            Self::NapCat | Self::LlOneBot | Self::Unknown => Paging::Reversed,
            Self::Lagrange => Paging::UpToId,
            Self::GoCqhttp => Paging::UpToNumber,
        }
    }
}

impl Paging {
    /// The letter that stands for it in a cursor.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Reversed => "r",
            Self::UpToId => "i",
            Self::UpToNumber => "n",
        }
    }

    pub(crate) fn of_letter(letter: &str) -> Option<Self> {
        [Self::Reversed, Self::UpToId, Self::UpToNumber].into_iter().find(|paging| paging.letter() == letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_they_are_written_and_strangers_stay_strangers() {
        for implementation in Implementation::ALL {
            assert_eq!(Implementation::of(implementation.app_name()), implementation);
        }
        assert_eq!(Implementation::of("napcat"), Implementation::NapCat);
        for stranger in ["", "NapCat-like", "Lagrange.Milky", "OneBot"] {
            assert_eq!(Implementation::of(stranger), Implementation::Unknown, "{stranger}");
        }
        assert!(!Implementation::Unknown.owner_leave_dissolves());
    }
}
