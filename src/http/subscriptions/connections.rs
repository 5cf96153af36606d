//! The connections that stay open: how many there are, of whom, what is under way over them, and that they are to
//! end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::settings::SubscriptionSettings;

/// All connections that stay open. Cheap to clone.
#[derive(Clone, Default)]
pub struct Connections(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Those with a connection or an operation.
    clients: Mutex<HashMap<Arc<str>, Share>>,
    open: watch::Sender<usize>,
    closing: watch::Sender<bool>,
}

/// There is no place for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// For anybody.
    Everywhere,
    /// For this client.
    Client,
    /// Among the operations of this client.
    Operations,
    /// In the memory that the operations of this client may take.
    Bytes,
}

/// What one client has.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    connections: usize,
    operations: usize,
    bytes: usize,
}

/// The place of one connection, given back when it is dropped.
pub(super) struct Place {
    connections: Connections,
    client: Arc<str>,
}

/// The place of one operation, given back when it is dropped.
pub(super) struct Underway {
    connections: Connections,
    client: Arc<str>,
    bytes: usize,
}

impl Connections {
    /// Has all of them end, and no others begin.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Done as soon as there are none.
    pub async fn emptied(&self) {
        // The sender is in here.
        let _ = self.0.open.subscribe().wait_for(|open| *open == 0).await;
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        *self.0.open.borrow()
    }

    /// A place for a connection of `client`.
    pub(super) fn enter(&self, client: &Arc<str>, settings: &SubscriptionSettings) -> Result<Place, Full> {
        let mut clients = self.0.clients();
        if *self.0.open.borrow() >= settings.max_connections {
            return Err(Full::Everywhere);
        }
        let share = clients.get(client).copied().unwrap_or_default();
        if share.connections >= settings.max_connections_per_client {
            return Err(Full::Client);
        }
        clients.insert(client.clone(), Share { connections: share.connections + 1, ..share });
        self.0.open.send_modify(|open| *open += 1);
        Ok(Place { connections: self.clone(), client: client.clone() })
    }

    /// A place for an operation of `client` that holds so many bytes, over whichever of its connections.
    pub(super) fn begin(
        &self,
        client: &Arc<str>,
        bytes: usize,
        settings: &SubscriptionSettings,
    ) -> Result<Underway, Full> {
        let mut clients = self.0.clients();
        let share = clients.get(client).copied().unwrap_or_default();
        if share.operations >= settings.max_operations_per_client {
            return Err(Full::Operations);
        }
        let held = share.bytes.saturating_add(bytes);
        if held > settings.max_operation_bytes_per_client {
            return Err(Full::Bytes);
        }
        clients.insert(client.clone(), Share { operations: share.operations + 1, bytes: held, ..share });
        Ok(Underway { connections: self.clone(), client: client.clone(), bytes })
    }

    /// Becomes true when connections are to end.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }
}

impl Inner {
    fn clients(&self) -> MutexGuard<'_, HashMap<Arc<str>, Share>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes something from the share of a client; one without any is forgotten.
    fn give_back(&self, client: &Arc<str>, take: impl FnOnce(&mut Share)) {
        let mut clients = self.clients();
        if let Some(share) = clients.get_mut(client) {
            take(share);
            if *share == Share::default() {
                clients.remove(client);
            }
        }
    }
}

impl Full {
    /// What whoever is refused is told.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Everywhere => "there are as many connections open as there may be",
            Self::Client => "this client has as many connections open as it may have",
            Self::Operations => "this client has as many operations under way as it may have; end one",
            Self::Bytes => {
                "the operations of this client hold as many bytes as they may, texts and variables; end one"
            }
        }
    }
}

/// Done when connections are to end.
pub(super) async fn closed(closing: &mut watch::Receiver<bool>) {
    // An end without a word is an end too.
    let _ = closing.wait_for(|closing| *closing).await;
}

impl Drop for Place {
    fn drop(&mut self) {
        let inner = &self.connections.0;
        inner.give_back(&self.client, |share| share.connections -= 1);
        inner.open.send_modify(|open| *open -= 1);
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.connections.0.give_back(&self.client, |share| {
            share.operations -= 1;
            share.bytes -= self.bytes;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_given_back() {
        let connections = Connections::default();
        let settings = SubscriptionSettings {
            max_connections: 3,
            max_connections_per_client: 2,
            ..SubscriptionSettings::default()
        };
        let enter = |client: &str| connections.enter(&client.into(), &settings);
        let (first, _second) = (enter("a").ok(), enter("a").ok());
        assert!(first.is_some());
        assert_eq!(enter("a").err(), Some(Full::Client));
        let _third = enter("b").ok();
        assert_eq!(enter("b").err(), Some(Full::Everywhere));
        drop(first);
        assert_eq!(connections.open(), 2);
        assert!(enter("a").is_ok());
        assert_eq!(connections.open(), 2);
    }

    #[test]
    fn operations_and_their_bytes_are_counted_and_given_back() {
        let connections = Connections::default();
        let settings = SubscriptionSettings {
            max_operations_per_client: 2,
            max_operation_bytes_per_client: 10,
            ..SubscriptionSettings::default()
        };
        let begin = |client: &str, bytes| connections.begin(&client.into(), bytes, &settings);
        let (first, second) = (begin("a", 1).ok(), begin("a", 1).ok());
        assert_eq!(begin("a", 1).err(), Some(Full::Operations));
        assert!(begin("b", 10).is_ok(), "others have a share of their own");
        drop(first);
        assert_eq!(begin("a", 10).err(), Some(Full::Bytes));
        let third = begin("a", 9).ok();
        assert!(third.is_some());
        drop((second, third));
        assert!(connections.0.clients().is_empty());
    }
}
