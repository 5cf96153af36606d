//! Nulls where an error was, as the GraphQL specification wants them.
//!
//! async-graphql 7.2 leaves a field that failed out of its object, nullable or not. A client may count on
//! every key it asked for, so the key is put back as null, or, where the schema promises a value, the
//! nearest place above that may be null becomes it.

use std::collections::HashMap;

use async_graphql::{
    Name, PathSegment, Positioned, Response, Value,
    indexmap::IndexMap,
    parser::{
        parse_query,
        types::{
            BaseType, ExecutableDocument, OperationType, Selection, SelectionSet, Type, TypeDefinition,
            TypeKind,
        },
    },
};

/// The type of every field of the schema.
pub(super) struct FieldTypes(HashMap<Name, HashMap<Name, Type>>);

impl FieldTypes {
    /// The field types of a schema.
    pub(super) fn of(definitions: &[TypeDefinition]) -> Self {
        let mut types = HashMap::new();
        for definition in definitions {
            let fields = match &definition.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                _ => continue,
            };
            let fields = fields.iter().map(|Positioned { node: field, .. }| {
                let (name, ty) = (&field.name.node, &field.ty.node);
                (name.clone(), ty.clone())
            });
            types.insert(definition.name.node.clone(), fields.collect());
        }
        Self(types)
    }

    /// Puts the nulls of all errors into the answer to `query`. Costs nothing without errors.
    pub(super) fn complete(&self, response: &mut Response, query: &str, operation: Option<&str>) {
        if response.errors.iter().all(|error| error.path.is_empty()) {
            return;
        }
        let Ok(document) = parse_query(query) else { return };
        let mut known = HashMap::new();
        let (mut nulls, mut is_null) = (Vec::new(), false);
        for error in &response.errors {
            // Items of one list have the same types along their paths.
            let shape: Vec<_> = error.path.iter().map(field_of).collect();
            let types = known.entry(shape).or_insert_with(|| self.along(&error.path, &document, operation));
            let Some(types) = types else { continue };
            match types.iter().rposition(|ty| ty.nullable) {
                Some(place) => nulls.push(&error.path[..=place]),
                None if error.path.is_empty() => {}
                None => is_null = true,
            }
        }
        // The outermost last: what is below it goes with it.
        nulls.sort_unstable_by_key(|path| std::cmp::Reverse(path.len()));
        for path in nulls {
            set_null(&mut response.data, path);
        }
        if is_null {
            response.data = Value::Null;
        }
    }

    /// The type at each step of `path`.
    fn along(
        &self,
        path: &[PathSegment],
        document: &ExecutableDocument,
        operation: Option<&str>,
    ) -> Option<Vec<&Type>> {
        let mut operations = document.operations.iter();
        let (_, root) = operations
            .find(|(name, _)| operation.is_none_or(|wanted| name.is_some_and(|name| name == wanted)))?;
        let root_type = match root.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let mut parents = vec![(Name::new(root_type), &root.node.selection_set.node)];
        let mut types: Vec<&Type> = Vec::with_capacity(path.len());
        for step in path {
            let ty = match step {
                PathSegment::Index(_) => match &types.last()?.base {
                    BaseType::List(item) => item,
                    BaseType::Named(_) => return None,
                },
                PathSegment::Field(key) => {
                    let mut found = Vec::new();
                    for (parent, set) in &parents {
                        collect(key, parent, set, document, &mut found);
                    }
                    let (parent, name, _) = found.first()?;
                    let ty = self.0.get(parent)?.get(*name)?;
                    parents = found.iter().map(|(_, _, set)| (named(ty), *set)).collect();
                    ty
                }
            };
            types.push(ty);
        }
        Some(types)
    }
}

/// The fields of `set` with this response key: the type that each is a field of, its name and selections.
fn collect<'a>(
    key: &str,
    parent: &Name,
    set: &'a SelectionSet,
    document: &'a ExecutableDocument,
    found: &mut Vec<(Name, &'a Name, &'a SelectionSet)>,
) {
    for Positioned { node: selection, .. } in &set.items {
        let (condition, inner) = match selection {
            Selection::Field(field) if field.node.response_key().node == key => {
                found.push((parent.clone(), &field.node.name.node, &field.node.selection_set.node));
                continue;
            }
            Selection::Field(_) => continue,
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) else {
                    continue;
                };
                (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
            }
        };
        let parent = condition.map_or(parent, |condition| &condition.node.on.node);
        collect(key, parent, inner, document, found);
    }
}

fn field_of(step: &PathSegment) -> Option<&str> {
    match step {
        PathSegment::Field(key) => Some(key),
        PathSegment::Index(_) => None,
    }
}

fn named(ty: &Type) -> Name {
    let mut base = &ty.base;
    loop {
        match base {
            BaseType::Named(name) => return name.clone(),
            BaseType::List(item) => base = &item.base,
        }
    }
}

fn set_null(data: &mut Value, path: &[PathSegment]) {
    let mut place = data;
    for step in path {
        // Where all fields of an object have failed async-graphql writes null: the object is there all the same,
        // as long as none of them has to be.
        if *place == Value::Null && matches!(step, PathSegment::Field(_)) {
            *place = Value::Object(IndexMap::new());
        }
        place = match (place, step) {
            (Value::Object(object), PathSegment::Field(key)) => {
                object.entry(Name::new(key)).or_insert(Value::Null)
            }
            (Value::List(list), PathSegment::Index(index)) => match list.get_mut(*index) {
                Some(item) => item,
                None => return,
            },
            _ => return,
        };
    }
    *place = Value::Null;
}

#[cfg(test)]
mod tests {
    use async_graphql::{ServerError, value};

    use super::*;
    use crate::graphql::definitions;

    const SCHEMA: &str = "type Query { user: User users: [User!]! many: [User]! } type User implements Node { id: ID! manager: User boss: User! } interface Node { id: ID! }";

    fn complete(query: &str, data: Value, path: Vec<PathSegment>) -> Value {
        let mut error = ServerError::new("x", None);
        error.path = path;
        let mut response = Response::new(data);
        response.errors.push(error);
        FieldTypes::of(&definitions::types(SCHEMA)).complete(&mut response, query, None);
        response.data
    }

    fn key(key: &str) -> PathSegment {
        PathSegment::Field(key.to_owned())
    }

    #[test]
    fn a_nullable_field_is_null() {
        assert_eq!(complete("{ a: user { id } }", value!(null), vec![key("a")]), value!({ "a": null }));
        assert_eq!(
            complete("{ a: user { id } b: user { id } }", value!({ "b": {} }), vec![key("a")]),
            value!({ "b": {}, "a": null })
        );
    }

    #[test]
    fn a_field_that_cannot_be_null_makes_the_nearest_place_above_null() {
        let path = || vec![key("user"), key("boss"), key("id")];
        let data = || value!({ "user": { "boss": {} } });
        assert_eq!(complete("{ user { boss { id } } }", data(), path()), value!({ "user": null }));
        let spread = "{ user { ...F } } fragment F on User { boss { ... on Node { id } } }";
        assert_eq!(complete(spread, data(), path()), value!({ "user": null }));
        let data = value!({ "users": [{ "id": 1 }, {}] });
        assert_eq!(
            complete("{ users { id } }", data, vec![key("users"), PathSegment::Index(1), key("id")]),
            Value::Null
        );
        let data = value!({ "many": [{ "id": 1 }, {}] });
        let path = vec![key("many"), PathSegment::Index(1), key("id")];
        assert_eq!(complete("{ many { id } }", data, path), value!({ "many": [{ "id": 1 }, null] }));
    }
}
