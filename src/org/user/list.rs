//! Several texts in one: each behind its length in bytes and a colon, as netstrings are (`2:fr5:en-US`).

use std::fmt::Write;

/// Adds an item, `mark` and `rest`, to the list at the end of `text`.
pub(super) fn push(text: &mut String, mark: &str, rest: &str) {
    // A string takes everything.
    let _ = write!(text, "{}:{mark}{rest}", mark.len() + rest.len());
}

/// The item that begins at this byte of `list`, and where the next one does.
pub(super) fn item(list: &str, at: usize) -> Option<(&str, usize)> {
    let (length, rest) = list.get(at..)?.split_once(':')?;
    let item = rest.get(..length.parse().ok()?)?;
    Some((item, list.len() - rest.len() + item.len()))
}

/// The items in order, each with the byte at which it begins.
pub(super) fn items(list: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let at = next;
        let (item, after) = item(list, at)?;
        next = after;
        Some((at, item))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_in_order_and_by_their_places() {
        let all = ["", "a", "1:b", ":", "zwölf Zeichen", "", "🧑‍💻"];
        let mut list = String::new();
        all.iter().for_each(|item| push(&mut list, "", item));
        assert_eq!(items(&list).map(|(_, item)| item).collect::<Vec<_>>(), all);
        for (at, found) in items(&list) {
            assert_eq!(item(&list, at).unwrap().0, found);
        }
        assert_eq!(items("").count(), 0);
        assert_eq!(item(&list, list.len()), None);
        assert_eq!(item(&list, list.len() + 1), None);
    }
}
