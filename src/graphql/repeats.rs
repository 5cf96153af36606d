//! Requests that come again to the letter: they are answered without being read.
//!
//! What is kept of a text is what the whole way has come to, from this snapshot and for this role: an answer without
//! errors that follows from nothing else. It is kept from the second time on that the text comes; most never do.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use ahash::RandomState;
use bytes::Bytes;
use moka::{policy::EvictionPolicy, sync::Cache};

use super::{
    answers::Written,
    executor::{Circumstances, Executor},
    observe::Watched,
    outcome::Outcome,
    sightings::Sightings,
};
use crate::{auth::Role, org::SnapshotVersion};

/// What the answer to a text takes, in bytes, that comes for the first time, about: larger ones are told of when they
/// are kept.
const ANSWER: usize = 2 << 10;
/// The longest text that is kept.
const LONGEST: usize = 16 << 10;

/// The text of a request, from somebody of one role, while there is one snapshot.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    hash: u64,
    snapshot: SnapshotVersion,
    role: Role,
    text: Bytes,
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// What a text was answered with.
pub(super) struct Repeat {
    written: Arc<Written>,
    /// The document that stands in it.
    document: String,
}

/// The texts that are kept. Cheap to clone.
#[derive(Clone)]
pub(super) struct Repeats {
    cache: Cache<Text, Arc<Repeat>, RandomState>,
    sightings: Sightings,
    /// What all of them may take.
    bytes: u64,
}

impl Repeats {
    /// At most so many bytes of them; none for 0.
    pub(super) fn within(bytes: u64) -> Self {
        let weigh = |text: &Text, repeat: &Arc<Repeat>| {
            let bytes = 2 * text.text.len() + repeat.document.len() + repeat.written.bytes();
            bytes.try_into().unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .build_with_hasher(RandomState::new());
        Self { cache, sightings: Sightings::new(bytes), bytes }
    }
}

/// What there is for the text of a request.
pub enum Again {
    /// Its answer.
    Answer(Box<Outcome>),
    /// It has come again: [`Executor::keep`] takes its answer.
    Keep(Text),
    /// Nothing.
    New,
}

impl Executor {
    /// The answer to a request of this text that can be had without reading it.
    pub fn again(&self, text: &Bytes, circumstances: &Circumstances) -> Again {
        let Some(snapshot) = self.directory.snapshot().filter(|_| text.len() <= LONGEST) else {
            return Again::New;
        };
        let hash = self.repeats.sightings.hash(text);
        let role = circumstances.viewer.role;
        let text = Text { hash, snapshot: snapshot.version, role, text: text.clone() };
        let Some(repeat) = self.repeats.cache.get(&text) else {
            return if self.has_come(&text) { Again::Keep(text) } else { Again::New };
        };
        let meter = self.rates.meter(&circumstances.viewer.id);
        let watched = Watched::begin(&repeat.document, meter.came());
        let paid = meter.begin().ok().and_then(|()| self.paid(repeat.written.clone(), &snapshot, &meter));
        let Some(outcome) = paid else {
            // Refused where all are.
            meter.settle(0);
            return Again::New;
        };
        watched.end(&repeat.document, &outcome, circumstances, self.observer.as_ref());
        Again::Answer(Box::new(outcome))
    }

    fn has_come(&self, text: &Text) -> bool {
        let sightings = &self.repeats.sightings;
        sightings.passes((2 * text.text.len() + ANSWER) as u64);
        sightings.has_come(text.hash)
    }

    /// Keeps what the request of this text, with this document, was answered with, if whoever sends it again may have
    /// the same.
    pub fn keep(&self, text: Text, document: String, outcome: &Outcome) {
        let follows = outcome.follows_from == Some(text.snapshot.as_u64());
        // One shall not drive out all others.
        let fits = |written: &&Arc<Written>| written.bytes() as u64 <= self.repeats.bytes / 8;
        if let Some(written) = outcome.written.as_ref().filter(|_| follows).filter(fits) {
            let written = Arc::new(written.alone());
            self.repeats.sightings.passes(written.bytes() as u64);
            // Not with the room that was set aside for what might have come in one piece with it.
            let text = Text { text: Bytes::copy_from_slice(&text.text), ..text };
            self.repeats.cache.insert(text, Arc::new(Repeat { written, document }));
        }
    }
}
