//! The table of what plans can do and the schema don't drift: every field of the snapshot's types is answered by a plan,
//! or is named here with a reason.

use std::collections::BTreeMap;

use orgraph::{auth::Role, graphql::Method};

use super::{
    people,
    world::{Question, World, by_plan},
};
use crate::hostile::contract::{Contract, Field, base};

/// Types whose objects are in the snapshot, and the way to one.
const TYPES: [(&str, &str); 14] = [
    ("Query", "%"),
    ("User", "{ users { nodes { % } } }"),
    ("UserConnection", "{ users { % } }"),
    ("UserEdge", "{ users { edges { % } } }"),
    ("ReportConnection", "{ users { nodes { reports { % } } } }"),
    ("ReportEdge", "{ users { nodes { reports { edges { % } } } } }"),
    ("OrphanConnection", "{ orphans { % } }"),
    ("OrphanEdge", "{ orphans { edges { % } } }"),
    ("PageInfo", "{ users { pageInfo { % } } }"),
    ("ManagerChain", "{ users { nodes { managerChain { % } } } }"),
    ("UserSettings", "{ users { nodes { settings { % } } } }"),
    ("SpokenLanguage", "{ users { nodes { spokenLanguages { % } } } }"),
    ("Snapshot", "{ snapshot { % } }"),
    ("Node", "{ node(id: \"ID\") { % } }"),
];

const TAKEN_DOWN: &str = "each time that it is told is taken down, and who may not see it is told so";
const AT_GONG: &str = "Gong is asked";
const LONG: &str = "it is worked out at length: next to that the resolvers are no matter";
const RARE: &str = "who runs the service or draws a chart asks for it, not every page that is opened";

/// What is left to the resolvers, and why.
const LEFT: &[(&str, &[&str], &str)] = &[
    (
        "User",
        &[
            "trustedEmailAddress",
            "phoneNumber",
            "extension",
            "personalMeetingUrls",
            "meetingConsentPageUrl",
            "identities",
        ],
        TAKEN_DOWN,
    ),
    ("User", &["hidden"], "it is of the viewer, not of the snapshot"),
    ("User", &["settingsHistory", "activity", "calls"], AT_GONG),
    ("User", &["issues"], LONG),
    ("Snapshot", &["checks"], RARE),
    ("Query", &["scorecards", "workspaces", "coachingReports", "seatAudit"], AT_GONG),
    ("Query", &["resolveIdentities", "identityConflicts"], TAKEN_DOWN),
    ("Query", &["orgStats", "orgHealth", "simulateMove", "simulateMoves", "search", "cycles"], LONG),
    (
        "Query",
        &[
            "isManagerOf",
            "commonManager",
            "path",
            "orgChart",
            "reportingLines",
            "callVisibility",
            "whoCanSee",
            "syncStatus",
            "viewer",
            "rateLimit",
        ],
        RARE,
    ),
    ("Query", &["_entities", "_service"], "a gateway asks them, of several types at once"),
];

fn reason(ty: &str, field: &str) -> Option<&'static str> {
    LEFT.iter()
        .find(|(parent, fields, _)| *parent == ty && fields.contains(&field))
        .map(|(.., reason)| *reason)
}

/// The field with the least that it takes.
fn written(contract: &Contract, field: &Field, id: &str) -> String {
    let needed = field.arguments.iter().filter(|argument| !argument.ty.nullable);
    let arguments: Vec<_> = needed
        .map(|argument| {
            let value = match argument.ty.to_string().as_str() {
                "ID!" => format!("\"{id}\""),
                "[ID!]!" => format!("[\"{id}\"]"),
                "Int!" => "0".to_owned(),
                // Of a field that is left out.
                _ => "null".to_owned(),
            };
            format!("{}: {value}", argument.name)
        })
        .collect();
    // Of the two ways to name somebody one is due.
    let arguments = if field.name == "user" { vec![format!("id: \"{id}\"")] } else { arguments };
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    let below = if contract.is_composite(base(&field.ty)) { " { __typename }" } else { "" };
    format!("{}{arguments}{below}", field.name)
}

#[tokio::test]
async fn every_field_of_the_snapshot_is_in_a_plan_or_has_a_reason_not_to_be() {
    let (contract, world) = (Contract::read(), World::new());
    let mut rng = fastrand::Rng::with_seed(7);
    let snapshot = world.publish(people::company(&mut rng), &mut rng);
    let id = snapshot.graph.users()[0].id().to_owned();
    let mut left = BTreeMap::new();
    for (ty, way) in TYPES {
        for field in contract.fields(ty) {
            let asked = written(&contract, field, &id);
            let asked = if ty == "Query" { format!("{{ {asked} }}") } else { asked };
            let text = way.replace("ID", &id).replace('%', &asked);
            let question = Question {
                text,
                operation: None,
                role: Role::Admin,
                method: Method::Post,
                viewer: 0,
                request_id: "r".into(),
            };
            let reason = reason(ty, &field.name);
            let planned = by_plan(&world.pairs[0].kept, &question).await;
            assert_eq!(planned, reason.is_none(), "{ty}.{}: {reason:?}", field.name);
            left.extend(reason.map(|reason| ((ty, field.name.clone()), reason)));
        }
    }
    let named: usize = LEFT.iter().map(|(_, fields, _)| fields.len()).sum();
    assert_eq!(left.len(), named, "a field that is named is gone");
}
