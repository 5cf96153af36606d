//! Which keys an answer has at one place, so that fields are drawn that can be merged.

use std::collections::HashMap;

use super::document::{Document, Field, Selection};

/// By key: the field and its arguments, and what is below.
#[derive(Clone, Default)]
pub(super) struct Scope(HashMap<String, (String, Scope)>);

impl Scope {
    /// What is below `field`; nothing if another one has its key.
    pub(super) fn below(&mut self, field: &Field) -> Option<&mut Self> {
        let call = field.call();
        let (known, below) = self.0.entry(field.key().to_owned()).or_insert((call.clone(), Self::default()));
        (*known == call).then_some(below)
    }

    /// Takes in `selections`, all of them or, where one doesn't fit, none.
    pub(super) fn admits(&mut self, selections: &[Selection], document: &Document) -> bool {
        let mut with = self.clone();
        let fits = with.take(selections, document);
        if fits {
            *self = with;
        }
        fits
    }

    fn take(&mut self, selections: &[Selection], document: &Document) -> bool {
        selections.iter().all(|selection| match selection {
            Selection::Field(field) => {
                self.below(field).is_some_and(|below| below.take(&field.selections, document))
            }
            Selection::Inline { selections, .. } => self.take(selections, document),
            Selection::Spread { fragment, .. } => {
                document.fragment(fragment).is_none_or(|fragment| self.take(&fragment.selections, document))
            }
        })
    }
}
