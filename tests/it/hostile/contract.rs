//! The schema as whoever attacks it reads it: types, fields, arguments, and ways that lead in a circle.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, Type, TypeKind, TypeSystemDefinition},
};

use crate::support::text;

/// What has a name and a type: an argument, or a field of an input.
#[derive(Clone, Debug)]
pub struct Slot {
    pub name: String,
    pub ty: Type,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub ty: Type,
    pub arguments: Vec<Slot>,
}

/// `schema.graphql`.
pub struct Contract {
    /// Fields of objects and interfaces.
    pub outputs: BTreeMap<String, Vec<Field>>,
    pub inputs: BTreeMap<String, Vec<Slot>>,
    pub enums: BTreeMap<String, Vec<String>>,
    /// What an interface or a union can stand for.
    pub members: BTreeMap<String, Vec<String>>,
}

impl Contract {
    pub fn read() -> Self {
        let (mut outputs, mut inputs, mut enums) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut members = BTreeMap::<_, Vec<_>>::new();
        for definition in parse_schema(text("schema.graphql")).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::Object(object) => {
                    for interface in object.implements {
                        members.entry(interface.node.to_string()).or_default().push(name.clone());
                    }
                    outputs.insert(name, object.fields);
                }
                TypeKind::Interface(interface) => _ = outputs.insert(name, interface.fields),
                TypeKind::InputObject(input) => _ = inputs.insert(name, slots(input.fields)),
                TypeKind::Enum(one) => {
                    let values = one.values.iter().map(|value| value.node.value.node.to_string());
                    enums.insert(name, values.collect());
                }
                TypeKind::Union(union) => {
                    members
                        .entry(name)
                        .or_default()
                        .extend(union.members.iter().map(|one| one.node.to_string()));
                }
                TypeKind::Scalar => {}
            }
        }
        let field = |field: async_graphql::parser::types::FieldDefinition| Field {
            name: field.name.node.to_string(),
            ty: field.ty.node,
            arguments: slots(field.arguments),
        };
        let fields = |(name, fields): (String, Vec<async_graphql::Positioned<_>>)| {
            (name, fields.into_iter().map(|one| field(one.node)).collect())
        };
        Self { outputs: outputs.into_iter().map(fields).collect(), inputs, enums, members }
    }

    /// The fields of a type; none of a leaf.
    pub fn fields(&self, ty: &str) -> &[Field] {
        self.outputs.get(ty).map_or(&[], Vec::as_slice)
    }

    /// Whether a type has something inside.
    pub fn is_composite(&self, ty: &str) -> bool {
        self.outputs.contains_key(ty) || self.members.contains_key(ty)
    }

    /// The ways that begin at a type, follow fields without required arguments and come back to it, at most
    /// `most` steps long: what a walk in circles is made of.
    pub fn circles(&self, most: usize) -> Vec<Circle> {
        let mut circles = Vec::new();
        for home in self.outputs.keys().filter(|name| *name != "Query") {
            let mut ways: Vec<Vec<&Field>> = vec![Vec::new()];
            for _ in 0..most {
                let mut next = Vec::new();
                for way in &ways {
                    let here = way.last().map_or(home.as_str(), |field| base(&field.ty));
                    let on = self.fields(here).iter().filter(|field| !needs_more(field));
                    let on = on.filter(|field| !self.fields(base(&field.ty)).is_empty());
                    next.extend(on.map(|field| [way.as_slice(), &[field]].concat()));
                }
                let (round, open): (Vec<_>, Vec<_>) =
                    next.into_iter().partition(|way| way.last().is_some_and(|field| base(&field.ty) == home));
                circles.extend(round.into_iter().map(|way| Circle {
                    home: home.clone(),
                    fields: way.iter().map(|field| field.name.clone()).collect(),
                }));
                ways = open;
            }
        }
        circles
    }
}

/// Fields that lead from a type back to it.
#[derive(Clone, Debug)]
pub struct Circle {
    pub home: String,
    pub fields: Vec<String>,
}

/// The name of a type without lists and exclamation marks.
pub fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => base(inner),
    }
}

/// How many lists are around it.
pub fn lists(ty: &Type) -> usize {
    match &ty.base {
        BaseType::Named(_) => 0,
        BaseType::List(inner) => 1 + lists(inner),
    }
}

fn needs_more(field: &Field) -> bool {
    field.arguments.iter().any(|argument| !argument.ty.nullable)
}

fn slots(
    fields: Vec<async_graphql::Positioned<async_graphql::parser::types::InputValueDefinition>>,
) -> Vec<Slot> {
    let slot = |field: async_graphql::parser::types::InputValueDefinition| Slot {
        name: field.name.node.to_string(),
        ty: field.ty.node,
    };
    fields.into_iter().map(|field| slot(field.node)).collect()
}
