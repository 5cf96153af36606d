//! What is told about requests: to Prometheus, to the log, and to a collector of traces.

use std::{env, time::Duration};

use clap::Args;
use percent_encoding::percent_decode_str;
use thiserror::Error;

use super::{DAY, time_between};
use crate::{
    http::ObservedSettings,
    trace::{self, Sampling},
};

/// What is told about requests. Traces are a matter of the environment alone: the variables are OpenTelemetry's own,
/// and one of them is secret (docs/observability.md).
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "What is told about requests")]
pub struct ObserveArgs {
    /// The time from which on an operation is slow, and logged with its document's hash, from 0s to 24h.
    #[arg(long, env = "ORGRAPH_SLOW_QUERY", default_value = "1s", value_name = "TIME", value_parser = slow)]
    pub slow_query: Duration,
    /// The operation names that metrics and traces tell apart; further ones are counted as `(other)`.
    #[arg(long, env = "ORGRAPH_METRICS_OPERATIONS", default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub metrics_operations: u16,
}

impl ObserveArgs {
    /// What HTTP is told.
    pub fn observed(&self) -> ObservedSettings {
        ObservedSettings {
            slow_query: self.slow_query,
            operations: self.metrics_operations.into(),
            ..ObservedSettings::default()
        }
    }
}

fn slow(text: &str) -> Result<Duration, String> {
    time_between(Duration::ZERO, DAY, text)
}

/// Why a variable of OpenTelemetry's can't be used. It says nothing of what is in it: that may be a secret.
#[derive(Debug, Error)]
pub enum TracesError {
    /// It is no text.
    #[error("{0} can't be read")]
    Unreadable(&'static str),
    /// It is none of what is known.
    #[error("{0}: expected {1}")]
    Unknown(&'static str, &'static str),
    /// The collector can't be used.
    #[error("{0}: {1}")]
    Settings(&'static str, trace::SettingsError),
}

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const TRACES_HEADERS: &str = "OTEL_EXPORTER_OTLP_TRACES_HEADERS";

/// What this environment says of traces; `None` if they go nowhere.
///
/// # Errors
/// If a variable can't be used.
pub fn traces() -> Result<Option<trace::Settings>, TracesError> {
    settings(|name| match env::var(name) {
        Ok(value) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(TracesError::Unreadable(name)),
    })
}

fn settings(
    said: impl Fn(&'static str) -> Result<Option<String>, TracesError>,
) -> Result<Option<trace::Settings>, TracesError> {
    let (endpoint, url) = match (said(TRACES_ENDPOINT)?, said(ENDPOINT)?) {
        (Some(whole), _) => (TRACES_ENDPOINT, whole),
        (None, Some(base)) => (ENDPOINT, format!("{}/v1/traces", base.trim_end_matches('/'))),
        (None, None) => return Ok(None),
    };
    let disabled = said("OTEL_SDK_DISABLED")?.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    match said("OTEL_TRACES_EXPORTER")?.as_deref() {
        _ if disabled => return Ok(None),
        Some("none") => return Ok(None),
        None | Some("otlp") => {}
        Some(_) => return Err(TracesError::Unknown("OTEL_TRACES_EXPORTER", "otlp or none")),
    }
    for name in ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"] {
        if said(name)?.is_some_and(|protocol| protocol != "http/protobuf") {
            return Err(TracesError::Unknown(name, "http/protobuf"));
        }
    }
    let (name, headers) = match said(TRACES_HEADERS)? {
        Some(headers) => (TRACES_HEADERS, Some(headers)),
        None => (HEADERS, said(HEADERS)?),
    };
    let headers =
        pairs(&headers.unwrap_or_default()).ok_or(TracesError::Unknown(name, "NAME=VALUE,NAME=VALUE"))?;
    let mut settings = trace::Settings::new(&url, &headers).map_err(|error| {
        let of_headers = matches!(error, trace::SettingsError::Header(_));
        TracesError::Settings(if of_headers { name } else { endpoint }, error)
    })?;
    settings.resource = resource(&said)?;
    settings.sampling = sampling(&said)?;
    let milliseconds = |name| Ok(number(&said, name, 1..=3_600_000)?.map(Duration::from_millis));
    let count =
        |name| Ok(number(&said, name, 1..=1_000_000)?.and_then(|number| usize::try_from(number).ok()));
    let timeout = milliseconds("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")?;
    let timeout = timeout.or(milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT")?);
    settings.timeout = timeout.unwrap_or(settings.timeout);
    settings.delay = milliseconds("OTEL_BSP_SCHEDULE_DELAY")?.unwrap_or(settings.delay);
    settings.queue = count("OTEL_BSP_MAX_QUEUE_SIZE")?.unwrap_or(settings.queue);
    settings.batch = count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")?.unwrap_or(settings.batch).min(settings.queue);
    Ok(Some(settings))
}

/// What the spans are said to be of. Among attributes of one name the one that is named later counts, and the name
/// of the service has a variable of its own.
fn resource(
    said: &impl Fn(&'static str) -> Result<Option<String>, TracesError>,
) -> Result<Vec<(String, String)>, TracesError> {
    const ATTRIBUTES: &str = "OTEL_RESOURCE_ATTRIBUTES";
    let own = [("service.name", "orgraph"), ("service.version", env!("CARGO_PKG_VERSION"))];
    let mut resource = own.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    resource.extend(
        pairs(&said(ATTRIBUTES)?.unwrap_or_default())
            .ok_or(TracesError::Unknown(ATTRIBUTES, "NAME=VALUE,NAME=VALUE"))?,
    );
    resource.extend(said("OTEL_SERVICE_NAME")?.map(|name| ("service.name".to_owned(), name)));
    Ok(resource)
}

/// Which traces are told. Those whose callers tell theirs, and of the others all, if nothing is said.
fn sampling(
    said: &impl Fn(&'static str) -> Result<Option<String>, TracesError>,
) -> Result<Sampling, TracesError> {
    const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
    const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";
    let sampler = said(SAMPLER)?.unwrap_or_else(|| "parentbased_always_on".to_owned());
    let (heeds_caller, own) = match sampler.strip_prefix("parentbased_") {
        Some(own) => (true, own),
        None => (false, sampler.as_str()),
    };
    let share = match own {
        "always_on" => 1.0,
        "always_off" => 0.0,
        "traceidratio" => {
            let share = said(ARGUMENT)?.map_or(Ok(1.0), |text| text.parse::<f64>());
            let share = share.ok().filter(|share| (0.0..=1.0).contains(share));
            share.ok_or(TracesError::Unknown(ARGUMENT, "a share from 0 to 1"))?
        }
        _ => {
            let known = "always_on, always_off or traceidratio, or one of these after parentbased_";
            return Err(TracesError::Unknown(SAMPLER, known));
        }
    };
    Ok(Sampling { share, heeds_caller })
}

fn number(
    said: &impl Fn(&'static str) -> Result<Option<String>, TracesError>,
    name: &'static str,
    within: std::ops::RangeInclusive<u64>,
) -> Result<Option<u64>, TracesError> {
    let Some(text) = said(name)? else { return Ok(None) };
    let number = text.parse().ok().filter(|number| within.contains(number));
    number
        .map(Some)
        .ok_or(TracesError::Unknown(name, "a whole number greater than 0, and not out of all measure"))
}

/// `NAME=VALUE,NAME=VALUE`, the values written as in a URL.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let filled = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    filled
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
            Some((name.trim().to_owned(), value.into_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<trace::Settings>, TracesError> {
        settings(|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        })
    }

    #[test]
    fn without_an_endpoint_nothing_is_exported_and_nothing_refused() {
        assert!(read(&[("OTEL_SERVICE_NAME", "x"), ("OTEL_TRACES_SAMPLER", "nonsense")]).unwrap().is_none());
        let here = (ENDPOINT, "http://localhost:4318");
        assert!(read(&[here, ("OTEL_SDK_DISABLED", "TRUE")]).unwrap().is_none());
        assert!(read(&[here, ("OTEL_TRACES_EXPORTER", "none")]).unwrap().is_none());
        assert!(read(&[here]).unwrap().is_some());
    }

    #[test]
    fn what_is_said_is_taken() {
        let settings = read(&[
            (ENDPOINT, "http://localhost:4318/"),
            ("OTEL_SERVICE_NAME", "org"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=not-this,deployment.environment=a%20b"),
            ("OTEL_TRACES_SAMPLER", "traceidratio"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "64"),
        ]);
        let settings = settings.unwrap().unwrap();
        assert!(format!("{settings:?}").contains("/v1/traces"));
        let last = |wanted: &str| {
            settings.resource.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
        };
        assert_eq!((last("service.name"), last("deployment.environment")), (Some("org"), Some("a b")));
        assert_eq!(settings.sampling, Sampling { share: 0.25, heeds_caller: false });
        assert_eq!((settings.delay, settings.queue, settings.batch), (Duration::from_millis(200), 64, 64));
        let usual = read(&[(TRACES_ENDPOINT, "https://collector.example/in")]).unwrap().unwrap();
        assert_eq!(usual.sampling, Sampling { share: 1.0, heeds_caller: true });
        assert_eq!(usual.timeout, Duration::from_secs(10));
    }

    #[test]
    fn what_cannot_be_used_is_named_without_its_value() {
        let here = (ENDPOINT, "http://localhost:4318");
        for (variables, named) in [
            (&[(ENDPOINT, "canary")][..], ENDPOINT),
            (&[(ENDPOINT, "https://u:canary@host")], ENDPOINT),
            (&[(ENDPOINT, "http://collector:4318"), (HEADERS, "api-key=canary")], ENDPOINT),
            (&[here, (HEADERS, "canary")], HEADERS),
            (&[here, (HEADERS, "api-key=canary%0A")], HEADERS),
            (&[here, (TRACES_HEADERS, "api-key=%ff")], TRACES_HEADERS),
            (&[here, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")], "OTEL_EXPORTER_OTLP_PROTOCOL"),
            (&[here, ("OTEL_TRACES_EXPORTER", "zipkin")], "OTEL_TRACES_EXPORTER"),
            (&[here, ("OTEL_TRACES_SAMPLER", "jaeger_remote")], "OTEL_TRACES_SAMPLER"),
            (
                &[here, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "2")],
                "OTEL_TRACES_SAMPLER_ARG",
            ),
            (&[here, ("OTEL_BSP_SCHEDULE_DELAY", "0")], "OTEL_BSP_SCHEDULE_DELAY"),
            (&[here, ("OTEL_RESOURCE_ATTRIBUTES", "canary")], "OTEL_RESOURCE_ATTRIBUTES"),
        ] {
            let said = read(variables).unwrap_err().to_string();
            assert!(said.starts_with(&format!("{named}: ")) && !said.contains("canary"), "{said}");
        }
    }
}
