//! What is for the owners of groups: `guide` and `task`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `guide`.
#[derive(Debug, Args)]
pub(crate) struct GuideArgs {
    /// wechat, qq, dingtalk, wecom.
    pub(crate) platform: String,
    /// Whose group it is: me, other, gone (unknown, banned, out of reach).
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// What is in it: files, vouchers, school; several with commas.
    #[arg(long, default_value = "nothing")]
    pub(crate) holds: String,
    /// What hangs on it: mini-programs, bots, payments.
    #[arg(long, default_value = "nothing")]
    pub(crate) links: String,
    /// What must be kept: chat, files, members, evidence.
    #[arg(long, default_value = "nothing")]
    pub(crate) keep: String,
    /// Whether the app shows a button to dissolve: present, missing.
    #[arg(long, default_value = "present")]
    pub(crate) button: String,
    /// When it will be dissolved; every clock counts from then. Default: now.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Whose values act.
    #[arg(long, default_value = "confirmed", value_parser = ["declared", "confirmed"])]
    pub(crate) rules: String,
    /// Where the two files go.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
}

/// `task`.
#[derive(Debug, Subcommand)]
pub(crate) enum TaskVerb {
    /// Gives each owner one link to a page with just that owner's groups and steps. Earlier links close.
    Links {
        /// The case.
        case: String,
        /// Where owners reach `adjourn serve`.
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7080")]
        base_url: String,
        /// How many days the links live.
        #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u64).range(1..=180))]
        days: u64,
        /// Where the list (CSV) and the printable page with QR codes go.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
    /// Gives links to what members and parents were told: one for everybody in a group, and one for each member who is known. There they
    /// say that they read it, or object.
    Notice {
        /// The case.
        case: String,
        /// Where members reach `adjourn serve`.
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7080")]
        base_url: String,
        /// How many days the links live.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=180))]
        days: u64,
        /// Where the list (CSV) and the printable page with QR codes go.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
    /// Takes back the links to a group's notice that one member was given so far, or the one for everybody. New ones open again.
    NoticeRevoke {
        /// The case.
        case: String,
        /// The group; may be left out where the case has one.
        #[arg(long)]
        group: Option<String>,
        /// The member: account, name, or a link of theirs.
        #[arg(long, conflicts_with = "everybody", required_unless_present = "everybody")]
        member: Option<String>,
        /// The link that is for everybody.
        #[arg(long)]
        everybody: bool,
    },
    /// Shows how far each owner is, and what nobody can be reached for.
    Ls {
        /// The case.
        case: String,
        /// Hours between two reminders.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=720))]
        every: u64,
    },
    /// Records a reminder for every owner who is due one, and writes the list of whom to remind.
    Remind {
        /// The case.
        case: String,
        /// Where owners reach `adjourn serve`.
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7080")]
        base_url: String,
        /// Hours between two reminders.
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=720))]
        every: u64,
        /// Where the list goes.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
}
