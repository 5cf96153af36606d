//! An operator of the service under test.

use std::sync::Arc;

use orgraph::{
    admin::{Address, Client},
    directory::{Decision, SyncState},
    store::Store,
};

use reqwest::Method;

use super::{Scratch, Service};

impl Service {
    /// The commands' end of the operators' door.
    pub fn operator(&self) -> Client {
        Client::new(Address { door: self.admin, name: Some("test".to_owned()) }).unwrap()
    }

    /// Has Gong scanned now, and waits until that has come to its end. Whoever asks while a scan runs gets
    /// that one: it is waited for before.
    pub async fn scan(&self) {
        self.status(|status| status.state != SyncState::Syncing).await;
        let scan = self.directory.request_scan();
        self.status(|status| status.scans >= scan).await;
    }

    /// What `/metrics` tells.
    pub async fn metrics(&self) -> String {
        self.client.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap()
    }

    /// Stops it, and waits until it has let go of everything.
    pub async fn stop(self) {
        drop(self.stop);
        self.ended.await.unwrap().unwrap();
    }

    /// Decides on what is held back.
    pub async fn decide(&self, decision: Decision) {
        self.operator().decide(decision, None).await.unwrap();
    }
}

/// What is kept in a state directory.
pub fn open(state: &Scratch) -> Option<Arc<Store>> {
    Some(Arc::new(Store::open(state.path()).unwrap().0))
}
