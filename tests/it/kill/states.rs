//! Every state that the people were in, so that what is served can be told to be one of them.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use jiff::Timestamp;
use orgraph::simulator::Simulator;
use serde_json::{Value, json};

use crate::support::Client;

/// The states by the fingerprint of all people.
#[derive(Default)]
pub struct States {
    numbers: HashMap<u64, usize>,
    /// When the first process started that can have seen each.
    since: Vec<Timestamp>,
}

impl States {
    /// Takes down the people as they are from now on, as a process sees them that started at `since`.
    pub fn note(&mut self, simulator: &Simulator, since: Timestamp) {
        let people = simulator.edit(|people| people.clone());
        let persons = people.iter().filter(|user| !user.avatar).map(|user| {
            json!({
                "id": user.id, "emailAddress": user.email_address, "firstName": user.first_name,
                "lastName": user.last_name, "title": user.title, "active": user.active,
                "managerId": user.manager_id,
            })
        });
        let before = self.numbers.insert(fingerprint(persons.collect()), self.since.len());
        assert_eq!(before, None, "the people have not changed");
        self.since.push(since);
    }

    /// The number of the latest state.
    pub fn latest(&self) -> usize {
        self.since.len() - 1
    }

    pub fn since(&self, state: usize) -> Timestamp {
        self.since[state]
    }

    /// The state that is served. None, and the test has failed: it is a half one.
    pub async fn served(&self, client: &Client) -> usize {
        let people = "{ id emailAddress firstName lastName title active managerId }";
        let persons = client.all("users", "", "nodes", people, 1_000).await;
        let many = persons.len();
        *self.numbers.get(&fingerprint(persons)).unwrap_or_else(|| panic!("the {many} people of no state"))
    }
}

fn fingerprint(mut persons: Vec<Value>) -> u64 {
    persons.sort_by(|one, other| one["id"].as_str().cmp(&other["id"].as_str()));
    let mut hasher = DefaultHasher::new();
    // Keys stand in the order of the alphabet, whoever made the object.
    persons.iter().for_each(|person| person.to_string().hash(&mut hasher));
    hasher.finish()
}
