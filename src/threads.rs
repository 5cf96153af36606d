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

/// The same behind everybody who is answered in the meantime: for what keeps nobody waiting.
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
/// do, at once. Where it may not, or there is no such policy, the work is done as everybody's is.
fn step_back() {
    // Who is woken takes the core from a thread of this policy at once. From one that is only nice, Linux takes it when
    // that has had its slice, which is some milliseconds. With the policy the niceness is set, too, which may be refused
    // and is no matter.
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
        let as_ever = policy();
        let stepped_back = thread::spawn(|| {
            step_back();
            policy()
        });
        let stepped_back = stepped_back.join().unwrap();
        // Not everybody may.
        assert!([IDLE, as_ever].contains(&stepped_back), "{stepped_back}");
        let both = || (policy(), thread::spawn(policy).join().unwrap());
        assert_eq!(behind(both).await, (stepped_back, stepped_back));
        assert_eq!((beside(policy).await, policy()), (as_ever, as_ever));
    }

    /// The kernel's number of `SCHED_IDLE`.
    #[cfg(target_os = "linux")]
    const IDLE: u32 = 5;

    /// What the kernel says is this thread's policy, in the forty-first field.
    #[cfg(target_os = "linux")]
    fn policy() -> u32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // The name, which is the second, may hold anything.
        let (_, rest) = stat.rsplit_once(')').unwrap();
        rest.split_whitespace().nth(38).unwrap().parse().unwrap()
    }

    #[tokio::test]
    #[should_panic(expected = "it can't be done")]
    async fn whoever_waits_hears_of_a_panic() {
        behind(|| panic!("it can't be done")).await
    }
}
