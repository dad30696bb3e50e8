//! `adjourn`: arguments, configuration, composition root.

use std::path::PathBuf;
use std::process::ExitCode;

use adjourn_app::AppError;
use adjourn_i18n::Lang;
use clap::Parser as _;
use clap::error::ErrorKind;

mod args;
mod compose;
mod config;
mod demo;
mod describe;
mod guide;
mod out;
mod points;
mod progress;
mod service;
mod verbs;
mod words;

use args::Cli;
use out::{Exit, Out};

/// A secret from the environment. It can't be printed.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// What the process got from its environment; nothing else reads it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// The person's home.
    pub(crate) home: Option<PathBuf>,
    /// The private key's file.
    pub(crate) key: Option<PathBuf>,
    /// Which key signs requests to storage.
    pub(crate) storage_key: Option<String>,
    /// That key.
    pub(crate) storage_secret: Option<Secret>,
    /// Language tags, most specific first.
    pub(crate) languages: Vec<String>,
    /// Whether no colour is wanted (<https://no-color.org>).
    pub(crate) no_color: bool,
}

impl Environment {
    fn read() -> Self {
        let text = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            home: std::env::var_os("HOME").map(PathBuf::from),
            key: std::env::var_os("ADJOURN_KEY").map(PathBuf::from),
            storage_key: text("ADJOURN_STORAGE_ACCESS_KEY"),
            storage_secret: text("ADJOURN_STORAGE_SECRET").map(Secret),
            languages: ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(text).collect(),
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
        }
    }
}

fn main() -> ExitCode {
    let environment = Environment::read();
    let detected = Lang::detect(environment.languages.iter().map(String::as_str));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            if help {
                let _ = error.print();
                return ExitCode::from(Exit::Done as u8);
            }
            let json = std::env::args_os().any(|arg| arg == "--json");
            let text = error.render().to_string();
            let says = text.trim_start_matches("error: ").trim_end();
            let says = if json { says.lines().next().unwrap_or_default() } else { says };
            let exit = Out { json, lang: detected }.error(&AppError::new("usage").with("says", says));
            return ExitCode::from(exit as u8);
        }
    };
    let lang = match &cli.global.lang {
        Some(tag) => {
            let Some(lang) = Lang::parse(tag) else {
                let error = AppError::new("usage").with("says", format!("--lang {tag}: zh-CN, en"));
                return ExitCode::from(Out { json: cli.global.json, lang: detected }.error(&error) as u8);
            };
            lang
        }
        None => detected,
    };
    let out = Out { json: cli.global.json, lang };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ExitCode::from(out.error(&AppError::io(&error, "runtime")) as u8),
    };
    let exit = runtime.block_on(verbs::run(cli, out, &environment)).unwrap_or_else(|error| out.error(&error));
    ExitCode::from(exit as u8)
}
