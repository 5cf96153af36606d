//! Where tables are published.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};

use super::session::{self, Roots};

/// What is said of a target.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `postgres://user@host:port/database`, without a password.
    pub address: String,
    /// The password, if one is needed.
    pub password: Option<SecretString>,
    /// A file of certificates (PEM) that the server's is trusted by, in place of the system's.
    pub ca: Option<PathBuf>,
    /// The schema that the tables stand in.
    pub schema: String,
    /// How many levels of the tree have columns of their own in `users`.
    pub levels: usize,
}

/// A database, and a schema in it. Its `Debug` has no password.
#[derive(Clone)]
pub struct Target {
    pub(super) config: Config,
    pub(super) roots: Roots,
    pub(super) place: String,
    pub(super) schema: String,
    pub(super) levels: usize,
}

/// Why there can't be such a target.
#[derive(Debug, Error)]
pub enum TargetError {
    /// It is no address of a PostgreSQL. What it is isn't repeated: it may hold a password.
    #[error("expected an address such as postgres://user@host:5432/database: {0}")]
    Address(String),
    /// Whoever sees the command line or its environment would see the password.
    #[error("the address holds a password, which belongs into ORGRAPH_PUBLISH_PASSWORD or PGPASSWORD")]
    PasswordInAddress,
    /// The schema can't have this name.
    #[error("a schema's name has from 1 to 63 bytes, doesn't begin with pg_ and isn't {0:?}")]
    Schema(String),
    /// The certificates can't be used.
    #[error("the certificates of {file} can't be used: {cause}")]
    Ca {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: String,
    },
}

/// The time to be connected and let in.
const CONNECT: Duration = Duration::from_secs(10);
/// A server that is silent for so long is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(30);
/// A server that takes nothing for so long is gone.
const STALL: Duration = Duration::from_secs(60);
/// The most bytes of a name in PostgreSQL.
const NAME: usize = 63;

impl Target {
    /// The target that is meant. Nothing is sent.
    ///
    /// # Errors
    /// If the address, the schema or the certificates can't be used.
    pub fn new(settings: &Settings) -> Result<Self, TargetError> {
        let mut config = parse(&settings.address)?;
        if config.get_password().is_some() {
            return Err(TargetError::PasswordInAddress);
        }
        let place = place(&config)?;
        if let Some(password) = &settings.password {
            config.password(password.expose_secret());
        }
        if config.get_application_name().is_none() {
            config.application_name("orgraph");
        }
        config.connect_timeout(CONNECT).keepalives_idle(SILENCE).tcp_user_timeout(STALL);
        let schema = settings.schema.clone();
        let is_name = !schema.is_empty()
            && schema.len() <= NAME
            && !schema.starts_with("pg_")
            && schema != "information_schema"
            && !schema.contains('\0');
        if !is_name {
            return Err(TargetError::Schema(schema));
        }
        let roots = session::roots(settings.ca.as_deref())?;
        Ok(Self { config, roots, place, schema, levels: settings.levels })
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("place", &self.place)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, schema {}", self.place, self.schema)
    }
}

/// What the address says. Where it says nothing of TLS, that is required but for a server on this machine; a certificate
/// is always looked at, so that `verify-ca` and `verify-full` ask for nothing more.
fn parse(address: &str) -> Result<Config, TargetError> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
        return Err(TargetError::Address("it doesn't begin with postgres://".to_owned()));
    }
    let known = address
        .replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require");
    let mut config =
        Config::from_str(&known).map_err(|error| TargetError::Address(super::error::cause_of(&error)))?;
    if !known.contains("sslmode=") {
        let is_here = config.get_hosts().iter().all(is_here);
        config.ssl_mode(if is_here { SslMode::Prefer } else { SslMode::Require });
    }
    Ok(config)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// The target in words.
fn place(config: &Config) -> Result<String, TargetError> {
    let missing = |what: &str| TargetError::Address(format!("it names no {what}"));
    let host = match config.get_hosts().first().ok_or_else(|| missing("host"))? {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().ok_or_else(|| missing("database"))?;
    Ok(format!("{host}:{port}/{database}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(address: &str) -> Settings {
        Settings {
            address: address.to_owned(),
            password: None,
            ca: None,
            schema: "orgraph".to_owned(),
            levels: 10,
        }
    }

    fn target(address: &str) -> Result<Target, TargetError> {
        Target::new(&settings(address))
    }

    #[test]
    fn a_server_elsewhere_is_asked_by_tls_unless_the_address_says_otherwise() {
        for (address, mode) in [
            ("postgres://u@127.0.0.1/d", SslMode::Prefer),
            ("postgres://u@localhost:5433/d", SslMode::Prefer),
            ("postgresql:///d?host=/var/run/postgresql", SslMode::Prefer),
            ("postgres://u@db.example.com/d", SslMode::Require),
            ("postgres://u@db.example.com/d?sslmode=verify-full", SslMode::Require),
            ("postgres://u@db.example.com/d?sslmode=disable", SslMode::Disable),
        ] {
            assert_eq!(target(address).unwrap().config.get_ssl_mode(), mode, "{address}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_without_a_password() {
        for (address, told) in [
            ("mysql://u:geheim@h/d", "it doesn't begin with postgres://"),
            ("postgres://u:geheim@h/d", "PGPASSWORD"),
            ("postgres://u@h", "it names no database"),
            ("postgres:///d", "it names no host"),
            ("postgres://u@h/d?sslmode=geheim", "sslmode"),
        ] {
            let error = target(address).unwrap_err().to_string();
            assert!(error.contains(told) && !error.contains("geheim"), "{error}");
        }
        for schema in ["", "pg_catalog", "information_schema", &"x".repeat(64)] {
            let named = Settings { schema: schema.to_owned(), ..settings("postgres://u@h/d") };
            assert!(matches!(Target::new(&named), Err(TargetError::Schema(_))), "{schema}");
        }
        let password = Some(SecretString::from("geheim".to_owned()));
        let debug =
            format!("{:?}", Target::new(&Settings { password, ..settings("postgres://u@h:1/d") }).unwrap());
        assert!(debug.contains("h:1/d") && !debug.contains("geheim"), "{debug}");
    }
}
