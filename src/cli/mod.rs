//! The commands, a file each.

mod demo;
mod serve;
mod simulate;
mod sync;
mod quarantine;
mod progress;
mod shutdown;
mod door;

use std::net::SocketAddr;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::{
    config::{Cli, Command, SchemaArgs},
    graphql, telemetry,
};

/// Does what the command line says.
///
/// # Errors
/// With a [`ConfigError`](crate::config::ConfigError) inside if flags or environment can't be used.
pub async fn run(cli: Cli) -> Result<()> {
    let level = if matches!(cli.command, Command::Demo(_)) { "warn" } else { "info" };
    telemetry::init(&cli.log, level)?;
    match cli.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Serve(args) => serve::run(args).await,
        Command::Simulate(args) => simulate::run(args).await,
        Command::Sync(args) => sync::run(args).await,
        Command::Quarantine(args) => quarantine::run(args.command).await,
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
