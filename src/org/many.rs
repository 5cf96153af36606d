//! What takes a while to let go of.

use std::{mem, ops::Deref, thread};

/// A list of which a long one is let go of on a thread of its own: whoever does so last may be in the middle of an
/// answer.
pub(super) struct Many<T: Send + 'static>(Vec<T>);

/// So many users take a sixth of a millisecond to let go of.
const LONG: usize = 10_000;
/// After so many, others may have the core.
const AT_A_TIME: usize = 64;

impl<T: Send> From<Vec<T>> for Many<T> {
    fn from(all: Vec<T>) -> Self {
        Self(all)
    }
}

impl<T: Send> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Send> Drop for Many<T> {
    fn drop(&mut self) {
        let all = mem::take(&mut self.0);
        if all.len() < LONG {
            return;
        }
        let release = move || {
            for (at, one) in all.into_iter().enumerate() {
                if at % AT_A_TIME == 0 {
                    thread::yield_now();
                }
                drop(one);
            }
        };
        // Where there is no thread to be had, they are let go of here, with what was to be done on it.
        drop(thread::Builder::new().name("release".to_owned()).spawn(release));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        iter::repeat_with,
        sync::mpsc::{Sender, channel},
        thread::ThreadId,
    };

    use super::*;

    /// Tells on which thread it was let go of.
    struct Told(Sender<ThreadId>);

    impl Drop for Told {
        fn drop(&mut self) {
            self.0.send(thread::current().id()).unwrap();
        }
    }

    #[test]
    fn a_long_list_is_let_go_of_whole_and_elsewhere() {
        let here = thread::current().id();
        for (length, elsewhere) in [(LONG - 1, false), (LONG, true)] {
            let (tell, told) = channel();
            let many: Many<_> = repeat_with(|| Told(tell.clone())).take(length).collect::<Vec<_>>().into();
            drop(tell);
            assert_eq!(many.len(), length);
            drop(many);
            let threads: Vec<_> = told.iter().collect();
            assert_eq!(threads.len(), length);
            assert!(threads.iter().all(|&thread| (thread != here) == elsewhere));
        }
    }
}
