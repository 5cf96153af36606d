//! Which argument is at fault, where async-graphql only tells the place of its value in the document.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, ServerError,
    parser::{
        parse_query,
        types::{ExecutableDocument, Selection},
    },
};

/// Names the argument in every error over a value that could not be read.
pub(super) fn name_arguments(errors: &mut [ServerError], query: &str) {
    let is_unnamed = |error: &&mut ServerError| error.extensions.is_none() && !error.path.is_empty();
    let mut unnamed = errors.iter_mut().filter(is_unnamed).peekable();
    if unnamed.peek().is_none() {
        return;
    }
    let Ok(document) = parse_query(query) else { return };
    // A place in a page is at fault as often as the page is long.
    let mut found = HashMap::new();
    for error in unnamed {
        let Some(&place) = error.locations.first() else { continue };
        let name = found.entry((place.line, place.column)).or_insert_with(|| argument_at(&document, place));
        if let Some(name) = name {
            error.message.insert_str(0, &format!("{name}: "));
            error.extensions.get_or_insert_default().set("argument", name.as_str());
        }
    }
}

/// The argument of a field whose value begins at `place`.
fn argument_at(document: &ExecutableDocument, place: Pos) -> Option<&Name> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    let mut sets: Vec<_> = operations.chain(fragments).collect();
    while let Some(set) = sets.pop() {
        for selection in &set.node.items {
            match &selection.node {
                Selection::Field(field) => {
                    let argument = field.node.arguments.iter().find(|(_, value)| value.pos == place);
                    if let Some((name, _)) = argument {
                        return Some(&name.node);
                    }
                    sets.push(&field.node.selection_set);
                }
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_found_wherever_it_stands() {
        let query = "query($x: Int) { a(one: 1, two: $x) { ... on B { c(three: [3]) } ...F } } \
                     fragment F on B { d(four: {}) e }";
        let document = parse_query(query).unwrap();
        for (value, name) in [("1,", "one"), ("$x) {", "two"), ("[3]", "three"), ("{})", "four")] {
            let place = Pos { line: 1, column: query.rfind(value).unwrap() + 1 };
            assert_eq!(argument_at(&document, place).map(Name::as_str), Some(name));
            let beside = Pos { column: place.column + 1, ..place };
            assert_eq!(argument_at(&document, beside), None);
        }
    }
}
