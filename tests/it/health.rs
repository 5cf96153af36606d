//! What is wrong with a company and what shape it has, as clients are told.

mod issues;
mod stats;

use orgraph::simulator::{SimUser, Workspace};
use serde_json::json;

use crate::support::{Service, code, refusal};

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
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{query}: {answer}");
    }
    let many: String = (0..40)
        .map(|at| {
            format!("h{at}: orgHealth(first: 1000) {{ nodes {{ id kind summary advice belowCount }} }} ")
        })
        .collect();
    assert_eq!(code(&service.client.ask(&format!("{{ {many} }}")).await), "QUERY_TOO_COMPLEX");
}
