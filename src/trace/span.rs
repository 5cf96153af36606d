//! Spans and the traces that they belong to.

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use tracing::{Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::TraceContext;

/// Whether this is a span that a collector gets.
pub fn is_exported(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.fields().field("otel.kind").is_some()
}

/// Puts a span that has just been made into its caller's trace.
pub fn belongs(span: &Span, caller: &TraceContext) {
    let flags = if caller.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
    let (trace, parent) = (TraceId::from(caller.trace_id), SpanId::from(caller.parent_id));
    let remote = SpanContext::new(trace, parent, flags, true, TraceState::default());
    // Nothing is exported, then there is nothing to be done.
    let _ = span.set_parent(Context::new().with_remote_span_context(remote));
}

/// The trace of a span as it is written, 32 digits; `None` if nothing is exported. The span's parent can't be
/// changed any more.
pub fn trace_id(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let told = span.span_context();
    told.is_valid().then(|| told.trace_id().to_string())
}
