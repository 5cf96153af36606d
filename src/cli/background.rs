//! Where long work is done: behind everybody who is answered in the meantime.

use std::{io, time::Duration};

use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::spawn_blocking,
};

/// Threads of their own for what nobody waits for: reading the company, building it, writing it elsewhere. They have
/// stepped back, so that they take what time requests leave, and on a machine with nothing else to do all of it.
pub(super) struct Background {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Background {
    /// Starts them.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("background")
            .thread_stack_size(STACK)
            .on_thread_start(step_back)
            .enable_all()
            .build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Where to spawn what shall run there.
    pub(super) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Ends them. What is being written to disk has a moment to be whole.
    pub(super) async fn end(mut self) {
        if let Some(runtime) = self.runtime.take() {
            let _ = spawn_blocking(move || runtime.shutdown_timeout(LAST_MOMENT)).await;
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Where something has failed nobody waits: it is dropped where others run.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Has this thread, and those that it starts, do their work when others leave it time.
fn step_back() {
    // Linux has a priority for each thread. Where there is none the work is done as everybody's is.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
}

/// One that is at long work doesn't keep the answers of Gong waiting that look-ups wait for.
const WORKERS: usize = 2;
/// A tenth of the time of somebody who hasn't stepped back, so that a busy service grows no older than it must.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;
/// How long the end waits for what has been begun.
const LAST_MOMENT: Duration = Duration::from_secs(5);
/// The stack of such a thread: that of all others.
const STACK: usize = 16 << 20;
