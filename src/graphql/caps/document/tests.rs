//! Each cap of a document at its bound and one above.

use async_graphql::{Name, Value, Variables, parser::parse_query};

use super::{super::Caps, *};

/// The cap that a query passes.
fn passed(caps: &Caps, query: &str) -> Option<&'static str> {
    with_variable(caps, query, Value::Null)
}

fn with_variable(caps: &Caps, query: &str, value: Value) -> Option<&'static str> {
    let mut variables = Variables::default();
    variables.insert(Name::new("v"), value);
    match check(&parse_query(query).unwrap(), &variables, caps) {
        Err(Over::Cap { cap, .. }) => Some(cap),
        Err(Over::Ring { .. }) => Some("ring"),
        Ok(()) => None,
    }
}

fn lax() -> Caps {
    Caps { aliases: 1_000, root_fields: 100_000, fragments: 10_000, ..Caps::default() }
}

#[test]
fn depth_is_bounded_through_fragments_too() {
    let caps = Caps { fragment_spreads: 10_000, ..lax() };
    let nested = |levels: usize| format!("{}{}", "{ a ".repeat(levels), "}".repeat(levels));
    assert_eq!(passed(&caps, &nested(32)), None);
    assert_eq!(passed(&caps, &nested(33)), Some("depth"));
    let below = |levels: usize| format!("{{ ...F }} fragment F on Query {}", nested(levels));
    assert_eq!((passed(&caps, &below(31)), passed(&caps, &below(32))), (None, Some("depth")));
    let again = |levels: usize| format!("{{ ...F a {{ ...F }} }} fragment F on Query {}", nested(levels));
    assert_eq!((passed(&caps, &again(30)), passed(&caps, &again(31))), (None, Some("depth")));
    let inline = |levels: usize| format!("{}a{}", "{ ... ".repeat(levels) + "{ ", " }".repeat(levels + 1));
    assert_eq!((passed(&caps, &inline(31)), passed(&caps, &inline(32))), (None, Some("depth")));
    let chain: String = (0..1_000).map(|n| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1)).collect();
    assert_eq!(passed(&caps, &format!("{{ ...F0 }} {chain}")), Some("depth"));
}

#[test]
fn rings_of_fragments_are_found_used_or_not() {
    for query in [
        "{ ...F } fragment F on Query { a { ...F } }",
        "{ a } fragment F on Query { ...G } fragment G on Query { ... { ...F } }",
    ] {
        assert_eq!(passed(&lax(), query), Some("ring"));
    }
    assert_eq!(passed(&lax(), "{ ...F a { ...F } } fragment F on Query { b }"), None);
}

#[test]
fn fields_are_counted_where_they_are_used() {
    let caps = Caps { fields: 100, ..lax() };
    let flat = |count: usize| format!("{{ {} }}", "a ".repeat(count));
    assert_eq!((passed(&caps, &flat(100)), passed(&caps, &flat(101))), (None, Some("fields")));
    let spread =
        |count: usize| format!("{{ {} }} fragment F on Query {{ a b c d e }}", "...F ".repeat(count));
    assert_eq!((passed(&caps, &spread(20)), passed(&caps, &spread(21))), (None, Some("fields")));
    let unused = |count: usize| format!("{{ a }} fragment F on Query {{ {} }}", "a ".repeat(count));
    assert_eq!((passed(&caps, &unused(99)), passed(&caps, &unused(100))), (None, Some("fields")));
    let two = |count: usize| format!("query A {{ a }} query B {{ {} }}", "a ".repeat(count));
    assert_eq!((passed(&caps, &two(99)), passed(&caps, &two(100))), (None, Some("fields")));
}

#[test]
fn spreads_are_counted_where_they_are_used() {
    let caps = Caps { fragment_spreads: 30, ..lax() };
    let spread = |count: usize| format!("{{ {} }} fragment F on Query {{ a }}", "...F ".repeat(count));
    assert_eq!((passed(&caps, &spread(30)), passed(&caps, &spread(31))), (None, Some("fragmentSpreads")));
    let doubling = |last: &str| -> String {
        let doubling: String =
            (0..25).map(|n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
        format!("{{ ...F0 }} {doubling} {last}")
    };
    let defaults = Caps::default();
    assert_eq!(passed(&defaults, &doubling("fragment F25 on Query { a }")), Some("fragmentSpreads"));
    assert_eq!(passed(&defaults, &doubling("")), Some("fragmentSpreads"), "to a fragment that isn't there");
}

#[test]
fn root_fields_are_counted_through_fragments() {
    let caps = Caps { root_fields: 5, ..lax() };
    for (query, over) in [
        ("{ a b c d e }", false),
        ("{ a b c d e f }", true),
        ("{ a a a a a a }", true),
        ("{ a { b c d e f g } }", false),
        ("{ ...F ... { c d } } fragment F on Query { a b e }", false),
        ("{ ...F ... { c d f } } fragment F on Query { a b e }", true),
        ("query A { a b c } query B { a b c }", false),
    ] {
        assert_eq!(passed(&caps, query), over.then_some("rootFields"), "{query}");
    }
}

#[test]
fn aliases_are_bounded() {
    let caps = Caps { aliases: 5, ..lax() };
    let aliases = |count: usize| (0..count).map(|n| format!("a{n}: a ")).collect::<String>();
    assert_eq!(passed(&caps, &format!("{{ {} b c }}", aliases(5))), None);
    assert_eq!(passed(&caps, &format!("{{ {} }}", aliases(6))), Some("aliases"));
    let parted = format!("{{ {} ...F }} fragment F on Query {{ ... {{ {} }} }}", aliases(3), aliases(3));
    assert_eq!(passed(&caps, &parted), Some("aliases"));
}

#[test]
fn directives_are_bounded_at_every_place() {
    let caps = Caps { directives: 6, directives_per_place: 4, ..lax() };
    let some = |count: usize| "@d ".repeat(count);
    for place in [
        "query @ { a }",
        "query($v: Int @) { a }",
        "{ a @ }",
        "{ ... @ { a } }",
        "{ ...F @ } fragment F on Query { a }",
        "{ ...F } fragment F on Query @ { a }",
    ] {
        let at = |count| place.replace('@', &some(count));
        assert_eq!(passed(&caps, &at(4)), None, "{place}");
        assert_eq!(passed(&caps, &at(5)), Some("directivesPerPlace"), "{place}");
    }
    let two = |first, second| format!("{{ a {} b {} }}", some(first), some(second));
    assert_eq!((passed(&caps, &two(3, 3)), passed(&caps, &two(3, 4))), (None, Some("directives")));
}

#[test]
fn operations_and_fragments_are_bounded() {
    let caps = Caps { operations: 3, fragments: 4, ..lax() };
    let operations = |count: usize| (0..count).map(|n| format!("query Q{n} {{ a }} ")).collect::<String>();
    assert_eq!((passed(&caps, &operations(3)), passed(&caps, &operations(4))), (None, Some("operations")));
    let fragments = |count: usize| {
        "{ a } ".to_owned()
            + &(0..count).map(|n| format!("fragment F{n} on Query {{ a }} ")).collect::<String>()
    };
    assert_eq!((passed(&caps, &fragments(4)), passed(&caps, &fragments(5))), (None, Some("fragments")));
}

#[test]
fn introspection_is_bounded_wherever_it_stands() {
    let caps = Caps { introspection_fields: 10, ..lax() };
    for query in
        ["{ __schema { @ } }", "{ __type { a { @ } } }", "{ ...F } fragment F on Query { __schema { @ } }"]
    {
        let with = |count| query.replace('@', &"a ".repeat(count));
        assert_eq!(passed(&caps, &with(9)), None, "{query}");
        assert_eq!(passed(&caps, &with(11)), Some("introspectionFields"), "{query}");
    }
}

#[test]
fn variables_of_an_operation_are_bounded() {
    let caps = Caps { variables: 3, ..lax() };
    let variables = |count: usize| {
        format!("query({}) {{ a }}", (0..count).map(|n| format!("$v{n}: Int ")).collect::<String>())
    };
    assert_eq!((passed(&caps, &variables(3)), passed(&caps, &variables(4))), (None, Some("variables")));
}

#[test]
fn lists_are_bounded_wherever_they_stand() {
    let caps = Caps { list_items: 7, ..lax() };
    for query in [
        "{ a(b: @) }",
        "{ a(b: { c: [@] }) }",
        "{ a @d(b: @) }",
        "query($v: [Int] = @) { a }",
        "{ ...F } fragment F on Query { a(b: @) }",
    ] {
        let with = |count| {
            let list = format!("[{}]", "1 ".repeat(count));
            query.replace("@)", &format!("{list})")).replace("[@]", &format!("[{list}]"))
        };
        assert_eq!(passed(&caps, &with(7)), None, "{query}");
        assert_eq!(passed(&caps, &with(8)), Some("listItems"), "{query}");
    }
}

#[test]
fn a_variable_counts_wherever_it_is_used() {
    let caps = Caps { argument_bytes: 1_000, ..lax() };
    let uses = |count: usize| format!("query($v: S) {{ {} }}", "a(b: [$v]) ".repeat(count));
    let value = || Value::String("x".repeat(90));
    // 92 bytes of the value, 5 for its place, 3 for the list and 1 for the name.
    assert_eq!(with_variable(&caps, &uses(9), value()), None);
    assert_eq!(with_variable(&caps, &uses(10), value()), Some("argumentBytes"));
    let default = format!("query($v: S = \"{}\") {{ {} }}", "x".repeat(90), "a(b: $v) ".repeat(11));
    assert_eq!(passed(&caps, &default), Some("argumentBytes"));
    let literal = |count: usize| format!("{{ a(b: \"{}\") }}", "x".repeat(count));
    assert_eq!((passed(&caps, &literal(997)), passed(&caps, &literal(998))), (None, Some("argumentBytes")));
    let spread = "query($v: S) { ...F a { ...F } } fragment F on Query { a(b: $v) @include(if: $v) }";
    assert_eq!(with_variable(&caps, spread, Value::String("x".repeat(200))), None);
    assert_eq!(with_variable(&caps, spread, Value::String("x".repeat(300))), Some("argumentBytes"));
}
