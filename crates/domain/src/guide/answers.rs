//! What the person answered: whose group it is, what is in it, what hangs on it, what must be kept.

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $slug:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every choice, in the order in which they are asked for.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The choice's slug, as on the command line.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug),+ }
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|choice| choice.slug() == text).ok_or(())
            }
        }
    };
}

choice!(
    /// Whose group it is.
    Owner {
        /// The person's own.
        Me = "me",
        /// Somebody else's, who can be reached.
        Other = "other",
        /// The owner is unknown, banned or out of reach.
        Gone = "gone",
    }
);
choice!(
    /// What is in the group.
    Holds {
        /// Photos and files.
        Files = "files",
        /// Orders, receipts, transfers.
        Vouchers = "vouchers",
        /// A class or school, with parents.
        School = "school",
    }
);
choice!(
    /// What hangs on the group.
    Hanging {
        /// Mini-programs and apps.
        MiniPrograms = "mini-programs",
        /// Bots.
        Bots = "bots",
        /// Collections, red packets, a wallet.
        Payments = "payments",
    }
);
choice!(
    /// What must be kept.
    Keep {
        /// The chat.
        Chat = "chat",
        /// Photos and files.
        Files = "files",
        /// Who was a member.
        Members = "members",
        /// Evidence for a court.
        Evidence = "evidence",
    }
);
choice!(
    /// Whether the client shows a button to dissolve.
    Button {
        /// It does, or nobody has looked yet.
        Present = "present",
        /// It doesn't.
        Missing = "missing",
    }
);

/// All answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// Whose group it is.
    pub owner: Owner,
    /// What is in it; empty: nothing important.
    pub holds: BTreeSet<Holds>,
    /// What hangs on it.
    pub links: BTreeSet<Hanging>,
    /// What must be kept.
    pub keep: BTreeSet<Keep>,
    /// Whether the button is there.
    pub button: Button,
}

impl Answers {
    /// A group without anything that matters.
    pub fn plain(owner: Owner) -> Self {
        Self {
            owner,
            holds: BTreeSet::new(),
            links: BTreeSet::new(),
            keep: BTreeSet::new(),
            button: Button::Present,
        }
    }

    /// Whether the files have to be saved: because they must be kept, or because they are what is in the group.
    pub fn saves_files(&self) -> bool {
        self.keep.contains(&Keep::Files) || self.holds.contains(&Holds::Files)
    }

    /// Whether the chat has to be saved: because it must be kept, or because it holds vouchers or evidence.
    pub fn saves_chat(&self) -> bool {
        self.keep.contains(&Keep::Chat)
            || self.keep.contains(&Keep::Evidence)
            || self.holds.contains(&Holds::Vouchers)
    }
}
