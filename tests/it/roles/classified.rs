//! Every field and every condition of the schema is either in the list of those that aren't for everybody or
//! known to be open, and the page says the same as the list.

use std::collections::BTreeSet;

use orgraph::{auth::Role, graphql::GuardedField};

use crate::support::{file, text};

/// What everybody may see who may ask at all: a type or an input a line, with its fields. A new field has to be
/// put here, or into `GuardedField`. Types that only a guarded field leads to are here as well.
const OPEN: &str = include_str!("open.txt");
const PAGE: &str = "docs/roles.md";
const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- end of the table -->";

/// The fields of all types and inputs of the schema, as `Type.field`.
fn fields() -> BTreeSet<String> {
    let sdl = orgraph::graphql::sdl();
    let (mut fields, mut inside, mut described, mut arguments) = (BTreeSet::new(), None, false, false);
    for line in sdl.lines().map(str::trim) {
        if line == r#"""""# {
            described = !described;
        } else if described || line.is_empty() {
        } else if let Some((_, rest)) =
            line.split_once(' ').filter(|(word, _)| ["type", "interface", "input"].contains(word))
        {
            inside = rest.split([' ', '{']).next();
        } else if line == "}" {
            inside = None;
        } else if line.starts_with(')') {
            arguments = false;
        } else if let (Some(parent), false) = (inside, arguments) {
            fields.insert(format!("{parent}.{}", line.split(['(', ':']).next().unwrap()));
            arguments = line.ends_with('(');
        }
    }
    fields
}

#[test]
fn every_field_is_open_or_guarded() {
    let guarded: BTreeSet<_> = GuardedField::ALL.iter().map(|field| field.coordinate().to_owned()).collect();
    let open = OPEN
        .lines()
        .filter_map(|line| line.split_once(": "))
        .flat_map(|(parent, fields)| fields.split(' ').map(move |field| format!("{parent}.{field}")));
    let open: BTreeSet<_> = open.collect();
    assert_eq!(guarded.intersection(&open).collect::<Vec<_>>(), [""; 0], "both guarded and open");
    let known: BTreeSet<_> = guarded.union(&open).cloned().collect();
    let fields = fields();
    let new: Vec<_> = fields.difference(&known).collect();
    assert!(new.is_empty(), "to be put into GuardedField or tests/it/roles/open.txt: {new:?}");
    let gone: Vec<_> = known.difference(&fields).collect();
    assert!(gone.is_empty(), "no longer in the schema: {gone:?}");
    assert!(fields.contains("User.phoneNumber") && fields.contains("UserFilter.emailContains"));
}

#[test]
fn the_list_agrees_with_itself() {
    for field in GuardedField::ALL {
        assert_eq!(field.coordinate(), format!("{}.{}", field.parent(), field.name()));
        assert!(field.role() > Role::Reader && !field.why().is_empty());
    }
}

fn table() -> String {
    let seen = |field: &GuardedField, role: Role| if role >= field.role() { "yes" } else { "null" };
    let row = |field: &GuardedField| {
        let roles = Role::ALL.map(|role| seen(field, role)).join(" | ");
        format!("| `{}` | {roles} | {} |\n", field.coordinate(), field.why())
    };
    let rows: String = GuardedField::ALL.iter().map(row).collect();
    format!("| field | reader | analyst | admin | why |\n|---|---|---|---|---|\n{rows}")
}

/// `ORGRAPH_WRITE_DOCS=1` writes the table into the page.
#[test]
fn the_table_of_the_page_is_the_list() {
    let page = text(PAGE);
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (told, after) = rest.split_once(END).unwrap();
    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
        // Swapped whole: other tests read it at the same time.
        let new = file("docs/roles.md.new");
        std::fs::write(&new, [before, BEGIN, &table(), END, after].concat()).unwrap();
        std::fs::rename(new, file(PAGE)).unwrap();
    } else {
        assert_eq!(told, table(), "ORGRAPH_WRITE_DOCS=1 cargo test --test it roles puts it right");
    }
}
