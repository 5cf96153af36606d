//! Logs.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{ConfigError, LogArgs, LogFormat};

/// Sends logs to standard error from now on. `default` is the level if nothing is said.
///
/// What dependencies say through the `log` crate is not taken: the HTTP client's goes down to the bytes on the
/// wire, and OAuth's tokens are in its URLs.
///
/// # Errors
/// If the directives can't be read.
pub fn init(args: &LogArgs, default: &str) -> Result<(), ConfigError> {
    let directives = args.log.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(default);
    let filter =
        EnvFilter::builder().parse(directives).map_err(|error| ConfigError::Log(error.to_string()))?;
    let log = fmt().with_env_filter(filter).with_writer(io::stderr);
    // A second call changes nothing: whoever was first has the log.
    let _ = match args.log_format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    Ok(())
}
