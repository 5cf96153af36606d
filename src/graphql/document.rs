//! An object of which conditions leave nothing is an object all the same.

use async_graphql::{
    Name, Positioned, Value,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
        SelectionSet,
    },
};

use super::caps::LONGEST_NAME;

/// async-graphql 7.2 takes an object for null when `@skip` and `@include` leave nothing of it. Where a
/// document has such conditions, every set of selections gets one more field that is always there, and
/// [`unmark_objects`] takes it out of the answer. Returns its name, which `text` doesn't hold.
pub(super) fn mark_objects<'a>(document: &'a mut ExecutableDocument, text: &str) -> Option<String> {
    let operations: Vec<_> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    // The root of a subscription has one field, and no room for another.
    let below = |operation: &'a mut Positioned<OperationDefinition>| match operation.node.ty {
        OperationType::Subscription => fields_below(&mut operation.node.selection_set),
        _ => vec![&mut operation.node.selection_set],
    };
    let operations = operations.into_iter().flat_map(below);
    let fragments = document.fragments.values_mut().map(|fragment| &mut fragment.node.selection_set);
    let mut sets: Vec<_> = operations.chain(fragments).collect();
    if !sets.iter().any(|set| has_conditions(&set.node)) {
        return None;
    }
    let name = absent_from(text);
    while let Some(set) = sets.pop() {
        let pos = set.pos;
        if set.node.items.is_empty() {
            continue;
        }
        let at = |text: &str| Positioned::new(Name::new(text), pos);
        let mark = Field {
            alias: Some(at(&name)),
            name: at("__typename"),
            arguments: Vec::new(),
            directives: Vec::new(),
            selection_set: Positioned::default(),
        };
        set.node.items.push(Positioned::new(Selection::Field(Positioned::new(mark, pos)), pos));
        sets.extend(fields_below(set));
    }
    Some(name)
}

/// A name that `text` doesn't hold. Longer runs than names can have stand in strings and comments.
fn absent_from(text: &str) -> String {
    const MARK: &str = "__object";
    let runs = text.match_indices(MARK).map(|(at, _)| {
        text[at + MARK.len()..].bytes().take(LONGEST_NAME + 1).take_while(|&byte| byte == b'_').count()
    });
    let longest = runs.filter(|&run| run <= LONGEST_NAME).max();
    longest.map_or_else(|| MARK.to_owned(), |longest| MARK.to_owned() + &"_".repeat(longest + 1))
}

/// The selections inside those of `set`.
fn fields_below(set: &mut Positioned<SelectionSet>) -> Vec<&mut Positioned<SelectionSet>> {
    let items = set.node.items.iter_mut();
    let inner = items.filter_map(|selection| match &mut selection.node {
        Selection::Field(field) => Some(&mut field.node.selection_set),
        Selection::InlineFragment(fragment) => Some(&mut fragment.node.selection_set),
        Selection::FragmentSpread(_) => None,
    });
    inner.collect()
}

fn has_conditions(set: &SelectionSet) -> bool {
    set.items.iter().any(|selection| {
        let (directives, inner) = match &selection.node {
            Selection::Field(field) => (&field.node.directives, Some(&field.node.selection_set)),
            Selection::InlineFragment(fragment) => {
                (&fragment.node.directives, Some(&fragment.node.selection_set))
            }
            Selection::FragmentSpread(spread) => (&spread.node.directives, None),
        };
        !directives.is_empty() || inner.is_some_and(|inner| has_conditions(&inner.node))
    })
}

/// Takes the marks out of an answer.
pub(super) fn unmark_objects(data: &mut Value, mark: &str) {
    match data {
        Value::Object(object) => {
            object.shift_remove(mark);
            object.values_mut().for_each(|value| unmark_objects(value, mark));
        }
        Value::List(list) => list.iter_mut().for_each(|value| unmark_objects(value, mark)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_name_that_the_text_does_not_hold() {
        for (text, name) in [
            ("{ a }", "__object"),
            ("{ __object: a }", "__object_"),
            ("{ __object: a b__object__: c }", "__object___"),
            (&format!("{{ __object: a(b: \"__object{}\") }}", "_".repeat(100_000)), "__object_"),
        ] {
            assert_eq!(absent_from(text), name, "{text:.40}");
        }
    }
}
