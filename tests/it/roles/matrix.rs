//! Roles × fields × ways to a user.

use std::collections::BTreeSet;

use orgraph::{auth::Role, graphql::GuardedField, simulator::Workspace};
use serde_json::{Value, json};

use super::{
    asking::Asking,
    people::{CANARY, small},
    subscribed::SUBSCRIBED_WAYS,
};
use crate::support::simulate;

/// A way to users: the field of the schema that gives them, and a query with a lone `@` where its selection goes.
const WAYS: [(&str, &str); 46] = [
    ("Query.user", r#"{ user(id: "10") @ }"#),
    ("Query.user", r#"{ user(email: "ada@example.org") @ }"#),
    ("Query.user", r#"{ user(id: "10", maxAge: 0) @ }"#),
    ("Query.usersByIds", r#"{ usersByIds(ids: ["10", "11", "404"]) @ }"#),
    ("Query.node", r#"{ node(id: "10") { ... on User @ } }"#),
    ("Query.nodes", r#"{ nodes(ids: ["10", "11"]) { ... on User @ } }"#),
    (
        "Query._entities",
        r#"{ _entities(representations: [{ __typename: "User", emailAddress: "ada@example.org" }])
            { ... on User @ } }"#,
    ),
    ("UserConnection.nodes", r#"{ users(first: 5) { nodes @ } }"#),
    ("UserEdge.node", r#"{ users(last: 5, orderBy: { field: EMAIL }) { edges { node @ } } }"#),
    ("UserConnection.nodes", r#"{ roots { nodes @ } }"#),
    ("UserConnection.nodes", r#"{ cycles { nodes { members { nodes @ } } } }"#),
    ("UserConnection.nodes", r#"{ orgHealth(first: 3) { nodes { people(first: 2) { nodes @ } } } }"#),
    ("UserConnection.nodes", r#"{ user(id: "15") { issues { nodes { people { nodes @ } } } } }"#),
    ("ReportConnection.nodes", r#"{ reports(managerId: "10", transitive: true) { nodes @ } }"#),
    ("ReportEdge.node", r#"{ user(id: "10") { reports { edges { node @ } } } }"#),
    ("ManagerChain.nodes", r#"{ managerChain(userId: "13") { nodes @ } }"#),
    ("ManagerChain.nodes", r#"{ user(id: "13") { managerChain { nodes @ } } }"#),
    ("User.manager", r#"{ user(id: "13") { manager @ } }"#),
    ("User.level", r#"{ user(id: "13") { level(n: 0) @ } }"#),
    ("OrphanConnection.nodes", r#"{ orphans { nodes @ } }"#),
    ("OrphanEdge.node", r#"{ orphans { edges { node @ } } }"#),
    ("ManagerRelation.manager", r#"{ isManagerOf(managerId: "10", userId: "11") { manager @ } }"#),
    ("ManagerRelation.user", r#"{ isManagerOf(managerId: "10", userId: "11") { user @ } }"#),
    ("CommonManager.manager", r#"{ commonManager(userIds: ["13", "14"]) { manager @ } }"#),
    ("UserDistance.user", r#"{ commonManager(userIds: ["13", "14"]) { users { user @ } } }"#),
    ("OrgPath.turningPoint", r#"{ path(fromId: "13", toId: "14") { turningPoint @ } }"#),
    ("OrgPath.nodes", r#"{ path(fromId: "13", toId: "14") { nodes @ } }"#),
    ("OrgChartNode.user", r#"{ orgChart(rootId: "10") { nodes { user @ } } }"#),
    ("ReportingLine.ancestor", r#"{ reportingLines(under: "10") { nodes { ancestor @ } } }"#),
    ("ReportingLine.descendant", r#"{ reportingLines(under: "10") { edges { node { descendant @ } } } }"#),
    ("SearchConnection.nodes", r#"{ search(text: "example") { nodes @ } }"#),
    ("SearchEdge.node", r#"{ search(text: "ada") { edges { node @ } } }"#),
    ("OrgStats.root", r#"{ orgStats(rootId: "10") { root @ } }"#),
    ("OrgStatsGroup.user", r#"{ orgStats(groupBy: MANAGER) { groups { nodes { user @ } } } }"#),
    ("CallAccessConnection.nodes", r#"{ callVisibility(userId: "10", access: TEAM) { nodes @ } }"#),
    ("CallAccessEdge.node", r#"{ whoCanSee(userId: "13") { edges { node @ } } }"#),
    ("ResolvedIdentity.user", r#"{ resolveIdentities(keys: ["10"]) { user @ } }"#),
    (
        "IdentityCandidate.user",
        r#"{ resolveIdentities(keys: ["shared@example.org"]) { candidates { user @ } } }"#,
    ),
    ("IdentityHolder.user", r#"{ identityConflicts { nodes { holders { user @ } } } }"#),
    (
        "MovedUser.user",
        r#"{ simulateMove(userIds: ["13"], newManagerId: "14") { moved { nodes { user @ } } } }"#,
    ),
    (
        "Placement.manager",
        r#"{ simulateMove(userIds: ["13"], newManagerId: "14") { moved { nodes { after { manager @ } } } } }"#,
    ),
    (
        "LineTop.user",
        r#"{ simulateMove(userIds: ["13"], newManagerId: "14") { moved { nodes { before { top { user @ } } } } } }"#,
    ),
    ("SpanChange.manager", r#"{ simulateMove(userIds: ["13"]) { spans { nodes { manager @ } } } }"#),
    ("DepthChange.user", r#"{ simulateMove(userIds: ["13"]) { depths { nodes { user @ } } } }"#),
    ("TopChange.user", r#"{ simulateMove(userIds: ["13"]) { tops { nodes { user @ } } } }"#),
    (
        "CallVisibilityChange.viewer",
        r#"{ simulateMove(userIds: ["13"]) { callVisibility { nodes { viewer @ } } } }"#,
    ),
];

/// The same for ways that two moves are needed for.
const MORE_WAYS: [(&str, &str); 2] = [
    (
        "SimulatedRing.members",
        r#"{ simulateMove(userIds: ["11"], newManagerId: "13") { ringsMade { nodes { members @ } } } }"#,
    ),
    ("OrphanChange.user", r#"{ simulateMove(userIds: ["15"]) { orphansMended { nodes { user @ } } } }"#),
];

/// Ways that begin at a field which a reader doesn't see; asked by the others.
const BEHIND_GUARDED: [(&str, &str); 4] = [
    ("CoachingReports.manager", r#"{ coachingReports(managerId: "10") { manager @ } }"#),
    ("CoachedReport.user", r#"{ coachingReports(managerId: "10") { reports { user @ } } }"#),
    ("SeatConnection.nodes", r#"{ seatAudit { people { nodes @ } } }"#),
    ("SeatEdge.node", r#"{ seatAudit { people { edges { node @ } } } }"#),
];

/// A guarded field of `User` with its arguments and selection, under a name of its own.
pub fn selection(field: GuardedField) -> String {
    let rest = match field {
        GuardedField::Activity => r#"(from: "2024-01-08", to: "2024-02-05") { hasActivity }"#,
        GuardedField::Calls => r#"(from: "2024-01-08T00:00:00Z", to: "2024-02-05T00:00:00Z") { hasMore }"#,
        GuardedField::SettingsHistory => "{ totalCount }",
        _ => "",
    };
    format!(" {{ it: {}{rest} }} ", field.name())
}

pub fn of_user() -> impl Iterator<Item = GuardedField> {
    GuardedField::ALL.into_iter().filter(|field| field.parent() == "User")
}

/// All values with the name `it`, with their paths.
fn its(value: &Value, path: &mut Vec<Value>, found: &mut Vec<(Vec<Value>, Value)>) {
    let mut inside = |key: Value, inner: &Value, path: &mut Vec<Value>| {
        path.push(key);
        its(inner, path, found);
        path.pop();
    };
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                inside(json!(key), value, path);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                inside(json!(at), item, path);
            }
        }
        _ => {}
    }
    if path.last().is_some_and(|last| last == "it") {
        found.push((path.clone(), value.clone()));
    }
}

async fn asking() -> Asking {
    Asking::by_keys(&simulate(Workspace::new(small()))).await
}

#[tokio::test]
async fn every_cell_of_the_matrix() {
    let asking = asking().await;
    let mut cells = 0;
    for field in of_user() {
        for (way, template) in WAYS.iter().chain(&MORE_WAYS) {
            let query = template.replace(" @ ", &selection(field));
            for role in Role::ALL {
                let answer = asking.ask(role, &query).await;
                cell(role, field, way, &answer);
                cells += 1;
            }
        }
        for (way, template) in BEHIND_GUARDED {
            let query = template.replace(" @ ", &selection(field));
            for role in [Role::Analyst, Role::Admin] {
                cell(role, field, way, &asking.ask(role, &query).await);
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 8 * ((WAYS.len() + MORE_WAYS.len()) * 3 + BEHIND_GUARDED.len() * 2));
}

/// Holds what was answered to a role against what it may see.
pub fn cell(role: Role, field: GuardedField, way: &str, answer: &Value) {
    let cell = format!("{role:?} × {field:?} × {way}: {answer}");
    let mut found = Vec::new();
    its(&answer["data"], &mut Vec::new(), &mut found);
    assert!(!found.is_empty(), "nobody was found: {cell}");
    if role >= field.role() {
        assert!(found.iter().any(|(_, value)| !value.is_null()), "{cell}");
        assert_eq!(answer.get("errors"), None, "{cell}");
        return;
    }
    assert!(found.iter().all(|(_, value)| value.is_null()), "{cell}");
    assert!(!answer.to_string().contains(CANARY), "{cell}");
    // One error, however many users there are: at the first of them.
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{cell}");
    assert_eq!(errors[0]["path"], json!(found[0].0), "{cell}");
    let mut extensions = errors[0]["extensions"].clone();
    assert!(extensions["requestId"].take().is_string(), "{cell}");
    assert_eq!(
        extensions,
        json!({
            "code": "FORBIDDEN",
            "reason": "ROLE",
            "requiredRole": field.role().as_str().to_uppercase(),
            "field": field.coordinate(),
            "requestId": null,
        })
    );
}

/// Every field of the schema that gives users is a way in the matrix.
#[tokio::test]
async fn no_way_to_a_user_is_left_out() {
    let asking = asking().await;
    let query = "{ __schema { types { name fields { name type { ...T } } } } }
        fragment T on __Type { name ofType { name ofType { name ofType { name } } } }";
    let answer = asking.ask(Role::Reader, query).await;
    let named = |mut ty: &Value| {
        while ty["name"].is_null() {
            ty = &ty["ofType"];
        }
        ty["name"].as_str().unwrap().to_owned()
    };
    let mut ways = BTreeSet::new();
    for ty in answer["data"]["__schema"]["types"].as_array().unwrap() {
        for field in ty["fields"].as_array().into_iter().flatten() {
            if ["User", "Node", "_Entity"].contains(&named(&field["type"]).as_str()) {
                ways.insert(format!("{}.{}", ty["name"].as_str().unwrap(), field["name"].as_str().unwrap()));
            }
        }
    }
    let ways_of_queries = WAYS.iter().chain(&MORE_WAYS).chain(&BEHIND_GUARDED);
    let tried = ways_of_queries.chain(&SUBSCRIBED_WAYS).map(|(way, _)| (*way).to_owned());
    assert_eq!(ways, tried.collect::<BTreeSet<_>>());
}

/// The guarded fields of the root: null for a reader, before anything is asked of Gong.
#[tokio::test]
async fn guarded_fields_of_the_root() {
    let asking = asking().await;
    for (field, query) in [
        (
            GuardedField::SeatAudit,
            "{ it: seatAudit(inactiveForDays: 30) { peopleCount } snapshot { userCount } }",
        ),
        (
            GuardedField::CoachingReports,
            r#"{ it: coachingReports(managerId: "10") { reportCount } snapshot { userCount } }"#,
        ),
    ] {
        for role in Role::ALL {
            let answer = asking.ask(role, query).await;
            cell(role, field, field.coordinate(), &answer);
            assert_eq!(answer["data"]["snapshot"]["userCount"], 11);
        }
    }
    let guarded_roots = GuardedField::ALL.into_iter().filter(|field| field.parent() == "Query");
    assert_eq!(guarded_roots.count(), 2);
}

/// A bad argument of a field that isn't seen tells nothing but that it isn't seen.
#[tokio::test]
async fn a_refused_field_doesnt_look_at_its_arguments() {
    let asking = asking().await;
    for query in [
        r#"{ user(id: "10") { it: activity(from: "2024-02-05", to: "2024-01-08") { hasActivity } } }"#,
        r#"{ user(id: "10") { it: settingsHistory(first: -1) { totalCount } } }"#,
        r#"{ it: seatAudit(inactiveForDays: -1) { peopleCount } }"#,
        r#"{ it: coachingReports(managerId: "10", from: "2024-01-08T00:00:00Z") { reportCount } }"#,
    ] {
        let answer = asking.ask(Role::Reader, query).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{query}");
        let answer = asking.ask(Role::Analyst, query).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{query}");
    }
}

#[tokio::test]
async fn what_is_hidden_is_told_at_each_user() {
    let asking = asking().await;
    let query = r#"{ user(id: "10") { hidden { field reason requiredRole } identities { kind } } }"#;
    let answer = asking.ask(Role::Reader, query).await;
    let hidden: Vec<_> = of_user()
        .map(|field| json!({ "field": field.name(), "reason": "ROLE", "requiredRole": "ANALYST" }))
        .collect();
    let open = json!([{ "kind": "PRIMARY_EMAIL" }, { "kind": "EMAIL_ALIAS" }]);
    assert_eq!(answer["data"]["user"], json!({ "hidden": hidden, "identities": open }));
    assert_eq!(answer.get("errors"), None);
    for role in [Role::Analyst, Role::Admin] {
        let answer = asking.ask(role, query).await;
        assert_eq!(answer["data"]["user"]["hidden"], json!([]));
        assert_eq!(answer["data"]["user"]["identities"].as_array().unwrap().len(), 4);
    }
}

/// One error for each field of the query, in its order, at the first user of the answer; and no more than can
/// be read.
#[tokio::test]
async fn refusals_are_told_once_a_field() {
    let asking = asking().await;
    let query = r#"{ users { nodes { id phoneNumber ...F manager { phoneNumber } } } }
        fragment F on User { extension }"#;
    let answer = asking.ask(Role::Reader, query).await;
    let paths: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    // By name the second is the first who has a manager.
    assert_eq!(
        paths,
        [
            &json!(["users", "nodes", 0, "phoneNumber"]),
            &json!(["users", "nodes", 1, "manager", "phoneNumber"]),
            &json!(["users", "nodes", 0, "extension"]),
        ]
    );
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 1, "column": 22 }]));

    let many: String = (0..250).map(|at| format!("f{at}: phoneNumber ")).collect();
    let answer = asking.ask(Role::Reader, &format!("{{ users {{ nodes {{ {many} }} }} }}")).await;
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 101);
    let last = &errors[100];
    assert_eq!(last["extensions"]["code"], "FORBIDDEN");
    assert!(last["message"].as_str().unwrap().starts_with("150 more fields"), "{last}");
}

/// Kinds of identities that aren't seen can't be asked for.
#[tokio::test]
async fn an_argument_that_asks_for_what_isnt_seen_is_refused() {
    let asking = asking().await;
    for kinds in ["TRUSTED_EMAIL", "PHONE_NUMBER", "PRIMARY_EMAIL, PHONE_NUMBER"] {
        let query = format!("{{ identityConflicts(kinds: [{kinds}]) {{ totalCount }} }}");
        let answer = asking.ask(Role::Reader, &query).await;
        assert_eq!(answer["data"], Value::Null);
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["argument"]), (&json!("FORBIDDEN"), &json!("kinds")));
        assert_eq!(extensions["requiredRole"], "ANALYST");
        assert_eq!(asking.ask(Role::Analyst, &query).await.get("errors"), None);
    }
    let open = "{ identityConflicts(kinds: [PRIMARY_EMAIL, EMAIL_ALIAS, ID]) { totalCount } }";
    assert_eq!(asking.ask(Role::Reader, open).await["data"]["identityConflicts"]["totalCount"], 1);
}
