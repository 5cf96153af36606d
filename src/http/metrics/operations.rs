//! Requests, errors and durations by operation name. Names are the caller's to choose, so there is a bound on those
//! that are told apart.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
    time::Duration,
};

use ahash::RandomState;
use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge, histogram::Histogram},
};
use tokio::time::Instant;

use super::SECONDS;

/// What an operation without a name is counted under. No operation can be called so.
const ANONYMOUS: &str = "(anonymous)";
/// What every further one is counted under.
const OTHER: &str = "(other)";
/// The longest name that is told apart.
const LONGEST: usize = 64;
/// A name that nobody has used for so long gives its place to another.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// The operations that are told apart: first come, first served, as long as they are used.
pub(super) struct Operations {
    most: usize,
    named: HashMap<Arc<str>, Series, RandomState>,
    anonymous: Series,
    other: Series,
}

/// One operation that has been answered.
pub(super) struct Answered<'a> {
    /// Its name.
    pub(super) name: Option<&'a str>,
    /// `query`, `mutation` or `subscription`; nothing if its document couldn't be read.
    pub(super) kind: Option<&'static str>,
    /// Whether it has been run: one that hasn't takes no place.
    pub(super) ran: bool,
    /// The code of its first error, or `ok`.
    pub(super) outcome: &'a str,
    pub(super) took: Duration,
    pub(super) at: Instant,
}

struct Series {
    last_seen: Instant,
    /// By type and outcome, both from closed lists.
    counts: BTreeMap<&'static str, BTreeMap<String, u64>>,
    durations: BTreeMap<&'static str, Histogram>,
}

impl Series {
    fn new(now: Instant) -> Self {
        Self { last_seen: now, counts: BTreeMap::new(), durations: BTreeMap::new() }
    }
}

impl Operations {
    pub(super) fn new(most: usize) -> Self {
        let now = Instant::now();
        Self { most, named: HashMap::default(), anonymous: Series::new(now), other: Series::new(now) }
    }

    /// Counts it; tells what it is counted under.
    pub(super) fn count(&mut self, answered: &Answered<'_>) -> Arc<str> {
        let now = answered.at;
        let kind = answered.kind.unwrap_or("unknown");
        let (label, series) = match (answered.kind, answered.name) {
            (Some(_), None) => (ANONYMOUS.into(), &mut self.anonymous),
            (Some(_), Some(name)) => self.place(name, answered.ran, now),
            (None, _) => (OTHER.into(), &mut self.other),
        };
        series.last_seen = now;
        let counts = series.counts.entry(kind).or_default();
        match counts.get_mut(answered.outcome) {
            Some(count) => *count += 1,
            None => _ = counts.insert(answered.outcome.to_owned(), 1),
        }
        let durations = series.durations.entry(kind).or_insert_with(|| Histogram::new(SECONDS));
        durations.observe(answered.took.as_secs_f64());
        label
    }

    /// The place of a name: its own, a free one, that of a name which nobody uses any more, or that of all others.
    fn place(&mut self, name: &str, ran: bool, now: Instant) -> (Arc<str>, &mut Series) {
        let known = self.named.get_key_value(name).map(|(known, _)| known.clone());
        let taken = known.or_else(|| {
            let fit = ran && name.len() <= LONGEST && (self.named.len() < self.most || self.make_room(now));
            fit.then(|| Arc::from(name))
        });
        match taken {
            Some(name) => {
                let series = self.named.entry(name.clone()).or_insert_with(|| Series::new(now));
                (name, series)
            }
            None => (OTHER.into(), &mut self.other),
        }
    }

    fn make_room(&mut self, now: Instant) -> bool {
        let longest_idle = self.named.iter().min_by_key(|(_, series)| series.last_seen);
        let idle = longest_idle.filter(|(_, series)| now.duration_since(series.last_seen) >= IDLE);
        let Some(name) = idle.map(|(name, _)| name.clone()) else { return false };
        self.named.remove(&name).is_some()
    }

    pub(super) fn encode(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let mut all: Vec<(&str, &Series)> =
            self.named.iter().map(|(name, series)| (&**name, series)).collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all.extend([(ANONYMOUS, &self.anonymous), (OTHER, &self.other)]);
        let help = "Operations answered, by name, type and outcome: the code of the first error, or ok";
        let name = "orgraph_graphql_requests";
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (operation, series) in &all {
            let counts =
                series.counts.iter().flat_map(|(kind, counts)| counts.iter().map(move |it| (kind, it)));
            for (kind, (outcome, count)) in counts {
                let labels = [("operation", *operation), ("type", *kind), ("outcome", outcome.as_str())];
                ConstCounter::new(*count).encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "How long operations took, by name and type";
        let name = "orgraph_graphql_duration_seconds";
        let mut family = encoder.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (operation, series) in &all {
            for (kind, durations) in &series.durations {
                let labels = [("operation", *operation), ("type", *kind)];
                durations.encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "Operation names that are told apart at present";
        let name = "orgraph_graphql_operation_names";
        let told_apart = ConstGauge::new(self.named.len() as u64);
        told_apart.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::{collector::Collector, encoding::text::encode, registry::Registry};

    use super::*;

    fn answered(name: Option<&str>, ran: bool) -> Answered<'_> {
        let outcome = if ran { "ok" } else { "GRAPHQL_VALIDATION_FAILED" };
        Answered {
            name,
            kind: Some("query"),
            ran,
            outcome,
            took: Duration::from_millis(3),
            at: Instant::now(),
        }
    }

    #[derive(Debug)]
    struct Told(std::sync::Mutex<Shown>);
    struct Shown(Operations);
    impl fmt::Debug for Shown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("operations")
        }
    }
    impl Collector for Told {
        fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
            self.0.lock().unwrap().0.encode(&mut encoder)
        }
    }

    fn text(operations: Operations) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Told(std::sync::Mutex::new(Shown(operations)))));
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        text
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_names_are_as_many_series_as_a_hundred() {
        let mut operations = Operations::new(100);
        for n in 0..10_000 {
            let name = format!("Name{n}");
            let label = operations.count(&answered(Some(&name), true));
            assert_eq!(&*label, if n < 100 { name.as_str() } else { OTHER });
        }
        let text = text(operations);
        assert_eq!(
            text.lines().filter(|line| line.starts_with("orgraph_graphql_requests_total{")).count(),
            101
        );
        assert_eq!(text.lines().filter(|line| line.contains("_duration_seconds_count{")).count(), 101);
        let others = r#"orgraph_graphql_requests_total{operation="(other)",type="query",outcome="ok"} 9900"#;
        assert!(text.contains(others), "{text}");
        assert!(text.contains("orgraph_graphql_operation_names 100\n"), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_run_or_is_too_long_takes_no_place() {
        let mut operations = Operations::new(1);
        assert_eq!(*operations.count(&answered(Some("Junk"), false)), *OTHER);
        assert_eq!(*operations.count(&answered(Some(&"a".repeat(65)), true)), *OTHER);
        assert_eq!(*operations.count(&answered(None, true)), *ANONYMOUS);
        let unread = Answered { kind: None, ..answered(Some("Junk"), true) };
        assert_eq!(*operations.count(&unread), *OTHER);
        assert_eq!(*operations.count(&answered(Some(&"a".repeat(64)), true)), *"a".repeat(64));
        // One that has its place keeps it whatever becomes of it.
        assert_eq!(*operations.count(&answered(Some(&"a".repeat(64)), false)), *"a".repeat(64));
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_name_that_nobody_uses_gives_its_place_to_another() {
        let mut operations = Operations::new(2);
        operations.count(&answered(Some("A"), true));
        operations.count(&answered(Some("B"), true));
        tokio::time::advance(IDLE - Duration::from_secs(1)).await;
        operations.count(&answered(Some("A"), true));
        assert_eq!(*operations.count(&answered(Some("C"), true)), *OTHER);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(*operations.count(&answered(Some("C"), true)), *"C");
        assert_eq!(*operations.count(&answered(Some("B"), true)), *OTHER);
        assert_eq!(*operations.count(&answered(Some("A"), true)), *"A");
        let text = text(operations);
        assert!(!text.contains(r#"operation="B""#), "{text}");
    }
}
