//! From texts to words: folded, so that case, accents and the form of letters make no difference.

use icu_normalizer::{DecomposingNormalizerBorrowed, properties::CanonicalCombiningClassMapBorrowed};

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText {
    pub(super) words: Vec<String>,
}

impl SearchText {
    /// The most different words.
    pub const MAX_WORDS: usize = 8;

    /// The words of `text`; `None` if they are too many. A text without letters and digits has none, and
    /// nobody is found by it.
    pub fn new(text: &str) -> Option<Self> {
        let mut distinct = Vec::new();
        for word in words(text) {
            if !distinct.contains(&word) {
                distinct.push(word);
            }
        }
        (distinct.len() <= Self::MAX_WORDS).then_some(Self { words: distinct })
    }
}

/// Letters of a word that are compared; longer ones are taken by their beginning.
const WORD_LETTERS: usize = 32;

/// The words of `text`: runs of letters and digits in small letters without accents. An apostrophe doesn't
/// end a word: `O’Brien` is one.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in folded(text) {
        if letter.is_alphanumeric() {
            if let Some(word) = words.last_mut() {
                word.push(letter);
            }
        } else if !matches!(letter, '\'' | '\u{2019}' | '\u{2bc}') {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        if let Some((end, _)) = word.char_indices().nth(WORD_LETTERS) {
            word.truncate(end);
        }
    }
    words
}

/// Small letters, by compatibility decomposition (NFKD) without the marks; then the letters that Unicode
/// doesn't take apart though people do.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let marks = CanonicalCombiningClassMapBorrowed::new();
    DecomposingNormalizerBorrowed::new_nfkd()
        .normalize_iter(text.chars())
        .filter(move |&letter| marks.get_u8(letter) == 0)
        .flat_map(char::to_lowercase)
        .flat_map(|letter| {
            let (first, second) = match letter {
                'ß' => ('s', Some('s')),
                'æ' => ('a', Some('e')),
                'œ' => ('o', Some('e')),
                'þ' => ('t', Some('h')),
                'ø' => ('o', None),
                'đ' | 'ð' => ('d', None),
                'ħ' => ('h', None),
                'ı' => ('i', None),
                'ł' => ('l', None),
                'ŧ' => ('t', None),
                'ς' => ('σ', None),
                other => (other, None),
            };
            std::iter::once(first).chain(second)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_folded_words() {
        for (text, expected) in [
            ("Zoë MÜLLER", vec!["zoe", "muller"]),
            ("O'Brien-O’Neil", vec!["obrien", "oneil"]),
            ("ada.lovelace+x@Example.org", vec!["ada", "lovelace", "x", "example", "org"]),
            ("Straße Łódź İstanbul ısı", vec!["strasse", "lodz", "istanbul", "isi"]),
            ("ﬁne ２nd Σίσυφος", vec!["fine", "2nd", "σισυφοσ"]),
            ("Nguye\u{302}\u{303}n", vec!["nguyen"]),
            ("हिन्दी", vec!["हिनदी"]),
            ("  — ", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_has_so_many_words_of_so_many_letters() {
        assert_eq!(words(&"é".repeat(100)), ["e".repeat(32)]);
        let many = |words: usize| (0..words).map(|n| format!("w{n} ")).collect::<String>();
        assert!(SearchText::new(&many(8)).is_some() && SearchText::new(&many(9)).is_none());
        assert_eq!(SearchText::new("ann Ann ÁNN bo").unwrap().words, ["ann", "bo"]);
    }
}
