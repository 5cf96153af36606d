//! Documents that are short, or look harmless, and mean a lot.

use super::contract::Circle;

/// One kind by its name: the document with so much of it.
type Bomb = (&'static str, fn(usize) -> String);

/// What there is.
pub const BOMBS: [Bomb; 13] = [
    ("aliases", |n| braced(repeat(n, |i| format!("a{i}: __typename ")))),
    ("aliased root fields", |n| braced(repeat(n, |i| format!("a{i}: roots {{ totalCount }} ")))),
    ("directives", |n| format!("{{ __typename {} }}", "@include(if: true) ".repeat(n))),
    ("unknown directives", |n| format!("{{ __typename {} }}", "@aa".repeat(n))),
    ("the same field", |n| format!("{{ {} }}", "__typename ".repeat(n))),
    ("fragments that double", |n| {
        let last = n.min(200);
        let fragments =
            repeat(last, |i| format!("fragment F{i} on Query {{ ...F{} ...F{} }} ", i + 1, i + 1));
        format!("{{ ...F0 }} {fragments} fragment F{last} on Query {{ __typename }}")
    }),
    ("fragments in a ring", |n| {
        let fragments = repeat(n, |i| format!("fragment F{i} on Query {{ ...F{} }} ", (i + 1) % n));
        format!("{{ ...F0 }} {fragments}")
    }),
    ("fragments that nobody uses", |n| {
        format!("{{ __typename }} {}", repeat(n, |i| format!("fragment F{i} on Query {{ __typename }} ")))
    }),
    ("fragments in fragments", |n| {
        braced(format!("{}__typename{}", "... on Query { ".repeat(n), " }".repeat(n)))
    }),
    ("variables", |n| format!("query({}) {{ __typename }}", repeat(n, |i| format!("$v{i}: Int = {i} ")))),
    ("operations", |n| repeat(n, |i| format!("query Q{i} {{ __typename }} "))),
    ("lists in lists", |n| format!("{{ user(id: {}1{}) {{ id }} }}", "[".repeat(n), "]".repeat(n))),
    ("a long list", |n| format!("{{ nodes(ids: [{}]) {{ id }} }}", repeat(n, |i| format!("\"{i}\" ")))),
];

/// From the root into a circle of the schema, and so many times round it.
pub fn around(circle: &Circle, times: usize) -> String {
    let steps: Vec<_> = std::iter::repeat_n(&circle.fields, times).flatten().map(String::as_str).collect();
    let open: String = steps.iter().map(|step| format!("{step} {{ ")).collect();
    let inner = format!("{open} __typename {}", "} ".repeat(steps.len()));
    match circle.home.as_str() {
        "User" => format!("{{ users(first: 1000) {{ nodes {{ {inner} }} }} }}"),
        home => format!("{{ node(id: \"8424522639353776973\") {{ ... on {home} {{ {inner} }} }} }}"),
    }
}

fn repeat(times: usize, one: impl Fn(usize) -> String) -> String {
    (0..times).map(one).collect()
}

fn braced(inner: String) -> String {
    format!("{{ {inner} }}")
}
