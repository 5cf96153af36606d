//! The words of a dictionary that a searched word, or a misspelt one, is or begins.

use std::sync::OnceLock;

use fst::{Automaton, IntoStreamer, Map, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

/// How a word was found, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    Exact,
    Beginning,
    OneEdit,
    TwoEdits,
}

/// Calls `found` with every word of the dictionary that is near to `word`.
pub(super) fn near(dictionary: &Map<Vec<u8>>, word: &str, mut found: impl FnMut(u64, Nearness)) {
    let beginnings = Beginnings { of: builder(word.chars().count()).build_dfa(word) };
    let mut stream = dictionary.search_with_state(&beginnings).into_stream();
    while let Some((known, at, state)) = stream.next() {
        let nearness = match state.fewest {
            0 if known.len() == word.len() => Nearness::Exact,
            0 => Nearness::Beginning,
            1 => Nearness::OneEdit,
            _ => Nearness::TwoEdits,
        };
        found(at, nearness);
    }
}

/// What makes automata for words of so many letters: the more letters, the more edits are forgiven. A swap
/// of neighbours is one edit.
fn builder(letters: usize) -> &'static LevenshteinAutomatonBuilder {
    static BUILDERS: [OnceLock<LevenshteinAutomatonBuilder>; 3] = [const { OnceLock::new() }; 3];
    let edits = match letters {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    BUILDERS[edits].get_or_init(|| LevenshteinAutomatonBuilder::new(edits as u8, true))
}

/// Words that begin, edits forgiven, with a word.
struct Beginnings {
    of: DFA,
}

#[derive(Clone, Copy)]
struct State {
    at: u32,
    /// The fewest edits with which a beginning so far is the word.
    fewest: u8,
}

const TOO_MANY: u8 = u8::MAX;

impl Beginnings {
    fn edits(&self, at: u32) -> u8 {
        match self.of.distance(at) {
            Distance::Exact(edits) => edits,
            Distance::AtLeast(_) => TOO_MANY,
        }
    }
}

impl Automaton for Beginnings {
    type State = State;

    fn start(&self) -> State {
        let at = self.of.initial_state();
        State { at, fewest: self.edits(at) }
    }

    fn is_match(&self, state: &State) -> bool {
        state.fewest != TOO_MANY
    }

    fn can_match(&self, state: &State) -> bool {
        state.at != SINK_STATE || self.is_match(state)
    }

    fn will_always_match(&self, state: &State) -> bool {
        self.is_match(state)
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        let at = self.of.transition(state.at, byte);
        State { at, fewest: state.fewest.min(self.edits(at)) }
    }
}
