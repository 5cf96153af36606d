//! Finding people through GraphQL: filters, orders, the nearest manager of a kind.

use orgraph::simulator::{SimUser, SpokenLanguage, UserSettings, Workspace};
use serde_json::{Value, json};

use crate::support::{Service, code, refusal};

/// Ada leads Bo, Cy and Zoë; Di and Ed are under Bo, Flo under Di; Gil, who has left, leads Hal. Ivy leads
/// herself.
fn company() -> Vec<SimUser> {
    let user = |id: &str, name: (&str, &str), title: &str, manager: Option<&str>| SimUser {
        first_name: Some(name.0.to_owned()),
        last_name: Some(name.1.to_owned()),
        email_address: Some(format!("u{id}@example.org")),
        title: Some(title.to_owned()),
        created: Some(format!("20{id}-03-01T00:00:00Z")),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    let speaks = |language: &str| vec![SpokenLanguage { language: language.to_owned(), primary: true }];
    vec![
        user("10", ("Ada", "Lovelace"), "CEO", None),
        SimUser { spoken_languages: speaks("en-GB"), ..user("11", ("Bo", "Olsen"), "VP Sales", Some("10")) },
        user("12", ("Cy", "Young"), "VP Marketing", Some("10")),
        SimUser {
            email_aliases: vec!["di@EMEA.example".to_owned()],
            ..user("13", ("Di", "Prince"), "Sales Manager", Some("11"))
        },
        user("14", ("Ed", "Olsen"), "Account Executive", Some("11")),
        SimUser { spoken_languages: speaks("fr"), ..user("15", ("Flo", "Müller"), "SDR EMEA", Some("13")) },
        SimUser { active: false, ..user("16", ("Gil", "Prince"), "Director", Some("10")) },
        user("17", ("Hal", "Young"), "Engineer", Some("16")),
        SimUser {
            settings: UserSettings { gong_connect_enabled: true, ..UserSettings::default() },
            ..user("18", ("Ivy", "Young"), "Advisor", Some("18"))
        },
        SimUser { title: None, ..user("19", ("Zoë", "Adams"), "", Some("10")) },
    ]
}

async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}

fn ids(users: &Value) -> String {
    let ids = users["nodes"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap());
    ids.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn filters_of_every_kind_and_trees_of_them() {
    let service = service().await;
    for (filter, expected) in [
        (json!({}), "10 11 12 13 14 15 16 17 18 19"),
        (json!({ "ids": ["13", "404", "011", "18"] }), "13 18"),
        (json!({ "ids": [] }), ""),
        (json!({ "name": { "startsWith": "di" } }), "13"),
        (json!({ "name": { "equals": "ZOË ADAMS" } }), "19"),
        (json!({ "name": { "contains": "ol", "startsWith": "e" } }), "14"),
        (json!({ "title": { "startsWith": "vp" } }), "11 12"),
        (json!({ "title": {} }), "10 11 12 13 14 15 16 17 18 19"),
        (json!({ "title": { "contains": "" } }), "10 11 12 13 14 15 16 17 18"),
        (json!({ "email": { "equals": "U14@example.ORG" } }), "14"),
        (json!({ "emailDomain": ["emea.EXAMPLE", "nowhere.example"] }), "13"),
        (json!({ "emailDomain": ["example"] }), ""),
        (json!({ "created": { "from": "2013-03-01T00:00:00Z", "to": "2015-03-01T00:00:00Z" } }), "13 14"),
        (json!({ "created": { "from": "2017-03-01T01:00:00+02:00" } }), "17 18 19"),
        (json!({ "managerIds": ["11", "18"] }), "13 14 18"),
        (json!({ "managerStatus": ["INACTIVE", "SELF"] }), "17 18"),
        (json!({ "depth": { "min": 3 } }), "15"),
        (json!({ "depth": { "max": 0 } }), "10 18"),
        (json!({ "hasReports": true }), "10 11 13 16"),
        (json!({ "reportCount": { "min": 2, "max": 3 } }), "11"),
        (json!({ "transitiveReportCount": { "min": 3, "max": 3 } }), "11"),
        (json!({ "spokenLanguage": ["EN"] }), "11"),
        (json!({ "spokenLanguage": ["en-gb", "fr"] }), "11 15"),
        (json!({ "settings": { "gongConnectEnabled": true } }), "18"),
        (json!({ "under": "11" }), "13 14 15"),
        (json!({ "under": "404" }), ""),
        (json!({ "isOrphan": true }), "17 18"),
        (json!({ "orphanReason": ["MANAGER_IS_SELF"] }), "18"),
        (json!({ "or": [{ "under": "13" }, { "title": { "equals": "ceo" } }] }), "10 15"),
        (json!({ "or": [] }), ""),
        (json!({ "and": [] }), "10 11 12 13 14 15 16 17 18 19"),
        (json!({ "not": { "active": true } }), "16"),
        (
            json!({ "under": "10", "and": [{ "active": true }], "not": { "hasReports": true }, "or": [{ "titleContains": "emea" }, { "nameContains": "young" }] }),
            "12 15 17",
        ),
        (json!({ "not": { "kind": ["PERSON"] } }), ""),
        (json!({ "active": null, "name": null, "and": null }), "10 11 12 13 14 15 16 17 18 19"),
    ] {
        let query = "query($filter: UserFilter) { users(filter: $filter, orderBy: { field: CREATED }) { totalCount nodes { id } } }";
        let answer = service.client.ask_with(query, json!({ "filter": filter })).await;
        let users = &answer["data"]["users"];
        assert!(answer["errors"].is_null(), "{filter}: {answer}");
        assert_eq!(ids(users), expected, "{filter}");
        assert_eq!(users["totalCount"], expected.split_whitespace().count(), "{filter}");
    }
}

#[tokio::test]
async fn orders_in_both_directions_and_in_pages() {
    let service = service().await;
    for (order, expected) in [
        ("EMAIL, direction: DESC", "19 18 17 16 15 14 13 12 11 10"),
        ("TITLE", "14 18 10 16 17 13 15 12 11 19"),
        ("TITLE, direction: DESC", "11 12 15 13 17 16 10 18 14 19"),
        ("DEPTH", "10 18 11 12 16 19 13 14 17 15"),
        ("DEPTH, direction: DESC", "15 13 14 17 11 12 16 19 10 18"),
    ] {
        let (mut after, mut seen) = (Value::Null, Vec::new());
        loop {
            let query = format!(
                "query($after: String) {{ users(first: 3, after: $after, orderBy: {{ field: {order} }}) {{
                    nodes {{ id }} pageInfo {{ endCursor hasNextPage }} }} }}"
            );
            let answer = service.client.ask_with(&query, json!({ "after": after })).await;
            let users = &answer["data"]["users"];
            seen.push(ids(users));
            if users["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = users["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen.join(" "), expected, "{order}");
    }
}

#[tokio::test]
async fn the_nearest_manager_of_a_kind() {
    let data = service()
        .await
        .client
        .data(
            r#"fragment line on ManagerChain { length end nodes { id } }
            { vp: managerChain(userId: "15", filter: { title: { startsWith: "vp" } }, first: 1) { ...line }
              none: managerChain(userId: "15", filter: { title: { startsWith: "cfo" } }, first: 1) { ...line }
              two: managerChain(userId: "15", first: 2) { ...line }
              noOne: managerChain(userId: "15", first: 0) { ...line }
              all: managerChain(userId: "15", first: 2147483647) { ...line }
              nobody: managerChain(userId: "999", first: 1) { ...line }
              active: user(id: "17") { managerChain(filter: { active: true }, first: 1) { ...line } }
              bo: user(id: "11") { direct: reportCount(filter: { title: { contains: "manager" } })
                all: reportCount(transitive: true, filter: { emailDomain: ["emea.example"] })
                every: reportCount(transitive: true, filter: {}) of: reportCount(filter: { kind: [AVATAR] }) } }"#,
        )
        .await;
    let line = |ids: &[&str], length: u32| {
        let nodes: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({ "length": length, "end": "ROOT", "nodes": nodes })
    };
    assert_eq!(
        data,
        json!({
            "vp": line(&["11"], 3),
            "none": line(&[], 3),
            "two": line(&["13", "11"], 3),
            "noOne": line(&[], 3),
            "all": line(&["13", "11", "10"], 3),
            "nobody": null,
            "active": { "managerChain": line(&["10"], 2) },
            "bo": { "direct": 1, "all": 1, "every": 3, "of": 0 },
        })
    );
}

#[tokio::test]
async fn filters_that_cannot_be_used_name_the_argument() {
    let service = service().await;
    let ids: Vec<_> = (0..1_001).map(|n| n.to_string()).collect();
    let nested = |levels: usize| (0..levels).fold(json!({}), |inside, _| json!({ "not": inside }));
    let wide = |parts: usize| json!({ "or": vec![json!({ "active": true }); parts] });
    for (filter, argument) in [
        (json!({ "created": { "from": "2020-01-02T00:00:00Z", "to": "2020-01-01T00:00:00Z" } }), "created"),
        (json!({ "depth": { "min": 2, "max": 1 } }), "depth"),
        (json!({ "reportCount": { "min": 0, "max": -1 } }), "reportCount"),
        (json!({ "transitiveReportCount": { "min": 2, "max": 1 } }), "transitiveReportCount"),
        (json!({ "or": [{ "not": { "depth": { "min": 2, "max": 1 } } }] }), "depth"),
        (json!({ "ids": ids }), "ids"),
        (json!({ "managerIds": ids }), "managerIds"),
        (json!({ "emailDomain": ids }), "emailDomain"),
        (json!({ "emailDomain": ["@example.org"] }), "emailDomain"),
        (json!({ "spokenLanguage": ids }), "spokenLanguage"),
        (nested(11), "filter"),
        (wide(101), "filter"),
        (json!({ "and": [wide(50), wide(50)] }), "filter"),
    ] {
        let query = "query($filter: UserFilter) { users(filter: $filter) { totalCount } }";
        let answer = service.client.ask_with(query, json!({ "filter": filter })).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{filter}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with(argument), "{answer}");
    }
    for filter in [
        nested(10),
        wide(100),
        json!({ "created": { "from": "2020-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z" } }),
    ] {
        let query = "query($filter: UserFilter) { users(filter: $filter) { totalCount } }";
        let answer = service.client.ask_with(query, json!({ "filter": filter })).await;
        assert!(answer["errors"].is_null(), "{filter}: {answer}");
    }
    for query in [
        r#"{ managerChain(userId: "15", first: -1) { length } }"#,
        r#"{ managerChain(userId: "999", first: -1) { length } }"#,
        r#"{ user(id: "15") { managerChain(first: -3000000000) { length } } }"#,
    ] {
        let answer = service.client.ask(query).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "first"), "{query}");
    }
}

/// What a filter costs a user, a request pays for.
#[tokio::test]
async fn a_wide_filter_over_many_people_is_refused_with_its_reason() {
    let service = Service::over(Workspace::generate(3_000, 7)).await;
    // A hundred parts a user and 2,000,000 visits an answer: six whole listings of 3,000 people.
    let parts = "{ titleContains: \"qzx\" } ".repeat(99);
    let listing =
        |n: usize| format!("u{n}: users(first: 1, filter: {{ or: [{parts}] }}) {{ nodes {{ id }} }} ");
    let listings = |n: usize| format!("{{ {} }}", (0..n).map(listing).collect::<String>());
    assert_eq!(code(&service.client.ask(&listings(7)).await), "QUERY_TOO_COMPLEX");
    assert_eq!(service.client.data(&listings(6)).await["u5"]["nodes"], json!([]));
}

/// Ids and matched fields of those who are found by `text`.
async fn search(service: &Service, text: &str, more: &str) -> String {
    let query = format!(
        "query($text: String!) {{ search(text: $text{more}) {{ totalCount edges {{ matchedFields node {{ id }} }} }} }}"
    );
    let answer = service.client.ask_with(&query, json!({ "text": text })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let edges = answer["data"]["search"]["edges"].as_array().unwrap();
    assert_eq!(answer["data"]["search"]["totalCount"], edges.len());
    let edge = |edge: &Value| {
        let fields = edge["matchedFields"].as_array().unwrap().iter().map(|field| field.as_str().unwrap());
        format!("{}:{}", edge["node"]["id"].as_str().unwrap(), fields.collect::<Vec<_>>().join("+"))
    };
    edges.iter().map(edge).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn people_are_found_by_words_beginnings_and_typos() {
    let service = service().await;
    for (text, more, expected) in [
        ("zoe", "", "19:NAME"),
        ("MULLER", "", "15:NAME"),
        ("mueller", "", "15:NAME"),
        ("lovel", "", "10:NAME"),
        ("lovlac", "", "10:NAME"),
        ("olsne", "", "11:NAME 14:NAME"),
        ("emea", "", "13:ALIAS 15:TITLE"),
        ("young vp", "", "12:NAME+TITLE"),
        ("vp", ", filter: { name: { startsWith: \"b\" } }", "11:TITLE"),
        ("u14@example.org", "", "14:EMAIL"),
        ("xyzzy", "", ""),
        ("olsen xyzzy", "", ""),
        ("  ?!  ", "", ""),
        ("", "", ""),
        ("prince", ", filter: { active: true }", "13:NAME"),
    ] {
        assert_eq!(search(&service, text, more).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_search_goes_on_where_a_page_ended() {
    let service = service().await;
    let whole = search(&service, "young", "").await;
    assert_eq!(whole, "12:NAME 17:NAME 18:NAME");
    let page = |arguments: &str| {
        format!(
            "{{ search(text: \"young\", {arguments}) {{ nodes {{ id }} pageInfo {{ endCursor startCursor hasNextPage hasPreviousPage }} }} }}"
        )
    };
    let first = &service.client.data(&page("first: 2")).await["search"];
    assert_eq!((ids(first), &first["pageInfo"]["hasNextPage"]), ("12 17".to_owned(), &json!(true)));
    let end = &first["pageInfo"]["endCursor"];
    let second = &service.client.data(&page(&format!("first: 2, after: {end}"))).await["search"];
    assert_eq!((ids(second), &second["pageInfo"]["hasNextPage"]), ("18".to_owned(), &json!(false)));
    let start = &second["pageInfo"]["startCursor"];
    let back = &service.client.data(&page(&format!("last: 1, before: {start}"))).await["search"];
    assert_eq!((ids(back), &back["pageInfo"]["hasPreviousPage"]), ("17".to_owned(), &json!(true)));
}

#[tokio::test]
async fn searches_that_cannot_be_made_name_the_argument() {
    let service = service().await;
    let of_users = service.client.data("{ users(first: 1) { pageInfo { endCursor } } }").await;
    let foreign = of_users["users"]["pageInfo"]["endCursor"].to_string();
    let (long, many) = ("a".repeat(201), "a b c d e f g h i");
    for (query, argument) in [
        (format!(r#"{{ search(text: "{long}") {{ totalCount }} }}"#), "text"),
        (format!(r#"{{ search(text: "{many}") {{ totalCount }} }}"#), "text"),
        (r#"{ search(text: "a", first: -1) { totalCount } }"#.to_owned(), "first"),
        (r#"{ search(text: "a", first: 1, last: 1) { totalCount } }"#.to_owned(), "last"),
        (r#"{ search(text: "a", after: "zzz") { totalCount } }"#.to_owned(), "after"),
        (format!(r#"{{ search(text: "a", after: {foreign}) {{ totalCount }} }}"#), "after"),
        (
            r#"{ search(text: "a", filter: { depth: { min: 1, max: 0 } }) { totalCount } }"#.to_owned(),
            "depth",
        ),
    ] {
        let answer = service.client.ask(&query).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{query}");
    }
    let answer = service
        .client
        .ask(&format!(r#"{{ users(after: {}) {{ totalCount }} }}"#, {
            let found = service.client.data(r#"{ search(text: "ada") { pageInfo { endCursor } } }"#).await;
            found["search"]["pageInfo"]["endCursor"].to_string()
        }))
        .await;
    assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "after"), "a place in a search is none by name");
}
