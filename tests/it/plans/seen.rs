//! What answers have held: so that the test can tell that it asks for something, and can ask on from there.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::{
    document::{Document, Selection},
    drawing::LIVE,
};
use crate::hostile::contract::{Contract, base};

/// How many documents there were, and what was answered.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) documents: u64,
    /// Those that were run.
    pub(super) ran: u64,
    /// Those that were answered with data and without errors.
    pub(super) answered: u64,
    /// By type and name, how often a field was answered with something: no null and no empty list.
    pub(super) fields: BTreeMap<String, u64>,
    /// Differing answers to the same document by another role, other variables or another snapshot.
    pub(super) changes: u64,
    /// Answers with errors that one executor tells in several ways, by chance.
    pub(super) chances: u64,
}

/// What one answer holds to ask on from: the ids of issues, and cursors by the place of their listing.
#[derive(Default)]
pub(super) struct Found {
    pub(super) issues: Vec<String>,
    pub(super) cursors: BTreeMap<String, Vec<String>>,
}

/// Types that are all in the snapshot.
const TYPES: [&str; 22] = [
    "AnomalyCount",
    "HiddenField",
    "Identity",
    "Issue",
    "IssueConnection",
    "IssueEdge",
    "IssueKindCount",
    "IssueSeverityCount",
    "ManagerChain",
    "OrphanConnection",
    "OrphanEdge",
    "PageInfo",
    "ReportConnection",
    "ReportEdge",
    "Snapshot",
    "SnapshotChecks",
    "SpokenLanguage",
    "User",
    "UserConnection",
    "UserEdge",
    "UserSettings",
    "Query",
];

impl Seen {
    pub(super) fn and(mut self, other: Self) -> Self {
        self.documents += other.documents;
        self.ran += other.ran;
        self.answered += other.answered;
        self.changes += other.changes;
        self.chances += other.chances;
        for (field, times) in other.fields {
            *self.fields.entry(field).or_default() += times;
        }
        self
    }

    /// The fields of the snapshot and of the root that no answer held.
    pub(super) fn never(&self, contract: &Contract) -> Vec<String> {
        let fields =
            TYPES.iter().flat_map(|ty| contract.fields(ty).iter().map(move |field| (ty, &field.name)));
        let known =
            fields.filter(|(_, name)| !LIVE.contains(&&***name)).map(|(ty, name)| format!("{ty}.{name}"));
        known.filter(|field| !self.fields.contains_key(field)).collect()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { documents, ran, answered, fields, changes, chances } = self;
        writeln!(f, "{documents} documents, {ran} run, {answered} answered without errors")?;
        writeln!(f, "{changes} answered otherwise the next time, {chances} in other words by chance")?;
        let is_of_snapshot = |field: &str| TYPES.iter().any(|ty| field.split('.').next() == Some(ty));
        let mut fields: Vec<_> = fields.iter().filter(|(field, _)| is_of_snapshot(field)).collect();
        fields.sort_by_key(|(_, times)| **times);
        let rarest = fields.iter().take(20).map(|(field, times)| format!("{field} {times}"));
        write!(f, "of the fields the rarest {}", rarest.collect::<Vec<_>>().join(", "))
    }
}

/// A look at one answer.
pub(super) struct Look<'a> {
    pub(super) contract: &'a Contract,
    pub(super) document: &'a Document,
    pub(super) seen: &'a mut Seen,
    pub(super) found: &'a mut Found,
}

impl Look<'_> {
    /// Looks at `value`, which is what `selections` of `ty` were answered with at `place`, in `listing`.
    pub(super) fn at(
        &mut self,
        ty: &str,
        selections: &[Selection],
        value: &Value,
        place: &str,
        listing: &str,
    ) {
        match value {
            Value::Array(items) => {
                items.iter().for_each(|item| self.at(ty, selections, item, place, listing));
            }
            Value::Object(object) => {
                for selection in selections {
                    match selection {
                        Selection::Field(field) => {
                            let Some(value) = object.get(field.key()) else { continue };
                            self.field(ty, field, value, place, listing);
                        }
                        Selection::Inline { on, selections, .. } => {
                            self.at(on.as_deref().unwrap_or(ty), selections, value, place, listing);
                        }
                        Selection::Spread { fragment, .. } => {
                            let Some(fragment) = self.document.fragment(fragment) else { continue };
                            self.at(&fragment.on, &fragment.selections, value, place, listing);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn field(&mut self, ty: &str, field: &super::document::Field, value: &Value, place: &str, listing: &str) {
        let contract = self.contract;
        let Some(known) = contract.fields(ty).iter().find(|known| known.name == field.name) else { return };
        if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
            return;
        }
        *self.seen.fields.entry(format!("{ty}.{}", field.name)).or_default() += 1;
        match (ty, &*field.name, value) {
            ("Issue", "id", Value::String(id)) => self.found.issues.push(id.clone()),
            (_, "cursor" | "startCursor" | "endCursor", Value::String(cursor)) => {
                self.found.cursors.entry(listing.to_owned()).or_default().push(cursor.clone());
            }
            _ => {}
        }
        let place = format!("{place}/{}", field.key());
        let is_listing = known.arguments.iter().any(|slot| slot.name == "after");
        let listing = if is_listing { &place } else { listing };
        self.at(base(&known.ty), &field.selections, value, &place, listing);
    }
}
