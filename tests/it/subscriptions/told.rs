//! What is told of users: to whom, of which team, from when on, and what happens to those who fall behind.

use std::{net::Ipv4Addr, sync::Arc};

use async_graphql::{Request, Response, Variables};
use futures_util::{StreamExt, stream::BoxStream};
use orgraph::{
    auth::{Role, Viewer},
    graphql::{Circumstances, Executor, Method, Subscribed, Untold},
    org::UserParts,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::world::{World, crowd};
use crate::{company::user, support::FOREVER};

pub(super) const CHANGES: &str = "subscription($ids: [ID!], $under: ID, $since: String) {
    userChanged(ids: $ids, under: $under, since: $since) {
        kind userId changedFields remaining missed previousVersion snapshot { version }
        user { id managerId manager { id } title firstName active }
        before { id managerId manager { id } title firstName active } } }";

/// A reader of changes.
pub(super) struct Reader(BoxStream<'static, Response>);

impl Reader {
    pub(super) async fn new(executor: &Executor, variables: Value, role: Role) -> Self {
        let request = Request::new(CHANGES).variables(Variables::from_json(variables));
        let viewer = Viewer { role, ..Viewer::unauthenticated(Ipv4Addr::LOCALHOST.into()) };
        let circumstances = Circumstances { method: Method::Stream, request_id: "1".into(), viewer };
        match executor.subscribe(request, &circumstances).await {
            Subscribed::Events(events) => Self(events.then(Untold::answer).boxed()),
            Subscribed::Answer(outcome) => panic!("{:?}", outcome.response.errors),
        }
    }

    pub(super) async fn next(&mut self) -> Value {
        let response = timeout(FOREVER, self.0.next()).await.expect("nothing comes").expect("an end");
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let mut answer = serde_json::to_value(&response).unwrap();
        let event = answer["data"]["userChanged"].take();
        assert_eq!(answer["extensions"]["snapshot"]["version"], event["snapshot"]["version"]);
        event
    }

    /// Kind, user and fields of the next event.
    async fn brief(&mut self) -> Value {
        let event = self.next().await;
        json!([event["kind"], event["userId"], event["changedFields"]])
    }
}

fn under(id: &str, manager: Option<&str>) -> UserParts {
    UserParts { manager_id: manager.map(str::to_owned), ..user(id) }
}

#[tokio::test]
async fn a_change_is_of_the_record_or_of_who_the_manager_is() {
    let world = World::new().await;
    let company = |top: Option<&str>| vec![under("1", top), under("2", Some("1")), under("3", Some("2"))];
    world.publish(company(None));
    let mut reader = Reader::new(&world.executor, json!({}), Role::Admin).await;
    // Read again, and nothing else: no event, as the next one shows.
    let later = "2020-01-01T00:00:00Z".parse().unwrap();
    world.publish(company(None).into_iter().map(|user| UserParts { fetched_at: later, ..user }).collect());
    let mut changed = company(None);
    changed[0].title = Some("CEO".into());
    changed[0].active = false;
    world.publish(changed.clone());
    let event = reader.next().await;
    assert_eq!((&event["kind"], &event["userId"]), (&json!("CHANGED"), &json!("1")));
    assert_eq!(event["changedFields"], json!(["TITLE", "ACTIVE"]));
    assert_eq!((&event["before"]["title"], &event["user"]["title"]), (&Value::Null, &json!("CEO")));
    assert_eq!(event["remaining"], 0);

    // Who is named as manager goes: the record is the same, the manager isn't. Those below aren't concerned.
    world.publish(changed[1..].to_vec());
    assert_eq!(reader.brief().await, json!(["REMOVED", "1", []]));
    assert_eq!(reader.brief().await, json!(["CHANGED", "2", ["MANAGER"]]));
    world.publish(changed.clone());
    assert_eq!(reader.brief().await, json!(["ADDED", "1", []]));
    assert_eq!(reader.brief().await, json!(["CHANGED", "2", ["MANAGER"]]));
}

#[tokio::test]
async fn a_team_tells_who_comes_and_who_goes() {
    let world = World::new().await;
    let company = |of_three: &str| {
        vec![
            under("1", None),
            under("2", Some("1")),
            under("3", Some(of_three)),
            under("4", Some("3")),
            under("5", Some("4")),
        ]
    };
    world.publish(company("2"));
    let mut team = Reader::new(&world.executor, json!({ "under": "2" }), Role::Admin).await;
    let mut both =
        Reader::new(&world.executor, json!({ "under": "2", "ids": ["5", "1"] }), Role::Admin).await;
    world.publish(company("1"));
    assert_eq!(team.brief().await, json!(["LEFT", "3", ["MANAGER_ID", "MANAGER"]]));
    assert_eq!(team.brief().await, json!(["LEFT", "4", []]));
    assert_eq!(team.brief().await, json!(["LEFT", "5", []]));
    assert_eq!(both.brief().await, json!(["LEFT", "5", []]));
    // Out of sight.
    world.publish(company("1").into_iter().filter(|user| user.id.as_str() != "5").collect());
    world.publish(company("2"));
    assert_eq!(team.brief().await, json!(["ENTERED", "3", ["MANAGER_ID", "MANAGER"]]));
    assert_eq!(team.brief().await, json!(["ENTERED", "4", []]));
    let fifth = team.brief().await;
    assert!(fifth == json!(["ADDED", "5", []]) || fifth == json!(["ENTERED", "5", []]), "{fifth}");
    // Its lead goes, and it with them.
    world.publish(vec![under("1", None), under("3", Some("1"))]);
    let mut gone = Vec::new();
    while gone.last().is_none_or(|last: &Value| last["remaining"] != 0) {
        gone.push(team.next().await);
    }
    let gone: Vec<_> = gone.iter().map(|event| format!("{}{}", event["kind"], event["userId"])).collect();
    assert_eq!(gone, [r#""REMOVED""2""#, r#""LEFT""3""#, r#""REMOVED""4""#, r#""REMOVED""5""#]);
}

#[tokio::test]
async fn who_may_not_see_contact_data_is_not_told_that_it_changed() {
    let world = World::new().await;
    world.publish(vec![user("1"), user("2")]);
    let mut reader = Reader::new(&world.executor, json!({}), Role::Reader).await;
    let mut analyst = Reader::new(&world.executor, json!({}), Role::Analyst).await;
    let phone = |id: &str| UserParts { phone_number: Some("+49 1".into()), ..user(id) };
    world.publish(vec![phone("1"), UserParts { title: Some("Vet".into()), ..phone("2") }]);
    assert_eq!(reader.brief().await, json!(["CHANGED", "2", ["TITLE"]]));
    let told = [analyst.brief().await, analyst.brief().await];
    assert!(told.contains(&json!(["CHANGED", "1", ["PHONE_NUMBER"]])), "{told:?}");
    assert!(told.contains(&json!(["CHANGED", "2", ["TITLE", "PHONE_NUMBER"]])), "{told:?}");
}

#[tokio::test]
async fn more_than_can_be_told_is_told_as_one() {
    let world = World::new().await;
    let before = world.publish(crowd(1)).to_string();
    let mut reader = Reader::new(&world.executor, json!({}), Role::Admin).await;
    let now = world.publish(crowd(1_002)).to_string();
    let event = reader.next().await;
    assert_eq!((&event["kind"], &event["missed"]), (&json!("RESYNC"), &json!(1_001)));
    assert_eq!(
        (&event["userId"], &event["user"], &event["before"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&event["previousVersion"], &event["snapshot"]["version"]), (&json!(before), &json!(now)));
    // From there on it goes on: exactly 1,000 are told.
    world.publish(crowd(2_002));
    let event = reader.next().await;
    assert_eq!((&event["kind"], &event["remaining"]), (&json!("ADDED"), &json!(999)));
}

#[tokio::test]
async fn from_a_version_on() {
    let world = World::new().await;
    let first = world.publish(crowd(1)).to_string();
    // Somebody holds it.
    let mut holder = Reader::new(&world.executor, json!({}), Role::Admin).await;
    world.publish(crowd(2));
    let mut since = Reader::new(&world.executor, json!({ "since": first }), Role::Admin).await;
    assert_eq!(since.brief().await, json!(["ADDED", "1", []]));
    assert_eq!(holder.brief().await, json!(["ADDED", "1", []]));
    let mut unknown = Reader::new(&world.executor, json!({ "since": "7" }), Role::Admin).await;
    let event = unknown.next().await;
    assert_eq!((&event["kind"], &event["previousVersion"]), (&json!("RESYNC"), &json!("7")));
    assert_eq!(event["missed"], Value::Null);
    let latest = world.publish(crowd(3)).to_string();
    assert_eq!(unknown.brief().await, json!(["ADDED", "2", []]));
    let mut present = Reader::new(&world.executor, json!({ "since": latest }), Role::Admin).await;
    world.publish(crowd(4));
    assert_eq!(present.brief().await, json!(["ADDED", "3", []]));
}

#[tokio::test]
async fn before_the_first_snapshot_it_waits() {
    let world = World::new().await;
    let mut reader = Reader::new(&world.executor, json!({}), Role::Admin).await;
    let waiting = async {
        tokio::task::yield_now().await;
        world.publish(crowd(1));
        tokio::task::yield_now().await;
        world.publish(crowd(2));
    };
    let (event, ()) = tokio::join!(reader.next(), waiting);
    assert_eq!(event["kind"], "ADDED");
}

/// Readers who have stopped, each at a snapshot of their own, keep few of them: those who have fallen behind
/// farthest are told to begin anew.
#[tokio::test]
async fn those_who_have_stopped_keep_few_snapshots() {
    let world = World::new().await;
    let (mut readers, mut snapshots) = (Vec::new(), Vec::new());
    for people in 1..=20 {
        world.publish(crowd(people));
        snapshots.push(Arc::downgrade(&world.directory.snapshot().unwrap()));
        readers.push(Reader::new(&world.executor, json!({}), Role::Admin).await);
    }
    let kept = snapshots.iter().filter(|snapshot| snapshot.strong_count() > 0).count();
    assert_eq!(kept, 5, "four old ones and the present one");
    world.publish(crowd(21));
    for (at, reader) in readers.iter_mut().enumerate() {
        let event = reader.next().await;
        // The present one has become old too.
        let expected = if at < 15 { "RESYNC" } else { "ADDED" };
        assert!(event["kind"] == expected || at == 15 || at == 16, "{at}: {event}");
    }
    drop(readers);
    let kept = snapshots.iter().filter(|snapshot| snapshot.strong_count() > 0).count();
    assert_eq!(kept, 0);
}
