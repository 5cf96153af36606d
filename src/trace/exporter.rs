//! The exporter: from a layer of `tracing` to a collector.

use std::{sync::Arc, time::Duration};

use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::{
    Sampling, Settings, Tally,
    collector::Collector,
    courier::{Complaints, Courier},
    is_exported,
    queue::queue,
};

/// An exporter at work. To be stopped before the process ends, or what waits is lost.
#[derive(Debug)]
pub struct Exporter {
    provider: SdkTracerProvider,
    tally: Arc<Tally>,
    stop: oneshot::Sender<()>,
    courier: JoinHandle<()>,
}

/// How long the end of the process waits for the last spans.
const LAST_MOMENT: Duration = Duration::from_secs(5);
/// The most attributes of a span, more than any of ours has.
const MOST_ATTRIBUTES: u32 = 32;

impl Exporter {
    /// Starts a task that carries spans to the collector. Nothing is sent yet.
    ///
    /// # Errors
    /// With the reason if the HTTP client can't be made.
    pub fn start(settings: &Settings) -> Result<Self, String> {
        let tally = Arc::new(Tally::default());
        let (queue, spans) = queue(settings.queue, tally.clone());
        let attributes =
            settings.resource.iter().map(|(name, value)| KeyValue::new(name.clone(), value.clone()));
        let resource = Resource::builder_empty().with_attributes(attributes).build();
        let courier = Courier {
            collector: Collector::new(settings).map_err(|error| error.without_url().to_string())?,
            resource: (&resource).into(),
            batch: settings.batch.max(1),
            delay: settings.delay,
            tally: tally.clone(),
            complaints: Complaints::default(),
        };
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(sampler(settings.sampling))
            .with_max_attributes_per_span(MOST_ATTRIBUTES)
            .with_span_processor(queue)
            .build();
        let (stop, stopped) = oneshot::channel();
        let courier = tokio::spawn(courier.run(spans, stopped));
        Ok(Self { provider, tally, stop, courier })
    }

    /// What makes spans of those that `tracing` is told. Nothing else goes to the collector: no events, no places in
    /// the source, no threads.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        OpenTelemetryLayer::new(self.provider.tracer("orgraph"))
            .with_location(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(filter_fn(is_exported))
    }

    /// What became of the spans.
    pub fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// Sends what still waits, for five seconds at most.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let mut courier = self.courier;
        if timeout(LAST_MOMENT, &mut courier).await.is_err() {
            courier.abort();
            tracing::warn!(
                deadline_s = LAST_MOMENT.as_secs(),
                exported = self.tally.exported(),
                "the collector has not taken the last traces in time; they are lost"
            );
        }
    }
}

fn sampler(Sampling { share, heeds_caller }: Sampling) -> Sampler {
    let own = match share {
        share if share >= 1.0 => Sampler::AlwaysOn,
        share if share > 0.0 => Sampler::TraceIdRatioBased(share),
        _ => Sampler::AlwaysOff,
    };
    if heeds_caller { Sampler::ParentBased(Box::new(own)) } else { own }
}
