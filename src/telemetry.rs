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

/// Sends logs to where `line` writes from now on, and spans to the collector of `traces` if there is one. `default` is
/// the level of the log if nothing is said.
///
/// What dependencies say through the `log` crate is not taken: the HTTP client's goes down to the bytes on the
/// wire, and OAuth's tokens are in its URLs.
///
/// # Errors
/// If the directives can't be read, or the collector can't be spoken to.
pub fn init<W: io::Write + 'static>(
    args: &LogArgs,
    default: &str,
    traces: Option<&trace::Settings>,
    line: fn() -> W,
) -> Result<Option<Exporter>, ConfigError> {
    let directives = args.log.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(default);
    let level =
        EnvFilter::builder().parse(directives).map_err(|error| ConfigError::Log(error.to_string()))?;
    let exporter = traces.map(Exporter::start).transpose().map_err(ConfigError::Collector)?;
    // A second call changes nothing: whoever was first has the log.
    let _ = match &exporter {
        Some(exporter) => registry().with(exporter.layer()).with(log(args, level, line)).try_init(),
        None => registry().with(log(args, level, line)).try_init(),
    };
    Ok(exporter)
}

/// The log. What is for a collector isn't in it; without one, nobody wants such spans, and they cost nothing.
fn log<S, W>(args: &LogArgs, level: EnvFilter, line: fn() -> W) -> Box<dyn Layer<S> + Send + Sync>
where
    W: io::Write + 'static,
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let layer = fmt::layer().with_writer(line);
    let filter = level.and(filter_fn(|metadata| !trace::is_exported(metadata)));
    match args.log_format {
        LogFormat::Text => layer.with_ansi(io::stderr().is_terminal()).with_filter(filter).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_filter(filter).boxed(),
    }
}
