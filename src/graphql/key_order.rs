//! The keys of an answer in the order of the query, as the GraphQL specification wants them.
//!
//! async-graphql 7.2 writes the fields of an object in the order in which they are done: one that had to wait
//! comes last, and so does one that failed.

use async_graphql::{
    Name, Positioned, Value,
    indexmap::IndexMap,
    parser::{
        parse_query,
        types::{ExecutableDocument, Selection, SelectionSet},
    },
};

/// The response keys of an object in order, each with those of the objects below it.
#[derive(Default)]
pub(super) struct KeyOrder(IndexMap<Name, KeyOrder>);

impl KeyOrder {
    /// The order of the answers to an operation of `document`, whose size has been measured: the one of this name, or
    /// the only one.
    pub(super) fn of(name: Option<&str>, document: &ExecutableDocument) -> Self {
        let mut order = Self::default();
        let mut meant = document
            .operations
            .iter()
            .filter(|(one, _)| name.is_none_or(|name| one.is_some_and(|one| one == name)));
        if let (Some((_, operation)), None) = (meant.next(), meant.next()) {
            order.add(&operation.node.selection_set.node, document, &mut Vec::new());
        }
        order
    }

    /// The same, of a document that has been parsed before.
    pub(super) fn of_text(name: Option<&str>, document: &str) -> Self {
        parse_query(document).map_or_else(|_| Self::default(), |document| Self::of(name, &document))
    }

    /// Adds the keys of `set`, which stands in these fragments. Whether a fragment's type is the object's
    /// doesn't matter: what isn't there needs no place.
    fn add<'a>(
        &mut self,
        set: &'a SelectionSet,
        document: &'a ExecutableDocument,
        within: &mut Vec<&'a Name>,
    ) {
        for Positioned { node: selection, .. } in &set.items {
            match selection {
                Selection::Field(field) => {
                    let below = self.0.entry(field.node.response_key().node.clone()).or_default();
                    below.add(&field.node.selection_set.node, document, within);
                }
                Selection::InlineFragment(fragment) => {
                    self.add(&fragment.node.selection_set.node, document, within);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    // A fragment within itself is refused later on.
                    if let Some(fragment) = document.fragments.get(name).filter(|_| !within.contains(&name)) {
                        within.push(name);
                        self.add(&fragment.node.selection_set.node, document, within);
                        within.pop();
                    }
                }
            }
        }
    }

    /// Puts the keys of `data`, and of everything in it, into order.
    pub(super) fn arrange(&self, data: &mut Value) {
        match data {
            Value::Object(object) => {
                for (key, value) in object.iter_mut() {
                    if let Some(below) = self.0.get(key).filter(|below| !below.0.is_empty()) {
                        below.arrange(value);
                    }
                }
                let place = |key: &Name| self.0.get_index_of(key).unwrap_or(usize::MAX);
                if !object.keys().is_sorted_by_key(place) {
                    object.sort_by_cached_key(|key, _| place(key));
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.arrange(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn arranged(query: &str, mut data: Value) -> String {
        KeyOrder::of_text(None, query).arrange(&mut data);
        data.to_string()
    }

    #[test]
    fn keys_are_in_the_order_of_the_query() {
        let data = value!({ "b": [{ "y": 1, "x": { "n": 1, "m": 2 } }, null], "a": 1 });
        assert_eq!(arranged("{ a b { x { m n } y } }", data), "{a: 1, b: [{x: {m: 2, n: 1}, y: 1}, null]}");
    }

    #[test]
    fn fragments_and_fields_that_come_twice_stand_where_they_come_first() {
        let query = "{ ...F a b { z } } fragment F on Query { b { y } ... on Query { c: a } }";
        let data = value!({ "a": 1, "c": 1, "b": { "z": 1, "y": 2 } });
        assert_eq!(arranged(query, data), "{b: {y: 2, z: 1}, c: 1, a: 1}");
    }

    #[test]
    fn of_several_operations_it_is_the_one_that_is_named() {
        let data = || value!({ "a": 1, "b": 2 });
        for (name, expected) in [("A", "{a: 1, b: 2}"), ("B", "{b: 2, a: 1}")] {
            let mut data = data();
            KeyOrder::of_text(Some(name), "query A { a b } query B { b a }").arrange(&mut data);
            assert_eq!(data.to_string(), expected);
        }
    }

    #[test]
    fn a_fragment_within_itself_ends() {
        let query = "{ a ...F } fragment F on Query { b { ...F } }";
        assert_eq!(arranged(query, value!({ "b": 1, "a": 2 })), "{a: 2, b: 1}");
    }
}
