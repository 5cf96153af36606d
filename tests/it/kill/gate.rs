//! A gate before the simulator: it lets as many calls through as it is told, and counts all that come.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use orgraph::simulator::Simulator;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinHandle,
};

/// One address of a simulator, which one process calls. Shut at first.
pub struct Gate {
    pub url: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    passes: Semaphore,
    arrived: AtomicU32,
    answered: watch::Sender<u32>,
}

impl Gate {
    pub async fn before(simulator: &Simulator) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            passes: Semaphore::new(0),
            arrived: AtomicU32::new(0),
            answered: watch::Sender::new(0),
        });
        let router = simulator.router().layer(from_fn_with_state(shared.clone(), pass));
        let server = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { url, shared, server }
    }

    /// Lets so many calls through.
    pub fn let_in(&self, calls: usize) {
        self.shared.passes.add_permits(calls);
    }

    pub fn open(&self) {
        self.let_in(Semaphore::MAX_PERMITS / 2);
    }

    /// Calls that have come in, those held back included.
    pub fn arrived(&self) -> u32 {
        self.shared.arrived.load(Ordering::SeqCst)
    }

    pub fn answered(&self) -> u32 {
        *self.shared.answered.borrow()
    }

    /// Waits until so many calls have been answered.
    pub async fn answers(&self, calls: u32) {
        self.shared.answered.subscribe().wait_for(|answered| *answered >= calls).await.unwrap();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass(State(gate): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    gate.arrived.fetch_add(1, Ordering::SeqCst);
    gate.passes.acquire().await.unwrap().forget();
    let response = next.run(request).await;
    gate.answered.send_modify(|answered| *answered += 1);
    response
}
