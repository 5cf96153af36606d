//! Work that takes a while, on threads beside those that run requests: whoever runs requests sees new ones only between
//! two tasks.

use std::{
    future::pending,
    panic::resume_unwind,
    thread::{self, ScopedJoinHandle},
};

#[cfg(target_os = "linux")]
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};
use tokio::task::spawn_blocking;

/// How work is done that takes a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// [`beside`] those who are answered meanwhile.
    Beside,
    /// [`behind`] them.
    Behind,
}

impl Side {
    /// Does `work` so.
    pub(crate) async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> T {
        match self {
            Self::Beside => beside(work).await,
            Self::Behind => behind(work).await,
        }
    }
}

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

/// The same behind everybody who is answered in the meantime: for what nobody waits for.
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

/// Has this thread, and those that it starts, do their work when others leave it time; on a machine with nothing else to
/// do, at once. Where all cores are taken it is a three-hundredth of the time of somebody who hasn't stepped back.
fn step_back() {
    // Who is woken takes the core from a thread of this policy at once. From one that is only nice, Linux takes it when
    // that has had its slice, which is some milliseconds. Where there is no such policy, or none to be had, the work is
    // done as everybody's is.
    #[cfg(target_os = "linux")]
    let _ = set_thread_priority_and_policy(
        thread_native_id(),
        ThreadPriority::Min,
        ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle),
    );
}

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

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn whoever_steps_back_and_whom_they_start_are_behind_everybody_else() {
        let policy = || thread_priority::thread_schedule_policy().unwrap();
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let both = move || (policy(), thread::spawn(policy).join().unwrap());
        assert_eq!(behind(both).await, (idle, idle));
        let as_ever = beside(policy).await;
        assert_ne!(as_ever, idle);
        assert_eq!(policy(), as_ever);
    }

    #[tokio::test]
    #[should_panic(expected = "it can't be done")]
    async fn whoever_waits_hears_of_a_panic() {
        behind(|| panic!("it can't be done")).await
    }
}
