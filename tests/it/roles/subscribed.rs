//! Roles × fields × what a subscription tells.

use futures_util::future::join_all;
use orgraph::{auth::Role, simulator::Workspace};

use super::{
    asking::Asking,
    matrix::{cell, of_user, selection},
    people::small,
};
use crate::support::simulate;

/// A way to users as an event tells of them.
pub const SUBSCRIBED_WAYS: [(&str, &str); 2] = [
    ("UserChange.user", r#"subscription { userChanged(ids: ["10"]) { user @ } }"#),
    ("UserChange.before", r#"subscription { userChanged(under: "10") { before @ } }"#),
];

/// All listen while one change happens.
#[tokio::test]
async fn events_tell_a_role_what_queries_do() {
    let simulator = simulate(Workspace::new(small()));
    let asking = Asking::by_keys(&simulator).await;
    let mut listening = Vec::new();
    for field in of_user() {
        for (way, template) in SUBSCRIBED_WAYS {
            let query = template.replace(" @ ", &selection(field));
            for role in Role::ALL {
                listening.push((role, field, way, asking.subscribe(role, &query).await));
            }
        }
    }
    assert_eq!(listening.len(), 8 * 2 * 3);
    simulator
        .edit(|users| users.iter_mut().find(|user| user.id == "10").unwrap().title = Some("Dean".into()));
    asking.scan().await;
    join_all(listening.into_iter().map(|(role, field, way, mut events)| async move {
        cell(role, field, way, &events.next().await);
    }))
    .await;
}

/// What changed of contact data isn't named to whoever doesn't see it: a reader isn't told of it at all.
#[tokio::test]
async fn a_change_of_contact_data_is_told_to_those_who_see_it() {
    let simulator = simulate(Workspace::new(small()));
    let asking = Asking::by_keys(&simulator).await;
    let query = "subscription { userChanged { userId changedFields } }";
    let mut reader = asking.subscribe(Role::Reader, query).await;
    let mut analyst = asking.subscribe(Role::Analyst, query).await;
    let edit = |id: &str, change: fn(&mut orgraph::simulator::SimUser)| {
        simulator.edit(|users| change(users.iter_mut().find(|user| user.id == id).unwrap()));
    };
    edit("10", |user| user.phone_number = Some("another".into()));
    asking.scan().await;
    let told = analyst.next().await;
    assert_eq!(told["data"]["userChanged"]["userId"], "10");
    assert_eq!(told["data"]["userChanged"]["changedFields"].as_array().unwrap().len(), 1);
    edit("11", |user| user.title = Some("Dean".into()));
    asking.scan().await;
    for events in [&mut reader, &mut analyst] {
        let told = events.next().await;
        assert_eq!(told["data"]["userChanged"]["userId"], "11", "{told}");
    }
}
