//! How far a question about the schema goes round in it. Types have fields, which have types: each time round doubles
//! the answer, so that a text of 300 letters would ask for megabytes. No tool goes round more than once.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, ServerError,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};

use super::error::{ErrorCode, fault};

/// The fields of `__Type` whose answers are lists of what leads to types again.
const LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];
/// So many of these may be below each other.
const MOST: usize = 2;

/// Checks a document whose fragments spread in no ring. Costs one visit of each selection in the text.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut walk = Walk { fragments: &document.fragments, known: HashMap::new() };
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let mut sets: Vec<_> = operations.chain(fragments).collect();
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let inner = &field.node.selection_set.node;
                    let begins = ["__schema", "__type"].contains(&field.node.name.node.as_str());
                    if begins && walk.lists(inner) > MOST {
                        let message = format!(
                            "the query goes from a type to its fields and on more than {MOST} times in a row"
                        );
                        let mut error = fault(ErrorCode::QueryTooComplex, message);
                        error.locations.push(selection.pos);
                        return Err(error);
                    }
                    sets.push(inner);
                }
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    Ok(())
}

struct Walk<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    known: HashMap<&'a Name, usize>,
}

impl<'a> Walk<'a> {
    /// The most lists below each other. Recurses as deep as selections nest, which is measured before.
    fn lists(&mut self, set: &'a SelectionSet) -> usize {
        let mut most = 0;
        for selection in &set.items {
            let lists = match &selection.node {
                Selection::Field(field) => {
                    let is_list = LISTS.contains(&field.node.name.node.as_str());
                    usize::from(is_list) + self.lists(&field.node.selection_set.node)
                }
                Selection::InlineFragment(fragment) => self.lists(&fragment.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.spread(&spread.node.fragment_name.node),
            };
            most = most.max(lists);
        }
        most
    }

    fn spread(&mut self, name: &'a Name) -> usize {
        if let Some(&known) = self.known.get(name) {
            return known;
        }
        self.known.insert(name, 0);
        let lists =
            self.fragments.get(name).map_or(0, |fragment| self.lists(&fragment.node.selection_set.node));
        self.known.insert(name, lists);
        lists
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn holds(query: &str) -> bool {
        check(&parse_query(query).unwrap()).is_ok()
    }

    #[test]
    fn a_schema_is_told_but_nobody_is_taken_round_in_it() {
        let round =
            |times: usize| format!("{}name{}", "fields { type { ".repeat(times), " } }".repeat(times));
        for (times, fits) in [(1, true), (2, true), (3, false), (12, false)] {
            let round = round(times);
            for query in [
                format!("{{ __schema {{ types {{ {round} }} }} }}"),
                format!("{{ __type(name: \"User\") {{ {round} }} }}"),
                format!("{{ x: __type(name: \"User\") {{ ... {{ {round} }} }} }}"),
                format!(
                    "{{ ...Q }} fragment Q on Query {{ __schema {{ types {{ ...T }} }} }} fragment T on __Type {{ {round} }}"
                ),
            ] {
                assert_eq!(holds(&query), fits, "{query}");
            }
        }
        assert!(!holds(
            "{ __schema { types { ...A } } } fragment A on __Type { possibleTypes { ...B } } \
            fragment B on __Type { inputFields { type { ...C } } } fragment C on __Type { interfaces { name } }"
        ));
        assert!(holds("{ a { fields { fields { fields { fields { b } } } } } }"), "not the schema's");
    }
}
