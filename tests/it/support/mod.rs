//! A service to test: everything real, on a port of its own, gone when it is dropped.

mod client;
mod collector;
mod events;
pub mod example;
mod issuer;
mod log;
mod operator;
mod postgres;
mod process;
mod raw;
mod scratch;
mod time;
mod upstream;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use orgraph::{
    app::{self, App, AppError, Door},
    clock::Clock,
    directory::{Directory, SyncStatus},
    gong::{self, Credentials, Limits},
    http,
    simulator::{self, Simulator, Workspace},
    store::Store,
    sync,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

pub use client::{Client, code, refusal};
pub use collector::{Collector, Got, Manner, attribute};
pub use events::Events;
pub use issuer::{Issuer, Pair, message};
pub use log::Log;
pub use operator::open;
pub use postgres::{Database, Postgres, Told as PostgresTold, settings as database_settings};
pub use process::{Process, orgraph, serving};
pub use raw::{Answer, Raw, post, post_with};
pub use scratch::Scratch;
pub use time::Time;
pub use upstream::{Reply, Upstream};

/// Longer than anything takes; a test that waits so long has failed.
pub const FOREVER: Duration = Duration::from_secs(120);

/// Held by tests that keep the machine busy and by those that hold the starts of calls against a clock, which
/// can't be told apart from late ones on a machine that is.
pub static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A running service.
pub struct Service {
    pub client: Client,
    pub directory: Directory,
    /// Where it serves.
    pub address: SocketAddr,
    /// The operators' door.
    pub admin: SocketAddr,
    /// How it ended.
    pub ended: JoinHandle<Result<(), AppError>>,
    stop: oneshot::Sender<()>,
}

/// Limits that don't slow a test down.
pub const UNHURRIED: Limits =
    Limits { max_in_flight: 3, max_per_second: 1_000, daily_budget: 1_000_000, lookup_reserve: 1_000 };

/// Settings of a client for the Gong at `url`, with the key that everything here takes.
pub fn settings(url: String, limits: Limits) -> gong::Settings {
    let credentials =
        Credentials::AccessKey { access_key: "key".into(), access_key_secret: "canary-secret".into() };
    gong::Settings { limits, ..gong::Settings::new(url, credentials) }
}

impl Service {
    /// A service in front of the Gong that `settings` name, before its first sync has ended.
    pub async fn start(settings: &gong::Settings, interval: &str) -> Self {
        let sync = sync::Settings { interval: interval.parse().unwrap(), ..sync::Settings::default() };
        Self::with(settings, app::Settings { sync, ..app::Settings::default() }, None).await
    }

    /// The same, told more, and with what is on disk.
    pub async fn with(gong: &gong::Settings, settings: app::Settings, store: Option<Arc<Store>>) -> Self {
        Self::at(Clock::system(), gong, settings, store).await
    }

    /// The same, by another clock.
    pub async fn at(
        clock: Clock,
        gong: &gong::Settings,
        settings: app::Settings,
        store: Option<Arc<Store>>,
    ) -> Self {
        let app = App::new(gong, settings, store, clock, fastrand::Rng::with_seed(1)).unwrap();
        let directory = app.directory().clone();
        let [listener, door] =
            [TcpListener::bind("127.0.0.1:0").await, TcpListener::bind("127.0.0.1:0").await];
        let (listener, door) = (listener.unwrap(), door.unwrap());
        let address = listener.local_addr().unwrap();
        let client = Client::new(address);
        let admin = door.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended =
            tokio::spawn(app.run(listener, Some(Door { listener: door, name: "test".to_owned() }), async {
                let _ = stopped.await;
            }));
        Self { client, directory, address, admin, ended, stop }
    }

    /// A service in front of `simulator`, with its first snapshot.
    pub async fn of(simulator: &Simulator) -> Self {
        let service = Self::start(&settings(serve(simulator).await, UNHURRIED), "1d").await;
        service.ready().await;
        service
    }

    /// A service over these people, with its first snapshot.
    pub async fn over(workspace: Workspace) -> Self {
        Self::of(&simulate(workspace)).await
    }

    /// A service over a small company that meets the network like this.
    pub async fn met(server: http::ServerSettings) -> Self {
        let simulator = simulate(company("tests/data/northwind.ndjson"));
        let told = app::Settings { server, ..app::Settings::default() };
        let service = Self::with(&settings(serve(&simulator).await, UNHURRIED), told, None).await;
        service.ready().await;
        service
    }

    /// A service over these people that is told more, with its first snapshot.
    pub async fn told(workspace: Workspace, settings: app::Settings) -> Self {
        let gong = serve(&simulate(workspace)).await;
        let service = Self::with(&self::settings(gong, UNHURRIED), settings, None).await;
        service.ready().await;
        service
    }

    /// Waits for the first snapshot.
    pub async fn ready(&self) {
        let mut snapshots = self.directory.snapshots();
        timeout(FOREVER, snapshots.wait_for(Option::is_some)).await.expect("no snapshot").unwrap();
    }

    /// Waits for another snapshot than the one that is there now.
    pub async fn next_snapshot(&self) {
        let mut snapshots = self.directory.snapshots();
        snapshots.borrow_and_update();
        timeout(FOREVER, snapshots.changed()).await.expect("no further snapshot").unwrap();
    }

    /// Waits until the sync is as `wanted`.
    pub async fn status(&self, wanted: impl FnMut(&SyncStatus) -> bool) -> SyncStatus {
        let mut statuses = self.directory.statuses();
        timeout(FOREVER, statuses.wait_for(wanted)).await.expect("never in that state").unwrap().clone()
    }
}

/// A simulator without limits.
pub fn simulate(workspace: Workspace) -> Simulator {
    let unlimited = simulator::Settings {
        max_in_flight: None,
        max_starts_per_second: None,
        calls_per_day: None,
        ..keyed()
    };
    Simulator::new(workspace, unlimited)
}

/// A simulator's settings with the key that everything here uses, and Gong's limits.
pub fn keyed() -> simulator::Settings {
    simulator::Settings {
        access_key: "key".into(),
        access_key_secret: "canary-secret".into(),
        ..simulator::Settings::default()
    }
}

/// Serves `simulator` and tells where.
pub async fn serve(simulator: &Simulator) -> String {
    let (listener, url) = bound().await;
    serve_on(listener, simulator);
    url
}

/// Where calls wait until somebody serves them, and its URL.
pub async fn bound() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Serves `simulator` there.
pub fn serve_on(listener: TcpListener, simulator: &Simulator) {
    tokio::spawn(simulator.clone().serve(listener, std::future::pending()));
}

/// A file of this repository.
pub fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of this repository.
pub fn text(path: &str) -> String {
    std::fs::read_to_string(file(path)).unwrap()
}

/// The company of a file.
pub fn company(path: &str) -> Workspace {
    Workspace::from_ndjson(&text(path)).unwrap()
}

/// The company that the demo shows.
pub fn shipped_company() -> Workspace {
    company("data/sourcegraph_2022.ndjson")
}
