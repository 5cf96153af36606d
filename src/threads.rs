//! Work that takes a while, on threads beside those that run requests: whoever runs requests sees new ones only between
//! two tasks.

use std::{
    future::pending,
    panic::resume_unwind,
    thread::{self, ScopedJoinHandle},
};

use tokio::task::spawn_blocking;

/// Does `work` where nobody waits for the thread. It goes on to its end even if nobody waits for it any more; whoever does
/// hears of a panic in it.
pub(crate) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(fault) => match fault.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The process is about to end.
            Err(_) => pending().await,
        },
    }
}

/// The same behind everybody who is answered in the meantime.
pub(crate) async fn behind<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // On a thread of its own: one that has stepped back may not come forward again.
    beside(|| {
        thread::scope(|scope| {
            let builder = thread::Builder::new().name("behind".to_owned()).stack_size(STACK);
            let worker = builder.spawn_scoped(scope, || {
                step_back();
                work()
            });
            match worker.map(ScopedJoinHandle::join) {
                Ok(worked) => worked.unwrap_or_else(|panic| resume_unwind(panic)),
                Err(none) => resume_unwind(Box::new(none)),
            }
        })
    })
    .await
}

/// Has this thread do its work when others leave it time; on a machine with nothing else to do, at once.
fn step_back() {
    // Linux has a priority for each thread. Where there is none the work is done as everybody's is.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
}

/// A tenth of the time of somebody who hasn't stepped back, so that a busy service grows no older than it must.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;
/// The stack of such a thread: what `main.rs` gives all others.
const STACK: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_on_another_thread() {
        let here = thread::current().id();
        assert_ne!(beside(|| thread::current().id()).await, here);
        assert_ne!(behind(|| thread::current().id()).await, here);
    }

    #[tokio::test]
    #[should_panic(expected = "it can't be done")]
    async fn whoever_waits_hears_of_a_panic() {
        behind(|| panic!("it can't be done")).await
    }
}
