//! What shape it has: numbers of the whole, of parts and of groups.

use serde_json::{Value, json};

use super::service;
use crate::support::{Service, shipped_company};

#[tokio::test]
async fn the_shape_of_the_company_and_of_its_parts() {
    let service = service().await;
    let fields = "headcount activeCount inactiveCount managerCount individualContributorCount
        span { min median mean max histogram { from to managerCount } }
        layers maxDepth headcountByDepth { depth headcount } withoutDepthCount";
    let data = service
        .client
        .data(&format!(
            r#"{{ all: orgStats {{ root {{ id }} {fields} groups {{ totalCount }} }}
                 active: orgStats(filter: {{ active: true }}) {{ {fields} }}
                 ada: orgStats(rootId: "10") {{ root {{ id }} {fields} }}
                 gus: orgStats(rootId: "16") {{ {fields} }}
                 di: orgStats(rootId: "13") {{ {fields} }}
                 nobody: orgStats(rootId: "404") {{ {fields} }} }}"#
        ))
        .await;
    let buckets = [
        (1, Some(1)),
        (2, Some(3)),
        (4, Some(6)),
        (7, Some(10)),
        (11, Some(15)),
        (16, Some(25)),
        (26, Some(50)),
        (51, None),
    ];
    let span = |spans: &[u32], min: Option<f64>, median: Option<f64>, mean: Option<f64>, max: Option<f64>| {
        let whole = |number: Option<f64>| number.map(|number| number as u32);
        let bucket = |(from, to): (u32, Option<u32>)| {
            let inside = spans.iter().filter(|&&span| span >= from && to.is_none_or(|to| span <= to)).count();
            json!({ "from": from, "to": to, "managerCount": inside })
        };
        json!({ "min": whole(min), "median": median, "mean": mean, "max": whole(max),
                "histogram": buckets.map(bucket) })
    };
    let depths = |counts: &[u32]| -> Vec<_> {
        (0..)
            .zip(counts)
            .map(|(depth, headcount): (u32, _)| json!({ "depth": depth, "headcount": headcount }))
            .collect()
    };
    let shape = |counts: [u32; 5], span: Value, by_depth: &[u32], without: u32| {
        json!({
            "headcount": counts[0], "activeCount": counts[1], "inactiveCount": counts[2],
            "managerCount": counts[3], "individualContributorCount": counts[4], "span": span,
            "layers": by_depth.iter().filter(|&&headcount| headcount > 0).count(),
            "maxDepth": by_depth.len().checked_sub(1), "headcountByDepth": depths(by_depth),
            "withoutDepthCount": without,
        })
    };
    let and = |mut shape: Value, more: Value| {
        shape.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        shape
    };
    // Ada 2, Bo 1, Cy 1, Fay 1, Gus 2, Lu 1.
    let spans = span(&[2, 1, 1, 1, 2, 1], Some(1.0), Some(1.0), Some(8.0 / 6.0), Some(2.0));
    let all = shape([16, 13, 3, 6, 10], spans, &[6, 5, 2], 3);
    assert_eq!(data["all"], and(all, json!({ "root": null, "groups": null })));
    // Without Cy, Ned and Pat: Ada 1, Bo 1, Fay 1, Gus 2, Lu 1.
    let spans = span(&[1, 1, 1, 2, 1], Some(1.0), Some(1.0), Some(1.2), Some(2.0));
    assert_eq!(data["active"], shape([13, 13, 0, 5, 8], spans, &[5, 3, 2], 3));
    let spans = span(&[2, 1, 1], Some(1.0), Some(1.0), Some(4.0 / 3.0), Some(2.0));
    let ada = shape([5, 4, 1, 3, 2], spans, &[1, 2, 2], 0);
    assert_eq!(data["ada"], and(ada, json!({ "root": { "id": "10" } })));
    // In a ring everybody is below everybody: Fay and Hal are one step below Gus.
    let spans = span(&[2, 1], Some(1.0), Some(1.5), Some(1.5), Some(2.0));
    assert_eq!(data["gus"], shape([3, 3, 0, 2, 1], spans, &[1, 2], 0));
    assert_eq!(data["di"], shape([1, 1, 0, 0, 1], span(&[], None, None, None, None), &[1], 0));
    assert_eq!(data["nobody"], Value::Null);
}

#[tokio::test]
async fn people_in_groups() {
    let service = service().await;
    let groups = async |arguments: &str| {
        let query = format!(
            "{{ orgStats({arguments}) {{ groups {{ totalCount nodes {{ key label user {{ id }} headcount
                 activeCount inactiveCount managerCount individualContributorCount span {{ max }} }} }} }} }}"
        );
        let mut data = service.client.data(&query).await;
        let groups = data["orgStats"]["groups"].take();
        assert_eq!(groups["totalCount"], groups["nodes"].as_array().unwrap().len());
        groups["nodes"].as_array().unwrap().clone()
    };
    let brief = |groups: &[Value]| -> Vec<Value> {
        groups
            .iter()
            .map(|group| json!([group["key"], group["label"], group["user"]["id"], group["headcount"]]))
            .collect()
    };

    let titles = groups("groupBy: TITLE").await;
    assert_eq!(
        titles[0],
        json!({ "key": "analyst", "label": "Analyst", "user": null, "headcount": 4, "activeCount": 2,
                "inactiveCount": 2, "managerCount": 0, "individualContributorCount": 4, "span": { "max": null } })
    );
    assert_eq!(
        brief(&titles)[1..4],
        [
            json!(["account executive", "account executive", null, 3]),
            json!(["ceo", "CEO", null, 2]),
            json!(["director", "Director", null, 2]),
        ]
    );
    assert_eq!(titles[3]["span"]["max"], 2);
    assert_eq!(
        brief(&groups("groupBy: DEPTH").await),
        [
            json!(["0", "0", null, 6]),
            json!(["1", "1", null, 5]),
            json!([null, null, null, 3]),
            json!(["2", "2", null, 2]),
        ]
    );
    assert_eq!(
        brief(&groups(r#"groupBy: DEPTH, rootId: "11""#).await),
        [json!(["0", "0", null, 1]), json!(["1", "1", null, 1])]
    );
    assert_eq!(
        brief(&groups("groupBy: EMAIL_DOMAIN").await),
        [json!(["example.org", "example.org", null, 16])]
    );
    assert_eq!(
        brief(&groups("groupBy: TOP").await),
        [
            json!(["10", "Ada", "10", 5]),
            json!(["15", "Fay", "15", 3]),
            json!(["21", "Lu", "21", 2]),
            json!(["90", "90", "90", 2]),
            json!(["18", "Ida", "18", 1]),
            json!(["19", "Jo", "19", 1]),
            json!(["20", "Kim", "20", 1]),
            json!(["23", "Ned", "23", 1]),
        ]
    );
    assert_eq!(
        brief(&groups(r#"groupBy: MANAGER, rootId: "10""#).await),
        [
            json!(["10", "Ada", "10", 2]),
            json!(["11", "Bo", "11", 1]),
            json!(["12", "Cy", "12", 1]),
            json!([null, null, null, 1])
        ]
    );

    // Page by page.
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = "query($after: String) { orgStats(groupBy: TOP) { groups(first: 3, after: $after) {
            edges { node { key } } pageInfo { hasNextPage endCursor } } } }";
        let answer = service.client.ask_with(query, json!({ "after": after })).await;
        let page = &answer["data"]["orgStats"]["groups"];
        seen.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["key"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, ["10", "15", "21", "90", "18", "19", "20", "23"]);
}

#[tokio::test]
async fn the_shipped_company_adds_up() {
    let service = Service::over(shipped_company()).await;
    let data = service
        .client
        .data(
            "{ users { totalCount } active: users(filter: { active: true }) { totalCount }
               isolated: orphans(reasons: NO_MANAGER) { totalCount }
               dangling: orphans(reasons: MANAGER_NOT_FOUND) { totalCount }
               issues: orgHealth(kinds: [ISOLATED, DANGLING_MANAGER]) { totalCount }
               orgStats(groupBy: TITLE) { headcount activeCount managerCount individualContributorCount
                 headcountByDepth { headcount } withoutDepthCount groups(first: 1000) { nodes { headcount } } } }",
        )
        .await;
    let stats = &data["orgStats"];
    let number = |value: &Value| value.as_u64().unwrap();
    let sum =
        |list: &Value| list.as_array().unwrap().iter().map(|one| number(&one["headcount"])).sum::<u64>();
    assert_eq!(stats["headcount"], data["users"]["totalCount"]);
    assert_eq!(stats["activeCount"], data["active"]["totalCount"]);
    assert_eq!(
        number(&data["issues"]["totalCount"]),
        number(&data["isolated"]["totalCount"]) + number(&data["dangling"]["totalCount"])
    );
    let headcount = number(&stats["headcount"]);
    assert_eq!(number(&stats["managerCount"]) + number(&stats["individualContributorCount"]), headcount);
    assert_eq!(sum(&stats["headcountByDepth"]) + number(&stats["withoutDepthCount"]), headcount);
    assert_eq!(sum(&stats["groups"]["nodes"]), headcount);
}
