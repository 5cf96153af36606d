//! What is noted of a request while it runs.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::Context;

/// What is noted of one request. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Notes(Arc<Noted>);

#[derive(Default)]
struct Noted {
    begun: AtomicBool,
    beside: AtomicBool,
}

impl Notes {
    /// The operation is run: its document and variables fit.
    pub(super) fn begin(&self) {
        self.0.begun.store(true, Ordering::Relaxed);
    }

    /// Whether it was run.
    pub(super) fn has_begun(&self) -> bool {
        self.0.begun.load(Ordering::Relaxed)
    }

    /// Its answer is from more than the pinned snapshot.
    pub(super) fn look_beside(&self) {
        self.0.beside.store(true, Ordering::Relaxed);
    }

    /// Whether its answer is from more than the pinned snapshot.
    pub(super) fn looked_beside(&self) -> bool {
        self.0.beside.load(Ordering::Relaxed)
    }
}

/// Notes that an answer is from more than the pinned snapshot: Gong, the state of the sync, the time of day, or
/// whoever asks beyond their role. Such an answer can't be told by the snapshot's version and isn't kept by caches.
pub(super) fn looks_beside_the_snapshot(ctx: &Context<'_>) {
    if let Some(notes) = ctx.data_opt::<Notes>() {
        notes.look_beside();
    }
}
