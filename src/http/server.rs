//! Serves until asked to stop, then lets what runs come to its end, within a deadline.

use std::{future::IntoFuture, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot};

/// How long requests under way may take once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves `router` on `listener` until `shutdown` is done.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        let _ = stopping.send(());
    });
    let deadline = async {
        if stopped.await.is_err() {
            std::future::pending::<()>().await; // the server ended by itself
        }
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = deadline => {
            tracing::warn!(deadline_s = DRAIN.as_secs(), "requests were still running at the deadline; they are cut off");
            Ok(())
        }
    }
}
