//! What outlives the process, and the door for operators.

use std::{
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};

use super::ConfigError;
use crate::admin::{self, Address};

/// Where state is kept.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What is kept")]
pub struct StateArgs {
    /// The directory for what has to survive a restart: the last good snapshot, the day's spent calls, OAuth
    /// tokens, a scan that is held back. It is made if it isn't there [default: none, all is forgotten].
    #[arg(long, env = "ORGRAPH_STATE_DIR", value_name = "DIR", value_parser = path)]
    state_dir: Option<PathBuf>,
}

impl StateArgs {
    /// The directory, if one is named.
    pub fn directory(&self) -> Option<&Path> {
        directory(&self.state_dir)
    }
}

/// Where operators come in.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Operators")]
pub struct AdminArgs {
    /// The address of the door for `orgraph sync` and `orgraph quarantine`: on loopback, port 0 for any
    /// [default: 127.0.0.1:8079; if that is taken, any port if there is a state directory to tell the commands,
    /// or else no door].
    #[arg(long, env = "ORGRAPH_ADMIN", value_name = "ADDR", value_parser = loopback)]
    pub admin: Option<SocketAddr>,
}

/// Which running service is meant: by its door or by its state directory.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Which service")]
pub struct ServiceArgs {
    /// The address of the service's door, as `serve --admin` says it [default: what the state directory
    /// tells, or 127.0.0.1:8079].
    #[arg(long, env = "ORGRAPH_ADMIN", value_name = "ADDR", value_parser = loopback)]
    pub admin: Option<SocketAddr>,
    /// The service's state directory.
    #[arg(long, env = "ORGRAPH_STATE_DIR", value_name = "DIR", value_parser = path)]
    pub state_dir: Option<PathBuf>,
}

impl ServiceArgs {
    /// Where the door is: as it was said, as the state directory tells, or at the usual address.
    ///
    /// # Errors
    /// If the state directory tells nothing: whoever is at the usual address is another service then.
    pub fn door(&self) -> Result<Address, ConfigError> {
        let whoever = |door| Address { door, name: None };
        match (self.admin.filter(|address| address.port() != 0), directory(&self.state_dir)) {
            (Some(said), _) => Ok(whoever(said)),
            (None, Some(state)) => admin::find(state)
                .ok_or_else(|| ConfigError::NotRunning { state_dir: state.display().to_string() }),
            (None, None) => Ok(whoever(admin::DEFAULT)),
        }
    }
}

/// Options of `sync`.
#[derive(Clone, Debug, Args)]
pub struct SyncArgs {
    /// Don't wait until the scan has come to its end.
    #[arg(long, env = "ORGRAPH_SYNC_NO_WAIT")]
    pub no_wait: bool,
    /// As JSON, for programs.
    #[arg(long)]
    pub json: bool,
    /// Which service.
    #[command(flatten)]
    pub service: ServiceArgs,
}

/// Options of `quarantine`.
#[derive(Clone, Debug, Args)]
pub struct QuarantineArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: QuarantineCommand,
}

/// What can be done about a scan that is held back.
#[derive(Clone, Debug, Subcommand)]
pub enum QuarantineCommand {
    /// Show the scan that is held back, and why.
    Show(HeldBackArgs),
    /// Serve it: what it says is so.
    Accept(DecisionArgs),
    /// Throw it away. A later scan that says the same is held back again.
    Reject(DecisionArgs),
}

/// How what is held back is shown.
#[derive(Clone, Debug, Args)]
pub struct HeldBackArgs {
    /// As JSON, for programs: null if nothing is held back.
    #[arg(long)]
    pub json: bool,
    /// Which service.
    #[command(flatten)]
    pub service: ServiceArgs,
}

/// On what a decision is made.
#[derive(Clone, Debug, Args)]
pub struct DecisionArgs {
    /// The number that `show` tells: if another scan has come into quarantine since, nothing is done
    /// [default: whichever is there].
    pub id: Option<u64>,
    /// Which service.
    #[command(flatten)]
    pub service: ServiceArgs,
}

/// A directory that is named; a variable that is set to nothing says nothing.
pub(super) fn directory(said: &Option<PathBuf>) -> Option<&Path> {
    said.as_deref().filter(|path| !path.as_os_str().is_empty())
}

pub(super) fn path(text: &str) -> Result<PathBuf, Infallible> {
    Ok(text.into())
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.trim().parse().map_err(|_| "expected an address such as 127.0.0.1:8079")?;
    if address.ip().is_loopback() { Ok(address) } else { Err("the door is open on loopback only".to_owned()) }
}
