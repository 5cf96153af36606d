//! The `orgraph` command.

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use mimalloc::MiMalloc;
use orgraph::{
    cli,
    config::{Cli, ConfigError},
};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The stack of each thread. Selections nest as deep as `--max-depth` lets them, and each level of an answer that waits
/// for the next is some frames; of what isn't used nothing is taken.
const STACK: usize = 16 << 20;

/// Threads for work that others would wait for. A table that is sent holds one for as long as its reader likes, and there
/// may be a thousand of them; what is read, built and kept shall find one too. There are as many as have been needed.
const ASIDE: usize = 2_048;

/// How long what is under way aside may take when all else has ended. A company that isn't saved by then is left as it was
/// saved before.
const ENDING: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .max_blocking_threads(ASIDE)
        .build();
    let ended = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        let ended = runtime.block_on(cli::run(Cli::read()));
        runtime.shutdown_timeout(ENDING);
        ended
    });
    match ended {
        Ok(code) => code,
        Err(error) => {
            // Where nobody hears it, the code still tells.
            let _ = writeln!(io::stderr(), "orgraph: {error:#}");
            // 2, as for a flag that can't be read: nothing has been started.
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}
