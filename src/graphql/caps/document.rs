//! What a document asks for. Fragments can be spread so that a short text means a long query.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, FragmentSpread, OperationDefinition,
        Selection, SelectionSet,
    },
};

use super::{Caps, Over, variables::bytes};

/// Checks all operations and fragments of a document. Costs one visit of each selection in the text.
pub(in crate::graphql) fn check(
    document: &ExecutableDocument,
    variables: &Variables,
    caps: &Caps,
) -> Result<(), Over> {
    let operations = document.operations.iter().count();
    Over::at_most(operations, "operations", caps.operations, "operations")?;
    Over::at_most(document.fragments.len(), "fragments", caps.fragments, "fragments")?;
    let given = variables.iter().map(|(name, value)| (name.as_str(), bytes(value))).collect();
    let mut ruler = Ruler {
        caps,
        fragments: &document.fragments,
        given,
        known: HashMap::new(),
        total: Size::default(),
        aliases: 0,
        directives: 0,
        introspection: 0,
    };
    for (_, operation) in document.operations.iter() {
        ruler.operation(&operation.node)?;
    }
    // Validation walks fragments that nobody spreads as well.
    let names: Vec<_> = document.fragments.keys().collect();
    for name in names {
        if !ruler.known.contains_key(name) {
            let size = ruler.fragment(name, 0)?;
            ruler.add(size)?;
        }
    }
    Ok(())
}

/// What a set of selections comes to where it is used.
#[derive(Clone, Copy, Default)]
struct Size {
    height: usize,
    /// Fields at its own level, those of fragments among them.
    level: usize,
    fields: usize,
    spreads: usize,
    argument_bytes: usize,
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self {
            height: self.height.max(other.height),
            level: self.level.saturating_add(other.level),
            fields: self.fields.saturating_add(other.fields),
            spreads: self.spreads.saturating_add(other.spreads),
            argument_bytes: self.argument_bytes.saturating_add(other.argument_bytes),
        }
    }
}

struct Ruler<'a> {
    caps: &'a Caps,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The bytes of each variable that was given.
    given: HashMap<&'a str, usize>,
    /// The fragments that were measured; none for those that are being measured.
    known: HashMap<&'a Name, Option<Size>>,
    total: Size,
    aliases: usize,
    directives: usize,
    introspection: usize,
}

impl<'a> Ruler<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<(), Over> {
        let definitions = &operation.variable_definitions;
        Over::at_most(definitions.len(), "variables", self.caps.variables, "variables")?;
        let mut size = Size { argument_bytes: self.directives(&operation.directives)?, ..Size::default() };
        for Positioned { node: definition, .. } in definitions {
            size.argument_bytes += self.directives(&definition.directives)?;
            if let Some(default) = &definition.default_value {
                self.lists(&default.node)?;
                let most = self.given.entry(definition.name.node.as_str()).or_default();
                *most = (*most).max(bytes(&default.node));
            }
        }
        let selected = self.set(&operation.selection_set.node, 0)?;
        Over::at_most(selected.level, "rootFields", self.caps.root_fields, "fields at its root")?;
        self.add(size.plus(selected))
    }

    fn add(&mut self, size: Size) -> Result<(), Over> {
        self.total = self.total.plus(size);
        self.fits(self.total)
    }

    fn fits(&self, size: Size) -> Result<(), Over> {
        let caps = self.caps;
        Over::at_most(size.fields, "fields", caps.fields, "fields")?;
        Over::at_most(size.spreads, "fragmentSpreads", caps.fragment_spreads, "spreads of fragments")?;
        Over::at_most(size.argument_bytes, "argumentBytes", caps.argument_bytes, "bytes of arguments")
    }

    fn set(&mut self, set: &'a SelectionSet, depth: usize) -> Result<Size, Over> {
        self.reaches(depth)?;
        let mut size = Size::default();
        for Positioned { node: selection, .. } in &set.items {
            let argument_bytes = self.directives(match selection {
                Selection::Field(field) => &field.node.directives,
                Selection::InlineFragment(fragment) => &fragment.node.directives,
                Selection::FragmentSpread(spread) => &spread.node.directives,
            })?;
            let one = match selection {
                Selection::Field(field) => self.field(&field.node, depth)?,
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => self.spread(spread, depth)?,
            };
            let height = one.height + 1;
            size = size.plus(Size { height, argument_bytes: one.argument_bytes + argument_bytes, ..one });
            self.fits(size)?;
        }
        Ok(size)
    }

    fn field(&mut self, field: &'a Field, depth: usize) -> Result<Size, Over> {
        if field.alias.is_some() {
            self.aliases += 1;
            Over::at_most(self.aliases, "aliases", self.caps.aliases, "aliases")?;
        }
        let mut argument_bytes = 0;
        for (name, Positioned { node: value, .. }) in &field.arguments {
            argument_bytes += name.node.len() + self.argument(|put| value.clone().into_const_with(put))?;
        }
        let below = self.set(&field.selection_set.node, depth + 1)?;
        if ["__schema", "__type"].contains(&field.name.node.as_str()) {
            self.introspection += below.fields;
            let most = self.caps.introspection_fields;
            let what = "fields below __schema and __type";
            Over::at_most(self.introspection, "introspectionFields", most, what)?;
        }
        Ok(Size {
            level: 1,
            fields: below.fields + 1,
            argument_bytes: below.argument_bytes + argument_bytes,
            ..below
        })
    }

    fn spread(&mut self, spread: &'a Positioned<FragmentSpread>, depth: usize) -> Result<Size, Over> {
        let name = &spread.node.fragment_name.node;
        let size = match self.known.get(name) {
            Some(Some(size)) => *size,
            Some(None) => return Err(Over::Ring { fragment: name.to_string(), at: spread.pos }),
            // An unknown fragment is the validation's business.
            None if !self.fragments.contains_key(name) => Size::default(),
            None => self.fragment(name, depth + 1)?,
        };
        self.reaches(depth + 1 + size.height)?;
        Ok(Size { spreads: size.spreads.saturating_add(1), ..size })
    }

    fn fragment(&mut self, name: &'a Name, depth: usize) -> Result<Size, Over> {
        let Some(Positioned { node: fragment, .. }) = self.fragments.get(name) else {
            return Ok(Size::default());
        };
        self.known.insert(name, None);
        let argument_bytes = self.directives(&fragment.directives)?;
        let size = self.set(&fragment.selection_set.node, depth)?;
        let size = size.plus(Size { argument_bytes, ..Size::default() });
        self.known.insert(name, Some(size));
        Ok(size)
    }

    fn reaches(&self, depth: usize) -> Result<(), Over> {
        Over::at_most(depth, "depth", self.caps.depth, "levels")
    }

    /// Counts the directives of one place, and the bytes of their arguments.
    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Result<usize, Over> {
        let (here, all) = (self.caps.directives_per_place, self.caps.directives);
        Over::at_most(directives.len(), "directivesPerPlace", here, "directives at one place")?;
        self.directives += directives.len();
        Over::at_most(self.directives, "directives", all, "directives")?;
        let mut bytes = 0;
        for (name, Positioned { node: value, .. }) in
            directives.iter().flat_map(|directive| &directive.node.arguments)
        {
            bytes += name.node.len() + self.argument(|put| value.clone().into_const_with(put))?;
        }
        Ok(bytes)
    }

    /// The bytes of an argument's value with its variables put in, which `constant` makes of it.
    fn argument(
        &self,
        constant: impl FnOnce(&mut dyn FnMut(Name) -> Result<Value, ()>) -> Result<Value, ()>,
    ) -> Result<usize, Over> {
        let mut put_in = 0;
        let value = constant(&mut |name| {
            put_in += self.given.get(name.as_str()).copied().unwrap_or_default();
            Ok(Value::Null)
        });
        let Ok(value) = value else { return Ok(put_in) };
        self.lists(&value)?;
        Ok(put_in + bytes(&value))
    }

    /// Checks the lists in a value, which nests no deeper than the text's brackets.
    fn lists(&self, value: &Value) -> Result<(), Over> {
        match value {
            Value::List(items) => {
                Over::at_most(items.len(), "listItems", self.caps.list_items, "items in one list")?;
                items.iter().try_for_each(|item| self.lists(item))
            }
            Value::Object(object) => object.values().try_for_each(|value| self.lists(value)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
