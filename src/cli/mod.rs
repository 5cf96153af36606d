//! The commands, a file each.

mod demo;
mod serve;
mod simulate;
mod check;
mod sync;
mod quarantine;
mod keys;
mod export;
mod publish;
mod snapshot;
mod said;
mod output;
mod printed;
mod progress;
mod wording;
mod shutdown;
mod door;

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::{
    config::{self, Cli, Command, ConfigError, SchemaArgs},
    graphql, telemetry,
    trace::Tally,
};

/// Does what the command line says. What it ends with is the command's to say.
///
/// # Errors
/// With a [`ConfigError`] inside if flags or environment can't be used.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    let level = match cli.command {
        Command::Demo(_) | Command::Export(_) | Command::Publish(_) => "warn",
        // It tells what it finds by itself.
        Command::Check(_) => "off",
        _ => "info",
    };
    let serves = matches!(cli.command, Command::Demo(_) | Command::Serve(_));
    let traces = if serves { config::traces().map_err(ConfigError::from)? } else { None };
    let exporter = telemetry::init(&cli.log, level, traces.as_ref(), || progress::BetweenFrames)?;
    let tally = exporter.as_ref().map(|exporter| exporter.tally().clone());
    let ended = run_command(cli.command, tally).await;
    if let Some(exporter) = exporter {
        exporter.stop().await;
    }
    ended
}

async fn run_command(command: Command, traces: Option<Arc<Tally>>) -> Result<ExitCode> {
    let ended = match command {
        Command::Check(args) => return check::run(*args).await,
        Command::Demo(args) => demo::run(*args, traces).await,
        Command::Serve(args) => serve::run(*args, traces).await,
        Command::Simulate(args) => simulate::run(*args).await,
        Command::Sync(args) => sync::run(args).await,
        Command::Quarantine(args) => quarantine::run(args.command).await,
        Command::Keys(args) => keys::run(args.command),
        Command::Export(args) => export::run(*args).await,
        Command::Publish(args) => publish::run(*args).await,
        Command::Completions(args) => printed::completions(args),
        Command::Man(args) => printed::man(&args),
        Command::Schema(SchemaArgs { federation }) => {
            let sdl = if federation { graphql::subgraph_sdl() } else { &graphql::sdl() };
            said::print(sdl.as_bytes())
        }
    };
    ended.map(|()| ExitCode::SUCCESS)
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen on {address}; another address can be given with --listen"))
}

/// The company that `demo` and `simulate` show if nothing else is said; see `data/README.md`.
const SHIPPED_COMPANY: &str = include_str!("../../data/sourcegraph_2022.ndjson");
