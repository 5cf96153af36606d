//! Logs, and traces if a collector is named.

use std::io::{self, IsTerminal};

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    registry,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::{
    config::{ConfigError, LogArgs, LogFormat},
    trace::{self, Exporter},
};

/// Sends logs to standard error from now on, and spans to the collector of `traces` if there is one. `default` is
/// the level of the log if nothing is said.
///
/// What dependencies say through the `log` crate is not taken: the HTTP client's goes down to the bytes on the
/// wire, and OAuth's tokens are in its URLs.
///
/// # Errors
/// If the directives can't be read, or the collector can't be spoken to.
pub fn init(
    args: &LogArgs,
    default: &str,
    traces: Option<&trace::Settings>,
) -> Result<Option<Exporter>, ConfigError> {
    let directives = args.log.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(default);
    let level =
        EnvFilter::builder().parse(directives).map_err(|error| ConfigError::Log(error.to_string()))?;
    let exporter = traces.map(Exporter::start).transpose().map_err(ConfigError::Collector)?;
    // A second call changes nothing: whoever was first has the log.
    let _ = match &exporter {
        Some(exporter) => registry().with(exporter.layer()).with(log(args, level)).try_init(),
        None => registry().with(log(args, level)).try_init(),
    };
    Ok(exporter)
}

/// The log. What is for a collector isn't in it; without one, nobody wants such spans, and they cost nothing.
fn log<S>(args: &LogArgs, level: EnvFilter) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let layer = fmt::layer().with_writer(io::stderr);
    let filter = level.and(filter_fn(|metadata| !trace::is_exported(metadata)));
    match args.log_format {
        LogFormat::Text => layer.with_ansi(io::stderr().is_terminal()).with_filter(filter).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_filter(filter).boxed(),
    }
}
