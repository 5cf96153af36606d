//! Flags and environment: the one place that reads them. Every flag has a variable; secrets have a
//! variable only, since other users of a machine can see a command line.

mod audit;
mod auth;
mod caps;
mod changes;
mod credentials;
mod http;
mod server;
mod simulated;
mod state;
mod subscriptions;
mod sync;
mod telemetry;
mod time;

use std::{env, net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use thiserror::Error;

use self::{
    credentials::{ACCESS_KEY, ACCESS_KEY_SECRET, credential},
    time::{DAY, call_timeout, simulated_time, time_between},
};
use crate::{
    app::BuildError,
    gong::{self, Limits},
    http::{DocumentsError, TlsError},
    simulator,
    store::StoreError,
    sync::TooOften,
};

pub use audit::AuditArgs;
pub use auth::{
    AuthArgs, AuthError, KeyAddArgs, KeyListArgs, KeyRemoveArgs, KeysArgs, KeysCommand, KeysFileArg,
};
pub use caps::CapsArgs;
pub use changes::ChangeArgs;
pub use http::HttpArgs;
pub use server::{NetworkArgs, NetworkBoundArgs};
pub use simulated::{HistoryRowsArg, ScimManagerArg, TokenArgs, WorkspaceArgs};
pub use state::{
    AdminArgs, DecisionArgs, QuarantineArgs, QuarantineCommand, ServiceArgs, StateArgs, SyncArgs,
};
pub use subscriptions::SubscriptionArgs;
pub use sync::{FreshnessArgs, GuardArgs, RefreshArgs};
pub use telemetry::{ObserveArgs, TracesError, traces};

/// Where Gong is, for access keys.
const GONG: &str = "https://api.gong.io";
/// Where Gong issues OAuth's tokens.
const GONG_TOKENS: &str = "https://app.gong.io/oauth2/generate-customer-token";

/// A Gong workspace as a GraphQL identity graph: who is who, who reports to whom, and what is wrong with
/// that picture.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "`orgraph demo` needs no credentials and nothing else \
    running: start there."
)]
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
    /// Have a running service scan Gong now.
    Sync(SyncArgs),
    /// Show, accept or reject a scan that a running service holds back.
    Quarantine(QuarantineArgs),
    /// Make, list and remove API keys. A running service notices within a second or two.
    Keys(KeysArgs),
    /// Print the GraphQL schema.
    Schema(SchemaArgs),
}

/// Which schema is printed.
#[derive(Clone, Copy, Debug, Args)]
pub struct SchemaArgs {
    /// As a subgraph of Apollo Federation 2, with the keys of its entities: what a supergraph is composed from.
    #[arg(long)]
    pub federation: bool,
}

/// What is logged, and how. Logs go to standard error and carry ids, never names or addresses.
#[derive(Clone, Debug, Args)]
pub struct LogArgs {
    /// How much is logged: error, warn, info, debug, or directives such as `info,orgraph::gong=debug`
    /// [default: warn for demo, info for the others].
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
pub struct ListenArgs {
    /// The address that the service listens on.
    #[arg(long, env = "ORGRAPH_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
}

/// How much may be asked of Gong. Gong's limits hold for the whole company, all its integrations together.
#[derive(Clone, Debug, Args)]
pub struct LimitArgs {
    /// Calls to Gong under way at once.
    #[arg(long, env = "ORGRAPH_GONG_MAX_IN_FLIGHT", default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub gong_max_in_flight: u32,
    /// Calls to Gong begun in any second.
    #[arg(long, env = "ORGRAPH_GONG_MAX_PER_SECOND", default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub gong_max_per_second: u32,
    /// Calls to Gong in any 24 hours.
    #[arg(long, env = "ORGRAPH_GONG_DAILY_BUDGET", default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub gong_daily_budget: u32,
    /// Calls of the daily budget that scans leave for look-ups [default: a tenth of the budget].
    #[arg(long, env = "ORGRAPH_GONG_LOOKUP_RESERVE", value_name = "N")]
    pub gong_lookup_reserve: Option<u32>,
}

impl LimitArgs {
    fn limits(&self) -> Result<Limits, ConfigError> {
        let daily_budget = self.gong_daily_budget;
        let lookup_reserve = self.gong_lookup_reserve.unwrap_or(daily_budget / 10);
        if lookup_reserve >= daily_budget {
            return Err(ConfigError::Reserve { reserve: lookup_reserve, budget: daily_budget });
        }
        Ok(Limits {
            max_in_flight: self.gong_max_in_flight,
            max_per_second: self.gong_max_per_second,
            daily_budget,
            lookup_reserve,
        })
    }
}

/// Options of `serve`. Help doesn't show what the URLs are: a credential that was put into one by mistake
/// would be shown too.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Where it listens.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// How it meets the network.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// Where Gong is. Plain http is taken for this machine only. With OAuth, the address that comes with a
    /// token goes before it.
    #[arg(long, env = "GONG_BASE_URL", hide_env_values = true, default_value = GONG, value_name = "URL")]
    pub gong_base_url: String,
    /// Where Gong issues OAuth's tokens. Plain http is taken for this machine only.
    #[arg(long, env = "GONG_TOKEN_URL", hide_env_values = true, default_value = GONG_TOKENS, value_name = "URL")]
    pub gong_token_url: String,
    /// How long one call to Gong may take, from connecting to the last byte, from 1s to 24h.
    #[arg(long, env = "ORGRAPH_GONG_TIMEOUT", default_value = "30s", value_name = "TIME", value_parser = call_timeout)]
    pub gong_timeout: Duration,
    /// How much may be asked.
    #[command(flatten)]
    pub limits: LimitArgs,
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
    /// Who may ask.
    #[command(flatten)]
    pub auth: AuthArgs,
    /// What clients may ask for.
    #[command(flatten)]
    pub caps: CapsArgs,
}

impl ServeArgs {
    /// What the client of Gong is told; the credentials come from the environment.
    ///
    /// # Errors
    /// If a part is missing or can't be used.
    pub fn gong(&self) -> Result<gong::Settings, ConfigError> {
        let base_url = or_default(&self.gong_base_url, GONG);
        let credentials = credentials::from_environment(or_default(&self.gong_token_url, GONG_TOKENS))?;
        let mut settings = gong::Settings::new(base_url, credentials);
        settings.limits = self.limits.limits()?;
        settings.timeout = self.gong_timeout;
        Ok(settings)
    }
}

/// The people of a simulated workspace.
#[derive(Clone, Debug, Args)]
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
    /// Who may ask.
    #[command(flatten)]
    pub auth: AuthArgs,
    /// What clients may ask for.
    #[command(flatten)]
    pub caps: CapsArgs,
}

/// Options of `simulate`.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// The address that the simulated Gong listens on.
    #[arg(long, env = "ORGRAPH_LISTEN", default_value = "127.0.0.1:8081", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Whom it is about; the shipped company of 273 people if nothing is said.
    #[command(flatten)]
    pub people: PeopleArgs,
    /// How long every answer takes, from 0s to 24h.
    #[arg(long, env = "ORGRAPH_SIMULATE_LATENCY", default_value = "0s", value_name = "TIME", value_parser = simulated_time)]
    pub latency: Duration,
    /// How long a cursor lives. Gong's own number is not published; an hour is assumed.
    #[arg(long, env = "ORGRAPH_SIMULATE_CURSOR_LIFE", default_value = "1h", value_name = "TIME", value_parser = simulated_time)]
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
    #[arg(long = "fault", env = "ORGRAPH_SIMULATE_FAULTS", value_delimiter = ';', value_name = "FAULT")]
    pub faults: Vec<simulator::Fault>,
    /// Print the names of all faults and what they do, and end.
    #[arg(long)]
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

/// What is wrong with flags or environment. The process ends with 2 before anything is bound.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A credential is not in the environment.
    #[error(
        "{0} is not set or empty: the credentials for Gong come from the environment, \
             GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_CLIENT_ID, GONG_CLIENT_SECRET and \
             GONG_REFRESH_TOKEN (`orgraph demo` needs none)"
    )]
    MissingCredential(&'static str),
    /// There are credentials of both kinds.
    #[error("{0} and {1} are both set: either an access key or an OAuth integration asks Gong, not both")]
    TwoCredentials(&'static str, &'static str),
    /// The client of Gong can't be made from the settings.
    #[error(transparent)]
    Gong(#[from] gong::SettingsError),
    /// Who may ask isn't said, or not so that it can be used.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Scans would have no calls.
    #[error("the look-up reserve of {reserve} calls leaves nothing of the daily budget of {budget}")]
    Reserve {
        /// Calls kept for look-ups.
        reserve: u32,
        /// All calls of a day.
        budget: u32,
    },
    /// The interval doesn't fit the budget.
    #[error("--refresh-interval: {0}")]
    TooOften(#[from] TooOften),
    /// The state directory can't be used.
    #[error(transparent)]
    State(#[from] StoreError),
    /// No service has left its address.
    #[error("no service with the state directory {state_dir} is running, or it has no door for operators")]
    NotRunning {
        /// The directory as it was named.
        state_dir: String,
    },
    /// The certificate can't be used.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    /// A certificate without a key, or a key without a certificate.
    #[error("{0} is missing: a certificate and its key are given together")]
    HalfOfTls(&'static str),
    /// The trusted documents can't be used.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
    /// The audit log can't be written.
    #[error("--audit-log: {file}: {cause}")]
    AuditLog {
        /// The file as it was named.
        file: String,
        /// Why not.
        cause: String,
    },
    /// The users file can't be used.
    #[error("{file}: {cause}")]
    UsersFile {
        /// The file as it was named.
        file: String,
        /// What is wrong with it, and on which line.
        cause: String,
    },
    /// The files of a series can't be used.
    #[error(transparent)]
    Series(#[from] simulator::SeriesError),
    /// There are more faults than can be switched on.
    #[error("--fault: {0}")]
    Faults(#[from] simulator::TooManyFaults),
    /// The log's directives can't be read.
    #[error("--log: {0}")]
    Log(String),
    /// A variable of OpenTelemetry's can't be used.
    #[error(transparent)]
    Traces(#[from] TracesError),
    /// The collector of traces can't be spoken to.
    #[error("traces: no HTTP client: {0}")]
    Collector(String),
}

impl From<BuildError> for ConfigError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Gong(error) => error.into(),
            BuildError::Auth(error) => AuthError::from(error).into(),
        }
    }
}

/// A variable that is set to nothing says nothing.
fn or_default<'a>(value: &'a str, default: &'a str) -> &'a str {
    Some(value.trim()).filter(|value| !value.is_empty()).unwrap_or(default)
}
