//! What a document asks for, measured before anything walks it in earnest: fragments can be spread so
//! that a short text means a long query.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
        OperationType, Selection, SelectionSet,
    },
};

/// The deepest nesting of selections, a fragment counted as one level. Introspection needs 17.
pub(super) const MAX_DEPTH: usize = 32;
/// The most fields of an operation, counted where they are used.
pub(super) const MAX_FIELDS: usize = 10_000;

/// The most fields below `__schema` and `__type` in one document; the usual introspection has about 300.
/// The answers to them have no pages.
pub(super) const MAX_INTROSPECTION: usize = 1_500;
/// The deepest nesting of brackets of any kind. The parser recurses over values and types as well as
/// selections, and bounds only the last.
const MAX_BRACKETS: usize = 3 * MAX_DEPTH;

/// Checks a text before it is parsed.
pub(super) fn measure_text(text: &str) -> Result<(), TooLarge> {
    if bracket_depth(text.as_bytes()) > MAX_BRACKETS { Err(TooLarge::Depth) } else { Ok(()) }
}

/// How deep brackets nest, at least as deep as the parser goes. Strings and comments are passed over as
/// its grammar does; from a string on that isn't closed, nothing is passed over and nothing closes.
fn bracket_depth(mut text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_doubt) = (0_usize, 0, false);
    while let [first, rest @ ..] = text {
        text = match first {
            b'#' if !in_doubt => {
                rest.iter().position(|byte| b"\r\n".contains(byte)).map_or(&[], |end| &rest[end..])
            }
            b'"' if !in_doubt => match after_string(rest) {
                Some(rest) => rest,
                None => {
                    in_doubt = true;
                    rest
                }
            },
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
                rest
            }
            b')' | b']' | b'}' if !in_doubt => {
                depth = depth.saturating_sub(1);
                rest
            }
            _ => rest,
        };
    }
    deepest
}

/// What follows the string that has begun with a quote before `text`, if it is closed.
fn after_string(text: &[u8]) -> Option<&[u8]> {
    if let Some(mut block) = text.strip_prefix(b"\"\"") {
        loop {
            block = match block {
                [b'\\', b'"', b'"', b'"', rest @ ..] => rest,
                [b'"', b'"', b'"', rest @ ..] => return Some(rest),
                [_, rest @ ..] => rest,
                [] => return None,
            };
        }
    }
    let mut line = text;
    loop {
        line = match line {
            [b'"', rest @ ..] => return Some(rest),
            [b'\r' | b'\n', ..] | [] => return None,
            [b'\\', _, rest @ ..] | [_, rest @ ..] => rest,
        };
    }
}

/// Why a document is refused unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooLarge {
    Depth,
    Fields,
    Introspection,
}

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
    let mut name = "__object".to_owned();
    while text.contains(&name) {
        name.push('_');
    }
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

/// Checks every operation of `document`. Costs one visit of each selection in the text; a ring of
/// fragments is found by its depth.
pub(super) fn measure(document: &ExecutableDocument) -> Result<(), TooLarge> {
    let mut ruler = Ruler { fragments: &document.fragments, known: HashMap::new(), introspection: 0 };
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
    introspection: usize,
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
                    let inner = self.size_of(&field.node.selection_set.node, depth + 1)?;
                    if ["__schema", "__type"].contains(&field.node.name.node.as_str()) {
                        self.introspection += inner.fields;
                    }
                    inner
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
            if self.introspection > MAX_INTROSPECTION {
                return Err(TooLarge::Introspection);
            }
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
    fn brackets_are_bounded_wherever_a_parser_recurses() {
        for (open, close) in [("[", "]"), ("{ a: ", "}"), ("(", ")")] {
            let nested = |n: usize| format!("{{ a(b: {}1{}) }}", open.repeat(n), close.repeat(n));
            assert_eq!(measure_text(&nested(MAX_BRACKETS - 2)), Ok(()));
            assert_eq!(measure_text(&nested(MAX_BRACKETS - 1)), Err(TooLarge::Depth));
        }
        let many = "[".repeat(1_000);
        for harmless in [
            format!(r#"{{ a(b: "{many}") }}"#),
            format!(r#"{{ a(b: "\"{many}") }}"#),
            format!(r#"{{ a(b: """ " {many} \""" {many}""") }}"#),
            format!("{{ a # {many}\n }}"),
        ] {
            assert_eq!(measure_text(&harmless), Ok(()), "{harmless:.40}");
        }
        for hidden in [
            format!(r#"{{ a(b: "" {many}"#),
            format!("{{ a(b: \"x\n {many}"),
            format!("# x\n{many}"),
            format!("{{ #\r a(b: {many}"),
            format!(r#"{{ a(b: ["""\\""" """ {many}"#),
            format!(r#"{{ a(b: ["""\"""" """ {many}"#),
            format!(r#"{{ a(b: [""" x" {many}"#),
            format!("\" {}", "[]".repeat(100)),
        ] {
            assert_eq!(measure_text(&hidden), Err(TooLarge::Depth), "{hidden:.40}");
        }
    }

    /// Whatever the parser takes, it has gone no deeper than was measured.
    #[test]
    fn no_text_is_deeper_than_it_measures() {
        fn depth(value: &Value) -> usize {
            match value {
                Value::List(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
                _ => 0,
            }
        }
        let pieces =
            [r#"""""#, "\"", "\\", "#", "\r", "\n", "[", "[", "]", " ", "x", "\"\"", "\\\"\"\"", "1"];
        let mut rng = fastrand::Rng::with_seed(7);
        let mut parsed = 0;
        for _ in 0..30_000 {
            let soup: String = (0..rng.usize(1..14)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            let text = format!("{{ a(b: [{soup}]) }}");
            let Ok(document) = parse_query(&text) else { continue };
            parsed += 1;
            let (_, operation) = document.operations.iter().next().unwrap();
            let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { continue };
            let deepest = field
                .node
                .arguments
                .iter()
                .filter_map(|(_, value)| Some(depth(&value.node.clone().into_const()?)))
                .max()
                .unwrap_or(0);
            assert!(deepest + 2 <= bracket_depth(text.as_bytes()), "{text:?}");
        }
        assert!(parsed > 500, "{parsed}");
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
