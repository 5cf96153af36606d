//! The simulator as a whole, and its routes.

use std::{future::Future, sync::Arc};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use tokio::net::TcpListener;

use super::{
    access::Access,
    envelope::Fault,
    faults::{self, Faults},
    gate::{self, Gate},
    limits::Turnstile,
    settings::Settings,
    signing::SigningKey,
    stats::{Ledger, Stats},
    tenant::Tenant,
    user::SimUser,
    users,
    workspace::Workspace,
};

/// The largest body of a request, in bytes. Assumed: Gong's is not published.
const MAX_BODY: usize = 1024 * 1024;

/// A simulated Gong workspace. Clones are the same workspace: keep one to change the people and to
/// read the statistics while another is being served.
#[derive(Clone)]
pub struct Simulator {
    tenant: Arc<Tenant>,
    gate: Arc<Gate>,
    ledger: Arc<Ledger>,
}

impl Simulator {
    /// A workspace of these people. Its first day begins now.
    pub fn new(workspace: Workspace, settings: Settings) -> Self {
        let (key, ledger) = (SigningKey::random(), Arc::new(Ledger::default()));
        let gate = Gate {
            turnstile: Turnstile::new(&settings),
            access: Access::new(key.clone(), &settings),
            latency: settings.latency,
            ledger: Arc::clone(&ledger),
            faults: Faults::none(),
        };
        let tenant = Tenant::new(workspace, &settings, key, Arc::clone(&ledger));
        Self { tenant: Arc::new(tenant), gate: Arc::new(gate), ledger }
    }

    /// Gong's endpoints behind the limits, and `/_simulator/stats` and `/_simulator/faults`
    /// beside them.
    pub fn router(&self) -> Router {
        let gong = Router::new()
            .route("/v2/users", get(users::list))
            .route("/v2/users/extensive", post(users::extensive))
            .route("/v2/users/{id}", get(users::by_id))
            .with_state(Arc::clone(&self.tenant))
            .method_not_allowed_fallback(async || Fault::WrongMethod)
            .fallback(async || Fault::NoSuchPath)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .layer(from_fn_with_state(Arc::clone(&self.gate), gate::pass));
        let simulator = self.clone();
        Router::new()
            .route("/_simulator/stats", get(async move || Json(simulator.stats())))
            .merge(faults::routes(self.faults()))
            .merge(gong)
    }

    /// Answers calls until `shutdown` is done, then finishes those that are being answered.
    ///
    /// # Errors
    ///
    /// The listener failed.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let faults = self.faults();
        let shutdown = async move {
            shutdown.await;
            // A call that a fault holds up would never be finished.
            faults.clear();
        };
        axum::serve(listener, self.router()).with_graceful_shutdown(shutdown).await
    }

    /// What clients have done so far.
    pub fn stats(&self) -> Stats {
        self.ledger.snapshot(self.gate.turnstile.in_flight())
    }

    /// The faults: switch them on and off, and see how often they have struck.
    pub fn faults(&self) -> Faults {
        self.gate.faults.clone()
    }

    /// Changes the people: add, remove, rewrite, in any order. Every call sees all of the change or
    /// nothing of it, and listings that are under way go on as real ones do. Calls wait meanwhile,
    /// and `change` must not use this simulator.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Vec<SimUser>) -> T) -> T {
        self.tenant.edit(change)
    }

    /// The number of rows that a listing without avatars has now.
    pub fn people(&self) -> usize {
        self.tenant.people().iter().filter(|user| !user.avatar).count()
    }
}
