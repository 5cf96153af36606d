//! What became of a request.

use std::{sync::Arc, time::Duration};

use async_graphql::{Name, Response, Value, indexmap::IndexMap};

use super::{answers::Written, observe::Operation, plan::Json, scalar::in_milliseconds};
use crate::org::{OrgSnapshot, SnapshotVersion};

/// What became of a request.
pub struct Outcome {
    /// The answer.
    pub response: Response,
    /// The age of the snapshot that it is from.
    pub age: Option<Duration>,
    /// Whether the operation was run; if not, the request itself is at fault.
    pub ran: bool,
    /// It was not run because it changes something and came by GET.
    pub wants_post: bool,
    /// The version of the snapshot, if the answer follows from that, the request and the viewer's role alone: nobody
    /// else was asked, neither Gong nor the clock, and nothing failed.
    pub follows_from: Option<u64>,
    /// The operation, if the document has one of that name and could be read.
    pub operation: Option<Operation>,
    /// What it costs, if it came so far that this was found out.
    pub cost: Option<Cost>,
    /// It was not run because the client has asked for too much of late, and may ask again after this time.
    pub throttled: Option<Duration>,
    /// All of the answer as JSON, where there is no need to write `response`.
    pub written: Option<Arc<Written>>,
    /// That is kept, so that its compressed form is worth keeping as well.
    pub is_kept: bool,
    /// The version of the snapshot that it is from.
    pub snapshot: Option<SnapshotVersion>,
    /// It holds guarded fields, which is taken down each time that it is told.
    pub(super) is_taken_down: bool,
}

/// What an answer costs: fields, and calls to Gong at their price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What it could have come to, as the document and its page sizes say.
    pub requested: u64,
    /// What it came to; 0 if nothing was run.
    pub actual: u64,
    /// The most that one answer may cost.
    pub limit: u64,
}

impl Outcome {
    /// The answer, if whoever asks the same of this snapshot may have it: nothing failed, and nothing has to be taken
    /// down each time that it is told.
    pub(super) fn to_share(&self, of: SnapshotVersion) -> Option<Written> {
        let cost = self.cost.filter(|_| !self.is_taken_down && self.follows_from == Some(of.as_u64()))?;
        let mut out = Json::with_capacity(FIRST_BYTES);
        out.raw("{\"data\":");
        out.value(&self.response.data);
        out.raw(",\"extensions\":");
        out.object(&self.response.extensions);
        out.raw("}");
        Some(Written::new(out.finish(), cost, self.operation.clone()))
    }

    /// After how many seconds a throttled client may ask again, rounded up.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.throttled.map(whole_seconds)
    }
}

impl Cost {
    /// `extensions.cost` of an answer.
    pub(super) fn told(self) -> Value {
        Value::Object(IndexMap::from_iter([
            (Name::new("requested"), Value::from(self.requested)),
            (Name::new("actual"), Value::from(self.actual)),
            (Name::new("limit"), Value::from(self.limit)),
        ]))
    }
}

/// What is set aside for an answer to begin with.
const FIRST_BYTES: usize = 4_096;

/// How many fields an answer holds. Costs one look at each.
pub(super) fn fields(data: &Value) -> u64 {
    match data {
        Value::Object(object) => object.len() as u64 + object.values().map(fields).sum::<u64>(),
        Value::List(items) => items.iter().map(fields).sum(),
        _ => 0,
    }
}

/// `extensions.snapshot` of an answer.
pub(super) fn told(snapshot: &OrgSnapshot) -> Value {
    Value::Object(IndexMap::from_iter([
        (Name::new("version"), Value::from(snapshot.version.to_string())),
        (Name::new("takenAt"), Value::from(in_milliseconds(snapshot.taken_at))),
    ]))
}

/// Rounded up, so that whoever waits so long has waited enough.
pub(super) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
