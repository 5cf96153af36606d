//! The `orgraph` command.

use std::process::ExitCode;

use clap::Parser;
use orgraph::{
    cli,
    config::{Cli, ConfigError},
};

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("orgraph: {error:#}");
            // 2, as for a flag that can't be read: nothing has been started.
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}
