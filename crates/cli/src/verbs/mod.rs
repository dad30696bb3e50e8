//! The verbs: each turns flags into one use case, and its result into text or JSON.

use adjourn_app::{App, AppError};
use adjourn_domain::ids::CaseId;
use adjourn_domain::plan::Act;

use crate::args::{ArchiveVerb, BenchVerb, CertVerb, Cli, Global, Verb};
use archive::Alone;

use crate::compose::{self, Places};
use crate::config::Config;
use crate::out::{Exit, Out};
use crate::{Environment, demo};

mod acts;
mod anonymise;
mod archive;
mod archive_convert;
mod archive_import;
pub(crate) mod audit;
mod bench;
mod cert;
mod channel;
mod connect;
mod create;
mod delegation;
mod deposit;
mod destroy;
pub(crate) mod doctor;
mod door;
mod export;
mod facts;
mod guide;
mod hold;
pub(crate) mod house;
mod import;
mod inventory;
mod kinds;
mod outpost;
mod passkey;
pub(crate) mod plan;
mod principal;
mod question;
mod reading;
mod redact;
mod register;
mod renew;
mod retention;
mod reviewers;
pub(crate) mod run;
pub(crate) mod serve;
mod sim;
mod steer;
mod store;
mod storing;
mod streams;
mod task;
mod token;
pub(crate) mod verify;
mod watch;
pub(crate) mod webhook;
mod why;

/// What a verb needs.
pub(crate) struct Ctx<'a> {
    /// Output.
    pub(crate) out: Out,
    /// Flags.
    pub(crate) global: &'a Global,
    /// The environment.
    pub(crate) environment: &'a Environment,
    /// Folders.
    pub(crate) places: Places,
    /// Configuration.
    pub(crate) config: Config,
    /// The use cases.
    pub(crate) app: App,
    /// Where outposts dial in.
    pub(crate) centre: adjourn_channel::Centre,
    /// How many calls to platforms there were.
    pub(crate) calls: crate::service::calls::Calls,
}

impl Ctx<'_> {
    /// The signer of the person who acts.
    pub(crate) fn signer(&self) -> Result<adjourn_adapters::signer::KeySigner, AppError> {
        compose::signer(self.global, self.environment.key.as_deref())
    }
}

/// Runs a verb.
pub(crate) async fn run(cli: Cli, out: Out, environment: &Environment) -> Result<Exit, AppError> {
    let Cli { global, verb } = cli;
    let places = Places::of(&global, environment.home.as_deref());
    // These need no database.
    match &verb {
        Verb::Verify { bundle, tsa_ca, log_key, deposit_key, quick } => {
            let known = verify::Known {
                tsa_ca: tsa_ca.as_deref(),
                log_key: log_key.as_deref(),
                deposit_key: deposit_key.as_deref(),
                quick: *quick,
            };
            return verify::run(out, bundle, &known);
        }
        Verb::Facts(args) => return facts::run(&global, out, environment, args).await,
        Verb::Guide(args) => {
            return guide::run(out, args, &Config::read(global.config.as_deref(), &places.data)?);
        }
        Verb::Demo(args) => return demo::run(out, args).await,
        Verb::Sim(args) => return sim::run(out, args).await,
        Verb::Outpost(args) => return outpost::run(&global, out, args).await,
        Verb::Bench(BenchVerb::Console(args)) => {
            return Box::pin(bench::console::run(out, &places, args)).await;
        }
        Verb::Bench(BenchVerb::Search(args)) => return bench::search::run(out, &places, args),
        // A look without writing shows nothing of what people wrote.
        Verb::Redact(args) if args.dry_run || !reading::may_hold(&places, &args.input)? => {
            return redact::run(out, &places, args);
        }
        Verb::Bench(BenchVerb::Redact(args)) => return bench::redact::run(out, args),
        Verb::Bench(BenchVerb::Archive(args)) => return bench::archive::run(out, &places, args),
        Verb::Bench(BenchVerb::Verify(args)) => {
            return Box::pin(bench::verify::run(out, &places, args)).await;
        }
        _ => {}
    }
    if let Verb::Archive(ArchiveVerb::Anonymise(args)) = &verb
        && !anonymise::is_of_group(&args.copy)
    {
        return anonymise::alone(out, &places, &global, environment, args);
    }
    let verb = match verb {
        verb @ Verb::Archive(ArchiveVerb::Anonymise(_)) => verb,
        Verb::Archive(verb) => match archive::alone(out, &places, verb).await? {
            Alone::Done(exit) => return Ok(exit),
            Alone::Needs(verb) => Verb::Archive(verb),
        },
        verb => verb,
    };
    let mut config = Config::read(global.config.as_deref(), &places.data)?;
    config.storage = config.storage.with(environment);
    // An auditor has no database.
    if let Verb::Deposit(verb) = verb {
        return deposit::run(out, &config, verb).await;
    }
    let (app, centre, calls) = compose::whole(&places, &config, out)?;
    let ctx = Ctx { out, global: &global, environment, places, config, app, centre, calls };
    match verb {
        Verb::Doctor => doctor::run(&ctx).await,
        Verb::Principal(verb) => principal::run(&ctx, verb).await,
        Verb::Connect(verb) => connect::run(&ctx, verb).await,
        Verb::Hold(verb) => hold::run(&ctx, verb).await,
        Verb::Import(args) => import::run(&ctx, &args).await,
        Verb::Export(args) => Box::pin(export::run(&ctx, &args)).await,
        Verb::Scan { connection } => inventory::scan(&ctx, connection).await,
        Verb::Register(args) => register::run(&ctx, *args).await,
        Verb::Renew(args) => renew::run(&ctx, args).await,
        Verb::Ls(args) => inventory::ls(&ctx, args.view.as_deref(), args.cases).await,
        Verb::Create(args) => Box::pin(create::run(&ctx, args)).await,
        Verb::Show { what } => inventory::show(&ctx, &what).await,
        Verb::Plan(args) => plan::draw(&ctx, args).await,
        Verb::Diff { case } => plan::diff(&ctx, &case.into()).await,
        Verb::Submit { case } => plan::submit(&ctx, &case.into()).await,
        Verb::Approve { case, plan, passkey } => {
            plan::approve(&ctx, &case.into(), plan.as_deref(), passkey).await
        }
        Verb::Reject { case, reason } => plan::reject(&ctx, &case.into(), &reason).await,
        Verb::Question(verb) => question::run(&ctx, verb).await,
        Verb::Withdraw { case, reason } => question::withdraw(&ctx, &case.into(), &reason).await,
        Verb::Apply { case, confirm, passkey, detach } => {
            run::apply(&ctx, &case.into(), confirm.as_deref(), passkey, detach).await
        }
        Verb::Watch { case, once } => watch::watch(&ctx, &case.into(), once).await,
        Verb::Pause { case } => steer::steer(&ctx, &case.into(), steer::Steer::Pause).await,
        Verb::Resume { case } => steer::steer(&ctx, &case.into(), steer::Steer::Resume).await,
        Verb::Undo { case, rebuild } => {
            steer::steer(&ctx, &case.into(), steer::Steer::Undo { rebuild }).await
        }
        Verb::Handover(args) => Box::pin(acts::run(&ctx, Act::Transfer, args)).await,
        Verb::Leave(args) => Box::pin(acts::leave(&ctx, args)).await,
        Verb::Rescue(args) => Box::pin(acts::run(&ctx, Act::Rescue, args)).await,
        Verb::Step(crate::args::StepVerb::Done { case, step, evidence, factors }) => {
            steer::step_done(&ctx, &case.into(), &step, &evidence, &factors).await
        }
        Verb::Step(crate::args::StepVerb::Cant { case, step, reason }) => {
            steer::step_cant(&ctx, &case.into(), &step, &reason).await
        }
        Verb::Token(verb) => token::run(&ctx, verb).await,
        Verb::Task(verb) => task::run(&ctx, verb).await,
        Verb::Reaction(verb) => kinds::reaction(&ctx, verb).await,
        Verb::Accept { case } => kinds::accept(&ctx, &case.into()).await,
        Verb::Minutes { case, group } => kinds::minutes(&ctx, &case.into(), group.as_deref()).await,
        Verb::Why { case } => why::why(&ctx, &CaseId::from(case)).await,
        Verb::Archive(ArchiveVerb::Convert(args)) => Box::pin(archive::convert(&ctx, args)).await,
        Verb::Archive(ArchiveVerb::Import(args)) => Box::pin(archive::import(&ctx, args)).await,
        Verb::Archive(ArchiveVerb::Read(verb)) => reading::run(&ctx, verb).await,
        Verb::Archive(ArchiveVerb::Anonymise(args)) => anonymise::for_group(&ctx, &args).await,
        Verb::Archive(ArchiveVerb::Store(verb)) => store::run(&ctx, verb).await,
        Verb::Redact(args) => redact::noted(&ctx, &args).await,
        Verb::Audit(verb) => audit::run(&ctx, verb).await,
        Verb::Retention(verb) => retention::run(&ctx, verb).await,
        Verb::Channel(verb) => channel::run(&ctx, verb).await,
        Verb::Destroy(verb) => destroy::run(&ctx, verb).await,
        Verb::Cert(CertVerb::Show { what, html }) => cert::show(&ctx, &what, html.as_deref()).await,
        Verb::Serve(args) => serve::serve(&ctx, &args).await,
        Verb::Worker(args) => serve::worker(&ctx, &args).await,
        Verb::Webhook(verb) => webhook::run(&ctx, verb).await,
        Verb::Bench(BenchVerb::Journal(args)) => bench::journal::run(&ctx, &args).await,
        Verb::Verify { .. }
        | Verb::Deposit(_)
        | Verb::Facts(_)
        | Verb::Guide(_)
        | Verb::Demo(_)
        | Verb::Sim(_)
        | Verb::Outpost(_)
        | Verb::Bench(
            BenchVerb::Archive(_)
            | BenchVerb::Console(_)
            | BenchVerb::Redact(_)
            | BenchVerb::Search(_)
            | BenchVerb::Verify(_),
        ) => Ok(Exit::Done),
    }
}
