//! Whoever waits for an export: when all have gone, nobody writes on.

use std::sync::{Arc, Weak};

/// Those who wait for one export. Clones wait for the same, and when the last is dropped it is given up: a table whose
/// client has left would keep a thread busy to its end, and so would the end of the process wait for it.
#[derive(Clone, Debug, Default)]
pub struct Audience(Arc<()>);

/// What whoever writes looks at.
#[derive(Clone, Debug, Default)]
pub(super) struct Awaited(Option<Weak<()>>);

impl Awaited {
    pub(super) fn by(Audience(waiting): &Audience) -> Self {
        Self(Some(Arc::downgrade(waiting)))
    }

    /// Whether anybody waits still. Where nobody in particular was named, somebody does.
    pub(super) fn is_so(&self) -> bool {
        self.0.as_ref().is_none_or(|waiting| waiting.strong_count() > 0)
    }
}
