//! Work that is done once for all who ask for it meanwhile, and for as long as any of them waits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};

/// Work under way, by name. Cheap to clone.
pub(super) struct Joint<T: Clone>(Arc<Mutex<HashMap<String, WeakShared<BoxFuture<'static, T>>>>>);

impl<T: Clone> Clone for Joint<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Clone> Default for Joint<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Joint<T> {
    /// The work of this name: what is under way, or else `work`. It is dropped with the last who waits for it.
    pub(super) fn join(
        &self,
        name: &str,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Shared<BoxFuture<'static, T>> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(joined) = under_way.get(name).and_then(WeakShared::upgrade) {
            return joined;
        }
        // Never more than there are requests that wait.
        under_way.retain(|_, other| other.upgrade().is_some());
        let begun = work.boxed().shared();
        if let Some(weak) = begun.downgrade() {
            under_way.insert(name.to_owned(), weak);
        }
        begun
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn work_is_done_once_and_given_up_when_the_last_who_waits_has_gone() {
        let joint = Joint::default();
        let (end, awaited) = oneshot::channel::<u32>();
        let work = async move { awaited.await.unwrap_or_default() };
        let mut first = joint.join("a", work);
        let mut second = joint.join("a", async { unreachable!("it is under way") });
        assert_eq!(((&mut first).now_or_never(), (&mut second).now_or_never()), (None, None));
        drop(first);
        assert!(!end.is_closed(), "somebody waits");
        drop(second);
        assert!(end.is_closed(), "nobody waits");
        assert_eq!(joint.join("a", async { 7 }).await, 7);
        assert_eq!(joint.join("b", async { 8 }).await, 8);
        assert_eq!(joint.0.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn whoever_stays_has_what_another_began() {
        let joint = Joint::default();
        let (end, awaited) = oneshot::channel::<u32>();
        let mut first = joint.join("a", async move { awaited.await.unwrap_or_default() });
        let second = tokio::spawn(joint.join("a", async { 0 }));
        assert_eq!((&mut first).now_or_never(), None);
        tokio::task::yield_now().await;
        drop(first);
        end.send(9).unwrap();
        assert_eq!(second.await.unwrap(), 9);
    }
}
