//! From selections as they are written to what is answered: fragments put in, conditions decided, fields of one key
//! merged.

use std::collections::HashMap;

use ahash::RandomState;
use async_graphql::{
    Name, Positioned, Value, Variables,
    indexmap::IndexMap,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, Selection as Written, SelectionSet,
    },
};

use super::{
    arguments::{Slot, Wanted},
    json::Literal,
    steps::Step,
};

/// What is written of an object, key by key.
pub(super) type Selection<T> = Box<[Entry<T>]>;

/// A field of an object: what stands before its value, and what writes that.
pub(super) enum Entry<T> {
    /// `,"key":"value"`, and of the first field `{"key":"value"`.
    Fixed(Literal),
    /// `,"key":` or `{"key":`, and what comes then.
    Step(Literal, T),
}

/// The fields of one key, which validation finds to be alike.
pub(super) struct Asked<'a> {
    parent: &'static str,
    field: &'a Field,
    /// The selections of all of them: those that conditions leave out have their share in the order of keys.
    below: Vec<Part<'a>>,
}

/// A set of selections, and whether conditions leave it.
type Part<'a> = (&'a SelectionSet, bool);

impl<'a> Asked<'a> {
    /// The type that it is a field of.
    pub(super) fn parent(&self) -> &'static str {
        self.parent
    }

    pub(super) fn name(&self) -> &'a str {
        &self.field.name.node
    }
}

/// The fields of an object by their keys, in the order of the text, each with whether conditions leave it.
type Groups<'a> = IndexMap<&'a str, Vec<(&'a Field, bool)>, RandomState>;

/// What selections are compiled with.
pub(super) struct Compiler<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The variables that conditions are decided by.
    conditions: &'a Variables,
    /// What fields want of a request.
    pub(super) wanted: Vec<Wanted>,
    /// Where the arguments of fields are, by where the fields are in memory.
    slots: HashMap<*const Field, Slot, RandomState>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, conditions: &'a Variables) -> Self {
        Self { fragments: &document.fragments, conditions, wanted: Vec::new(), slots: HashMap::default() }
    }

    pub(super) fn fragment(&self, name: &Name) -> Option<&'a FragmentDefinition> {
        self.fragments.get(name).map(|fragment| &fragment.node)
    }

    /// What is written of the root.
    pub(super) fn root<T: Step>(
        &mut self,
        parent: &'static str,
        set: &'a SelectionSet,
    ) -> Option<Selection<T>> {
        self.selection(parent, &[(set, true)])
    }

    /// What is written of the object that `asked` holds, or of each of several.
    pub(super) fn select<T: Step>(
        &mut self,
        parent: &'static str,
        asked: &Asked<'a>,
    ) -> Option<Selection<T>> {
        self.selection(parent, &asked.below)
    }

    /// Where the arguments of `asked` are.
    pub(super) fn slot(&mut self, asked: &Asked<'a>) -> Option<Slot> {
        self.slot_of(asked.field)
    }

    pub(super) fn slot_of(&mut self, field: &'a Field) -> Option<Slot> {
        if let Some(slot) = self.slots.get(&std::ptr::from_ref(field)) {
            return Some(*slot);
        }
        let slot = Slot(self.wanted.len());
        self.wanted.push(Wanted::of(field).ok()?);
        self.slots.insert(field, slot);
        Some(slot)
    }

    /// How many fields are asked for below `asked`, at whatever depth.
    pub(super) fn fields_below(&self, asked: &Asked<'a>) -> usize {
        asked.below.iter().map(|(set, _)| self.fields_in(set)).sum()
    }

    fn fields_in(&self, set: &'a SelectionSet) -> usize {
        let fields = set.items.iter().map(|selection| match &selection.node {
            Written::Field(field) => 1 + self.fields_in(&field.node.selection_set.node),
            Written::InlineFragment(fragment) => self.fields_in(&fragment.node.selection_set.node),
            Written::FragmentSpread(spread) => self
                .fragment(&spread.node.fragment_name.node)
                .map_or(0, |fragment| self.fields_in(&fragment.selection_set.node)),
        });
        fields.sum()
    }

    fn selection<T: Step>(&mut self, parent: &'static str, parts: &[Part<'a>]) -> Option<Selection<T>> {
        let mut groups = Groups::default();
        for &(set, is_left) in parts {
            self.gather(parent, set, is_left, &mut groups)?;
        }
        let mut entries: Vec<Entry<T>> = Vec::with_capacity(groups.len());
        for (key, fields) in groups {
            // What conditions leave out has to be of those that plans know as well: it has a price.
            let first = fields.iter().find(|(_, is_left)| *is_left).or(fields.first())?;
            let &(field, is_left) = first;
            // async-graphql 7.2 lets some through that aren't.
            let is_like = |other: &Field| other.name == field.name && other.arguments == field.arguments;
            if !fields.iter().all(|(other, _)| is_like(other)) {
                return None;
            }
            let before = if entries.is_empty() { "{\"" } else { ",\"" };
            let entry = if field.name.node == "__typename" {
                Entry::Fixed([before, key, "\":\"", parent, "\""].concat().into())
            } else {
                let below =
                    fields.iter().map(|&(field, is_left)| (&field.selection_set.node, is_left)).collect();
                let step = T::of(&Asked { parent, field, below }, self)?;
                Entry::Step([before, key, "\":"].concat().into(), step)
            };
            if is_left {
                entries.push(entry);
            }
        }
        Some(entries.into())
    }

    fn gather(
        &self,
        parent: &'static str,
        set: &'a SelectionSet,
        is_left: bool,
        groups: &mut Groups<'a>,
    ) -> Option<()> {
        for selection in &set.items {
            let is_left = self.leaves(selection.node.directives())? && is_left;
            match &selection.node {
                Written::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    groups.entry(key).or_default().push((&field.node, is_left));
                }
                Written::InlineFragment(fragment) => {
                    if let Some(condition) = &fragment.node.type_condition {
                        applies(&condition.node.on.node, parent)?;
                    }
                    self.gather(parent, &fragment.node.selection_set.node, is_left, groups)?;
                }
                Written::FragmentSpread(spread) => {
                    let fragment = self.fragment(&spread.node.fragment_name.node)?;
                    applies(&fragment.type_condition.node.on.node, parent)?;
                    self.gather(parent, &fragment.selection_set.node, is_left, groups)?;
                }
            }
        }
        Some(())
    }

    /// Whether conditions leave what these directives stand at.
    fn leaves(&self, directives: &[Positioned<Directive>]) -> Option<bool> {
        let mut is_left = true;
        for directive in directives {
            let wanted = match directive.node.name.node.as_str() {
                "include" => true,
                "skip" => false,
                _ => return None,
            };
            let given = |name| self.conditions.get(&name).cloned().ok_or(());
            let value = directive.node.get_argument("if")?.node.clone().into_const_with(given).ok()?;
            let Value::Boolean(value) = value else { return None };
            is_left &= value == wanted;
        }
        Some(is_left)
    }
}

/// Whether a fragment on this type is one on `parent`. Others, on one of several types that an object may have, are left
/// to the resolvers.
fn applies(on: &str, parent: &str) -> Option<()> {
    (on == parent || (on == "Node" && parent == "User")).then_some(())
}
