//! The simulator as a whole, and its routes.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use tokio::net::TcpListener;

use super::{
    access::Access,
    changes::{self, Changes, Step, Stepper},
    envelope::Fault,
    faults::{self, Faults},
    gate::{self, Gate},
    limits::Turnstile,
    oauth::{self, Tokens},
    resources,
    scim::{self, ScimSettings},
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
    beside: Arc<Beside>,
    stepper: Arc<Stepper>,
}

/// What at Gong has another host than the API, and which its limits don't count.
struct Beside {
    tokens: Arc<Tokens>,
    key: SigningKey,
    scim: ScimSettings,
}

impl Simulator {
    /// A workspace of these people. Its first day begins now.
    pub fn new(workspace: Workspace, settings: Settings) -> Self {
        let (key, ledger) = (SigningKey::random(), Arc::new(Ledger::default()));
        let tokens = Arc::new(Tokens::new(key.clone(), &settings.oauth));
        let gate = Gate {
            turnstile: Turnstile::new(&settings),
            access: Access::new(key.clone(), &settings, Arc::clone(&tokens)),
            latency: settings.latency,
            ledger: Arc::clone(&ledger),
            faults: Faults::none(),
        };
        let tenant = Tenant::new(workspace, &settings, key.clone(), Arc::clone(&ledger));
        let beside = Beside { tokens, key, scim: settings.scim };
        Self {
            tenant: Arc::new(tenant),
            gate: Arc::new(gate),
            ledger,
            beside: Arc::new(beside),
            stepper: Arc::default(),
        }
    }

    /// Gong's API behind the limits; beside it the token endpoint, SCIM, and `/_simulator/stats`,
    /// `/_simulator/faults` and `POST /_simulator/step`.
    pub fn router(&self) -> Router {
        let gong = Router::new()
            .route("/v2/users", get(users::list))
            .route("/v2/users/extensive", post(users::extensive))
            .route("/v2/users/{id}", get(users::by_id))
            .merge(resources::routes())
            .with_state(Arc::clone(&self.tenant))
            .method_not_allowed_fallback(async || Fault::WrongMethod)
            .fallback(async || Fault::NoSuchPath)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .layer(from_fn_with_state(Arc::clone(&self.gate), gate::pass));
        let simulator = self.clone();
        Router::new()
            .route("/_simulator/stats", get(async move || Json(simulator.stats())))
            .route("/_simulator/step", post(changes::step_now).with_state(self.clone()))
            .merge(faults::routes(self.faults()))
            .merge(gong)
            .merge(self.beside())
    }

    /// The token endpoint and SCIM.
    fn beside(&self) -> Router {
        let Beside { tokens, key, scim } = &*self.beside;
        oauth::routes(Arc::clone(tokens), Arc::clone(&self.ledger))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .merge(scim::routes(Arc::clone(&self.tenant), key.clone(), scim, self.faults()))
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

    /// From now on, the people change as these say, a step at a time. A series is taken to stand at
    /// its first step: begin with [`Series::first`](super::Series::first).
    pub fn follow(&self, changes: impl Into<Changes>) {
        self.stepper.follow(changes.into());
    }

    /// Makes a step of what the simulator follows, and tells it. `None` if that is nothing. A series
    /// stays at its last step.
    pub fn step(&self) -> Option<Step> {
        self.stepper.step(&self.tenant)
    }

    /// Makes a step every so often and tells each, until there is none left. None at all if the time
    /// is zero.
    pub async fn keep_stepping(&self, every: Duration, tell: impl Fn(&Step)) {
        if every.is_zero() {
            return;
        }
        loop {
            tokio::time::sleep(every).await;
            match self.step().filter(|step| step.moved) {
                Some(step) => tell(&step),
                None => return,
            }
        }
    }

    /// The number of rows that a listing without avatars has now.
    pub fn people(&self) -> usize {
        self.tenant.people().iter().filter(|user| !user.avatar).count()
    }
}
