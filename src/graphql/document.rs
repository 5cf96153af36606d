//! What a document asks for, measured before anything walks it in earnest: fragments can be spread so
//! that a short text means a long query.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};

/// The deepest nesting of selections, a fragment counted as one level. Introspection needs 17.
pub(super) const MAX_DEPTH: usize = 32;
/// The most fields of an operation, counted where they are used.
pub(super) const MAX_FIELDS: usize = 10_000;

/// Why a document is refused unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooLarge {
    Depth,
    Fields,
}

/// Checks every operation of `document`. Costs one visit of each selection in the text; a ring of
/// fragments is found by its depth.
pub(super) fn measure(document: &ExecutableDocument) -> Result<(), TooLarge> {
    let mut ruler = Ruler { fragments: &document.fragments, known: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        ruler.size_of(&operation.node.selection_set.node, 0)?;
    }
    Ok(())
}

#[derive(Clone, Copy, Default)]
struct Size {
    height: usize,
    fields: usize,
}

struct Ruler<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    known: HashMap<&'a Name, Size>,
}

impl<'a> Ruler<'a> {
    fn size_of(&mut self, set: &'a SelectionSet, depth: usize) -> Result<Size, TooLarge> {
        if depth > MAX_DEPTH {
            return Err(TooLarge::Depth);
        }
        let mut size = Size::default();
        for selection in &set.items {
            let inner = match &selection.node {
                Selection::Field(field) => {
                    size.fields += 1;
                    self.size_of(&field.node.selection_set.node, depth + 1)?
                }
                Selection::InlineFragment(fragment) => {
                    self.size_of(&fragment.node.selection_set.node, depth + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.size_of_fragment(&spread.node.fragment_name.node, depth + 1)?
                }
            };
            size.height = size.height.max(inner.height + 1);
            size.fields += inner.fields;
            if size.fields > MAX_FIELDS {
                return Err(TooLarge::Fields);
            }
        }
        if depth + size.height > MAX_DEPTH + 1 {
            return Err(TooLarge::Depth);
        }
        Ok(size)
    }

    fn size_of_fragment(&mut self, name: &'a Name, depth: usize) -> Result<Size, TooLarge> {
        if let Some(&size) = self.known.get(name) {
            let fits = depth + size.height <= MAX_DEPTH + 1;
            return if fits { Ok(size) } else { Err(TooLarge::Depth) };
        }
        // An unknown fragment is the validation's business.
        let Some(fragment) = self.fragments.get(name) else { return Ok(Size::default()) };
        let size = self.size_of(&fragment.node.selection_set.node, depth)?;
        self.known.insert(name, size);
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn check(query: &str) -> Result<(), TooLarge> {
        measure(&parse_query(query).unwrap())
    }

    #[test]
    fn depth_is_bounded_through_fragments_too() {
        let nested = |levels: usize| format!("{}{}", "{ a ".repeat(levels), "}".repeat(levels));
        assert_eq!(check(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(check(&nested(MAX_DEPTH + 2)), Err(TooLarge::Depth));
        assert_eq!(check("{ ...F } fragment F on Query { a { ...F } }"), Err(TooLarge::Depth));
        let chain: String =
            (0..1_000).map(|n| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1)).collect();
        assert_eq!(check(&format!("{{ ...F0 }} {chain}")), Err(TooLarge::Depth));
    }

    #[test]
    fn fields_are_counted_where_they_are_used() {
        let doubling: String =
            (0..25).map(|n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
        let query = format!("{{ ...F0 }} {doubling} fragment F25 on Query {{ a }}");
        assert_eq!(check(&query), Err(TooLarge::Fields));
        assert_eq!(check(&format!("{{ {} }}", "a ".repeat(MAX_FIELDS))), Ok(()));
        assert_eq!(check(&format!("{{ {} }}", "a ".repeat(MAX_FIELDS + 1))), Err(TooLarge::Fields));
    }
}
