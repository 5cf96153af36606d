//! What a collector of traces is told, by OTLP over HTTP: whose trace a request belongs to, which spans leave the
//! house, and how they get there without anybody waiting for it.
//!
//! A span is for the collector if it has a kind (a field `otel.kind`); all others, and all events, are for the log
//! alone. So what is exported is what somebody has written down to be exported.

mod context;
mod span;
mod settings;
mod exporter;
mod queue;
mod courier;
mod collector;

pub use context::TraceContext;
pub use exporter::Exporter;
pub use queue::Tally;
pub use settings::{Sampling, Settings, SettingsError};
pub use span::{belongs, is_exported, trace_id};
