//! The command line, as data. The verbs and their flags are a contract that scripts rely on.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

mod anonymise;
mod archive;
mod archive_convert;
mod archive_import;
mod archive_read;
mod archive_store;
mod audit;
mod bench;
mod case;
mod channel;
mod create;
mod deposit;
mod facts;
mod org;
mod owners;
mod records;
mod redact;
mod register;
mod service;
mod token;
mod webhook;
mod who;

pub(crate) use anonymise::AnonymiseArgs;
pub(crate) use archive::ArchiveVerb;
pub(crate) use archive_convert::{ArchiveConvertArgs, TargetArg};
pub(crate) use archive_import::ArchiveImportArgs;
pub(crate) use archive_read::{OpenArgs, OpenWhat, ReadVerb, SealArgs, SearchArgs, ShowArgs};
pub(crate) use archive_store::{GetArgs, PutArgs, StoreVerb};
pub(crate) use audit::AuditVerb;
pub(crate) use bench::{
    BenchVerb, ConsoleArgs, CorpusArgs, JournalArgs, RedactBenchArgs, SearchBenchArgs, VerifyBenchArgs,
};
pub(crate) use case::{ActArgs, LeaveArgs, PlanArgs, QuestionVerb, ReactionVerb, StepVerb};
pub(crate) use channel::{ChannelVerb, OutpostArgs};
pub(crate) use create::{CreateArgs, CreateVerb};
pub(crate) use deposit::DepositVerb;
pub(crate) use facts::{FactsArgs, FactsVerb};
pub(crate) use org::{ConnectVerb, PrincipalVerb};
pub(crate) use owners::{GuideArgs, TaskVerb};
pub(crate) use records::{CertVerb, DestroyVerb, HoldVerb, RetentionVerb};
pub(crate) use redact::{Names, RedactArgs};
pub(crate) use register::{LsArgs, RegisterArgs, RenewArgs, SaysArgs};
pub(crate) use service::{ServeArgs, WorkerArgs};
pub(crate) use token::TokenVerb;
pub(crate) use webhook::WebhookVerb;
pub(crate) use who::PasskeyVerb;

/// Adjourn: ends chat groups, with proof.
#[derive(Debug, Parser)]
#[command(
    name = "adjourn",
    version,
    about = "Ends chat groups on any platform: planned, approved by two, exported, watched, proved.",
    after_help = "Start with:  adjourn demo\nExit codes: 0 done, 1 error, 2 changes planned, 3 waiting for approval, 4 blocked,\n\
                  5 partly done, 6 a human step is open, 7 observed: not gone, 8 evidence invalid, 9 plan stale.",
    disable_help_subcommand = true,
    max_term_width = 110
)]
pub(crate) struct Cli {
    /// What applies to every verb.
    #[command(flatten)]
    pub(crate) global: Global,
    /// The verb.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Flags of every verb.
#[derive(Debug, Args, Clone)]
pub(crate) struct Global {
    /// One JSON document on standard output, nothing else.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language: zh-CN or en. Default: from the environment.
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<String>,
    /// Where the journal lies.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where the keys lie. Default: DATA-keys.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// Where exports and bundles lie. Default: DATA-bundles.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) bundles: Option<PathBuf>,
    /// Configuration. Default: config.toml in the data folder, if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Your private key (or ADJOURN_KEY names the file). Having it is what proves who acts.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// A whole joint dissolve over simulated platforms, in seconds; leaves a verified bundle.
    #[command(after_help = "Example: adjourn demo --seed 7 --lang zh-CN")]
    Demo(DemoArgs),
    /// Configuration, clock, disk, database, time stamp authority, keeper of evidence, connections.
    Doctor,
    /// Who acts, with a key each.
    #[command(subcommand)]
    Principal(PrincipalVerb),
    /// Service tokens: what scripts use the API with.
    #[command(subcommand)]
    Token(TokenVerb),
    /// Connections and identities.
    #[command(subcommand)]
    Connect(ConnectVerb),
    /// Legal holds: nothing under one is dissolved.
    #[command(subcommand)]
    Hold(HoldVerb),
    /// Hands in what a member's export tool wrote, a list of groups, or a picture.
    #[command(
        after_help = "The format is found by what the file begins with: chatlog (CSV, JSON), MemoTrace (CSV), PyWxDump (CSV, JSON),\n\
                      chatlog's chatrooms (CSV, JSON), PNG, JPEG. Nothing is kept of a file that is refused.\n\
                      Example: adjourn import chat.json --group 34512345678@chatroom --connection wx --as witness"
    )]
    Import(ImportArgs),
    /// Archives of chats, in one form for all platforms: made of what other tools exported, listed, searched, shown, sealed, opened.
    #[command(subcommand)]
    Archive(ArchiveVerb),
    /// Writes a de-identified copy of an archive's records: keyed pseudonyms where identifiers were, and a report on what may be left.
    #[command(
        after_help = "The copy is de-identified, not anonymous: whoever has the key can tell who is who.\nExamples:\n  \
                      adjourn redact records.jsonl.zst --out copy.jsonl.zst --members members.csv --report report.json\n  \
                      adjourn redact chat.jsonl --dry-run"
    )]
    Redact(RedactArgs),
    /// Exports a group's history into a folder, outside a case: reads only, goes on where it was stopped.
    #[command(
        after_help = "The same command goes on after a kill, a full disk or a platform that was away. Exit code 5: something is missing, and the\n\
                      receipt says what.\nExample: adjourn export '#project-y:example.org' --out exports"
    )]
    Export(ExportArgs),
    /// Looks which groups there are.
    Scan {
        /// The connection; all of them if left out.
        connection: Option<String>,
    },
    /// Takes groups into the register: from a ledger, one by flags; or says who leaves, so that successors are owed.
    #[command(
        after_help = "Rows that can't be taken are listed with their line; the others are taken.\nExamples: adjourn register \
                      --ledger groups.xlsx --connection wx --dry-run\n          adjourn register 'Group 1' --owner 'Li Lei' \
                      --contact 139-0000-0001 --expires 2026-12-31\n          adjourn register --leavers leavers.csv --dry-run"
    )]
    Register(Box<RegisterArgs>),
    /// Notes that a group is needed for longer; its last day counts from then.
    #[command(
        after_help = "Examples: adjourn renew 'Group 1' --for 1y --answer 'the project goes on'\n          adjourn renew --ask \
                      --base-url https://groups.example.org --out links"
    )]
    Renew(RenewArgs),
    /// Makes a group from a template with a naming rule, and registers it.
    #[command(
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true,
        after_help = "Where no interface makes groups, a person does: the steps are shown, and the exit code is 6.\nExamples:\n  adjourn \
                      create --template project --owner 'Li Wei' --contact li@example.org --purpose audit --unit finance\n  \
                      adjourn create done n-1a2b3c4d --group 34512345678@chatroom"
    )]
    Create(CreateArgs),
    /// Lists the groups.
    Ls(LsArgs),
    /// Shows a group or a case, with its history.
    Show {
        /// A group (id, platform id, alias or name) or a case (c-…).
        what: String,
    },
    /// What is known about a platform, with source, date and confidence.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples: adjourn facts wechat --rules confirmed\n          adjourn facts --differences\n          \
                      adjourn facts check how-to.txt"
    )]
    Facts(FactsArgs),
    /// The personal way: a printable page and a calendar for ending one group. No account, no database, no network.
    #[command(
        after_help = "Without --owner, on a terminal, it asks.\nExample: adjourn guide wechat --owner me --holds files \
                            --links bots --keep chat --at 2026-12-01T20:00+08:00 --out page"
    )]
    Guide(GuideArgs),
    /// Draws a plan. Changes nothing on any platform.
    #[command(after_help = "Example: adjourn plan '#project-y:example.org' --reason 'project ended'")]
    Plan(PlanArgs),
    /// What differs between a plan and the world now.
    Diff {
        /// The case.
        case: String,
    },
    /// Hands a plan to the reviewers.
    Submit {
        /// The case.
        case: String,
    },
    /// Approves exactly this plan, with your own key.
    Approve {
        /// The case.
        case: String,
        /// The plan file that you have read; it must be the case's plan.
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
        /// Sign with your user-verified passkey (fingerprint, face or PIN) as well. A page opens in your browser.
        #[arg(long)]
        passkey: bool,
    },
    /// Rejects a plan.
    Reject {
        /// The case.
        case: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Questions of reviewers, and their answers. They decide nothing.
    #[command(subcommand)]
    Question(QuestionVerb),
    /// Takes back a case that you asked for, before it begins.
    Withdraw {
        /// The case.
        case: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Applies an approved plan, or goes on where it stopped.
    Apply {
        /// The case.
        case: String,
        /// Class personal: the groups' names or the plan's short code, typed.
        #[arg(long, value_name = "NAMES")]
        confirm: Option<String>,
        /// Confirm with your user-verified passkey (fingerprint, face or PIN) as well. A page opens in your browser.
        #[arg(long)]
        passkey: bool,
        /// Begin and return at once; a worker does the rest.
        #[arg(long)]
        detach: bool,
    },
    /// Watches a case to its end.
    Watch {
        /// The case.
        case: String,
        /// Show it once and return.
        #[arg(long)]
        once: bool,
    },
    /// Pauses a case.
    Pause {
        /// The case.
        case: String,
    },
    /// Lets a paused case go on.
    Resume {
        /// The case.
        case: String,
    },
    /// Takes a case back: before the point of no return always, after it where the platform brings groups back.
    Undo {
        /// The case.
        case: String,
        /// Where a group can't be brought back, a person makes a new one in its place (another id, no history).
        #[arg(long)]
        rebuild: bool,
    },
    /// Plans to give a group another owner, with the present owner's hand.
    #[command(visible_alias = "transfer")]
    Handover(ActArgs),
    /// Plans to take an account of the organisation out of groups that go on.
    ///
    /// Dissolved: the group is over for everyone. Left: one account is out, the group goes on. Emptied: the group is there
    /// and nobody is in it. Hidden: nothing happened but that a list does not show it. A leave is never shown as a dissolve,
    /// and an owner whose leave would dissolve the group or make somebody else its owner is refused.
    #[command(after_help = "Example:\n  adjourn leave GROUP --reason 'the project is handed over'")]
    Leave(LeaveArgs),
    /// Plans to get another owner for a group whose owner is banned or has vanished.
    Rescue(ActArgs),
    /// Human steps.
    #[command(subcommand)]
    Step(StepVerb),
    /// Human steps, handed to the owners of the groups: one link each.
    #[command(subcommand)]
    Task(TaskVerb),
    /// Members' reactions to the end of a group: objections, questions, rumours.
    #[command(subcommand)]
    Reaction(ReactionVerb),
    /// Accepts the handover of a case's groups, as the nominee, with your own key.
    Accept {
        /// The case.
        case: String,
    },
    /// The minutes of how the record of a judicial case was fixed, printable.
    Minutes {
        /// The case.
        case: String,
        /// The group; all of the case if left out.
        group: Option<String>,
    },
    /// Why a case is where it is, and what it waits for.
    Why {
        /// The case.
        case: String,
    },
    /// Checks a bundle offline; needs no configuration and no database.
    Verify {
        /// The bundle's folder.
        bundle: PathBuf,
        /// Certificate authority that vouches for the time stamps, PEM.
        #[arg(long, value_name = "FILE")]
        tsa_ca: Option<PathBuf>,
        /// The log's verifier key that you have from elsewhere.
        #[arg(long, value_name = "VKEY")]
        log_key: Option<String>,
        /// Public key of the keeper of evidence that you have from elsewhere, base64 or PEM.
        #[arg(long, value_name = "FILE")]
        deposit_key: Option<PathBuf>,
        /// Every byte, signature and rule, without the pass over every message: their number then rests on the receipt, and that is said.
        #[arg(long)]
        quick: bool,
    },
    /// Deposits with a keeper of evidence that is not ours.
    #[command(subcommand)]
    Deposit(DepositVerb),
    /// Compliance audits: sealed reports with findings, mapped to ISO/IEC 27001:2022 and the law.
    #[command(subcommand)]
    Audit(AuditVerb),
    /// Records: how long they have to be kept, and what a person decides when they need not be kept any longer.
    #[command(
        subcommand,
        after_help = "Nothing is destroyed because time has passed.\nExamples: adjourn retention ls --due\n          \
                      adjourn retention release GROUP --reason 'reviewed, nothing to keep'"
    )]
    Retention(RetentionVerb),
    /// The instruction channel: outposts near platforms, their certificates, the instruction key.
    #[command(subcommand)]
    Channel(ChannelVerb),
    /// Works near a platform for a centre that it dials: has connectors and secrets, and no journal.
    Outpost(OutpostArgs),
    /// Records: destroys a group's key. Two people: one asks, another one confirms.
    #[command(subcommand)]
    Destroy(DestroyVerb),
    /// Certificates: that a group is gone, or that its key was destroyed.
    #[command(subcommand)]
    Cert(CertVerb),
    /// Workers, the console, answers about health and readiness, and the pages behind task links.
    Serve(ServeArgs),
    /// Addresses that are told what happens.
    #[command(subcommand)]
    Webhook(WebhookVerb),
    /// A worker alone.
    Worker(WorkerArgs),
    /// One platform's simulator over its real wire protocol, with a phone for each of its people; or a keeper of evidence.
    #[command(
        after_help = "Clients of the platform talk to it over HTTP and WebSocket; people use the pages under /phone.\n\
                      It ends on Ctrl-C or SIGTERM and then says what really happened.\nExamples:\n  \
                      adjourn sim wechat --listen 127.0.0.1:8080\n  \
                      adjourn sim qq --faults 'reply_lost@POST /set_group_leave#1' --faults 'too_many:5@get_group_list'\n  \
                      adjourn sim dingtalk --rules confirmed --clock 2026-11-02T01:00:00Z --speed 3600 --strict\n  \
                      adjourn sim deposit --keeper lies --faults 'reply_lost@PUT /deposits#1'"
    )]
    Sim(SimArgs),
    /// The project's own benchmarks.
    #[command(subcommand)]
    Bench(BenchVerb),
}

/// `import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file.
    pub(crate) file: PathBuf,
    /// The group: id, platform id, alias or name. With --connection also one that was never seen.
    #[arg(long)]
    pub(crate) group: Option<String>,
    /// The connection, where the group does not tell.
    #[arg(long)]
    pub(crate) connection: Option<String>,
    /// The identity whose client it comes from.
    #[arg(long = "as", value_name = "IDENTITY")]
    pub(crate) identity: String,
    /// The zone of local times, `Asia/Shanghai` or `+08:00`.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Look at it and keep nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The group: id, platform id, alias or name.
    pub(crate) group: String,
    /// The folder. The archive is in DIR/GROUP when it is whole.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Leave the archive in clear where the configuration has originals sealed: why. The group's journal says so.
    #[arg(long, value_name = "REASON")]
    pub(crate) in_clear: Option<String>,
}

/// `sim`.
#[derive(Debug, Args)]
pub(crate) struct SimArgs {
    /// The platform; `deposit` for a keeper of evidence.
    pub(crate) platform: String,
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub(crate) listen: String,
    /// Whose rules it obeys, from the platform's profile; the simulator's own, if nothing is said.
    #[arg(long, value_parser = ["declared", "confirmed"])]
    pub(crate) rules: Option<String>,
    /// Who and what is in it: a JSON file, or the name of a world that comes along.
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) world: Option<String>,
    /// What goes wrong on the way: `KIND[:NUMBER][@[METHOD ]PATH][#NTH]`, several with ";" in between, or a JSON file.
    #[arg(long, value_name = "SPEC|FILE")]
    pub(crate) faults: Vec<String>,
    /// How many times as fast as ours its clock goes.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) speed: u32,
    /// What its clock shows at the beginning; now, if nothing is said.
    #[arg(long, value_name = "TIME")]
    pub(crate) clock: Option<String>,
    /// With `deposit`: how the keeper behaves; `lies` signs another digest, `forgets` knows no number.
    #[arg(long, value_parser = ["honest", "refuses", "lies", "forgets"])]
    pub(crate) keeper: Option<String>,
    /// Ends with an error when there was a request that no client may send.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Fixes every choice.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Whose rules the simulated platforms obey.
    #[arg(long, default_value = "declared", value_parser = ["declared", "confirmed"])]
    pub(crate) rules: String,
    /// Where the drill's folders go. Must not exist.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Opens the console over the drill instead of playing it: people act in a browser, and the virtual clock goes on when they let it.
    #[arg(long)]
    pub(crate) serve: bool,
    /// Where the console is heard, with --serve.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS", requires = "serve")]
    pub(crate) listen: String,
}
