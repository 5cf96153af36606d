//! The service, put together.

use std::sync::Arc;

use tokio::net::TcpListener;

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
    /// If the listener fails.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let sync = tokio::spawn(self.sync.run());
        let router = http::router(self.executor, self.directory, self.request_ids);
        let served = http::serve(listener, router, shutdown).await;
        sync.abort();
        served
    }
}
