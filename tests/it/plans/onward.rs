//! From one document to another: the next page of its listings, or less of it.

use fastrand::Rng;

use super::{
    document::{Document, Selection},
    seen::Found,
    value::Value,
};

/// The document that reads on where an answer's listings ended, from one of their cursors.
pub(super) fn next_page(document: &Document, found: &Found, rng: &mut Rng) -> Document {
    let mut next = document.clone();
    let pages = found.cursors.iter().map(|(place, cursors)| {
        let cursor = |rng: &mut Rng| Value::Text(cursors[rng.usize(..cursors.len())].clone());
        let (one, other) = (cursor(rng), cursor(rng));
        let size = Value::Int(rng.i64(0..4));
        let arguments = match rng.u8(..4) {
            0 => vec![("first", size), ("after", one)],
            1 => vec![("last", size), ("before", one)],
            2 => vec![("before", one)],
            _ => vec![("first", size), ("after", one), ("before", other)],
        };
        (place.as_str(), arguments)
    });
    let pages: Vec<_> = pages.collect();
    for operation in &mut next.operations {
        turn(&mut operation.selections, "", &pages);
    }
    next
}

fn turn(selections: &mut [Selection], place: &str, pages: &[(&str, Vec<(&str, Value)>)]) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let place = format!("{place}/{}", field.key());
                if let Some((_, page)) = pages.iter().find(|(listing, _)| *listing == place) {
                    field
                        .arguments
                        .retain(|(name, _)| !matches!(&**name, "first" | "after" | "last" | "before"));
                    let page = page.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
                    field.arguments.extend(page);
                }
                turn(&mut field.selections, &place, pages);
            }
            Selection::Inline { selections, .. } => turn(selections, place, pages),
            Selection::Spread { .. } => {}
        }
    }
}

/// The documents that lack one selection, argument or condition.
pub(super) fn smaller(document: &Document) -> impl Iterator<Item = Document> {
    (0..).map_while(|nth| {
        let (mut less, mut nth) = (document.clone(), nth);
        let Document { operations, fragments, .. } = &mut less;
        let operations = operations.iter_mut().map(|operation| &mut operation.selections);
        let fragments = fragments.iter_mut().map(|fragment| &mut fragment.selections);
        let done = operations.chain(fragments).any(|selections| take(selections, &mut nth));
        done.then_some(less)
    })
}

/// Takes the `nth` part away, if there are so many.
fn take(selections: &mut Vec<Selection>, nth: &mut usize) -> bool {
    if let Some(at) = place(selections.len(), nth) {
        selections.remove(at);
        return true;
    }
    selections.iter_mut().any(|selection| {
        let (directives, inner) = match selection {
            Selection::Field(field) => {
                if let Some(at) = place(field.arguments.len(), nth) {
                    field.arguments.remove(at);
                    return true;
                }
                (&mut field.directives, Some(&mut field.selections))
            }
            Selection::Inline { directives, selections, .. } => (directives, Some(selections)),
            Selection::Spread { directives, .. } => (directives, None),
        };
        if let Some(at) = place(directives.len(), nth) {
            directives.remove(at);
            return true;
        }
        inner.is_some_and(|inner| take(inner, nth))
    })
}

/// Where the `nth` part is among so many; otherwise how far it is beyond them.
fn place(count: usize, nth: &mut usize) -> Option<usize> {
    if *nth < count {
        return Some(*nth);
    }
    *nth -= count;
    None
}
