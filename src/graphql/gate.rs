//! What a request's viewer may see: what was refused is told once for each field of the query, and what was
//! shown is remembered for the audit log.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_graphql::{
    Context, PathSegment, Pos, QueryPathNode, QueryPathSegment, Response, ServerError, Value,
};

use super::{
    error::{ErrorCode, Fault, fault, set_role},
    guarded::GuardedField,
};
use crate::{auth::Role, org::UserId};

/// The gate of one answer.
pub(super) struct Gate {
    role: Role,
    /// By the place in the query, whichever item of a list it was.
    refused: Mutex<HashMap<u64, Refused>>,
    shown: Mutex<Vec<Shown>>,
}

/// The first of the places in the answer where a field of the query was refused.
struct Refused {
    field: GuardedField,
    at: Pos,
    indexes: Vec<usize>,
    path: Vec<PathSegment>,
}

/// A value that a resolver has given away, and where in the answer it goes.
struct Shown {
    field: GuardedField,
    user: UserId,
    place: u64,
}

/// The most refused fields that an answer tells one by one.
const MOST_TOLD: usize = 100;

impl Gate {
    pub(super) fn new(role: Role) -> Self {
        Self { role, refused: Mutex::default(), shown: Mutex::default() }
    }

    /// The gate of the answer of `ctx`. Nothing is shown without one.
    pub(super) fn of<'a>(ctx: &Context<'a>) -> Result<&'a Self, Fault> {
        let missing = || Fault::new(ErrorCode::InternalServerError, "the request has no viewer");
        ctx.data_opt::<std::sync::Arc<Self>>().map(AsRef::as_ref).ok_or_else(missing)
    }

    /// Whether the viewer sees this field. If not, the answer will say so.
    pub(super) fn admits(&self, ctx: &Context<'_>, field: GuardedField) -> bool {
        if self.sees(field) {
            return true;
        }
        if let Some(node) = &ctx.path_node {
            let mut indexes = Vec::new();
            let shape = shape(node, &mut indexes);
            let mut refused = lock(&self.refused);
            let known = refused.get(&shape);
            if known.is_none_or(|known| indexes < known.indexes) {
                let at = ctx.item.pos;
                refused.insert(shape, Refused { field, at, indexes, path: segments(node) });
            }
        }
        false
    }

    /// The same without a word about it.
    pub(super) fn sees(&self, field: GuardedField) -> bool {
        self.role >= field.role()
    }

    /// Refuses an argument that can only be answered from this field.
    pub(super) fn admit_argument(&self, argument: &'static str, field: GuardedField) -> Result<(), Fault> {
        if self.sees(field) { Ok(()) } else { Err(Fault::forbidden(argument, field, self.role)) }
    }

    /// Remembers that the field of `ctx` holds what this field says of `user`.
    pub(super) fn shown(&self, ctx: &Context<'_>, field: GuardedField, user: &str) {
        if let Some(node) = &ctx.path_node {
            let place = place(node);
            let mut shown = lock(&self.shown);
            // Of one user several fields are shown one after the other.
            let last = shown.last().filter(|last| last.user.as_str() == user).map(|last| last.user.clone());
            shown.push(Shown { field, user: last.unwrap_or_else(|| UserId::new(user)), place });
        }
    }

    /// The errors that tell what was refused, in the order of the query.
    pub(super) fn refusals(&self) -> Vec<ServerError> {
        let mut refused: Vec<_> = std::mem::take(&mut *lock(&self.refused)).into_values().collect();
        refused.sort_by_cached_key(|refused| {
            let keys = refused.path.iter().filter_map(|segment| match segment {
                PathSegment::Field(key) => Some(key.clone()),
                PathSegment::Index(_) => None,
            });
            (refused.at.line, refused.at.column, keys.collect::<Vec<_>>())
        });
        let more = refused.len().saturating_sub(MOST_TOLD);
        let rest = refused.drain(refused.len() - more..).next();
        let mut errors: Vec<_> = refused.into_iter().map(|refused| refused.error(self.role)).collect();
        if let Some(first) = rest {
            let role = first.field.role();
            let message =
                format!("{more} more fields of this query need a role that the viewer doesn't have");
            errors.push(error(message, first.at, first.path, role));
        }
        errors
    }

    /// Whose fields the answer really holds: a value whose place has become null, because something beside it
    /// failed, was not shown to anybody.
    pub(super) fn answered(&self, response: &Response) -> BTreeMap<UserId, Vec<GuardedField>> {
        let mut shown = std::mem::take(&mut *lock(&self.shown));
        if !shown.is_empty() && !response.errors.is_empty() {
            let mut filled = HashSet::new();
            places(&response.data, START, &mut filled);
            shown.retain(|shown| filled.contains(&shown.place));
        }
        let mut fields: BTreeMap<UserId, Vec<GuardedField>> = BTreeMap::new();
        for Shown { field, user, .. } in shown {
            let fields = fields.entry(user).or_default();
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields.values_mut().for_each(|fields| fields.sort_unstable());
        fields
    }
}

impl Refused {
    fn error(self, role: Role) -> ServerError {
        let needed = self.field.role();
        let message = format!(
            "{} needs the role {}, and the viewer is a {}: it is null",
            self.field.coordinate(),
            needed.as_str(),
            role.as_str()
        );
        let mut error = error(message, self.at, self.path, needed);
        error.extensions.get_or_insert_default().set("field", self.field.coordinate());
        error
    }
}

fn error(message: String, at: Pos, path: Vec<PathSegment>, needed: Role) -> ServerError {
    let mut error = fault(ErrorCode::Forbidden, message);
    error.locations.push(at);
    error.path = path;
    set_role(error.extensions.get_or_insert_default(), needed);
    error
}

/// What is said of `user` in this field, if the viewer sees it.
pub(super) fn shown<T>(
    ctx: &Context<'_>,
    field: GuardedField,
    user: &str,
    value: Option<T>,
) -> Result<Option<T>, Fault> {
    let gate = Gate::of(ctx)?;
    if !gate.admits(ctx, field) {
        return Ok(None);
    }
    if value.is_some() {
        gate.shown(ctx, field, user);
    }
    Ok(value)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The place of a field in the query; its indexes go into `indexes`. As deep as the query.
fn shape(node: &QueryPathNode<'_>, indexes: &mut Vec<usize>) -> u64 {
    let above = node.parent.map_or(START, |parent| shape(parent, indexes));
    match node.segment {
        QueryPathSegment::Name(name) => step(above, Step::Key(name)),
        QueryPathSegment::Index(index) => {
            indexes.push(index);
            above
        }
    }
}

/// The place of a value in the answer. As deep as the query.
fn place(node: &QueryPathNode<'_>) -> u64 {
    let above = node.parent.map_or(START, place);
    match node.segment {
        QueryPathSegment::Name(name) => step(above, Step::Key(name)),
        QueryPathSegment::Index(index) => step(above, Step::Index(index)),
    }
}

/// The places of all values in `value`, which stands at `place`. As deep as the query.
fn places(value: &Value, place: u64, filled: &mut HashSet<u64>) {
    match value {
        Value::Null => return,
        Value::List(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| places(item, step(place, Step::Index(at)), filled));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| places(value, step(place, Step::Key(key)), filled));
        }
        _ => {}
    }
    filled.insert(place);
}

#[derive(Hash)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

const START: u64 = 0;

fn step(above: u64, step: Step<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (above, step).hash(&mut hasher);
    hasher.finish()
}

fn segments(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path = node.parent.map_or(Vec::new(), segments);
    path.push(match node.segment {
        QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        QueryPathSegment::Index(index) => PathSegment::Index(index),
    });
    path
}
