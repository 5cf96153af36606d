//! Two or more people: who is above whom, the nearest manager of all, ways from one to another.

use serde_json::{Value, json};

use super::{ids, texts};
use crate::support::example;

#[tokio::test]
async fn who_is_above_whom() {
    let service = example::service().await;
    let relation = async |manager: &str, user: &str| {
        let query = format!(
            "{{ isManagerOf(managerId: {manager:?}, userId: {user:?}) {{
                holds distance kind manager {{ id }} user {{ id }} unknownIds }} }}"
        );
        let relation = service.client.data(&query).await["isManagerOf"].take();
        for (field, id) in [("manager", manager), ("user", user)] {
            let unknown = texts(&relation["unknownIds"]).contains(&id);
            let expected = if unknown { Value::Null } else { json!({ "id": id }) };
            assert_eq!(relation[field], expected, "{relation}");
        }
        json!([relation["holds"], relation["distance"], relation["kind"], relation["unknownIds"]])
    };
    assert_eq!(relation("10", "13").await, json!([true, 2, "MANAGER", []]));
    assert_eq!(relation("13", "10").await, json!([false, null, "REPORT", []]));
    assert_eq!(relation("13", "14").await, json!([false, null, "SAME_TREE", []]));
    assert_eq!(relation("10", "20").await, json!([false, null, "DIFFERENT_TREES", []]));
    assert_eq!(relation("15", "16").await, json!([true, 1, "MANAGER_AND_REPORT", []]));
    assert_eq!(relation("15", "15").await, json!([false, null, "SAME_USER", []]));
    assert_eq!(relation("18", "18").await, json!([false, null, "SAME_USER", []]));
    assert_eq!(relation("404", "13").await, json!([null, null, "UNKNOWN_USER", ["404"]]));
    assert_eq!(relation("404", "404").await, json!([null, null, "UNKNOWN_USER", ["404"]]));
}

#[tokio::test]
async fn the_nearest_manager_of_several() {
    let service = example::service().await;
    let common = async |ids: &[&str]| {
        let query = "query($ids: [ID!]!) { commonManager(userIds: $ids) {
            manager { id } reason users { user { id } distance } unknownIds } }";
        let mut answer = service.client.ask_with(query, json!({ "ids": ids })).await;
        assert_eq!(answer.get("errors"), None);
        answer["data"]["commonManager"].take()
    };
    let user = |id: &str, distance: Option<u32>| json!({ "user": { "id": id }, "distance": distance });
    assert_eq!(
        common(&["14", "x", "13", "14", "y", "x"]).await,
        json!({
            "manager": { "id": "10" },
            "reason": null,
            "users": [user("14", Some(2)), user("13", Some(2))],
            "unknownIds": ["x", "y"],
        })
    );
    // Bo is above Di, but not above himself.
    assert_eq!(common(&["11", "13"]).await["manager"]["id"], "10");
    assert_eq!(common(&["13"]).await["manager"]["id"], "11");
    assert_eq!(common(&["17", "15"]).await["manager"]["id"], "16");
    let without = async |ids: &[&str]| {
        let answer = common(ids).await;
        assert_eq!(answer["manager"], Value::Null);
        let users = answer["users"].as_array().unwrap();
        assert!(users.iter().all(|user| user["distance"].is_null()));
        answer["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(without(&["13", "17"]).await, "DIFFERENT_TREES");
    assert_eq!(without(&["10", "13"]).await, "NO_MANAGER");
    assert_eq!(without(&["19"]).await, "NO_MANAGER");
    assert_eq!(without(&["15", "16", "17"]).await, "WHOLE_RING");
    assert_eq!(without(&["x", "y"]).await, "UNKNOWN_USER");
}

#[tokio::test]
async fn ways_from_one_to_another() {
    let service = example::service().await;
    let path = async |from: &str, to: &str| {
        let query = format!(
            "{{ path(fromId: {from:?}, toId: {to:?}) {{
                length stepsUp stepsDown turningPoint {{ id }} nodes {{ id }} reason unknownIds }} }}"
        );
        service.client.data(&query).await["path"].take()
    };
    let way = async |from: &str, to: &str| {
        let path = path(from, to).await;
        assert_eq!((&path["reason"], &path["unknownIds"]), (&Value::Null, &json!([])));
        let nodes: Vec<_> = ids(&path["nodes"]).into_iter().map(str::to_owned).collect();
        let [length, up, down] =
            ["length", "stepsUp", "stepsDown"].map(|field| path[field].as_u64().unwrap() as usize);
        assert_eq!((length, nodes.len()), (up + down, length + 1));
        assert_eq!(path["turningPoint"]["id"], nodes[up]);
        (up, nodes.join(" "))
    };
    assert_eq!(way("13", "14").await, (2, "13 11 10 12 14".to_owned()));
    assert_eq!(way("13", "10").await, (2, "13 11 10".to_owned()));
    assert_eq!(way("10", "14").await, (0, "10 12 14".to_owned()));
    assert_eq!(way("17", "17").await, (0, "17".to_owned()));
    // Fay and Gus are above each other: the way turns at the smaller id.
    assert_eq!(way("17", "15").await, (2, "17 16 15".to_owned()));
    assert_eq!(way("16", "15").await, (1, "16 15".to_owned()));
    assert_eq!(way("15", "16").await, (0, "15 16".to_owned()));

    let none = path("13", "17").await;
    assert_eq!((&none["reason"], &none["length"]), (&json!("DIFFERENT_TREES"), &Value::Null));
    assert_eq!((&none["nodes"], &none["turningPoint"]), (&json!([]), &Value::Null));
    let unknown = path("13", "404").await;
    assert_eq!((&unknown["reason"], &unknown["unknownIds"]), (&json!("UNKNOWN_USER"), &json!(["404"])));
}
