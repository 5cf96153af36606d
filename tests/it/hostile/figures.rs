//! What was sent and what became of it, counted and measured.

use std::{collections::BTreeMap, time::Duration};

use super::{families::FAMILIES, judgement::Verdict};

/// Of one run.
#[derive(Default)]
pub struct Figures {
    families: BTreeMap<usize, Sent>,
    /// How long good queries took in between.
    pub good: Vec<Duration>,
    /// What was answered wrongly, and how.
    pub wrong: Vec<String>,
}

#[derive(Default)]
struct Sent {
    requests: usize,
    answered: usize,
    bare: usize,
    codes: BTreeMap<String, usize>,
    /// How long refusals took, from the first byte sent to the last received.
    refusals: Vec<Duration>,
    largest_refusal: usize,
}

impl Figures {
    /// A request and its one answer.
    pub fn note(&mut self, family: usize, verdict: &Verdict, took: Duration, bytes: usize) {
        self.note_connection(family);
        self.note_answer(family, verdict, took, bytes);
    }

    /// A request that may be answered never or more than once.
    pub fn note_connection(&mut self, family: usize) {
        self.families.entry(family).or_default().requests += 1;
    }

    pub fn note_answer(&mut self, family: usize, verdict: &Verdict, took: Duration, bytes: usize) {
        let sent = self.families.entry(family).or_default();
        match verdict {
            Verdict::Answered => return sent.answered += 1,
            Verdict::Refused(code) => *sent.codes.entry(code.clone()).or_default() += 1,
            Verdict::Bare(_) => sent.bare += 1,
        }
        sent.refusals.push(took);
        sent.largest_refusal = sent.largest_refusal.max(bytes);
    }

    pub fn with(mut self, other: Self) -> Self {
        self.good.extend(other.good);
        self.wrong.extend(other.wrong);
        for (family, more) in other.families {
            let sent = self.families.entry(family).or_default();
            sent.requests += more.requests;
            sent.answered += more.answered;
            sent.bare += more.bare;
            for (code, count) in more.codes {
                *sent.codes.entry(code).or_default() += count;
            }
            sent.refusals.extend(more.refusals);
            sent.largest_refusal = sent.largest_refusal.max(more.largest_refusal);
        }
        self
    }

    pub fn requests(&self) -> usize {
        self.families.values().map(|sent| sent.requests).sum()
    }

    pub fn refusals_p99(&self) -> Duration {
        at(&self.all_refusals(), 0.99)
    }

    fn all_refusals(&self) -> Vec<Duration> {
        self.families.values().flat_map(|sent| sent.refusals.iter().copied()).collect()
    }

    /// As Markdown.
    pub fn table(&self) -> String {
        let mut lines = vec![
            "| kind | requests | answered | refused | largest refusal | refusals: median | 99 % | what it is |".to_owned(),
            "|---|--:|--:|--:|--:|--:|--:|---|".to_owned(),
        ];
        for (family, sent) in &self.families {
            let (name, is) = (FAMILIES[*family].name, FAMILIES[*family].is);
            let refused = sent.refusals.len();
            let (median, p99) = (told(at(&sent.refusals, 0.5)), told(at(&sent.refusals, 0.99)));
            let Sent { requests, answered, largest_refusal, .. } = sent;
            lines.push(format!("| {name} | {requests} | {answered} | {refused} | {largest_refusal} B | {median} | {p99} | {is} |"));
        }
        let mut codes = BTreeMap::<&str, usize>::new();
        for sent in self.families.values() {
            sent.codes.iter().for_each(|(code, count)| *codes.entry(code).or_default() += count);
            *codes.entry("no body").or_default() += sent.bare;
        }
        let codes: Vec<_> = codes.iter().map(|(code, count)| format!("{count} `{code}`")).collect();
        let all = self.all_refusals();
        let build = if cfg!(debug_assertions) { "a debug build" } else { "a release build" };
        lines.push(format!(
            "\n{} requests, {} refusals: {}. No panic, no status of 500 or more, and after every hundred a good query \
             was answered rightly. In {build}, over loopback, the client's clock: refusals took {} in the middle, {} at the \
             99th of 100 and {} at most; the good queries in between {} and {}.",
            self.requests(),
            all.len(),
            codes.join(", "),
            told(at(&all, 0.5)),
            told(at(&all, 0.99)),
            told(at(&all, 1.0)),
            told(at(&self.good, 0.5)),
            told(at(&self.good, 0.99)),
        ));
        lines.join("\n")
    }
}

/// The time within which this share of all is done.
fn at(times: &[Duration], share: f64) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
}

fn told(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
