//! The service, put together.

mod tokens;

use std::{sync::Arc, time::Duration};

use thiserror::Error;
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

pub(crate) use self::tokens::TokensOnDisk;
use crate::{
    admin,
    auth::{self, Authenticator, audit::AuditLog},
    clock::Clock,
    directory::{self, Directory},
    gong::{self, Credentials, Gong},
    graphql::{self, Executor},
    http,
    publish::{self, Follower},
    store::Store,
    sync::{self, Sync, TooOften},
};

/// Everything between Gong and the clients, built but not started.
pub struct App {
    gong: Arc<Gong>,
    directory: Directory,
    sync: Sync,
    executor: Executor,
    authenticator: Authenticator,
    clock: Clock,
    request_ids: fastrand::Rng,
    max_snapshot_age: Option<Duration>,
    http: http::Settings,
    observed: http::Observed,
    server: http::ServerSettings,
    audit: AuditLog,
    subscriptions: http::SubscriptionSettings,
    publish: Option<Follower>,
    publications: Option<Arc<publish::Tally>>,
}

/// How long the end of the process waits for a token that is on its way, and for the audit log.
const LAST_MOMENT: Duration = Duration::from_secs(5);

/// What the service is told, beside Gong's part.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How Gong is read.
    pub sync: sync::Settings,
    /// How old the snapshot may be before the service calls itself not ready; `None` for however old.
    pub max_snapshot_age: Option<Duration>,
    /// How requests are taken and answers given.
    pub http: http::Settings,
    /// What is told about requests.
    pub observed: http::ObservedSettings,
    /// How the service meets the network.
    pub server: http::ServerSettings,
    /// Where it is taken down who reads contact data of whom.
    pub audit: AuditLog,
    /// Who may ask; everybody, if nothing is said.
    pub auth: auth::Settings,
    /// What clients may ask for, and what they are told of the schema.
    pub graphql: graphql::Settings,
    /// How long connections may stay open, and how many.
    pub subscriptions: http::SubscriptionSettings,
    /// Where tables are written after each sync, if anywhere.
    pub publish: Option<publish::Target>,
}

/// Where operators come in.
#[derive(Debug)]
pub struct Door {
    /// On loopback.
    pub listener: TcpListener,
    /// What the service calls itself.
    pub name: String,
}

/// Why the service can't be built.
#[derive(Debug, Error)]
pub enum BuildError {
    /// Gong can't be asked so.
    #[error(transparent)]
    Gong(#[from] gong::SettingsError),
    /// Nobody could be let in so.
    #[error(transparent)]
    Auth(#[from] auth::SettingsError),
}

/// Why the service has ended without being asked to.
#[derive(Debug, Error)]
pub enum AppError {
    /// The operators' listener failed.
    #[error(transparent)]
    Listener(#[from] std::io::Error),
    /// The interval doesn't fit the day's budget.
    #[error(transparent)]
    TooOften(#[from] TooOften),
    /// The sync has ended, which it doesn't but by a fault of ours.
    #[error("the sync has ended; the log says why")]
    SyncEnded,
    /// Whoever keeps up with the keys has ended, which it doesn't but by a fault of ours.
    #[error("nobody keeps up with keys and tokens any more; the log says why")]
    AuthEnded,
}

impl App {
    /// Builds the service over what `store` keeps. Nothing is bound and nothing sent.
    ///
    /// # Errors
    /// If settings can't be used.
    pub fn new(
        gong: &gong::Settings,
        settings: Settings,
        store: Option<Arc<Store>>,
        clock: Clock,
        mut rng: fastrand::Rng,
    ) -> Result<Self, BuildError> {
        let authenticator = Authenticator::new(&settings.auth, clock.clone())?;
        let mut gong = gong.clone();
        if let (Some(store), Credentials::OAuth(_)) = (&store, &gong.credentials) {
            gong.tokens = Arc::new(TokensOnDisk(store.clone()));
        }
        let gong = Arc::new(Gong::new(&gong, clock.clone(), rng.fork())?);
        let (writer, desk, directory) = directory::open(gong.clone(), clock.clone());
        let ends = (writer, desk, directory.clone());
        let sync = Sync::new(gong.clone(), ends, store, settings.sync, clock.clone(), rng.fork());
        let publications = settings.publish.is_some().then(Arc::default);
        let publish = settings.publish.zip(publications.clone()).map(|(target, tally)| {
            Follower::new(target, directory.snapshots(), tally, clock.clone(), rng.fork())
        });
        let executor =
            Executor::new(directory.clone(), clock.clone(), settings.graphql).audited(settings.audit.clone());
        Ok(Self {
            gong,
            directory,
            sync,
            executor,
            authenticator,
            clock,
            request_ids: rng,
            max_snapshot_age: settings.max_snapshot_age,
            http: settings.http,
            observed: http::Observed::new(settings.observed),
            server: settings.server,
            audit: settings.audit,
            subscriptions: settings.subscriptions,
            publish,
            publications,
        })
    }

    /// What the service knows; to watch it from outside.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Reads Gong and serves on `listener`, and for operators at `door`, until `shutdown` is done.
    ///
    /// # Errors
    /// If the operators' listener fails, or the sync ends.
    pub async fn run(
        self,
        listener: TcpListener,
        door: Option<Door>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), AppError> {
        let Self {
            gong,
            directory,
            sync,
            executor,
            authenticator,
            clock,
            request_ids,
            max_snapshot_age,
            http: told,
            observed,
            server,
            audit,
            subscriptions,
            publish,
            publications,
        } = self;
        let connections = http::Connections::default();
        let subscriptions = http::Subscriptions::new(subscriptions, connections.clone(), clock.clone());
        let watch = http::Watch {
            directory: directory.clone(),
            clock,
            max_snapshot_age,
            observed,
            connections: connections.clone(),
            publications,
        };
        let documents = told.documents.clone();
        let site = http::Site::new(
            executor,
            subscriptions,
            watch,
            authenticator.clone(),
            request_ids,
            told,
            &server,
        );
        let closing = connections.clone();
        let shutdown = async move {
            shutdown.await;
            closing.close();
        };
        // Of its own, so that a sync at work and requests don't wait for each other; ended with this.
        let mut sync_task = JoinSet::new();
        sync_task.spawn(sync.run());
        let mut auth_task = JoinSet::new();
        auth_task.spawn(async move { authenticator.run().await });
        // Whatever becomes of it, the service goes on. What it hasn't committed by the end has never been.
        let mut publish_task = JoinSet::new();
        if let Some(publish) = publish {
            publish_task.spawn(publish.run());
        }
        let admin = async {
            match door {
                Some(Door { listener, name }) => admin::serve(listener, name, directory).await,
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            () = http::serve(listener, site, server, shutdown) => Ok(()),
            // Both have no end but a fault: better no service than one that quietly grows old or can't be
            // looked after.
            ended = admin => Ok(ended?),
            never = documents.keep_current() => match never {},
            ended = sync_task.join_next() => match ended {
                Some(Ok(too_often)) => Err(too_often.into()),
                _ => Err(AppError::SyncEnded),
            },
            // A key that was removed would be taken for ever.
            _ = auth_task.join_next() => Err(AppError::AuthEnded),
        };
        sync_task.shutdown().await;
        // Sockets are no requests any more: the server doesn't wait for them.
        connections.close();
        let _ = timeout(LAST_MOMENT, connections.emptied()).await;
        // A token that Gong has sent and nobody has stored would be a consent lost.
        let _ = timeout(LAST_MOMENT, gong.settled()).await;
        audit.flush(LAST_MOMENT).await;
        ended
    }
}
