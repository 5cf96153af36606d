//! Texts that many users have, each kept once.

use std::{collections::HashSet, sync::Arc};

/// The texts that were shared so far. Whoever reads many users keeps it for as long as the reading lasts; the
/// texts live as long as the users who have them.
#[derive(Default)]
pub struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// The one copy of `text`.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(shared) = self.0.get(text) {
            return shared.clone();
        }
        let shared = Arc::<str>::from(text);
        self.0.insert(shared.clone());
        shared
    }
}
