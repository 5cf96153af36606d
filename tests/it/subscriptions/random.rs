//! None lost, none twice: whatever companies follow each other, and however fast somebody reads, what was told
//! makes of the first company the last one.

use std::collections::{BTreeMap, BTreeSet};

use orgraph::{
    auth::Role,
    org::{OrgGraph, UserIndex},
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use serde_json::{Value, json};

use super::{
    told::Reader,
    world::{World, snapshot},
};
use crate::company::{GRAPHS, companies, for_all};

/// What somebody makes of what they are told.
struct Told {
    reader: Reader,
    lead: Option<String>,
    users: BTreeMap<String, Value>,
    /// The version that all of it is from.
    version: String,
}

impl Told {
    async fn read(&mut self) -> Result<(), TestCaseError> {
        let event = self.reader.next().await;
        let id = event["userId"].as_str().unwrap_or_default().to_owned();
        let known = self.users.get(&id).cloned().unwrap_or(Value::Null);
        let kind = event["kind"].as_str().unwrap_or_default();
        // Somebody who wasn't in the team wasn't known, although they were there before.
        let before = if kind == "ENTERED" { &Value::Null } else { &event["before"] };
        prop_assert_eq!(&known, before, "{}", event);
        prop_assert_eq!(&event["previousVersion"], &self.version, "{}", event);
        match kind {
            "ADDED" | "ENTERED" | "CHANGED" => {
                prop_assert_ne!(&event["user"], &Value::Null, "{}", event);
                self.users.insert(id, event["user"].clone());
            }
            "REMOVED" | "LEFT" => {
                self.users.remove(&id);
            }
            _ => return Err(TestCaseError::fail(format!("{event}"))),
        }
        if event["remaining"] == 0 {
            self.version = event["snapshot"]["version"].as_str().unwrap_or_default().to_owned();
        }
        Ok(())
    }

    /// Whether it is this company.
    fn matches(&self, graph: &OrgGraph) -> Result<(), TestCaseError> {
        prop_assert_eq!(&self.users, &state(graph, self.lead.as_deref()));
        Ok(())
    }
}

/// Everybody of a company, or of a team, as the subscription asks for them.
fn state(graph: &OrgGraph, lead: Option<&str>) -> BTreeMap<String, Value> {
    let users = graph.users().iter().filter_map(|user| {
        let place = graph.find(user.id())?;
        if lead.is_some_and(|lead| !is_in_team(graph, place, lead)) {
            return None;
        }
        let manager = graph.manager(place).map(|manager| graph.user(manager).id());
        let told = json!({
            "id": user.id(), "managerId": user.manager_id(),
            "manager": manager.map(|id| json!({ "id": id })), "title": user.title(),
            "firstName": user.first_name(), "active": user.active(),
        });
        Some((user.id().to_owned(), told))
    });
    users.collect()
}

/// Link by link.
fn is_in_team(graph: &OrgGraph, mut user: UserIndex, lead: &str) -> bool {
    let mut seen = BTreeSet::new();
    while seen.insert(user) {
        if graph.user(user).id() == lead {
            return true;
        }
        let Some(manager) = graph.manager(user) else { return false };
        user = manager;
    }
    false
}

#[test]
fn what_was_told_makes_of_the_first_company_the_last_one() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    // Each step is a company, and how many changes each of the readers reads then.
    let steps = vec((companies(9), vec(0..6_usize, 2)), 2..7);
    for_all(GRAPHS / 400, (steps, any::<u8>()), |(steps, lead)| {
        runtime.block_on(async {
            let publish = |users| {
                let before = world.writer.current().map(|snapshot| snapshot.version);
                let snapshot = snapshot(before, users);
                world.writer.publish(snapshot.clone());
                snapshot
            };
            let first = publish(steps[0].0.users());
            let lead = usize::from(lead).checked_rem(first.graph.users().len());
            let lead = lead.map(|at| first.graph.users()[at].id().to_owned());
            let mut readers = Vec::new();
            for lead in [None, lead] {
                let reader = Reader::new(&world.executor, json!({ "under": lead }), Role::Admin).await;
                let users = state(&first.graph, lead.as_deref());
                readers.push(Told { reader, lead, users, version: first.version.to_string() });
            }
            let mut last = first;
            for (company, reads) in &steps[1..] {
                let mut users = company.users();
                // Somebody new in each, so that there is something to read for everybody.
                let number = last.version.to_string();
                users.retain(|user| readers[1].lead.as_ref() != Some(&user.id));
                users.extend(readers[1].lead.iter().map(|id| crate::company::user(id)));
                users.push(orgraph::org::UserParts {
                    manager_id: readers[1].lead.clone(),
                    ..crate::company::user(&format!("new-{number}"))
                });
                last = publish(users);
                for (reader, reads) in readers.iter_mut().zip(reads) {
                    for _ in 0..*reads {
                        if reader.version == last.version.to_string() {
                            reader.matches(&last.graph)?;
                            break;
                        }
                        reader.read().await?;
                    }
                }
            }
            for reader in &mut readers {
                while reader.version != last.version.to_string() {
                    reader.read().await?;
                }
                reader.matches(&last.graph)?;
            }
            Ok(())
        })
    });
}
