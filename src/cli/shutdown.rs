//! When to stop.

/// Done when the process is asked to stop: Ctrl-C, or SIGTERM from whoever started it.
pub(super) async fn asked_to_stop() {
    tokio::select! { () = interrupt() => {} () = terminate() => {} }
    tracing::info!("asked to stop");
}

/// Done when the process is to end at once, its terminal gone among the reasons. Tells with what it ends then, as shells
/// have it.
pub(super) async fn told_to_end() -> i32 {
    tokio::select! {
        () = hang_up() => 129,
        () = interrupt() => 130,
        () = terminate() => 143,
    }
}

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminate() {
    got(tokio::signal::unix::SignalKind::terminate()).await;
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending::<()>().await;
}

/// Not under `nohup`, which asks for it to be ignored: whoever listens would be heard instead.
#[cfg(target_os = "linux")]
async fn hang_up() {
    if ignores_hang_up() {
        return std::future::pending().await;
    }
    got(tokio::signal::unix::SignalKind::hangup()).await;
}

/// Elsewhere nothing tells whether it is ignored.
#[cfg(not(target_os = "linux"))]
async fn hang_up() {
    std::future::pending::<()>().await;
}

#[cfg(target_os = "linux")]
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // The first bit is the first signal, which is this one.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(unix)]
async fn got(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signal) => _ = signal.recv().await,
        Err(_) => std::future::pending().await,
    }
}
