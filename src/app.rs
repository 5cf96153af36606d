//! The service, put together.

use std::sync::Arc;

use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    clock::Clock,
    directory::{self, Directory},
    gong::{self, Gong, SettingsError},
    graphql::Executor,
    http,
    sync::{Interval, Sync},
};

/// Everything between Gong and the clients, built but not started.
pub struct App {
    directory: Directory,
    sync: Sync,
    executor: Executor,
    request_ids: fastrand::Rng,
}

impl App {
    /// Builds the service. Nothing is bound and nothing sent.
    ///
    /// # Errors
    /// If the settings of Gong can't be used.
    pub fn new(
        settings: &gong::Settings,
        interval: Interval,
        clock: Clock,
        mut rng: fastrand::Rng,
    ) -> Result<Self, SettingsError> {
        let gong = Arc::new(Gong::new(settings, clock.clone(), rng.fork())?);
        let (writer, directory) = directory::open(gong.clone(), clock.clone());
        let sync = Sync::new(gong, (writer, directory.clone()), interval, clock.clone(), rng.fork());
        let executor = Executor::new(directory.clone(), clock);
        Ok(Self { directory, sync, executor, request_ids: rng })
    }

    /// What the service knows; to watch it from outside.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Reads Gong and serves on `listener` until `shutdown` is done.
    ///
    /// # Errors
    /// If the listener fails, or the sync ends, which it doesn't unless by a fault of ours.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let router = http::router(self.executor, self.directory, self.request_ids);
        // Of its own, so that a sync at work and requests don't wait for each other; ended with this.
        let mut sync = JoinSet::new();
        sync.spawn(self.sync.run());
        tokio::select! {
            served = http::serve(listener, router, shutdown) => served,
            // It has no end but a fault of ours: better none at all than a service that quietly grows old.
            _ = sync.join_next() => Err(std::io::Error::other("the sync has ended; the log says why")),
        }
    }
}
