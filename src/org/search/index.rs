//! The index of one company: every word, and who has it in which fields.

use std::{collections::HashMap, ops::Range};

use fst::Map;

use super::{
    SearchField, SearchText,
    near::{Nearness, near},
    words::words,
};
use crate::org::{User, UserIndex};

/// Words that one field of a user is found by; what comes after them isn't.
const FIELD_WORDS: usize = 32;

/// Words and their holders. Users are numbered by their places among all by name, so that those who are
/// found come in that order.
pub(in crate::org) struct Index {
    /// Word to its number; numbers go by the order of the words.
    dictionary: Map<Vec<u8>>,
    /// Number of a word to the first of its entries; one more than words.
    starts: Vec<u32>,
    /// Place of a user and the fields, in the lowest bits, that have the word.
    entries: Vec<u32>,
    users: usize,
}

/// How far the words of a text were found in one user.
#[derive(Clone, Copy, Default)]
pub(super) struct Match {
    /// Words that were found.
    pub(super) words: u8,
    /// In which fields.
    pub(super) fields: u8,
    /// Steps from the best way of being found, and below them steps from the best field.
    pub(super) rank: u16,
}

const FIELD_BITS: u32 = SearchField::ALL.len() as u32;
const FIELDS: u32 = (1 << FIELD_BITS) - 1;
/// What a step down the ways of being found outweighs: all steps down the fields.
const STEP: u16 = 256;
/// So many entries are looked through in the time of a user of a listing.
const ENTRIES_A_VISIT: usize = 16;
/// What reading a word's automaton costs, in users of a listing.
const VISITS_A_WORD: usize = 1_000;

impl Index {
    /// The index of `users`, who are all of `by_name`.
    pub(in crate::org) fn new(users: &[User], by_name: &[UserIndex]) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        // A word's first number, place and fields.
        let mut found: Vec<(u32, u32)> = Vec::new();
        for (place, user) in (0..).zip(by_name) {
            let first = found.len();
            for (field, word) in field_words(&users[user.at()]) {
                let next = numbers.len() as u32;
                let number = *numbers.entry(word).or_insert(next);
                match found[first..].iter_mut().find(|(known, _)| *known == number) {
                    Some((_, entry)) => *entry |= u32::from(field.bit()),
                    None => found.push((number, place << FIELD_BITS | u32::from(field.bit()))),
                }
            }
        }

        let mut sorted: Vec<_> = numbers.into_iter().collect();
        sorted.sort_unstable();
        let mut ranks = vec![0; sorted.len()];
        for (rank, (_, number)) in (0..).zip(&sorted) {
            ranks[*number as usize] = rank;
        }
        // Each word's entries, in the order of the places.
        let mut starts = vec![0; sorted.len() + 1];
        for &(number, _) in &found {
            starts[ranks[number as usize] as usize + 1] += 1;
        }
        for word in 1..starts.len() {
            starts[word] += starts[word - 1];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; found.len()];
        for (number, entry) in found {
            let next: &mut u32 = &mut next[ranks[number as usize] as usize];
            entries[*next as usize] = entry;
            *next += 1;
        }
        // The words are sorted and different, as the map wants them.
        let dictionary = Map::from_iter((0_u64..).zip(&sorted).map(|(rank, (word, _))| (word, rank)));
        Self { dictionary: dictionary.unwrap_or_default(), starts, entries, users: users.len() }
    }

    /// How far the words of `text` are found in each user, by name; and what that has cost.
    pub(super) fn matches(&self, text: &SearchText) -> (Vec<Match>, usize) {
        let mut matches = vec![Match::default(); self.users];
        let mut visits = 0;
        for (before, word) in (0..).zip(&text.words) {
            visits += VISITS_A_WORD + self.users / ENTRIES_A_VISIT;
            // The best way and field in which this word was found.
            let mut best = vec![NOT_FOUND; self.users];
            near(&self.dictionary, word, |word, nearness| {
                let entries = &self.entries[self.of_word(word)];
                visits += 1 + entries.len() / ENTRIES_A_VISIT;
                for entry in entries {
                    let (place, fields) = ((entry >> FIELD_BITS) as usize, entry & FIELDS);
                    best[place] = best[place].min((nearness, fields.trailing_zeros() as u16));
                    matches[place].fields |= fields as u8;
                }
            });
            for (found, (nearness, field)) in matches.iter_mut().zip(best) {
                if field != NOT_FOUND.1 && found.words == before {
                    found.words += 1;
                    found.rank += nearness as u16 * STEP + field;
                }
            }
        }
        (matches, visits)
    }

    fn of_word(&self, number: u64) -> Range<usize> {
        let number = number as usize;
        self.starts[number] as usize..self.starts[number + 1] as usize
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.dictionary.as_fst().as_bytes().len() + 4 * (self.starts.len() + self.entries.len())
    }
}

/// Worse than every way in every field.
const NOT_FOUND: (Nearness, u16) = (Nearness::TwoEdits, u16::MAX);

/// The words by which a user is found.
fn field_words(user: &User) -> impl Iterator<Item = (SearchField, String)> {
    let name = user.name();
    let others: Vec<_> = user.email_aliases().chain(user.trusted_email_address()).collect();
    let texts = [name, user.email_address(), Some(&others.join(" ")), user.title()]
        .map(|text| words(text.unwrap_or_default()));
    SearchField::ALL
        .into_iter()
        .zip(texts)
        .flat_map(|(field, words)| words.into_iter().take(FIELD_WORDS).map(move |word| (field, word)))
}
