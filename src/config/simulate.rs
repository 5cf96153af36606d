//! The simulated Gong, and its people.

use std::{env, net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;

use super::{
    ChangeArgs, ConfigError, TokenArgs, WorkspaceArgs,
    credentials::{ACCESS_KEY, ACCESS_KEY_SECRET, credential},
    time::simulated_time,
};
use crate::simulator;

/// The people of a simulated workspace.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Who is in the workspace")]
pub struct PeopleArgs {
    /// A file of users: NDJSON, one Gong user a line.
    #[arg(long, env = "ORGRAPH_USERS", value_name = "FILE", conflicts_with = "generate")]
    pub users: Option<PathBuf>,
    /// Make up so many people, with a realistic share of broken lines.
    #[arg(long, env = "ORGRAPH_GENERATE", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    pub generate: Option<u32>,
    /// The seed that made-up people come from: the same seed, the same people.
    #[arg(long, env = "ORGRAPH_SEED", default_value_t = 1, value_name = "S")]
    pub seed: u64,
}

impl PeopleArgs {
    /// The workspace of these people, if any are named.
    ///
    /// # Errors
    /// If the file can't be read, or a line of it is no user.
    pub fn workspace(&self) -> Result<Option<simulator::Workspace>, ConfigError> {
        if let Some(path) = &self.users {
            let file = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| ConfigError::UsersFile { file: file.clone(), cause: error.to_string() })?;
            return simulator::Workspace::from_ndjson(text.trim_start_matches('\u{feff}'))
                .map(Some)
                .map_err(|error| ConfigError::UsersFile { file, cause: error.to_string() });
        }
        Ok(self.generate.map(|people| simulator::Workspace::generate(people as usize, self.seed)))
    }
}

/// Options of `simulate`.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// The address that the simulated Gong listens on.
    #[arg(
        long,
        env = "ORGRAPH_LISTEN",
        default_value = "127.0.0.1:8081",
        value_name = "ADDR",
        help_heading = "Where it listens"
    )]
    pub listen: SocketAddr,
    /// Whom it is about; the shipped company of 273 people if nothing is said.
    #[command(flatten)]
    pub people: PeopleArgs,
    /// How long every answer takes, from 0s to 24h.
    #[arg(long, help_heading = "How it answers", env = "ORGRAPH_SIMULATE_LATENCY", default_value = "0s", value_name = "TIME", value_parser = simulated_time)]
    pub latency: Duration,
    /// How long a cursor lives. Gong's own number is not published; an hour is assumed.
    #[arg(long, help_heading = "How it answers", env = "ORGRAPH_SIMULATE_CURSOR_LIFE", default_value = "1h", value_name = "TIME", value_parser = simulated_time)]
    pub cursor_life: Duration,
    /// What else it is like.
    #[command(flatten)]
    pub workspace: WorkspaceArgs,
    /// What its tokens are like.
    #[command(flatten)]
    pub tokens: TokenArgs,
    /// How its people change.
    #[command(flatten)]
    pub changes: ChangeArgs,
    /// A fault to switch on, as `NAME[=VALUE][@CONDITION,…]`, for example `cursor-expired@page=3`; can be
    /// given several times (in the variable, with `;` between them).
    #[arg(
        long = "fault",
        help_heading = "What goes wrong",
        env = "ORGRAPH_SIMULATE_FAULTS",
        value_delimiter = ';',
        value_name = "FAULT"
    )]
    pub faults: Vec<simulator::Fault>,
    /// Print the names of all faults and what they do, and end.
    #[arg(long, help_heading = "What goes wrong")]
    pub list_faults: bool,
}

impl SimulateArgs {
    /// What the simulator is told.
    pub fn settings(&self) -> simulator::Settings {
        let mut settings = simulator::Settings {
            latency: self.latency,
            cursor_life: self.cursor_life,
            seed: self.people.seed,
            oauth: self.tokens.oauth(),
            ..simulator::Settings::default()
        };
        self.workspace.apply(&mut settings);
        if let Ok(key) = env::var(ACCESS_KEY)
            && !key.trim().is_empty()
        {
            settings.access_key = key;
        }
        if let Some(secret) = credential(ACCESS_KEY_SECRET) {
            settings.access_key_secret = secret;
        }
        settings
    }
}
