//! Long answers are read on a thread for such work. A thread that runs requests sees new ones only between two tasks:
//! to read a page of users there takes most of a millisecond and holds up all of them. One is read at a time: several
//! would have everybody wait for a core, where there are few.

use std::sync::Arc;

use tokio::sync::Mutex;
use tracing::Span;

use crate::threads;

/// From so many bytes on an answer is long: some twenty users.
const LONG: usize = 16 << 10;

/// Where long answers are read.
#[derive(Debug, Default)]
pub(super) struct Aside(Arc<Mutex<()>>);

impl Aside {
    /// Has an answer of so many bytes read.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        read: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        if bytes < LONG {
            return read();
        }
        let (turn, span) = (self.0.clone().lock_owned().await, Span::current());
        threads::beside(move || {
            // It goes along with the work, which ends even when nobody waits for it any more.
            let _turn = turn;
            span.in_scope(read)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        thread,
    };

    use futures_util::future::join_all;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn long_answers_are_read_elsewhere_and_one_at_a_time() {
        let (aside, here) = (Aside::default(), thread::current().id());
        assert_eq!(aside.read(LONG - 1, || thread::current().id()).await, here);
        let at_once = Arc::new(AtomicUsize::new(0));
        let read = || {
            let at_once = at_once.clone();
            aside.read(LONG, move || {
                let others = at_once.fetch_add(1, Ordering::SeqCst);
                // If another could run beside it, it would begin now.
                thread::yield_now();
                at_once.fetch_sub(1, Ordering::SeqCst);
                (others, thread::current().id())
            })
        };
        for (others, thread) in join_all((0..50).map(|_| read())).await {
            assert_eq!(others, 0);
            assert_ne!(thread, here);
        }
    }

    #[tokio::test]
    async fn one_that_nobody_waits_for_ends_before_the_next_begins() {
        let aside = Aside::default();
        let (begun, has_begun) = oneshot::channel();
        let (go_on, told) = mpsc::channel::<()>();
        let ended = Arc::new(AtomicUsize::new(0));
        let first = aside.read(LONG, {
            let ended = ended.clone();
            move || {
                begun.send(()).unwrap();
                told.recv().unwrap();
                ended.store(1, Ordering::SeqCst);
            }
        });
        tokio::select! {
            () = first => panic!("it waits to be told"),
            begun = has_begun => begun.unwrap(),
        }
        let second = aside.read(LONG, move || ended.load(Ordering::SeqCst));
        let (ended, ()) = tokio::join!(second, async { go_on.send(()).unwrap() });
        assert_eq!(ended, 1);
    }

    #[tokio::test]
    #[should_panic(expected = "it can't be read")]
    async fn whoever_has_an_answer_read_hears_of_a_panic() {
        Aside::default().read(LONG, || panic!("it can't be read")).await
    }
}
