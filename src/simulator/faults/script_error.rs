//! Why a script is refused: cause, place, and what may have been meant.

use std::fmt;

use thiserror::Error;

use super::{condition, kind::FaultKind, target};

/// A script that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{script:?}, character {place}: {cause}")]
pub struct ScriptError {
    script: String,
    /// From 1, in characters.
    place: usize,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Cause {
    #[error("a script has at most {0} bytes")]
    TooLong(usize),
    #[error("the name of a fault is missing; `orgraph simulate --list-faults` tells them all")]
    Nameless,
    #[error("no fault is called {name:?}{}; `orgraph simulate --list-faults` tells them all", meant(.nearest))]
    Fault { name: String, nearest: Option<&'static str> },
    #[error("{0} takes no value")]
    NoValue(FaultKind),
    #[error("the value of {0} is {1}")]
    Value(FaultKind, String),
    #[error("a condition is written KEY=VALUE{}", meant(.0))]
    NotACondition(Option<&'static str>),
    #[error("no condition is called {key:?}{}; there are {}", meant(.nearest), condition::KEYS.join(", "))]
    Condition { key: String, nearest: Option<&'static str> },
    #[error("{key} is {expected}")]
    ConditionValue { key: String, expected: &'static str },
    #[error("no endpoint is called {name:?}{}; there are {}, and any path such as /v2/calls", meant(.nearest), target::NAMES.join(", "))]
    Endpoint { name: String, nearest: Option<&'static str> },
    #[error("{0} is said twice")]
    Twice(String),
}

impl ScriptError {
    /// What is wrong with a script from this byte on.
    pub(super) fn new(script: &str, at: usize, cause: Cause) -> Self {
        let place = script.get(..at).map_or(at, |before| before.chars().count()) + 1;
        Self { script: script.to_owned(), place, cause }
    }

    pub(super) fn too_long(script: &str, most: usize) -> Self {
        let script = script.chars().take(40).chain(['…']).collect();
        Self { script, place: most + 1, cause: Cause::TooLong(most) }
    }
}

impl Cause {
    pub(super) fn unknown_fault(name: &str) -> Self {
        if name.is_empty() {
            return Self::Nameless;
        }
        let nearest = nearest(name, FaultKind::ALL.iter().map(|kind| kind.name()));
        Self::Fault { name: name.to_owned(), nearest }
    }

    pub(super) fn not_a_condition(text: &str) -> Self {
        Self::NotACondition(nearest(text, condition::KEYS))
    }

    pub(super) fn unknown_condition(key: &str) -> Self {
        Self::Condition { key: key.to_owned(), nearest: nearest(key, condition::KEYS) }
    }

    pub(super) fn condition_value(key: &str) -> Self {
        Self::ConditionValue { key: key.to_owned(), expected: condition::expected(key) }
    }

    pub(super) fn unknown_endpoint(name: &str) -> Self {
        Self::Endpoint { name: name.to_owned(), nearest: nearest(name, target::NAMES) }
    }
}

fn meant(nearest: &Option<&'static str>) -> impl fmt::Display {
    nearest.map(|name| format!(", {name} is the nearest")).unwrap_or_default()
}

/// The name that takes the fewest edits, if those leave some of it.
fn nearest(word: &str, names: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let (edits, name) =
        names.into_iter().map(|name| (edits(word, name), name)).min_by_key(|(edits, _)| *edits)?;
    (edits <= name.len().max(4) / 2).then_some(name)
}

/// Levenshtein's distance, in bytes.
fn edits(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(other.bytes()) {
            let best = (diagonal + usize::from(a != b)).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (one, other, expected) in
            [("", "", 0), ("abc", "", 3), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2)]
        {
            assert_eq!(edits(one, other), expected, "{one} {other}");
        }
    }
}
