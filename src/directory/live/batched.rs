//! One kind of question that is asked for many users in one call.

use std::{hash::Hash, sync::Arc, time::Duration};

use async_graphql::dataloader::{DataLoader, Loader};
use futures_util::FutureExt;

use super::remembered::Asking;
use crate::{
    directory::batches::{self, Arrivals},
    gong::{Gong, GongError, MAX_IDS_PER_CALL, Urgency},
};

/// The DataLoader in front of Gong: whoever asks in the same moment is in the same batch.
pub(super) struct Batched<L> {
    loader: Arc<DataLoader<L>>,
    arrivals: Arrivals,
}

impl<L> Batched<L> {
    pub(super) fn new(gong: &Gong, loader: L) -> Self {
        let arrivals = Arrivals::default();
        let spawner = batches::when_all_are_there(arrivals.clone(), gong.limiter().clone(), Urgency::Lookup);
        let loader = DataLoader::new(loader, spawner)
            .delay(Duration::ZERO)
            // A loader makes its calls of whatever comes together: keys of several windows may.
            .max_batch_size(100 * MAX_IDS_PER_CALL);
        Self { loader: Arc::new(loader), arrivals }
    }

    /// Asks for `key` together with all that come with it.
    pub(super) fn ask<K, V>(&self, key: K) -> Asking<V>
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        L: Loader<K, Value = Result<V, Arc<GongError>>, Error = Arc<GongError>>,
    {
        let (loader, arrivals) = (self.loader.clone(), self.arrivals.clone());
        async move {
            arrivals.one_more();
            let none = || GongError::Unreachable("the call was broken off".to_owned());
            loader.load_one(key).await?.unwrap_or_else(|| Err(Arc::new(none())))
        }
        .boxed()
    }
}
