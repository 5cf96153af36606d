//! What the machine tells of processes, and which cores they run on.

use std::{
    fs,
    process::{Command, Stdio},
    sync::LazyLock,
    thread::available_parallelism,
};

/// The core of whichever server is asked.
const SERVER: &str = "0";
/// That of the generator.
pub(crate) const GENERATOR: &str = "1";
/// Linux tells the time of processes in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// Whether there are two cores, and a way to say who runs where.
static TWO_CORES: LazyLock<bool> = LazyLock::new(|| {
    available_parallelism().is_ok_and(|cores| cores.get() >= 2)
        && done(Command::new("taskset").arg("--version"))
});

/// Whether the generator has a core to itself, so that it may wait without sleeping.
pub(crate) fn has_own_core() -> bool {
    *TWO_CORES
}

/// Has this process run on one core from now on; tells whether that could be done.
pub(crate) fn take_core(core: &str) -> bool {
    let this = std::process::id().to_string();
    *TWO_CORES && done(Command::new("taskset").args(["-a", "-c", "-p", core, &this]))
}

/// The command, on the servers' core and with one thread for requests.
pub(crate) fn on_one_core(mut command: Command) -> Command {
    command.env("TOKIO_WORKER_THREADS", "1");
    on(SERVER, command)
}

/// The command on both cores, whichever this process has.
pub(crate) fn on_all_cores(command: Command) -> Command {
    on(&format!("{SERVER},{GENERATOR}"), command)
}

fn on(cores: &str, command: Command) -> Command {
    if !*TWO_CORES {
        return command;
    }
    let mut pinned = Command::new("taskset");
    pinned.args(["-c", cores]);
    within(pinned, &command)
}

/// The command, started by another that is told what to start after its own arguments.
pub(crate) fn within(mut outer: Command, command: &Command) -> Command {
    outer.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}

fn done(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The CPU time that a process has taken so far, in seconds.
pub(crate) fn cpu_seconds(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("a running process, on Linux");
    // The name, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks = rest.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

/// The memory that a process holds at present, in bytes.
pub(crate) fn resident_bytes(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a running process, on Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1_024
}

/// Has this thread do its work only when others leave it time, if there is a way to say so.
pub(crate) fn step_back() {
    let this = fs::read_link("/proc/thread-self").expect("a running thread, on Linux");
    done(Command::new("chrt").args(["--idle", "--pid", "0"]).arg(this.file_name().unwrap()));
}

/// Has this thread run as soon as it can, before all others; what it starts doesn't. Tells whether it may.
pub(crate) fn come_first() -> bool {
    let this = fs::read_link("/proc/thread-self").expect("a running thread, on Linux");
    let first = ["--reset-on-fork", "--fifo", "--pid", "1"];
    done(Command::new("chrt").args(first).arg(this.file_name().unwrap()))
}
