//! The asset register: `register`, `ls`, `renew`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// `register`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["group", "ledger", "leavers"]))]
pub(crate) struct RegisterArgs {
    /// One group: id, platform id, alias or name. With --connection also one that was never seen, by its platform id.
    pub(crate) group: Option<String>,
    /// The ledger, .csv (UTF-8 or GBK) or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Who leaves: a table (name, contact; also account, platform, leaving date) or a directory's answer (SCIM 2.0, JSON).
    #[arg(long, value_name = "FILE")]
    pub(crate) leavers: Option<PathBuf>,
    /// The connections that its platforms are reached through. Default: all, if each platform has one.
    #[arg(long, value_name = "NAME", num_args = 1.., conflicts_with = "leavers")]
    pub(crate) connection: Vec<String>,
    /// Only say what would be taken.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// One group: what is said about it.
    #[command(flatten)]
    pub(crate) says: SaysArgs,
}

/// What is said about one group. What is left out stays; an empty text takes out what is known.
#[derive(Debug, Args)]
pub(crate) struct SaysArgs {
    /// The owner's name.
    #[arg(long, value_name = "NAME", requires = "group")]
    pub(crate) owner: Option<String>,
    /// How to reach the owner.
    #[arg(long, value_name = "TEXT", requires = "group")]
    pub(crate) contact: Option<String>,
    /// The class.
    #[arg(long, requires = "group")]
    pub(crate) class: Option<String>,
    /// Its kind: ordinary, enterprise, education, trading, external-customer. It decides the way to its end where the platform shows an ordinary group.
    #[arg(long, requires = "group")]
    pub(crate) kind: Option<String>,
    /// What it is for.
    #[arg(long, value_name = "TEXT", requires = "group")]
    pub(crate) purpose: Option<String>,
    /// Who stands in for the owner.
    #[arg(long, value_name = "NAME", requires = "group")]
    pub(crate) deputy: Option<String>,
    /// How to reach the deputy.
    #[arg(long, value_name = "TEXT", requires = "group")]
    pub(crate) deputy_contact: Option<String>,
    /// The unit of the organisation.
    #[arg(long, value_name = "TEXT", requires = "group")]
    pub(crate) unit: Option<String>,
    /// What it holds: `personal_data`, `business_secrets`, vouchers, nothing; several with commas.
    #[arg(long, value_name = "LIST", requires = "group")]
    pub(crate) holds: Option<String>,
    /// The last day on which it is needed, 2026-12-31.
    #[arg(long, value_name = "DATE", requires = "group")]
    pub(crate) expires: Option<String>,
    /// How it is to end.
    #[arg(long, value_name = "TEXT", requires = "group")]
    pub(crate) exit_plan: Option<String>,
}

/// `ls`.
#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Only these: orphan (nobody answers for it), one-owner (and nobody stands in), idle, unknown (activity or owner),
    /// unregistered, expiring, linked, owed (a successor).
    #[arg(long, value_parser = ["orphan", "one-owner", "idle", "unknown", "unregistered", "expiring", "linked", "owed"])]
    pub(crate) view: Option<String>,
    /// List the cases instead.
    #[arg(long)]
    pub(crate) cases: bool,
}

/// `renew`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("when").required(true).args(["until", "length", "ask"]))]
pub(crate) struct RenewArgs {
    /// The group: id, platform id, alias or name.
    #[arg(required_unless_present = "ask", conflicts_with = "ask")]
    pub(crate) group: Option<String>,
    /// The last day on which it is needed, 2027-12-31.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// For how long after its last day, or from today if that is over: 90d, 6m, 1y.
    #[arg(long = "for", value_name = "LENGTH")]
    pub(crate) length: Option<String>,
    /// Why, in words.
    #[arg(long, value_name = "TEXT", conflicts_with = "ask")]
    pub(crate) answer: Option<String>,
    /// Ask the owners of all groups that expire soon: one signed link each, to a page that asks nothing else.
    #[arg(long)]
    pub(crate) ask: bool,
    /// Where owners reach `adjourn serve`.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7080", requires = "ask")]
    pub(crate) base_url: String,
    /// How many days the links live.
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u64).range(1..=180), requires = "ask")]
    pub(crate) days: u64,
    /// Where the list (CSV) goes.
    #[arg(long, value_name = "DIR", default_value = ".", requires = "ask")]
    pub(crate) out: PathBuf,
}
