//! Documents that have been validated, by their text.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use ahash::RandomState;
use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
};
use moka::{policy::EvictionPolicy, sync::Cache};

use super::{Planned, Unplanned, compile::Plan};
use crate::graphql::{observe::Operation, sightings::Sightings};

/// The most variables that conditions may depend on, for each of whose values there is a plan.
const MOST_CONDITIONS: usize = 4;
/// What a field of a document takes in memory, about, as a step of a plan or as it was parsed.
const FIELD_BYTES: usize = 300;
/// How much more memory a list of short texts takes than the document that it stands in.
const LITERAL: usize = 20;
/// What a document takes beside its fields.
const DOCUMENT_BYTES: usize = 1_000;

/// A document of one operation, which async-graphql has validated.
pub(in crate::graphql) struct Known {
    /// Its operation, without selections.
    pub(in crate::graphql) operation: OperationDefinition,
    name: Option<Name>,
    pub(in crate::graphql) told: Operation,
    /// The variables that conditions depend on.
    conditions: Vec<Name>,
    /// The plan for each of their values.
    plans: Box<[OnceLock<Option<Plan>>]>,
    /// The whole document, if there are such.
    document: Option<ExecutableDocument>,
    fields: usize,
}

impl Known {
    /// What is kept of a document, which may yet be found unfit; none if no plan could answer it.
    pub(in crate::graphql) fn of(document: &ExecutableDocument, variables: &Variables) -> Option<Self> {
        let mut operations = document.operations.iter();
        let (Some((name, operation)), None) = (operations.next(), operations.next()) else { return None };
        let operation = &operation.node;
        let hangs_on = operation.variable_definitions.iter().any(|one| !one.node.directives.is_empty());
        if operation.ty != OperationType::Query || !operation.directives.is_empty() || hangs_on {
            return None;
        }
        let (conditions, fields) = conditions(document);
        if conditions.len() > MOST_CONDITIONS {
            return None;
        }
        let plans: Box<[OnceLock<_>]> = (0..1 << conditions.len()).map(|_| OnceLock::new()).collect();
        let is_conditional = !conditions.is_empty();
        let known = Self {
            name: name.cloned(),
            told: Operation::new(name, operation.ty),
            conditions,
            plans,
            document: is_conditional.then(|| document.clone()),
            fields,
            operation: OperationDefinition {
                ty: operation.ty,
                variable_definitions: operation.variable_definitions.clone(),
                directives: Vec::new(),
                selection_set: Positioned::default(),
            },
        };
        let variant = known.variant(variables).ok()?;
        let plan = Plan::of(document, operation, variables)?;
        // It is new.
        let _ = known.plans.get(variant)?.set(Some(plan));
        Some(known)
    }

    /// Whether a request that names this operation, or none, is for it.
    pub(in crate::graphql) fn is_meant(&self, name: Option<&str>) -> bool {
        name.is_none_or(|wanted| self.name.as_ref().is_some_and(|name| name == wanted))
    }

    /// Those of the variables that the operation has.
    pub(in crate::graphql) fn declared<'a>(
        &'a self,
        variables: &'a Variables,
    ) -> impl Iterator<Item = (&'a Name, &'a Value)> {
        let declared = self.operation.variable_definitions.iter();
        declared.filter_map(|one| variables.get_key_value(&one.node.name.node))
    }

    /// The plan for a request with these variables, in which defaults are filled in.
    pub(in crate::graphql) fn plan(&self, variables: &Variables) -> Planned<&Plan> {
        let plan = self.plans.get(self.variant(variables)?).ok_or(Unplanned)?;
        let compiled = plan.get_or_init(|| {
            let document = self.document.as_ref()?;
            let (_, operation) = document.operations.iter().next()?;
            Plan::of(document, &operation.node, variables)
        });
        compiled.as_ref().ok_or(Unplanned)
    }

    /// Which of the plans is for these variables.
    fn variant(&self, variables: &Variables) -> Planned<usize> {
        self.conditions.iter().try_fold(0, |variant, name| match variables.get(name) {
            Some(Value::Boolean(value)) => Ok(variant * 2 + usize::from(*value)),
            _ => Err(Unplanned),
        })
    }

    fn bytes(&self, text: &str) -> u32 {
        let copies = self.plans.len() + usize::from(self.document.is_some());
        let copy = self.fields * FIELD_BYTES + text.len() * LITERAL;
        (2 * text.len() + DOCUMENT_BYTES + copy * copies).try_into().unwrap_or(u32::MAX)
    }
}

/// The variables that conditions in a document depend on, and how many fields it has, each as often as its fragment is
/// spread; documents are measured before.
fn conditions(document: &ExecutableDocument) -> (Vec<Name>, usize) {
    let (mut names, mut fields) = (Vec::new(), 0);
    let mut sets: Vec<&SelectionSet> =
        document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node).collect();
    while let Some(set) = sets.pop() {
        for Positioned { node: selection, .. } in &set.items {
            for directive in selection.directives() {
                for (_, value) in &directive.node.arguments {
                    let _ = value.node.clone().into_const_with(|name| {
                        if !names.contains(&name) {
                            names.push(name);
                        }
                        Ok::<_, Unplanned>(Value::Null)
                    });
                }
            }
            match selection {
                Selection::Field(field) => {
                    fields += 1;
                    sets.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let fragment = document.fragments.get(&spread.node.fragment_name.node);
                    sets.extend(fragment.map(|fragment| &fragment.node.selection_set.node));
                }
            }
        }
    }
    (names, fields)
}

/// Documents that requests have been run of more than once, by their text to the letter. Cheap to clone.
#[derive(Clone)]
pub(in crate::graphql) struct KnownDocuments {
    cache: Cache<String, Kept, RandomState>,
    ids: Arc<AtomicU64>,
    sightings: Sightings,
    keeps: bool,
}

/// What is kept of a document.
#[derive(Clone)]
pub(in crate::graphql) struct Kept {
    /// What it is told by. A text that is kept anew is another document.
    pub(in crate::graphql) id: u64,
    /// Its plans, if it is one for plans.
    pub(in crate::graphql) known: Option<Arc<Known>>,
    /// Whether whoever asks the same could have the same answer, as far as is known.
    shareable: Arc<AtomicBool>,
}

impl Kept {
    /// Whether whoever asks the same could have the same answer, as far as is known.
    pub(in crate::graphql) fn is_shareable(&self) -> bool {
        self.shareable.load(Ordering::Relaxed)
    }

    /// Notes that an answer was nothing for others: nobody shall wait for one in vain again.
    pub(in crate::graphql) fn is_not_shareable(&self) {
        self.shareable.store(false, Ordering::Relaxed);
    }
}

impl KnownDocuments {
    /// At most so many bytes of them; none for 0.
    pub(in crate::graphql) fn within(bytes: u64) -> Self {
        let weigh = |text: &String, kept: &Kept| weight(text, kept.known.as_deref());
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(weigh)
            .eviction_policy(EvictionPolicy::lru())
            .build_with_hasher(RandomState::new());
        Self { cache, ids: Arc::default(), sightings: Sightings::new(bytes), keeps: bytes > 0 }
    }

    /// What is kept of `text`.
    pub(in crate::graphql) fn find(&self, text: &str) -> Option<Kept> {
        if self.keeps { self.cache.get(text) } else { None }
    }

    /// Whether something should be kept of `text`.
    pub(in crate::graphql) fn wants(&self, text: &str) -> bool {
        self.keeps && !self.cache.contains_key(text)
    }

    /// Keeps what was found out of `text`, which has been run, unless this was the first time, or the last
    /// time is too long ago.
    pub(in crate::graphql) fn keep(&self, text: &str, known: Option<Arc<Known>>, is_shareable: bool) {
        let bytes = weight(text, known.as_deref());
        self.sightings.passes(bytes.into());
        if !self.sightings.has_come(self.sightings.hash(text)) {
            return;
        }
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let shareable = Arc::new(AtomicBool::new(is_shareable));
        self.cache.insert(text.to_owned(), Kept { id, known, shareable });
    }
}

/// What is kept of a document takes so many bytes.
fn weight(text: &str, known: Option<&Known>) -> u32 {
    match known {
        Some(known) => known.bytes(text),
        None => (text.len() + DOCUMENT_BYTES).try_into().unwrap_or(u32::MAX),
    }
}
