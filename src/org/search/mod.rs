//! Finding people by words: beginnings and misspelt words too, whatever the accents.
//!
//! A text is cut into words ([`words`]). Somebody is found if every word of the text is found in one of
//! their fields, in one of four ways, of which the best counts: it is a word of the field; it is the
//! beginning of one; it is so with one edit; with two. An edit is a letter too many, too few, another one,
//! or two neighbours swapped; words of four letters are forgiven one, words of eight two. The best are
//! those whose words were found with the least steps down these ways in all, then in the best fields in
//! all, in the order of [`SearchField`]; then they stand by name and id.

mod words;
mod near;
mod index;
mod found;

pub use found::{Found, FoundPage, Hit};
pub(super) use index::Index;
pub use words::SearchText;

/// Where a word was found, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchField {
    /// First or last name.
    Name,
    /// The primary e-mail address.
    Email,
    /// Another address: an alias or the trusted one.
    Alias,
    /// The title.
    Title,
}

impl SearchField {
    const ALL: [Self; 4] = [Self::Name, Self::Email, Self::Alias, Self::Title];

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

#[cfg(test)]
mod tests;
