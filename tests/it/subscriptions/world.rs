//! A service whose snapshots a test publishes itself.

use std::{net::SocketAddr, sync::Arc};

use fastrand::Rng;
use jiff::Timestamp;
use orgraph::{
    auth::{self, Authenticator},
    clock::Clock,
    directory::{self, Directory, Writer},
    gong::Gong,
    graphql::{self, Executor},
    http::{
        Connections, Observed, ObservedSettings, ServerSettings, Settings, Site, SubscriptionSettings,
        Subscriptions, Watch, serve,
    },
    org::{OrgSnapshot, SnapshotChecks, SnapshotSource, SnapshotVersion, UserParts},
};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    company::{build, user},
    support::{Client, UNHURRIED, settings},
};

pub(super) struct World {
    pub(super) executor: Executor,
    pub(super) directory: Directory,
    pub(super) connections: Connections,
    pub(super) address: SocketAddr,
    pub(super) client: Client,
    pub(super) writer: Writer,
    /// Dropped, the server stops.
    _stop: oneshot::Sender<()>,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(SubscriptionSettings::default()).await
    }

    pub(super) async fn with(told: SubscriptionSettings) -> Self {
        Self::for_sites(Settings::default(), told).await
    }

    /// Those are let in whom `auth` admits.
    pub(super) async fn guarded(auth: auth::Settings) -> Self {
        Self::of(Settings::default(), SubscriptionSettings::default(), auth).await
    }

    /// The same, told how requests are taken.
    pub(super) async fn for_sites(http: Settings, told: SubscriptionSettings) -> Self {
        Self::of(http, told, auth::Settings::default()).await
    }

    async fn of(http: Settings, told: SubscriptionSettings, auth: auth::Settings) -> Self {
        let clock = Clock::system();
        // Nobody is there, and nobody is asked.
        let gong =
            Gong::new(&settings("http://127.0.0.1:9".to_owned(), UNHURRIED), clock.clone(), Rng::new());
        let (writer, _, directory) = directory::open(Arc::new(gong.unwrap()), clock.clone());
        let executor = Executor::new(directory.clone(), clock.clone(), graphql::Settings::default());
        let connections = Connections::default();
        let subscriptions = Subscriptions::new(told, connections.clone(), clock.clone());
        let watch = Watch {
            publications: None,
            directory: directory.clone(),
            clock: clock.clone(),
            max_snapshot_age: None,
            observed: Observed::new(ObservedSettings::default()),
            connections: connections.clone(),
        };
        let server = ServerSettings::default();
        let authenticator = Authenticator::new(&auth, clock).unwrap();
        let rng = Rng::with_seed(1);
        let site =
            Site::new(executor.clone(), subscriptions, watch, authenticator.clone(), rng, http, &server);
        tokio::spawn(async move { authenticator.run().await });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(async move {
            let stopped = async {
                let _: Result<(), _> = stopped.await;
            };
            serve(listener, site, server, stopped).await;
        });
        Self { executor, directory, connections, address, client: Client::new(address), writer, _stop: stop }
    }

    /// Publishes a company; tells the version that it got.
    pub(super) fn publish(&self, users: Vec<UserParts>) -> SnapshotVersion {
        let snapshot = snapshot(self.writer.current().map(|snapshot| snapshot.version), users);
        let version = snapshot.version;
        self.writer.publish(snapshot);
        version
    }
}

/// The snapshot after `before`.
pub(super) fn snapshot(before: Option<SnapshotVersion>, users: Vec<UserParts>) -> Arc<OrgSnapshot> {
    Arc::new(OrgSnapshot {
        version: SnapshotVersion::after(before, Timestamp::UNIX_EPOCH),
        taken_at: Timestamp::UNIX_EPOCH,
        source: SnapshotSource::FullScan,
        checks: SnapshotChecks::default(),
        graph: build(users),
    })
}

/// So many people, each but the first under the first.
pub(super) fn crowd(people: usize) -> Vec<UserParts> {
    let person = |at: usize| UserParts {
        first_name: Some(format!("Person {at} with a name that is not short")),
        manager_id: (at > 0).then(|| "0".to_owned()),
        ..user(&at.to_string())
    };
    (0..people).map(person).collect()
}
