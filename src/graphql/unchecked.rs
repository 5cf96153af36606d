//! What async-graphql 7.2's validation passes over: whole numbers beyond 32 bits where an `Int` is due, and whatever is
//! hung on `__typename`.

use std::collections::HashMap;

use ahash::RandomState;
use async_graphql::{
    Name, Number, Pos, Positioned, ServerError, Value, Variables,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, FieldDefinition, InputValueDefinition,
        OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeDefinition, TypeKind,
    },
};

use super::error::{ErrorCode, fault};

/// The types of a schema's fields, arguments and inputs.
pub(super) struct Unchecked {
    outputs: ByName<Outputs>,
    inputs: ByName<Slots>,
}

type ByName<T> = HashMap<Name, T, RandomState>;
type Outputs = ByName<Output>;
type Slots = ByName<Type>;

struct Output {
    ty: Type,
    arguments: Slots,
}

const INT: &str = "Int";

impl Unchecked {
    /// Those of a schema.
    pub(super) fn of(definitions: &[TypeDefinition]) -> Self {
        let (mut outputs, mut inputs) = (ByName::default(), ByName::default());
        for definition in definitions {
            let name = definition.name.node.clone();
            let fields = match &definition.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                TypeKind::InputObject(input) => {
                    inputs.insert(name, slots(&input.fields));
                    continue;
                }
                _ => continue,
            };
            let output = |Positioned { node: field, .. }: &Positioned<FieldDefinition>| {
                let (name, ty) = (field.name.node.clone(), field.ty.node.clone());
                (name, Output { ty, arguments: slots(&field.arguments) })
            };
            outputs.insert(name, fields.iter().map(output).collect());
        }
        Self { outputs, inputs }
    }

    /// Checks a document and the variables of the operation that is to run. Costs one visit of each selection and value
    /// in the text. What the document names and the schema doesn't have is left to the validation.
    pub(super) fn check(
        &self,
        document: &ExecutableDocument,
        operation: Option<&OperationDefinition>,
        variables: &Variables,
    ) -> Result<(), ServerError> {
        let roots = document
            .operations
            .iter()
            .map(|(_, operation)| (root(operation.node.ty), &operation.node.selection_set.node));
        let fragments = document.fragments.values().map(|fragment| {
            (fragment.node.type_condition.node.on.node.as_str(), &fragment.node.selection_set.node)
        });
        let mut sets: Vec<(&str, &SelectionSet)> = roots.chain(fragments).collect();
        while let Some((parent, set)) = sets.pop() {
            let outputs = self.outputs.get(parent);
            for selection in &set.items {
                match &selection.node {
                    Selection::Field(field) if field.node.name.node == "__typename" => typename(field)?,
                    Selection::Field(field) => {
                        let known = outputs.and_then(|outputs| outputs.get(&field.node.name.node));
                        let Some(output) = known else { continue };
                        self.arguments(&field.node, output)?;
                        sets.push((base(&output.ty), &field.node.selection_set.node));
                    }
                    Selection::InlineFragment(fragment) => {
                        let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                        sets.push((on.unwrap_or(parent), &fragment.node.selection_set.node));
                    }
                    Selection::FragmentSpread(_) => {}
                }
            }
        }
        operation.map_or(Ok(()), |operation| self.variables(operation, variables))
    }

    fn arguments(&self, field: &Field, output: &Output) -> Result<(), ServerError> {
        for (name, value) in &field.arguments {
            let ty = output.arguments.get(&name.node).filter(|ty| self.holds_ints(ty));
            let Some(ty) = ty else { continue };
            // Variables are held to the types that they are declared with.
            let constant = value.node.clone().into_const_with(|_| Ok::<_, ()>(Value::Null));
            if let Some(number) = constant.ok().and_then(|value| self.beyond(&value, ty)) {
                let mut error = too_large(name.node.as_str(), number, value.pos);
                error.extensions.get_or_insert_default().set("argument", name.node.as_str());
                return Err(error);
            }
        }
        Ok(())
    }

    /// Checks the variables of an operation.
    pub(super) fn variables(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), ServerError> {
        for Positioned { node: variable, pos } in &operation.variable_definitions {
            let (name, ty) = (&variable.name.node, &variable.var_type.node);
            if !self.holds_ints(ty) {
                continue;
            }
            let default = variable.default_value.as_ref().map(|value| &value.node);
            for value in [variables.get(name), default].into_iter().flatten() {
                if let Some(number) = self.beyond(value, ty) {
                    return Err(too_large(&format!("${name}"), number, *pos));
                }
            }
        }
        Ok(())
    }

    fn holds_ints(&self, ty: &Type) -> bool {
        base(ty) == INT || self.inputs.contains_key(base(ty))
    }

    /// The first whole number in `value` that is too large for the `Int` that it should be. Recurses as deep as values
    /// nest, which is bounded before the document is parsed, and by the reader of JSON.
    fn beyond(&self, value: &Value, ty: &Type) -> Option<Number> {
        match (value, &ty.base) {
            (Value::List(items), BaseType::List(inner)) => {
                items.iter().find_map(|item| self.beyond(item, inner))
            }
            (value, BaseType::List(inner)) => self.beyond(value, inner),
            (Value::Number(number), BaseType::Named(name)) if name == INT => {
                let fits = number.as_i64().is_none_or(|number| i32::try_from(number).is_ok());
                (!fits).then(|| number.clone())
            }
            (Value::Object(fields), BaseType::Named(name)) => {
                let slots = self.inputs.get(name)?;
                fields.iter().find_map(|(name, value)| self.beyond(value, slots.get(name)?))
            }
            _ => None,
        }
    }
}

fn root(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

fn too_large(what: &str, number: Number, pos: Pos) -> ServerError {
    let message = format!("{what}: {number} is no Int, which is from {} to {}", i32::MIN, i32::MAX);
    let mut error = fault(ErrorCode::BadUserInput, message);
    error.locations.push(pos);
    error
}

/// `__typename` takes no arguments, has no fields, and no directives but those that leave it out.
fn typename(field: &Positioned<Field>) -> Result<(), ServerError> {
    let refused = |pos: Pos, message: &str| {
        let mut error = fault(ErrorCode::GraphqlValidationFailed, message);
        error.locations.push(pos);
        Err(error)
    };
    if let Some((name, _)) = field.node.arguments.first() {
        return refused(name.pos, "__typename has no arguments");
    }
    if let Some(selection) = field.node.selection_set.node.items.first() {
        return refused(selection.pos, "__typename has no fields");
    }
    let mut seen = Vec::new();
    for directive in &field.node.directives {
        let Directive { name, arguments } = &directive.node;
        let is_known = ["skip", "include"].contains(&name.node.as_str());
        if !is_known || seen.contains(&name.node) {
            return refused(
                directive.pos,
                "__typename takes @skip and @include, each once, and no other directive",
            );
        }
        if !matches!(arguments.as_slice(), [(name, _)] if name.node == "if") {
            return refused(directive.pos, "@skip and @include take one argument, `if`");
        }
        seen.push(name.node.clone());
    }
    Ok(())
}

fn slots(fields: &[Positioned<InputValueDefinition>]) -> Slots {
    fields.iter().map(|slot| (slot.node.name.node.clone(), slot.node.ty.node.clone())).collect()
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => base(inner),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;
    use crate::graphql::definitions;

    const SCHEMA: &str = "type Query { a(n: Int, id: ID, f: Float, in: In, many: [[Int!]!]): [Query!]! } \
        input In { n: Int, in: [In!], id: ID }";

    fn check(query: &str, variables: serde_json::Value) -> Result<(), String> {
        let document = parse_query(query).unwrap();
        let operation = document.operations.iter().next().unwrap().1.node.clone();
        let variables = Variables::from_json(variables);
        Unchecked::of(&definitions::types(SCHEMA))
            .check(&document, Some(&operation), &variables)
            .map_err(|error| error.message)
    }

    #[test]
    fn an_int_has_32_bits_wherever_it_stands() {
        for (number, fits) in
            [("2147483647", true), ("2147483648", false), ("-2147483648", true), ("-2147483649", false)]
        {
            for query in [
                format!("{{ a(n: {number}) {{ __typename }} }}"),
                format!("{{ a {{ a(n: {number}) {{ __typename }} }} }}"),
                format!("{{ ... on Query {{ ... {{ a(n: {number}) {{ __typename }} }} }} }}"),
                format!("{{ ...F }} fragment F on Query {{ a(n: {number}) {{ __typename }} }}"),
                format!("{{ a(many: [[1], [2, {number}]]) {{ __typename }} }}"),
                format!("{{ a(many: {number}) {{ __typename }} }}"),
                format!("{{ a(in: {{ in: [{{ in: {{ n: {number} }} }}] }}) {{ __typename }} }}"),
                format!("query($n: Int = {number}) {{ a(n: $n) {{ __typename }} }}"),
            ] {
                assert_eq!(check(&query, json!({})).is_ok(), fits, "{query}");
            }
            let number: i64 = number.parse().unwrap();
            for (ty, value) in [
                ("Int", json!(number)),
                ("[Int!]", json!([1, number])),
                ("In!", json!({ "in": { "n": number } })),
            ] {
                let query = format!("query($x: {ty}) {{ __typename }}");
                assert_eq!(check(&query, json!({ "x": value })).is_ok(), fits, "{query}");
            }
        }
    }

    #[test]
    fn other_numbers_may_be_larger() {
        check("{ a(id: 9223372036854775807, f: 9223372036854775807, in: { id: 9223372036854775807 }) { __typename } }", json!({}))
            .unwrap();
        check("query($id: ID) { a(id: $id) { __typename } }", json!({ "id": 9_223_372_036_854_775_807_i64 }))
            .unwrap();
        let refused = check("query($n: Int) { a(n: $n) { __typename } }", json!({ "n": 3_000_000_000_i64 }));
        assert_eq!(refused.unwrap_err(), "$n: 3000000000 is no Int, which is from -2147483648 to 2147483647");
    }

    #[test]
    fn nothing_hangs_on_a_typename() {
        for (query, holds) in [
            ("{ __typename }", true),
            ("{ __typename @skip(if: true) @include(if: true) }", true),
            ("{ a { __typename @aa } }", false),
            ("{ ... { __typename @aa@aa@aa } }", false),
            ("{ __typename @skip(if: true) @skip(if: true) }", false),
            ("{ __typename @skip }", false),
            ("{ __typename(x: 1) }", false),
            ("{ __typename { a } }", false),
        ] {
            assert_eq!(check(query, json!({})).is_ok(), holds, "{query}");
        }
    }
}
