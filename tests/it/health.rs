//! What is wrong with a company and what shape it has, as clients are told.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::{Value, json};

use crate::support::{Service, code, shipped_company};

/// Ada leads Bo and Cy, who has left; Di is under Bo, Ed under Cy. Fay and Gus manage each other, Hal is under
/// Gus; Di and Hal share an address. Ida manages herself. Jo's manager is nobody, and so is that of Ned, who has
/// left. Kim is alone. Mo is under Lu. Ola and Pat, who has left, are under an avatar.
fn company() -> Vec<SimUser> {
    let user = |id: &str, first: &str, title: &str, manager: Option<&str>| SimUser {
        first_name: Some(first.to_owned()),
        email_address: Some(format!("{}@example.org", first.to_lowercase())),
        title: Some(title.to_owned()),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    let shared = |user: SimUser| SimUser { email_aliases: vec!["Demo@Example.org".to_owned()], ..user };
    let left = |user: SimUser| SimUser { active: false, ..user };
    vec![
        user("10", "Ada", "CEO", None),
        user("11", "Bo", "VP Sales", Some("10")),
        left(user("12", "Cy", "VP Marketing", Some("10"))),
        shared(user("13", "Di", "Account Executive", Some("11"))),
        user("14", "Ed", "Designer", Some("12")),
        user("15", "Fay", "Director", Some("16")),
        user("16", "Gus", "Director", Some("15")),
        shared(user("17", "Hal", "account executive", Some("16"))),
        user("18", "Ida", "Advisor", Some("18")),
        user("19", "Jo", "Analyst", Some("404")),
        user("20", "Kim", "Contractor", None),
        user("21", "Lu", "CEO", None),
        user("22", "Mo", "account executive", Some("21")),
        left(user("23", "Ned", "Analyst", Some("405"))),
        user("24", "Ola", "Analyst", Some("90")),
        left(user("25", "Pat", "Analyst", Some("90"))),
        SimUser { avatar: true, ..SimUser::new("90") },
    ]
}

async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}

/// Kind, severity, people and how many below, of each issue of `orgHealth`.
async fn issues(service: &Service, arguments: &str) -> Vec<Value> {
    let query = format!(
        "{{ orgHealth{arguments} {{ nodes {{ kind severity people {{ nodes {{ id }} }} belowCount }} }} }}"
    );
    let data = service.client.data(&query).await;
    let nodes = data["orgHealth"]["nodes"].as_array().unwrap().clone();
    let ids = |node: &Value| -> Vec<Value> {
        node["people"]["nodes"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect()
    };
    nodes.iter().map(|node| json!([node["kind"], node["severity"], ids(node), node["belowCount"]])).collect()
}

#[tokio::test]
async fn what_is_wrong_the_worst_first() {
    let service = service().await;
    let errors = [
        json!(["CYCLE", "ERROR", ["15", "16"], 1]),
        json!(["DANGLING_MANAGER", "ERROR", ["19"], 0]),
        json!(["SELF_MANAGED", "ERROR", ["18"], 0]),
        json!(["DUPLICATE_EMAIL", "ERROR", ["13", "17"], 0]),
    ];
    let warnings = [
        json!(["MULTIPLE_ROOTS", "WARNING", ["10", "21"], 5]),
        json!(["DANGLING_MANAGER", "WARNING", ["23"], 0]),
        json!(["INACTIVE_MANAGER", "WARNING", ["12", "14"], 0]),
        json!(["ISOLATED", "WARNING", ["20"], 0]),
        json!(["AVATAR_MANAGER", "WARNING", ["90", "24", "25"], 0]),
    ];
    let all = [errors.as_slice(), &warnings].concat();
    assert_eq!(issues(&service, "").await, all);
    assert_eq!(issues(&service, "(maxSpan: 3000000000, maxDepth: 9000000000)").await, all);
    assert_eq!(issues(&service, "(severities: [ERROR, ERROR])").await, errors);
    assert_eq!(
        issues(&service, "(kinds: [DANGLING_MANAGER], severities: [WARNING, INFO])").await,
        [json!(["DANGLING_MANAGER", "WARNING", ["23"], 0])]
    );
    assert_eq!(issues(&service, "(kinds: [])").await, [] as [Value; 0]);
    assert_eq!(
        issues(&service, "(maxSpan: 1, maxDepth: 1, severities: INFO)").await,
        [
            json!(["EXTREME_SPAN", "INFO", ["10"], 4]),
            json!(["DEEP_CHAIN", "INFO", ["10", "13"], 3]),
            json!(["EXTREME_SPAN", "INFO", ["16"], 2]),
        ]
    );

    let data = service
        .client
        .data(
            "{ orgHealth(first: 0) { totalCount nodes { id } pageInfo { hasNextPage }
                 countsByKind { kind count } countsBySeverity { severity count } } }",
        )
        .await;
    let kinds = [
        ("DANGLING_MANAGER", 2),
        ("SELF_MANAGED", 1),
        ("CYCLE", 1),
        ("INACTIVE_MANAGER", 1),
        ("ISOLATED", 1),
        ("MULTIPLE_ROOTS", 1),
        ("DUPLICATE_EMAIL", 1),
        ("AVATAR_MANAGER", 1),
    ];
    assert_eq!(
        data["orgHealth"],
        json!({
            "totalCount": 9,
            "nodes": [],
            "pageInfo": { "hasNextPage": true },
            "countsByKind": kinds.map(|(kind, count)| json!({ "kind": kind, "count": count })),
            "countsBySeverity":
                [{ "severity": "ERROR", "count": 4 }, { "severity": "WARNING", "count": 5 }],
        })
    );
}

#[tokio::test]
async fn an_issue_says_what_it_is_and_what_to_do() {
    let service = service().await;
    let data = service
        .client
        .data(
            "{ orgHealth(maxSpan: 1, maxDepth: 1, kinds: [CYCLE, DUPLICATE_EMAIL, INACTIVE_MANAGER, DEEP_CHAIN]) {
                 nodes { id summary advice emailAddress people(first: 1) { totalCount } } } }",
        )
        .await;
    insta::assert_json_snapshot!(data["orgHealth"]["nodes"], @r#"
    [
      {
        "advice": "Find out who of them stands highest, and give that person a manager outside the ring, or none if nobody is above them.",
        "emailAddress": null,
        "id": "issue:CYCLE:15",
        "people": {
          "totalCount": 2
        },
        "summary": "These 2 people manage each other in a ring, so none of them has a line to a top."
      },
      {
        "advice": "Decide whose address it is and remove it from the others. If they are one person, keep one user and deactivate the others.",
        "emailAddress": "Demo@Example.org",
        "id": "issue:DUPLICATE_EMAIL:4701221fac80d364",
        "people": {
          "totalCount": 2
        },
        "summary": "2 users have the same e-mail address, so it doesn't tell who is meant."
      },
      {
        "advice": "Give these reports a new manager, for instance the manager of the inactive one; or activate that user again, if they still work here.",
        "emailAddress": null,
        "id": "issue:INACTIVE_MANAGER:12",
        "people": {
          "totalCount": 2
        },
        "summary": "This manager is inactive and still has 1 active direct report."
      },
      {
        "advice": "Look at the line between the two for managers who stand below each other by mistake.",
        "emailAddress": null,
        "id": "issue:DEEP_CHAIN>1:10",
        "people": {
          "totalCount": 2
        },
        "summary": "The deepest person of this tree is 2 steps below its top, more than 1."
      }
    ]
    "#);
}

#[tokio::test]
async fn issues_are_nodes() {
    let service = service().await;
    let data = service.client.data("{ orgHealth(maxSpan: 1, maxDepth: 1) { nodes { id kind } } }").await;
    let nodes = data["orgHealth"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 12);
    let unknown = [
        "issue:",
        "issue:CYCLE",
        "issue:CYCLE:16",
        "issue:cycle:15",
        "issue:CYCLE>2:15",
        "issue:EXTREME_SPAN:10",
        "issue:EXTREME_SPAN>2:10",
        "issue:EXTREME_SPAN>0:10",
        "issue:EXTREME_SPAN>x:10",
        "issue:DEEP_CHAIN>-1:10",
    ];
    let ids: Vec<_> = nodes.iter().map(|node| &node["id"]).cloned().chain(unknown.map(Value::from)).collect();
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Issue { kind } } }";
    let found = service.client.ask_with(query, json!({ "ids": ids })).await;
    let expected: Vec<_> = nodes.iter().cloned().chain(unknown.map(|_| Value::Null)).collect();
    assert_eq!(found["data"]["nodes"], json!(expected), "{found}");
    for (id, expected) in ids.iter().zip(&expected) {
        let query = format!("{{ node(id: {id}) {{ id ... on Issue {{ kind }} }} }}");
        assert_eq!(service.client.data(&query).await["node"], *expected);
    }
}

#[tokio::test]
async fn a_user_knows_the_issues_that_touch_it() {
    let service = service().await;
    let data = service
        .client
        .data("{ users(filter: { kind: [PERSON, AVATAR] }) { nodes { id issues { totalCount nodes { id kind } } } } }")
        .await;
    let all = service.client.data("{ orgHealth { nodes { id kind people { nodes { id } } } } }").await;
    for user in data["users"]["nodes"].as_array().unwrap() {
        let touching: Vec<_> = all["orgHealth"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|issue| {
                issue["people"]["nodes"].as_array().unwrap().iter().any(|one| one["id"] == user["id"])
            })
            .map(|issue| json!({ "id": issue["id"], "kind": issue["kind"] }))
            .collect();
        let expected = json!({ "totalCount": touching.len(), "nodes": touching });
        assert_eq!(user["issues"], expected, "{}", user["id"]);
    }
    assert_eq!(data["users"]["nodes"].as_array().unwrap().len(), company().len());
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let service = service().await;
    for (field, arguments, selection) in [
        ("orgHealth", "", "{ id }"),
        ("orgHealth", "maxSpan: 1, severities: [ERROR, INFO]", "{ id summary }"),
        ("cycles", "", "{ length }"),
    ] {
        let whole = service.client.all(field, arguments, "nodes", selection, 1_000).await;
        assert!(!whole.is_empty());
        for size in 1..4 {
            assert_eq!(service.client.all(field, arguments, "nodes", selection, size).await, whole);
        }
    }

    // Backwards, by the cursors of the edges.
    let edges = service.client.all("orgHealth", "", "edges", "{ cursor node { id } }", 1_000).await;
    for (at, edge) in edges.iter().enumerate() {
        let query = format!(
            "{{ orgHealth(last: 2, before: {}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasPreviousPage }} }} }}",
            edge["cursor"]
        );
        let page = service.client.data(&query).await;
        assert_eq!(page["orgHealth"]["edges"], json!(edges[at.saturating_sub(2)..at]));
        assert_eq!(page["orgHealth"]["pageInfo"]["hasPreviousPage"], at > 2);
    }

    // The people of an issue.
    let people = |arguments: &str| {
        format!(
            "{{ orgHealth(kinds: AVATAR_MANAGER) {{ nodes {{ people{arguments} {{
                 totalCount edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
        )
    };
    let mut seen = Vec::new();
    let mut arguments = "(first: 2)".to_owned();
    loop {
        let data = service.client.data(&people(&arguments)).await;
        let page = &data["orgHealth"]["nodes"][0]["people"];
        assert_eq!(page["totalCount"], 3);
        seen.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        arguments = format!("(first: 2, after: {})", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(seen, ["90", "24", "25"]);
}

#[tokio::test]
async fn rings_in_the_order_of_their_links() {
    // 3 is managed by 1, 1 by 2, 2 by 3; 4 is below 2 and 5 below 4. 6 and 7 are another ring.
    let under =
        |id: &str, manager: &str| SimUser { manager_id: Some(manager.to_owned()), ..SimUser::new(id) };
    let users = [("3", "1"), ("1", "2"), ("2", "3"), ("4", "2"), ("5", "4"), ("7", "6"), ("6", "7")];
    let service = Service::over(Workspace::new(users.map(|(id, manager)| under(id, manager)).into())).await;
    let query = "{ cycles { totalCount nodes { length belowCount members { totalCount nodes { id } } } } }";
    let data = service.client.data(query).await;
    let ring = |ids: &[&str], below: u32| {
        let nodes: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({ "length": ids.len(), "belowCount": below,
                "members": { "totalCount": ids.len(), "nodes": nodes } })
    };
    let rings = [ring(&["1", "2", "3"], 2), ring(&["6", "7"], 0)];
    assert_eq!(data["cycles"], json!({ "totalCount": 2, "nodes": rings }));
    let none = Service::over(Workspace::new(vec![under("1", "2"), SimUser::new("2")])).await;
    assert_eq!(
        none.client.data("{ cycles { totalCount nodes { length } } }").await["cycles"]["totalCount"],
        0
    );
}

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
async fn a_company_of_nobody_has_numbers_too() {
    let service = Service::over(Workspace::new(Vec::new())).await;
    let data = service
        .client
        .data(
            "{ orgHealth { totalCount nodes { id } countsByKind { count } } cycles { totalCount }
               orgStats(groupBy: TITLE) { headcount span { min median mean max } layers maxDepth
                 headcountByDepth { depth } withoutDepthCount groups { totalCount } } }",
        )
        .await;
    assert_eq!(
        data,
        json!({
            "orgHealth": { "totalCount": 0, "nodes": [], "countsByKind": [] },
            "cycles": { "totalCount": 0 },
            "orgStats": { "headcount": 0, "span": { "min": null, "median": null, "mean": null, "max": null },
                          "layers": 0, "maxDepth": null, "headcountByDepth": [], "withoutDepthCount": 0,
                          "groups": { "totalCount": 0 } },
        })
    );
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

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let service = service().await;
    let data = service.client.data("{ orgHealth(first: 1) { edges { cursor } } cycles(first: 1) { edges { cursor } } orgStats(groupBy: TOP) { groups(first: 1) { edges { cursor } } } }").await;
    let of_issues = &data["orgHealth"]["edges"][0]["cursor"];
    let of_tops = &data["orgStats"]["groups"]["edges"][0]["cursor"];
    let cases = [
        ("{ orgHealth(maxSpan: 0) { totalCount } }".to_owned(), "maxSpan"),
        ("{ orgHealth(maxDepth: -3000000000) { totalCount } }".to_owned(), "maxDepth"),
        ("{ orgHealth(first: 1001) { totalCount } }".to_owned(), "first"),
        ("{ orgHealth(first: 1, last: 1) { totalCount } }".to_owned(), "last"),
        (r#"{ orgHealth(after: "zzz") { totalCount } }"#.to_owned(), "after"),
        (format!("{{ orgHealth(after: {of_tops}) {{ totalCount }} }}"), "after"),
        (format!("{{ cycles(before: {of_issues}) {{ totalCount }} }}"), "before"),
        (format!("{{ orgStats(groupBy: TITLE) {{ groups(after: {of_tops}) {{ totalCount }} }} }}"), "after"),
        (format!("{{ orgHealth {{ nodes {{ people(after: {of_issues}) {{ totalCount }} }} }} }}"), "after"),
        ("{ cycles(last: -1) { totalCount } }".to_owned(), "last"),
        (r#"{ user(id: "10") { issues(first: -1) { totalCount } } }"#.to_owned(), "first"),
        ("{ orgStats { headcountByDepth(maxDepth: 1001) { depth } } }".to_owned(), "maxDepth"),
        ("{ orgStats { headcountByDepth(maxDepth: -1) { depth } } }".to_owned(), "maxDepth"),
    ];
    for (query, argument) in cases {
        let answer = service.client.ask(&query).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{query}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["argument"], argument, "{query}");
    }
    let many: String = (0..40)
        .map(|at| {
            format!("h{at}: orgHealth(first: 1000) {{ nodes {{ id kind summary advice belowCount }} }} ")
        })
        .collect();
    assert_eq!(code(&service.client.ask(&format!("{{ {many} }}")).await), "QUERY_TOO_COMPLEX");
}
