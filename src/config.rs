//! Flags and environment: the one place that reads them. What is set for a service has a variable beside its flag; secrets
//! have a variable only, since other users of a machine can see a command line.

mod audit;
mod auth;
mod caps;
mod changes;
mod check;
mod command;
mod credentials;
mod error;
mod export;
mod gong;
mod http;
mod limits;
mod printed;
mod publish;
mod server;
mod simulate;
mod simulated;
mod state;
mod subscriptions;
mod sync;
mod table;
mod telemetry;
mod time;

use std::net::SocketAddr;

use clap::{Args, Parser, Subcommand, ValueEnum};

use self::time::{DAY, time_between};

pub use audit::AuditArgs;
pub use auth::{
    AuthArgs, AuthError, KeyAddArgs, KeyListArgs, KeyRemoveArgs, KeysArgs, KeysCommand, KeysFileArg,
};
pub use caps::CapsArgs;
pub use changes::ChangeArgs;
pub use check::CheckArgs;
pub use command::command;
pub use error::ConfigError;
pub use export::ExportArgs;
pub use gong::GongArgs;
pub use http::HttpArgs;
pub use limits::LimitArgs;
pub use printed::{CompletionsArgs, ManArgs};
pub use publish::{FollowArgs, PublishArgs, PublishFrom};
pub use server::{NetworkArgs, NetworkBoundArgs};
pub use simulate::{PeopleArgs, SimulateArgs};
pub use simulated::{HistoryRowsArg, ScimManagerArg, TokenArgs, WorkspaceArgs};
pub use state::{
    AdminArgs, DecisionArgs, HeldBackArgs, QuarantineArgs, QuarantineCommand, ServiceArgs, StateArgs,
    SyncArgs,
};
pub use subscriptions::SubscriptionArgs;
pub use sync::{FreshnessArgs, GuardArgs, RefreshArgs};
pub use table::{From as ExportFrom, TableArgs};
pub use telemetry::{ObserveArgs, TracesError, traces};

/// A Gong workspace as a GraphQL identity graph: who is who, who reports to whom, and what is wrong with
/// that picture.
#[derive(Debug, Parser)]
#[command(name = "orgraph", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What is logged.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a simulated Gong workspace and the service in front of it, to look around.
    Demo(Box<DemoArgs>),
    /// Serve a Gong workspace.
    ///
    /// The credentials come from the environment: GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET; or, for an
    /// integration with OAuth, GONG_CLIENT_ID, GONG_CLIENT_SECRET and GONG_REFRESH_TOKEN, the refresh token
    /// that the consent gave.
    Serve(Box<ServeArgs>),
    /// Serve a simulated Gong workspace: Gong's REST API over a file of users or made-up people.
    ///
    /// It takes the access key of GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, and gives OAuth tokens to the
    /// app of GONG_CLIENT_ID and GONG_CLIENT_SECRET for GONG_REFRESH_TOKEN or GONG_AUTHORIZATION_CODE; SCIM
    /// wants GONG_SCIM_TOKEN. Each is `simulator` if it isn't set.
    Simulate(Box<SimulateArgs>),
    /// Look whether a service would do: credentials, scopes, host, clock, quota, state, and the company itself.
    Check(Box<CheckArgs>),
    /// Have a running service scan Gong now.
    Sync(SyncArgs),
    /// Show, accept or reject a scan that a running service holds back.
    Quarantine(QuarantineArgs),
    /// Make, list and remove API keys. A running service notices within a second or two.
    Keys(KeysArgs),
    /// Write a table for BI tools: users, reporting lines, orphans, issues, statistics.
    ///
    /// As CSV, NDJSON, Parquet or Arrow, from a running service, its state directory or Gong. A file is written whole or
    /// not at all.
    Export(Box<TableArgs>),
    /// Write the tables into a PostgreSQL, for tools that speak nothing but SQL.
    ///
    /// In one transaction: whoever reads sees the people of before or those of now. Rows that haven't changed aren't touched,
    /// and nothing is dropped that orgraph didn't make. A running service does the same after each sync: see
    /// --publish-to of `orgraph serve`.
    Publish(Box<PublishArgs>),
    /// Print the GraphQL schema.
    Schema(SchemaArgs),
    /// Print what a shell needs to complete this command's words.
    Completions(CompletionsArgs),
    /// Print the manual page of orgraph or of one of its commands, or write all of them.
    Man(ManArgs),
}

/// Which schema is printed.
#[derive(Clone, Copy, Debug, Args)]
pub struct SchemaArgs {
    /// As a subgraph of Apollo Federation 2, with the keys of its entities: what a supergraph is composed from.
    #[arg(long)]
    pub federation: bool,
}

/// What is logged, and how. Logs go to standard error and carry ids, never names or e-mail addresses.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "The log")]
pub struct LogArgs {
    /// How much is logged: error, warn, info, debug, or directives such as `info,orgraph::gong=debug`
    /// [default: warn for demo, export and publish, off for check, info for the others].
    #[arg(long, env = "ORGRAPH_LOG", global = true, value_name = "LEVEL")]
    pub log: Option<String>,
    /// How a line looks.
    #[arg(long, env = "ORGRAPH_LOG_FORMAT", global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Where the service listens.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Where it listens")]
pub struct ListenArgs {
    /// The address that the service listens on.
    #[arg(long, env = "ORGRAPH_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
}

/// Options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Where it listens.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// How it meets the network.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Where Gong is, and how much may be asked.
    #[command(flatten)]
    pub gong: GongArgs,
    /// How often it is asked, and what is believed.
    #[command(flatten)]
    pub refresh: RefreshArgs,
    /// How old the snapshot may get.
    #[command(flatten)]
    pub freshness: FreshnessArgs,
    /// What is kept.
    #[command(flatten)]
    pub state: StateArgs,
    /// Connections that stay open.
    #[command(flatten)]
    pub subscriptions: SubscriptionArgs,
    /// The operators' door.
    #[command(flatten)]
    pub admin: AdminArgs,
    /// How requests are taken.
    #[command(flatten)]
    pub http: HttpArgs,
    /// What is told about requests.
    #[command(flatten)]
    pub observe: ObserveArgs,
    /// Who has read what.
    #[command(flatten)]
    pub audit: AuditArgs,
    /// Where tables are written.
    #[command(flatten)]
    pub publish: FollowArgs,
    /// Who may ask.
    #[command(flatten)]
    pub auth: AuthArgs,
    /// What clients may ask for.
    #[command(flatten)]
    pub caps: CapsArgs,
}

/// Options of `demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Where it listens.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// Whom it is about; the shipped company of 273 people if nothing is said.
    #[command(flatten)]
    pub people: PeopleArgs,
    /// How often the simulated Gong is asked, and what is believed.
    #[command(flatten)]
    pub refresh: RefreshArgs,
    /// Connections that stay open.
    #[command(flatten)]
    pub subscriptions: SubscriptionArgs,
    /// The operators' door.
    #[command(flatten)]
    pub admin: AdminArgs,
    /// How requests are taken.
    #[command(flatten)]
    pub http: HttpArgs,
    /// What is told about requests.
    #[command(flatten)]
    pub observe: ObserveArgs,
    /// Who has read what.
    #[command(flatten)]
    pub audit: AuditArgs,
    /// Where tables are written.
    #[command(flatten)]
    pub publish: FollowArgs,
    /// Who may ask.
    #[command(flatten)]
    pub auth: AuthArgs,
    /// What clients may ask for.
    #[command(flatten)]
    pub caps: CapsArgs,
}

/// A variable that is set to nothing says nothing.
fn or_default<'a>(value: &'a str, default: &'a str) -> &'a str {
    Some(value.trim()).filter(|value| !value.is_empty()).unwrap_or(default)
}
