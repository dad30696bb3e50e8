//! Arguments of the verbs around a case: plans, other acts, human steps, reactions.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `plan`.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The groups: id, platform id, alias or name.
    #[arg(required = true)]
    pub(crate) groups: Vec<String>,
    /// Why, in words.
    #[arg(long)]
    pub(crate) reason: String,
    /// Why, by kind.
    #[arg(long, default_value = "project_ended", value_parser = ["function_change", "privacy", "relations_changed", "project_ended", "law"])]
    pub(crate) kind: String,
    /// The text that members read. Default: a short standard text.
    #[arg(long, value_name = "TEXT")]
    pub(crate) announce: Option<String>,
    /// Language of the legal statement and the technical note: zh-CN, en, or both. Default: both, and the language of the command line where a
    /// platform can't take both.
    #[arg(long, value_name = "LANG", value_parser = ["zh-CN", "en", "both"])]
    pub(crate) announce_lang: Option<String>,
    /// The kind, where it is not what the platform says: of all groups, or of one. ordinary, enterprise, education, trading,
    /// external_customer.
    #[arg(long, value_name = "KIND|GROUP=KIND")]
    pub(crate) group_kind: Vec<String>,
    /// Judicial: fix the record as evidence first, for this matter; the end waits for the notary.
    #[arg(long, value_name = "MATTER")]
    pub(crate) judicial: Option<String>,
    /// The groups whose record is evidence; all of the case, if none is named.
    #[arg(long, value_name = "GROUP", requires = "judicial")]
    pub(crate) judicial_group: Vec<String>,
    /// The principal who has to accept the handover before the end.
    #[arg(long, value_name = "PRINCIPAL")]
    pub(crate) nominee: Option<String>,
    /// Groups that are told beforehand end at this time at the earliest (RFC 3339).
    #[arg(long, value_name = "TIME")]
    pub(crate) not_before: Option<String>,
    /// Links that stay on, by id or name: the plan leaves the step out and says so. Bots, webhooks and apps only.
    #[arg(long, value_name = "LINK", requires = "without_reason")]
    pub(crate) without: Vec<String>,
    /// Why they stay on.
    #[arg(long, value_name = "TEXT")]
    pub(crate) without_reason: Option<String>,
    /// Draw this case's plan again.
    #[arg(long, value_name = "CASE")]
    pub(crate) case: Option<String>,
    /// Write the plan's canonical bytes to a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `handover`, `rescue`.
#[derive(Debug, Args)]
pub(crate) struct ActArgs {
    /// The group: id, platform id, alias or name.
    pub(crate) group: String,
    /// Account of the new owner, a member of the group.
    #[arg(long, value_name = "ID")]
    pub(crate) to: String,
    /// Why, in words.
    #[arg(long)]
    pub(crate) reason: String,
    /// Proof of identity, for the platform's service desk (`rescue`).
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Vec<PathBuf>,
    /// Write the plan's canonical bytes to a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `leave`.
#[derive(Debug, Args)]
pub(crate) struct LeaveArgs {
    /// The groups: id, platform id, alias or name. Each becomes a case of its own.
    #[arg(required = true)]
    pub(crate) groups: Vec<String>,
    /// Why, in words.
    #[arg(long)]
    pub(crate) reason: String,
    /// The account that leaves; the connection's own, if nothing is said. Another one leaves by hand.
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// Write the plan's canonical bytes to a file; for one group.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// `step`.
#[derive(Debug, Subcommand)]
pub(crate) enum StepVerb {
    /// Says that a human step is done, and hands in what shows it.
    Done {
        /// The case.
        case: String,
        /// The step, as `apply` and `why` print it.
        step: String,
        /// What shows it (a screenshot, an export).
        #[arg(long, value_name = "FILE")]
        evidence: Vec<PathBuf>,
        /// The platform's second confirmation as it was given: `typed_name=NAME`, `qr_scanned=yes`,
        /// `phone_confirmed=yes`, `approved_by=WHO`.
        #[arg(long = "factor", value_name = "NAME=VALUE")]
        factors: Vec<String>,
    },
    /// Says that a human step can't be done. Unless it turns out that it was, the run ends and a new plan is due.
    Cant {
        /// The case.
        case: String,
        /// The step, as `apply` and `why` print it.
        step: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// `question`.
#[derive(Debug, Subcommand)]
pub(crate) enum QuestionVerb {
    /// Asks whoever asked for a case, while it is in review.
    Ask {
        /// The case.
        case: String,
        /// What you want to know.
        #[arg(long)]
        text: String,
    },
    /// Answers a question about a case that you asked for.
    Answer {
        /// The case.
        case: String,
        /// The question, from 1.
        question: u32,
        /// The answer.
        #[arg(long)]
        text: String,
    },
    /// Lists the questions of a case with their answers.
    Ls {
        /// The case.
        case: String,
    },
}

/// `reaction`.
#[derive(Debug, Subcommand)]
pub(crate) enum ReactionVerb {
    /// Notes one down.
    Add {
        /// The case.
        case: String,
        /// What it is.
        #[arg(long = "as", value_name = "WHAT", value_parser = ["objection", "question", "rumour"])]
        what: String,
        /// In the member's words.
        #[arg(long)]
        text: String,
        /// Who reacted.
        #[arg(long, default_value = "")]
        from: String,
        /// The group, where the case has several.
        #[arg(long)]
        group: Option<String>,
    },
    /// Answers one.
    Answer {
        /// The case.
        case: String,
        /// The reaction.
        reaction: String,
        /// The answer.
        #[arg(long)]
        text: String,
    },
    /// Hands one to somebody who decides.
    Escalate {
        /// The case.
        case: String,
        /// The reaction.
        reaction: String,
        /// To whom.
        #[arg(long)]
        to: String,
    },
    /// Lists them.
    Ls {
        /// The case.
        case: String,
    },
}
