//! Conditions on texts, compared without case.

/// A text to look for, or a part of one, compared without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment(String);

impl Fragment {
    /// The fragment `text`; the empty one is in every text, though not in a missing one.
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// Whether it is in `lower`, a text in small letters.
    pub(super) fn is_in(&self, lower: &str) -> bool {
        lower.contains(&self.0)
    }
}

/// Conditions on one text that all have to hold; a text that is missing meets none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextFilter {
    /// The whole text.
    pub equals: Option<Fragment>,
    /// A part of it.
    pub contains: Option<Fragment>,
    /// Its beginning.
    pub starts_with: Option<Fragment>,
}

impl TextFilter {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether all holds of `lower`, a text in small letters.
    pub(super) fn holds(&self, lower: &str) -> bool {
        self.equals.as_ref().is_none_or(|whole| lower == whole.0)
            && self.starts_with.as_ref().is_none_or(|beginning| lower.starts_with(&beginning.0))
            && self.contains.as_ref().is_none_or(|part| part.is_in(lower))
    }
}

/// Whether the language tag `spoken` is one of `wanted`, which are in small letters, or a kind of one:
/// `en-US` is an `en`.
pub(super) fn is_one_of(wanted: &[String], spoken: &str) -> bool {
    let spoken = spoken.to_lowercase();
    wanted.iter().any(|wanted| {
        spoken.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}
