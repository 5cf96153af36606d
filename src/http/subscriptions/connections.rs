//! The connections that stay open: how many there are, of whom, and that they are to end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

use super::settings::SubscriptionSettings;

/// All connections that stay open. Cheap to clone.
#[derive(Clone, Default)]
pub struct Connections(Arc<Inner>);

#[derive(Default)]
struct Inner {
    clients: Mutex<HashMap<Arc<str>, usize>>,
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
}

/// The place of one connection, given back when it is dropped.
pub(super) struct Place {
    connections: Connections,
    client: Arc<str>,
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
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if *self.0.open.borrow() >= settings.max_connections {
            return Err(Full::Everywhere);
        }
        let of_client = clients.get(client).copied().unwrap_or(0);
        if of_client >= settings.max_connections_per_client {
            return Err(Full::Client);
        }
        clients.insert(client.clone(), of_client + 1);
        self.0.open.send_modify(|open| *open += 1);
        Ok(Place { connections: self.clone(), client: client.clone() })
    }

    /// Becomes true when connections are to end.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }
}

/// Done when connections are to end.
pub(super) async fn closed(closing: &mut watch::Receiver<bool>) {
    // An end without a word is an end too.
    let _ = closing.wait_for(|closing| *closing).await;
}

impl Drop for Place {
    fn drop(&mut self) {
        let Inner { clients, open, .. } = &*self.connections.0;
        let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_client) = clients.get_mut(&self.client) {
            *of_client -= 1;
            if *of_client == 0 {
                clients.remove(&self.client);
            }
        }
        open.send_modify(|open| *open -= 1);
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
}
