//! What is wrong with flags or environment.

use thiserror::Error;

use super::{AuthError, TracesError};
use crate::{
    app::BuildError,
    export::{RemoteError, Unfit},
    gong,
    http::{DocumentsError, TlsError},
    publish::TargetError,
    simulator,
    store::StoreError,
    sync::TooOften,
};

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
    /// A table can't be asked for so.
    #[error(transparent)]
    Table(#[from] Unfit),
    /// No service can be asked so.
    #[error(transparent)]
    Service(#[from] RemoteError),
    /// Nothing says as what a table is written.
    #[error("say with --format as what the table is written: parquet, csv, ndjson or arrow")]
    NoFormat,
    /// Nothing says where the state is.
    #[error("say with --state-dir where the service keeps its state")]
    NoStateDir,
    /// A refresh token is good for one use.
    #[error(
        "an integration with OAuth has one refresh token, which the service keeps: take what the service has \
         (export --from server, serve --publish-to) or its state directory (--from state)"
    )]
    OneReadingByOAuth,
    /// Tables can't be published there.
    #[error(transparent)]
    Publish(#[from] TargetError),
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
    /// There is no such command to print the page of.
    #[error("there is no command `{0}`")]
    NoSuchCommand(String),
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
