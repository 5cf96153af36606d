//! Which PostgreSQL tables are published to.

use std::{convert::Infallible, path::PathBuf};

use clap::{Args, ValueEnum};

use super::{ConfigError, GongArgs, StateArgs, credentials};
use crate::{
    export::MAX_LEVELS,
    gong,
    publish::{Settings, Target, TargetError},
};

const PASSWORDS: [&str; 2] = ["ORGRAPH_PUBLISH_PASSWORD", "PGPASSWORD"];

/// Options of `publish`.
#[derive(Clone, Debug, Args)]
pub struct PublishArgs {
    /// The database: postgres://user@host:5432/database. The password comes from ORGRAPH_PUBLISH_PASSWORD or PGPASSWORD.
    /// A server on another machine is spoken to by TLS, and its certificate looked at, unless the address says
    /// ?sslmode=disable.
    #[arg(long, env = "ORGRAPH_PUBLISH_TO", value_name = "URL")]
    pub to: String,
    /// The schema that the tables stand in. It is made if it isn't there.
    #[arg(long, env = "ORGRAPH_PUBLISH_SCHEMA", default_value = "orgraph", value_name = "NAME")]
    pub schema: String,
    /// How many levels of the tree have columns of their own in users, from 0 to 50.
    #[arg(long, env = "ORGRAPH_PUBLISH_LEVELS", default_value_t = 10, value_name = "N", value_parser = levels())]
    pub levels: u64,
    /// A file of certificates (PEM) by which the server's is trusted [default: the system's].
    #[arg(long, env = "ORGRAPH_PUBLISH_CA", value_name = "FILE", value_parser = path)]
    pub ca: Option<PathBuf>,
    /// From where: Gong (everybody is read, once), or the state directory of a service that isn't running (its last
    /// snapshot, without asking Gong).
    #[arg(long, value_enum, default_value_t = PublishFrom::Gong)]
    pub from: PublishFrom,
    /// As JSON, for programs.
    #[arg(long)]
    pub json: bool,
    /// What is kept.
    #[command(flatten)]
    pub state: StateArgs,
    /// Where Gong is, and how much may be asked of it.
    #[command(flatten)]
    pub gong: GongArgs,
}

/// Where people come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PublishFrom {
    /// Gong.
    Gong,
    /// The state directory of a service that isn't running.
    State,
}

impl PublishArgs {
    /// Where the tables go.
    ///
    /// # Errors
    /// If it can't be used.
    pub fn target(&self) -> Result<Target, ConfigError> {
        Ok(target(&self.to, &self.schema, self.levels, self.ca.clone())?)
    }

    /// What the client of Gong is told.
    ///
    /// # Errors
    /// If a credential is missing, or is one that only a service can use.
    pub fn gong(&self) -> Result<gong::Settings, ConfigError> {
        self.gong.settings_for_one_reading()
    }
}

/// Tables in a database, for a service.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Tables in a PostgreSQL")]
pub struct FollowArgs {
    /// Where the tables are written after each sync: postgres://user@host:5432/database, as `orgraph publish` has it. The
    /// password comes from ORGRAPH_PUBLISH_PASSWORD or PGPASSWORD [default: nowhere].
    #[arg(long, env = "ORGRAPH_PUBLISH_TO", value_name = "URL")]
    pub publish_to: Option<String>,
    /// The schema that they stand in. It is made if it isn't there.
    #[arg(long, env = "ORGRAPH_PUBLISH_SCHEMA", default_value = "orgraph", value_name = "NAME")]
    pub publish_schema: String,
    /// How many levels of the tree have columns of their own in users, from 0 to 50.
    #[arg(long, env = "ORGRAPH_PUBLISH_LEVELS", default_value_t = 10, value_name = "N", value_parser = levels())]
    pub publish_levels: u64,
    /// A file of certificates (PEM) by which the server's is trusted [default: the system's].
    #[arg(long, env = "ORGRAPH_PUBLISH_CA", value_name = "FILE", value_parser = path)]
    pub publish_ca: Option<PathBuf>,
}

impl FollowArgs {
    /// Where the tables go, if anywhere.
    ///
    /// # Errors
    /// If it can't be used.
    pub fn target(&self) -> Result<Option<Target>, ConfigError> {
        // A variable that is set to nothing says nothing.
        let Some(to) = self.publish_to.as_deref().filter(|to| !to.trim().is_empty()) else { return Ok(None) };
        let (schema, levels) = (&self.publish_schema, self.publish_levels);
        Ok(Some(target(to, schema, levels, self.publish_ca.clone())?))
    }
}

fn target(to: &str, schema: &str, levels: u64, ca: Option<PathBuf>) -> Result<Target, TargetError> {
    Target::new(&Settings {
        address: to.trim().to_owned(),
        password: PASSWORDS.into_iter().find_map(credentials::credential),
        ca: ca.filter(|file| !file.as_os_str().is_empty()),
        schema: schema.to_owned(),
        levels: usize::try_from(levels).unwrap_or(MAX_LEVELS).min(MAX_LEVELS),
    })
}

fn levels() -> clap::builder::RangedU64ValueParser<u64> {
    clap::value_parser!(u64).range(0..=MAX_LEVELS as u64)
}

fn path(text: &str) -> Result<PathBuf, Infallible> {
    Ok(text.into())
}
