//! Whole answers as they left, by what they follow from.
//!
//! A new snapshot has a new version, so that what was kept of the last one is never found again and makes way; nothing
//! is ever taken back.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

use ahash::RandomState;
use async_graphql::{Name, Value};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures_util::future::BoxFuture;
use moka::{future::Cache, policy::EvictionPolicy};

use super::{observe::Operation, outcome::Cost, sightings::Sightings};
use crate::{
    auth::Role,
    org::{OrgSnapshot, SnapshotVersion},
};

/// What an answer follows from.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    snapshot: SnapshotVersion,
    /// What the viewer may see.
    role: Role,
    /// The id of a document that is kept.
    document: u64,
    operation: Option<String>,
    /// In an order of their own.
    variables: Box<[u8]>,
}

/// What most variables are written in, in bytes.
const VARIABLES: usize = 128;

impl Question {
    /// A request of somebody of this role for an operation of a document, which is kept under this id.
    pub(super) fn new<'a>(
        snapshot: &OrgSnapshot,
        role: Role,
        document: u64,
        operation: Option<&str>,
        variables: impl Iterator<Item = (&'a Name, &'a Value)>,
    ) -> Self {
        let mut written = Vec::with_capacity(VARIABLES);
        object(variables, &mut written);
        let (operation, variables) = (operation.map(str::to_owned), written.into());
        Self { snapshot: snapshot.version, role, document, operation, variables }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.variables.len() + self.operation.as_ref().map_or(0, String::len)
    }
}

/// Writes fields by their names, so that their order in the request is no matter.
fn object<'a>(fields: impl Iterator<Item = (&'a Name, &'a Value)>, out: &mut Vec<u8>) {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_unstable_by_key(|(name, _)| name.as_str());
    out.push(b'{');
    out.extend((fields.len() as u64).to_be_bytes());
    for (name, value) in fields {
        text(b'n', name, out);
        self::value(value, out);
    }
}

/// Writes a value so that no other one is written alike. Recurses as deep as variables nest, which is bounded.
fn value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(b'-'),
        Value::Boolean(value) => out.push(if *value { b't' } else { b'f' }),
        Value::Number(number) => text(b'#', &number.to_string(), out),
        Value::String(value) => text(b'"', value, out),
        Value::Enum(name) => text(b'e', name, out),
        Value::Binary(bytes) => {
            out.push(b'b');
            out.extend((bytes.len() as u64).to_be_bytes());
            out.extend_from_slice(bytes);
        }
        Value::List(items) => {
            out.push(b'[');
            out.extend((items.len() as u64).to_be_bytes());
            items.iter().for_each(|item| self::value(item, out));
        }
        Value::Object(fields) => object(fields.iter(), out),
    }
}

fn text(kind: u8, text: &str, out: &mut Vec<u8>) {
    out.push(kind);
    out.extend((text.len() as u64).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// An answer without errors, that follows from the snapshot.
pub struct Written {
    /// All of its JSON.
    pub(super) body: Bytes,
    /// What was set aside for it, in bytes.
    capacity: usize,
    gzip: OnceLock<Option<Bytes>>,
    pub(super) cost: Cost,
    pub(super) operation: Option<Operation>,
}

impl Written {
    pub(super) fn new(body: Vec<u8>, cost: Cost, operation: Option<Operation>) -> Self {
        let capacity = body.capacity();
        Self { body: body.into(), capacity, gzip: OnceLock::new(), cost, operation }
    }

    /// All of its JSON.
    pub fn body(&self) -> Bytes {
        self.body.clone()
    }

    /// The same, with an eighth more room than it takes at most.
    pub(super) fn into_kept(self) -> Self {
        if self.capacity - self.body.len() <= self.body.len() / 8 {
            return self;
        }
        let body = Bytes::copy_from_slice(&self.body);
        Self { capacity: body.len(), body, ..self }
    }

    /// What it takes in memory, with its compressed form.
    pub(super) fn bytes(&self) -> usize {
        BYTES + self.capacity + self.body.len().min(MOST_COMPRESSED) / 2
    }

    /// The same, for whoever keeps it by itself.
    pub(super) fn alone(&self) -> Self {
        let (body, gzip) = (Bytes::copy_from_slice(&self.body), self.gzip.clone());
        Self { capacity: body.len(), body, gzip, cost: self.cost, operation: self.operation.clone() }
    }

    /// The same, compressed by gzip, which is done once; none of what is so long that it would keep others waiting.
    pub fn gzip(&self) -> Option<Bytes> {
        if self.body.len() > MOST_COMPRESSED {
            return None;
        }
        let compressed = self.gzip.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&self.body).ok()?;
            Some(Bytes::copy_from_slice(&encoder.finish().ok()?))
        });
        compressed.clone()
    }
}

/// The longest answer whose compressed form is kept.
const MOST_COMPRESSED: usize = 64 << 10;
/// What an answer takes in memory beside its text and what it follows from.
const BYTES: usize = 300;

/// The answers that are kept. Cheap to clone.
#[derive(Clone)]
pub(super) struct Answers {
    cache: Cache<Question, Arc<Written>, RandomState>,
    pub(super) keeps: bool,
    sightings: Sightings,
}

impl Answers {
    /// At most so many bytes of them; none for 0.
    pub(super) fn within(bytes: u64) -> Self {
        let weigh = |question: &Question, written: &Arc<Written>| {
            (2 * question.bytes() + written.bytes()).try_into().unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .build_with_hasher(RandomState::new());
        Self { cache, keeps: bytes > 0, sightings: Sightings::new(bytes) }
    }

    /// The answer to `question` that is kept.
    pub(super) async fn get(&self, question: &Question) -> Option<Arc<Written>> {
        self.cache.get(question).await
    }

    /// Whether `question`, to which there is no answer here, has been asked before and would be answered from here if
    /// that had been kept. It is remembered now.
    pub(super) fn has_come(&self, question: &Question) -> bool {
        self.sightings.has_come(self.sightings.hash(question))
    }

    /// Tells of an answer that could be kept, whether it is or not.
    pub(super) fn passes(&self, question_bytes: usize, written: &Written) {
        self.sightings.passes((2 * question_bytes + written.bytes()) as u64);
    }

    /// The answer to `question`: the one that is kept, or the one that `work` comes to. Whoever asks the same at the
    /// same time waits for that one.
    pub(super) fn find<'a, E: Send + Sync + 'static>(
        &'a self,
        question: Question,
        work: impl Future<Output = Result<Arc<Written>, E>> + Send + 'a,
    ) -> BoxFuture<'a, Result<Arc<Written>, Arc<E>>> {
        // It is large, and what is answered without it shall not be.
        Box::pin(self.cache.try_get_with(question, work))
    }
}
