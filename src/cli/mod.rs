//! The commands, a file each.

mod demo;
mod serve;
mod simulate;
mod sync;
mod quarantine;
mod keys;
mod export;
mod progress;
mod shutdown;
mod door;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::{
    config::{self, Cli, Command, ConfigError, SchemaArgs},
    graphql, telemetry,
    trace::Tally,
};

/// Does what the command line says.
///
/// # Errors
/// With a [`ConfigError`] inside if flags or environment can't be used.
pub async fn run(cli: Cli) -> Result<()> {
    let level = if matches!(cli.command, Command::Demo(_)) { "warn" } else { "info" };
    let serves = matches!(cli.command, Command::Demo(_) | Command::Serve(_));
    let traces = if serves { config::traces().map_err(ConfigError::from)? } else { None };
    let exporter = telemetry::init(&cli.log, level, traces.as_ref())?;
    let tally = exporter.as_ref().map(|exporter| exporter.tally().clone());
    let ended = run_command(cli.command, tally).await;
    if let Some(exporter) = exporter {
        exporter.stop().await;
    }
    ended
}

async fn run_command(command: Command, traces: Option<Arc<Tally>>) -> Result<()> {
    match command {
        Command::Demo(args) => demo::run(*args, traces).await,
        Command::Serve(args) => serve::run(*args, traces).await,
        Command::Simulate(args) => simulate::run(*args).await,
        Command::Sync(args) => sync::run(args).await,
        Command::Quarantine(args) => quarantine::run(args.command).await,
        Command::Keys(args) => keys::run(args.command),
        Command::Export(args) => export::run(*args).await,
        Command::Schema(SchemaArgs { federation }) => {
            match federation {
                true => print!("{}", graphql::subgraph_sdl()),
                false => print!("{}", graphql::sdl()),
            }
            Ok(())
        }
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("can't listen on {address}; another address can be given with --listen"))
}

/// The company that `demo` and `simulate` show if nothing else is said; see `data/README.md`.
const SHIPPED_COMPANY: &str = include_str!("../../data/sourcegraph_2022.ndjson");
