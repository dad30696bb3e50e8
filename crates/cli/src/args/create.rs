//! Making groups from templates: `create`.

use clap::{Args, Subcommand};

/// `create`.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// What else is done with creations.
    #[command(subcommand)]
    pub(crate) verb: Option<CreateVerb>,
    /// The template, as the configuration names it: [template.NAME].
    #[arg(long, required = true, value_name = "NAME")]
    pub(crate) template: Option<String>,
    /// Who owns the group: a person's name.
    #[arg(long, required = true, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// How to reach the owner.
    #[arg(long, required = true)]
    pub(crate) contact: Option<String>,
    /// Who stands in for the owner.
    #[arg(long, value_name = "NAME")]
    pub(crate) deputy: Option<String>,
    /// What the group is for.
    #[arg(long)]
    pub(crate) purpose: Option<String>,
    /// The organisation unit.
    #[arg(long)]
    pub(crate) unit: Option<String>,
    /// After how many days the group expires.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub(crate) expires_days: Option<u16>,
    /// What the group will hold: personal data, business secrets, vouchers. May be repeated.
    #[arg(long, value_name = "WHAT", value_parser = ["personal_data", "business_secrets", "vouchers"])]
    pub(crate) holds: Vec<String>,
    /// Account of a member, besides those of the template. May be repeated.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) member: Vec<String>,
    /// Account of the owner on the platform. Default: the template's, else the connection's own.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) owner_account: Option<String>,
    /// Only say what the group would be called and who would make it.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `create VERB`.
#[derive(Debug, Subcommand)]
pub(crate) enum CreateVerb {
    /// Lists creations that are neither done nor given up.
    Ls,
    /// Goes on with one whose reply was lost: asks the platform first, and makes no second group.
    Resume {
        /// The creation.
        creation: String,
    },
    /// Names the group that a person made. It is looked at, and goes into the register.
    Done {
        /// The creation.
        creation: String,
        /// The platform's id of the new group.
        #[arg(long, value_name = "ID")]
        group: String,
    },
    /// Gives one up. What the platform may have made all the same is not ended by that.
    Drop {
        /// The creation.
        creation: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}
