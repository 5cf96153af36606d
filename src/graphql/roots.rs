//! The root of a subscription: one field, as the GraphQL specification wants it.
//!
//! async-graphql 7.2 takes as many fields as there are, and passes over fragments. So fragments are put in their
//! place here, and everything but one field is refused.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned, ServerError,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
        OperationType, Selection, SelectionSet,
    },
};

use super::error::{ErrorCode, fault};

type Fragments = std::collections::HashMap<Name, Positioned<FragmentDefinition>>;

/// Has each subscription of the document, whose size has been measured, begin with its one field.
pub(super) fn reduce(document: &mut ExecutableDocument) -> Result<(), ServerError> {
    let ExecutableDocument { operations, fragments } = document;
    let operations: Vec<_> = match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    let mut spread = HashSet::new();
    for operation in operations.into_iter().filter(|one| one.node.ty == OperationType::Subscription) {
        reduce_one(operation, fragments, &mut spread)?;
    }
    // They have been put in their place; left over, they would be fragments that nobody uses.
    fragments.retain(|name, _| !spread.contains(name));
    Ok(())
}

fn reduce_one(
    operation: &mut Positioned<OperationDefinition>,
    fragments: &Fragments,
    spread: &mut HashSet<Name>,
) -> Result<(), ServerError> {
    let set = &operation.node.selection_set;
    let (mut fields, mut here) = (Vec::new(), HashSet::new());
    collect(&set.node, fragments, &mut here, &mut fields)?;
    spread.extend(here);
    let mut fields = fields.into_iter();
    let Some(mut root) = fields.next() else { return Err(refused("must have a field", operation.pos)) };
    if root.node.name.node.starts_with("__") {
        return Err(refused("can't ask about the schema; a query can", root.pos));
    }
    for other in fields {
        if other.node.response_key().node != root.node.response_key().node
            || other.node.name.node != root.node.name.node
        {
            return Err(refused("may have one field only; open another for each", other.pos));
        }
        // The arguments are the same, or the whole is refused.
        if other.node.arguments.iter().map(pair).ne(root.node.arguments.iter().map(pair)) {
            return Err(refused("has one field with different arguments", other.pos));
        }
        root.node.selection_set.node.items.extend(other.node.selection_set.node.items);
    }
    let pos = root.pos;
    operation.node.selection_set.node.items = vec![Positioned::new(Selection::Field(root), pos)];
    Ok(())
}

fn pair<N, V>((name, value): &(Positioned<N>, Positioned<V>)) -> (&N, &V) {
    (&name.node, &value.node)
}

/// The fields of `set`, those of its fragments among them. It recurses no deeper than was measured.
fn collect(
    set: &SelectionSet,
    fragments: &Fragments,
    spread: &mut HashSet<Name>,
    fields: &mut Vec<Positioned<Field>>,
) -> Result<(), ServerError> {
    for Positioned { node: selection, pos } in &set.items {
        if !selection.directives().is_empty() {
            return Err(refused("can't have conditions at its root", *pos));
        }
        match selection {
            Selection::Field(field) => fields.push(field.clone()),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                is_at_root(condition.map(|condition| &condition.node.on.node), *pos)?;
                collect(&fragment.node.selection_set.node, fragments, spread, fields)?;
            }
            Selection::FragmentSpread(one) => {
                let name = &one.node.fragment_name.node;
                let Some(fragment) = fragments.get(name) else {
                    return Err(refused(&format!("spreads the fragment {name}, which isn't there"), *pos));
                };
                is_at_root(Some(&fragment.node.type_condition.node.on.node), *pos)?;
                // Whoever spreads one twice means the same fields.
                if spread.insert(name.clone()) {
                    collect(&fragment.node.selection_set.node, fragments, spread, fields)?;
                }
            }
        }
    }
    Ok(())
}

fn is_at_root(condition: Option<&Name>, pos: Pos) -> Result<(), ServerError> {
    match condition {
        Some(name) if name != "Subscription" => {
            Err(refused(&format!("can't have a fragment on {name} at its root"), pos))
        }
        _ => Ok(()),
    }
}

fn refused(why: &str, pos: Pos) -> ServerError {
    let mut error = fault(ErrorCode::GraphqlValidationFailed, format!("a subscription {why}"));
    error.locations.push(pos);
    error
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    /// The root field, and how many selections it has; or what is wrong.
    fn reduced(query: &str) -> Result<(String, usize), String> {
        let mut document = parse_query(query).unwrap();
        reduce(&mut document).map_err(|error| error.message)?;
        assert!(document.fragments.keys().all(|name| name != "F"), "it is in its place");
        let (_, operation) = document.operations.iter().next().unwrap();
        let [item] = &operation.node.selection_set.node.items[..] else { panic!("not one") };
        let Selection::Field(field) = &item.node else { panic!("no field") };
        Ok((field.node.name.node.to_string(), field.node.selection_set.node.items.len()))
    }

    #[test]
    fn one_field_is_left_wherever_it_was_written() {
        for query in [
            "subscription { a { x y } }",
            "subscription { ... on Subscription { a { x y } } }",
            "subscription { ... { ...F } } fragment F on Subscription { a { x y } }",
            "subscription { a { x } ...F } fragment F on Subscription { a { y } }",
            "subscription { ...F ...F } fragment F on Subscription { a { x y } }",
        ] {
            assert_eq!(reduced(query), Ok(("a".to_owned(), 2)), "{query}");
        }
        let kept = "subscription { a { ...G } } fragment G on User { x }";
        assert_eq!(reduced(kept), Ok(("a".to_owned(), 1)));
    }

    #[test]
    fn everything_else_is_refused() {
        for (query, why) in [
            ("subscription { a b }", "one field only"),
            ("subscription { a x: a }", "one field only"),
            ("subscription { a ...F } fragment F on Subscription { b }", "one field only"),
            ("subscription { a(b: 1) a(b: 2) }", "different arguments"),
            ("subscription { __typename }", "about the schema"),
            ("subscription { a @skip(if: false) }", "conditions"),
            ("subscription { ...F @include(if: true) } fragment F on Subscription { a }", "conditions"),
            ("subscription { ... on Query { a } }", "on Query"),
            ("subscription { ...G }", "isn't there"),
            ("subscription { ...F } fragment F on Subscription { ...F }", "must have a field"),
        ] {
            let message = reduced(query).unwrap_err();
            assert!(message.contains(why), "{query}: {message}");
        }
    }
}
