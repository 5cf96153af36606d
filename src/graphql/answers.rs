//! Whole answers as they left, by what they follow from.
//!
//! A new snapshot has a new version, so that what was kept of the last one is never found again and makes way; nothing
//! is ever taken back.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

use async_graphql::{Name, Request, Value};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use moka::future::Cache;

use super::{observe::Operation, outcome::Cost};
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

impl Question {
    /// A request of somebody of this role for a document, which is kept under this id.
    pub(super) fn new(snapshot: &OrgSnapshot, role: Role, document: u64, request: &Request) -> Self {
        let mut variables = Vec::new();
        object(request.variables.iter(), &mut variables);
        Self {
            snapshot: snapshot.version,
            role,
            document,
            operation: request.operation_name.clone(),
            variables: variables.into(),
        }
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
    gzip: OnceLock<Bytes>,
    pub(super) cost: Cost,
    pub(super) operation: Option<Operation>,
}

impl Written {
    pub(super) fn new(body: Vec<u8>, cost: Cost, operation: Option<Operation>) -> Self {
        Self { body: body.into(), gzip: OnceLock::new(), cost, operation }
    }

    /// All of its JSON.
    pub fn body(&self) -> Bytes {
        self.body.clone()
    }

    /// The same, compressed by gzip, which is done once.
    pub fn gzip(&self) -> Bytes {
        let compressed = self.gzip.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            // A buffer takes everything.
            let _ = encoder.write_all(&self.body);
            encoder.finish().unwrap_or_default().into()
        });
        compressed.clone()
    }
}

/// What an answer takes in memory beside its text and what it follows from.
const BYTES: usize = 300;

/// The answers that are kept. Cheap to clone.
#[derive(Clone)]
pub(super) struct Answers {
    cache: Cache<Question, Arc<Written>>,
    pub(super) keeps: bool,
}

impl Answers {
    /// At most so many bytes of them; none for 0.
    pub(super) fn within(bytes: u64) -> Self {
        let weigh = |question: &Question, written: &Arc<Written>| {
            // A quarter more for its compressed form.
            let bytes = BYTES + question.variables.len() + written.body.len() / 4 * 5;
            bytes.try_into().unwrap_or(u32::MAX)
        };
        Self { cache: Cache::builder().max_capacity(bytes).weigher(weigh).build(), keeps: bytes > 0 }
    }

    /// The answer to `question`: the one that is kept, or the one that `work` comes to. Whoever asks the same at the
    /// same time waits for that one.
    pub(super) async fn find<E: Send + Sync + 'static>(
        &self,
        question: Question,
        work: impl Future<Output = Result<Arc<Written>, E>>,
    ) -> Result<Arc<Written>, Arc<E>> {
        self.cache.try_get_with(question, work).await
    }
}
