//! Where tables are published.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
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
    /// Files aren't named in addresses.
    #[error("the address holds sslrootcert: the file is named by --ca (--publish-ca)")]
    RootInAddress,
    /// TLS would be left out without anybody's knowing.
    #[error("sslmode may be require, verify-ca or verify-full, which are one here, or disable")]
    Sslmode,
    /// The schema can't have this name.
    #[error(
        "the schema can't be called {0:?}: a name has from 1 to 63 bytes, and those that begin with pg_, and \
         information_schema, are PostgreSQL's own"
    )]
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

/// The time to be connected to one host.
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
        // A standby takes nothing, and of several servers it is none.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
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

/// What the address says. What it says of TLS is taken out of it and decided here.
fn parse(address: &str) -> Result<Config, TargetError> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
        return Err(TargetError::Address("it doesn't begin with postgres://".to_owned()));
    }
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let (mut kept, mut sslmode) = (Vec::new(), None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", mode)) => sslmode = Some(mode),
            Some(("sslrootcert", _)) => return Err(TargetError::RootInAddress),
            _ => kept.push(pair),
        }
    }
    let known = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    let mut config =
        Config::from_str(&known).map_err(|error| TargetError::Address(super::error::cause_of(&error)))?;
    // A mode that goes without TLS where the server has none would do so where somebody is between.
    let mode = match sslmode {
        Some("disable") => SslMode::Disable,
        Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
        Some(_) => return Err(TargetError::Sslmode),
        None if is_here(&config) => SslMode::Disable,
        None => SslMode::Require,
    };
    config.ssl_mode(mode);
    Ok(config)
}

/// Whether all that it may connect to is on this machine.
fn is_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(here) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// The target in words.
fn place(config: &Config) -> Result<String, TargetError> {
    let missing = |what: &str| TargetError::Address(format!("it names no {what}"));
    let ports = config.get_ports();
    let port = |at: usize| ports.get(at).or(ports.last()).copied().unwrap_or(5432);
    let host = |(at, host): (usize, &Host)| match host {
        Host::Tcp(name) if name.contains(':') => format!("[{name}]:{}", port(at)),
        Host::Tcp(name) => format!("{name}:{}", port(at)),
        #[cfg(unix)]
        Host::Unix(path) => format!("{}:{}", path.display(), port(at)),
    };
    let hosts = config.get_hosts().iter().enumerate().map(host).collect::<Vec<_>>().join(",");
    if hosts.is_empty() {
        return Err(missing("host"));
    }
    let database = config.get_dbname().ok_or_else(|| missing("database"))?;
    Ok(format!("{hosts}/{database}"))
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
            ("postgres://u@127.0.0.1/d", SslMode::Disable),
            ("postgres://u@[::1]/d", SslMode::Disable),
            ("postgres://u@localhost:5433/d", SslMode::Disable),
            ("postgresql:///d?host=/var/run/postgresql", SslMode::Disable),
            ("postgres://u@localhost/d?sslmode=require", SslMode::Require),
            ("postgres://u@localhost,db.example.com/d", SslMode::Require),
            ("postgres://u@localhost/d?hostaddr=192.0.2.2", SslMode::Require),
            ("postgres://u@db.example.com/d", SslMode::Require),
            ("postgres://u@db.example.com/d?application_name=sslmode=disable", SslMode::Require),
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
            ("postgres://u@h/d?sslmode=geheim", "sslmode may be require"),
            ("postgres://u@h/d?sslmode=prefer", "sslmode may be require"),
            ("postgres://u@h/d?sslrootcert=geheim", "--ca"),
        ] {
            let error = target(address).unwrap_err().to_string();
            assert!(error.contains(told) && !error.contains("geheim"), "{error}");
        }
        for schema in ["", "pg_catalog", "information_schema", &"x".repeat(64)] {
            let named = Settings { schema: schema.to_owned(), ..settings("postgres://u@h/d") };
            assert!(matches!(Target::new(&named), Err(TargetError::Schema(_))), "{schema}");
        }
        let several = target("postgres://u@[::1],b:2/d").unwrap();
        assert_eq!(several.to_string(), "[::1]:5432,b:2/d, schema orgraph");
        let password = Some(SecretString::from("geheim".to_owned()));
        let debug =
            format!("{:?}", Target::new(&Settings { password, ..settings("postgres://u@h:1/d") }).unwrap());
        assert!(debug.contains("h:1/d") && !debug.contains("geheim"), "{debug}");
    }
}
