//! Moves over the wire.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::{Value, json};

use crate::support::{Service, code, refusal, shipped_company};

/// Ada leads Bo and Cy, who has left; Di and Eve are under Bo, Ed is under Cy; Fay and Gus manage each other,
/// Hal is under Gus. Jo's manager is nobody.
fn company() -> Vec<SimUser> {
    let user = |id: &str, manager: Option<&str>| SimUser {
        first_name: Some(id.to_owned()),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    vec![
        user("ada", None),
        user("bo", Some("ada")),
        SimUser { active: false, ..user("cy", Some("ada")) },
        user("di", Some("bo")),
        user("ed", Some("cy")),
        user("eve", Some("bo")),
        user("fay", Some("gus")),
        user("gus", Some("fay")),
        user("hal", Some("gus")),
        user("jo", Some("404")),
    ]
}

async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}

/// Everything that a simulation tells, in short.
const ALL: &str = "fragment place on Placement { managerId manager { id } managerStatus depth orphanReason top { end user { id } } }
    fragment orphans on OrphanChangeList { totalCount nodes { user { id } before after } }
    fragment rings on SimulatedRingList { totalCount nodes { length members { id } } }
    fragment all on MoveSimulation {
        unknownUserIds unknownManagerIds maxDepthBefore maxDepthAfter
        moved { totalCount nodes { user { id } before { ...place } after { ...place } } }
        ringsMade { ...rings } ringsBroken { ...rings }
        orphansMade { ...orphans } orphansMended { ...orphans } orphansChanged { ...orphans }
        spans { totalCount nodes { manager { id } before { direct transitive } after { direct transitive } } }
        depths { totalCount nodes { user { id } before after } }
        tops { totalCount nodes { user { id } before { end user { id } } after { end user { id } } } }
        callVisibility { totalCount nodes { viewer { id } before after gained lost } } }";

async fn simulate(service: &Service, field: &str) -> Value {
    service.client.data(&format!("{ALL} {{ told: {field} {{ ...all }} }}")).await["told"].take()
}

fn list(nodes: Value) -> Value {
    json!({ "totalCount": nodes.as_array().unwrap().len(), "nodes": nodes })
}

fn id(id: &str) -> Value {
    json!({ "id": id })
}

#[tokio::test]
async fn a_move_that_mends() {
    let told =
        simulate(&service().await, r#"simulateMove(userIds: ["ed", "x", "x"], newManagerId: "di")"#).await;
    let root = json!({ "end": "ROOT", "user": id("ada") });
    let span = |direct: u32, transitive: u32| json!({ "direct": direct, "transitive": transitive });
    assert_eq!(
        told,
        json!({
            "unknownUserIds": ["x"],
            "unknownManagerIds": [],
            "maxDepthBefore": 2,
            "maxDepthAfter": 3,
            "moved": list(json!([{
                "user": id("ed"),
                "before": { "managerId": "cy", "manager": id("cy"), "managerStatus": "INACTIVE", "depth": 2,
                    "orphanReason": "MANAGER_INACTIVE", "top": root },
                "after": { "managerId": "di", "manager": id("di"), "managerStatus": "ACTIVE", "depth": 3,
                    "orphanReason": null, "top": root },
            }])),
            "ringsMade": list(json!([])),
            "ringsBroken": list(json!([])),
            "orphansMade": list(json!([])),
            "orphansMended": list(json!([{ "user": id("ed"), "before": "MANAGER_INACTIVE", "after": null }])),
            "orphansChanged": list(json!([])),
            "spans": list(json!([
                { "manager": id("di"), "before": span(0, 0), "after": span(1, 1) },
                { "manager": id("cy"), "before": span(1, 1), "after": span(0, 0) },
            ])),
            "depths": list(json!([{ "user": id("ed"), "before": 2, "after": 3 }])),
            "tops": list(json!([])),
            "callVisibility": list(json!([
                { "viewer": id("bo"), "before": 2, "after": 3, "gained": 1, "lost": 0 },
                { "viewer": id("di"), "before": 0, "after": 1, "gained": 1, "lost": 0 },
                { "viewer": id("cy"), "before": 1, "after": 0, "gained": 0, "lost": 1 },
            ])),
        })
    );
}

#[tokio::test]
async fn moves_that_break_and_make_rings() {
    let told = simulate(
        &service().await,
        r#"simulateMoves(moves: [{ userIds: ["bo"], newManagerId: "di" }, { userIds: ["fay"] },
            { userIds: ["jo", "jo"], newManagerId: "nobody" }, { userIds: ["jo"], newManagerId: "nobody" }])"#,
    )
    .await;
    assert_eq!(told["unknownManagerIds"], json!(["nobody"]));
    let ring = |members: [&str; 2]| list(json!([{ "length": 2, "members": members.map(id) }]));
    assert_eq!((&told["ringsMade"], &told["ringsBroken"]), (&ring(["bo", "di"]), &ring(["fay", "gus"])));
    let orphan = |user, before: Option<&str>, after: Option<&str>| json!({ "user": id(user), "before": before, "after": after });
    let cycle = Some("MANAGEMENT_CYCLE");
    assert_eq!(told["orphansMade"], list(json!([orphan("bo", None, cycle), orphan("di", None, cycle)])));
    assert_eq!(told["orphansMended"], list(json!([orphan("fay", cycle, None), orphan("gus", cycle, None)])));
    assert_eq!(told["moved"]["nodes"][2]["after"]["managerId"], "nobody");
    assert_eq!(told["moved"]["nodes"][2]["after"]["orphanReason"], "MANAGER_NOT_FOUND");
    assert_eq!(told["tops"]["totalCount"], 6);
    assert_eq!(
        told["tops"]["nodes"][0],
        json!({ "user": id("bo"), "before": { "end": "ROOT", "user": id("ada") },
            "after": { "end": "CYCLE", "user": id("bo") } })
    );
    let hears = |viewer, before, after, gained, lost| json!({ "viewer": id(viewer), "before": before, "after": after, "gained": gained, "lost": lost });
    assert_eq!(
        told["callVisibility"],
        list(json!([hears("ada", 5, 2, 0, 3), hears("di", 0, 2, 2, 0), hears("gus", 2, 1, 0, 1),]))
    );
}

#[tokio::test]
async fn moves_that_change_nothing_or_nobody() {
    let service = service().await;
    let nothing = simulate(&service, r#"simulateMove(userIds: ["di"], newManagerId: "bo")"#).await;
    assert_eq!(nothing["moved"]["totalCount"], 1);
    assert_eq!(nothing["moved"]["nodes"][0]["before"], nothing["moved"]["nodes"][0]["after"]);
    let nobody = simulate(&service, "simulateMoves(moves: [])").await;
    assert_eq!(nobody["moved"]["totalCount"], 0);
    for told in [nothing, nobody] {
        for list in [
            "ringsMade",
            "orphansMade",
            "orphansMended",
            "orphansChanged",
            "spans",
            "depths",
            "tops",
            "callVisibility",
        ] {
            assert_eq!(told[list]["totalCount"], 0, "{list}");
        }
        assert_eq!((&told["unknownUserIds"], &told["maxDepthAfter"]), (&json!([]), &json!(2)));
    }
    // Nothing was changed.
    let data = service.client.data(r#"{ user(id: "ed") { managerId } }"#).await;
    assert_eq!(data["user"]["managerId"], "cy");
}

#[tokio::test]
async fn lists_are_cut_and_counted() {
    let service = Service::over(shipped_company()).await;
    let roots = service.client.data("{ roots { nodes { id reportCount(transitive: true) } } }").await;
    let count = |user: &&Value| user["reportCount"].as_u64().unwrap();
    let top = roots["roots"]["nodes"].as_array().unwrap().iter().max_by_key(count).unwrap();
    let below = top["reportCount"].as_u64().unwrap();
    let query = format!(
        "{{ simulateMove(userIds: [{}], newManagerId: \"gone\") {{
            all: tops {{ totalCount nodes(first: 1000) {{ user {{ id }} }} }}
            some: tops {{ totalCount nodes(first: 7) {{ user {{ id }} }} }}
            usual: tops {{ nodes {{ user {{ id }} }} }}
            none: tops {{ nodes(first: 0) {{ user {{ id }} }} }} }} }}",
        top["id"]
    );
    let data = service.client.data(&query).await;
    let told = &data["simulateMove"];
    let nodes = |list: &str| told[list]["nodes"].as_array().unwrap().clone();
    assert_eq!(told["all"]["totalCount"], below + 1);
    assert_eq!(nodes("all").len() as u64, below + 1);
    assert_eq!(nodes("some"), nodes("all")[..7]);
    assert_eq!(nodes("usual"), nodes("all")[..50]);
    assert_eq!(nodes("none").len(), 0);
}

#[tokio::test]
async fn moves_that_cannot_be_are_refused() {
    let service = service().await;
    let move_of = |ids: &[String]| {
        let arguments = format!("userIds: {}, newManagerId: \"bo\"", json!(ids));
        format!("simulateMove({arguments}) {{ unknownUserIds }}")
    };
    let many: Vec<_> = (0..1_001).map(|n| n.to_string()).collect();
    let empty = "{ userIds: [] } ".repeat(1_001);
    for (field, argument) in [
        (r#"simulateMove(userIds: ["di", "bo"], newManagerId: "bo") { unknownUserIds }"#.to_owned(), "newManagerId"),
        (
            r#"simulateMoves(moves: [{ userIds: ["x"], newManagerId: "x" }]) { unknownUserIds }"#.to_owned(),
            "moves",
        ),
        (
            r#"simulateMoves(moves: [{ userIds: ["di"], newManagerId: "ada" }, { userIds: ["di"] }]) { unknownUserIds }"#
                .to_owned(),
            "moves",
        ),
        (move_of(&many), "userIds"),
        (format!("simulateMoves(moves: [{empty}]) {{ unknownUserIds }}"), "moves"),
        (
            r#"simulateMove(userIds: ["di"]) { tops { nodes(first: 1001) { user { id } } } }"#.to_owned(),
            "first",
        ),
        (
            r#"simulateMove(userIds: ["fay"], newManagerId: "di") { ringsBroken { nodes { members(first: -1) { id } } } }"#
                .to_owned(),
            "first",
        ),
    ] {
        let answer = service.client.ask(&format!("{{ {field} }}")).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{field:.200}");
    }
    let told = service.client.data(&format!("{{ {} }}", move_of(&many[1..]))).await;
    assert_eq!(told["simulateMove"]["unknownUserIds"].as_array().unwrap().len(), 1_000);
}

/// Each simulation walks the whole company, so one answer has room for some of them only.
#[tokio::test]
async fn simulations_have_a_price() {
    let people = (0..60_000).map(|at| SimUser {
        manager_id: (at > 0).then(|| ((at - 1) / 8).to_string()),
        ..SimUser::new(at.to_string())
    });
    let service = Service::over(Workspace::new(people.collect())).await;
    let asked = |times: usize| {
        let one = |n| {
            format!("s{n}: simulateMove(userIds: [\"9\"], newManagerId: \"2\") {{ depths {{ totalCount }} }}")
        };
        format!("{{ {} }}", (0..times).map(one).collect::<String>())
    };
    service.client.data(&asked(3)).await;
    let answer = service.client.ask(&asked(9)).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    service.client.data(&asked(1)).await;
}
