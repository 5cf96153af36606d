//! The identity provider's side.

use serde_json::json;

use super::{
    super::{FaultKind, ScimManager, ScimSettings},
    *,
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn start(manager: ScimManager) -> Served {
    let person = |id: &str, manager: Option<&str>| SimUser {
        email_address: Some(format!("P{id}@example.org")),
        first_name: Some("Person".to_owned()),
        last_name: Some(id.to_owned()),
        manager_id: manager.map(str::to_owned),
        active: id != "3",
        ..SimUser::new(id)
    };
    let people = vec![
        person("1", None),
        person("2", Some("1")),
        person("3", Some("1")),
        person("4", Some("9")),
        SimUser { avatar: true, ..SimUser::new("5") },
    ];
    let scim = ScimSettings { manager, ..ScimSettings::default() };
    Served::start(Workspace::new(people), Settings { scim, ..generous() }).await
}

async fn ask(served: &Served, path: &str, query: &[(&str, &str)]) -> Answer {
    let request = served.anonymous(Method::GET, &format!("/scim/v2/{path}")).query(query);
    Answer::read(request.bearer_auth("simulator")).await
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.body["Resources"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn users_are_listed_in_pages() {
    let served = start(ScimManager::Object).await;
    let first = ask(&served, "Users", &[]).await;
    assert_eq!(first.header("content-type"), Some("application/scim+json;charset=UTF-8"));
    assert_eq!(ids(&first), ["1", "2"]);
    assert_eq!(first.body["totalResults"], 4);
    assert_eq!((&first.body["startIndex"], &first.body["itemsPerPage"]), (&json!(1), &json!(2)));
    for (start, count, expected) in
        [("3", "9", &["3", "4"][..]), ("-4", "1", &["1"]), ("2", "-1", &[]), ("9", "2", &[])]
    {
        let page = ask(&served, "Users", &[("startIndex", start), ("count", count)]).await;
        assert_eq!((ids(&page).as_slice(), &page.body["totalResults"]), (expected, &json!(4)));
    }
    assert_eq!(ask(&served, "Users", &[("count", "many")]).await.status, 400);
}

#[tokio::test]
async fn users_are_found_by_filter_and_by_id() {
    let served = start(ScimManager::Object).await;
    let one = ask(&served, "Users/2", &[]).await;
    assert_eq!(one.body["userName"], "P2@example.org");
    assert_eq!(
        one.body[ENTERPRISE]["manager"],
        json!({"value": "1", "$ref": "/scim/v2/Users/1", "displayName": "Person 1"})
    );
    let external = format!("externalId eq {}", one.body["externalId"]);
    for (filter, expected) in [
        (r#"userName eq "p2@example.org""#, &["2"][..]),
        (r#"id eq "3" and active eq false"#, &["3"]),
        (&external, &["2"]),
        ("active eq false", &["3"]),
        (r#"id eq "5""#, &[]),
    ] {
        assert_eq!(ids(&ask(&served, "Users", &[("filter", filter)]).await), expected, "{filter}");
    }
}

#[tokio::test]
async fn a_manager_may_be_plain_text() {
    let served = start(ScimManager::Text).await;
    let manager = async |id: &str| ask(&served, &format!("Users/{id}"), &[]).await.body[ENTERPRISE].clone();
    assert_eq!(manager("2").await, json!({"manager": "1"}));
    assert_eq!(manager("4").await, json!({"manager": "9"}));
    assert_eq!(manager("1").await, json!({}));
}

#[tokio::test]
async fn groups_are_the_teams() {
    let served = start(ScimManager::Object).await;
    let groups = ask(&served, "Groups", &[("filter", r#"displayName eq "team of person 1""#)]).await;
    assert_eq!(groups.body["totalResults"], 1);
    let group = &groups.body["Resources"][0];
    assert_eq!(group["members"], json!([{"value": "2", "$ref": "/scim/v2/Users/2", "display": "Person 2"}]));
    let same = ask(&served, &format!("Groups/{}", group["id"].as_str().unwrap()), &[]).await;
    assert_eq!(&same.body, group);
}

#[tokio::test]
async fn errors_are_scims() {
    let served = start(ScimManager::Object).await;
    let schema = json!(["urn:ietf:params:scim:api:messages:2.0:Error"]);
    for (answer, status) in [
        (ask(&served, "Users/9", &[]).await, "404"),
        (ask(&served, "Users/5", &[]).await, "404"),
        (ask(&served, "Groups/9", &[]).await, "404"),
        (ask(&served, "Roles", &[]).await, "404"),
        (ask(&served, "Users", &[("filter", "shoeSize eq 44")]).await, "400"),
        (served.get("/scim/v2/Users").await, "401"),
    ] {
        assert_eq!(answer.status.as_str(), status);
        assert_eq!((&answer.body["schemas"], &answer.body["status"]), (&schema, &json!(status)));
    }
    let write = served.anonymous(Method::POST, "/scim/v2/Users").bearer_auth("simulator");
    assert_eq!(Answer::read(write).await.status, 405);
    let stats = served.simulator.stats();
    assert_eq!((stats.calls, stats.calls_by_endpoint.scim, stats.unauthorised), (0, 7, 1));
}

#[tokio::test]
async fn faults_about_the_company_are_seen_here_too_and_no_others() {
    let served = start(ScimManager::Text).await;
    served.simulator.faults().add(FaultKind::ServerError500).unwrap();
    assert_eq!(ids(&ask(&served, "Users", &[]).await), ["1", "2"]);
    served.simulator.faults().set([FaultKind::HalfTheUsers.into()]).unwrap();
    assert_eq!(ids(&ask(&served, "Users", &[]).await), ["1", "3"]);
    assert_eq!(ask(&served, "Users/2", &[]).await.status, 404);
    assert!(ids(&ask(&served, "Groups", &[]).await).is_empty(), "nobody at work is left under anybody");
    assert_eq!(served.get("/v2/users/2/settings-history").await.status, 404);
    assert_eq!(served.get("/v2/users/3/settings-history").await.status, 200);
    let days = json!({ "filter": { "fromDate": "2024-01-01", "toDate": "2024-01-02" } });
    let activity = served.request(Method::POST, "/v2/stats/activity/aggregate").body(days.to_string());
    assert_eq!(Answer::read(activity).await.body["records"]["totalRecords"], 2);
    let coaching = "/v2/coaching?manager-id=1&from=2024-01-01T00:00:00Z&to=2024-01-02T00:00:00Z";
    let coached = served.get(coaching).await;
    let reports = coached.body["coachingData"][0]["directReportsMetrics"].as_array().unwrap();
    assert_eq!(reports.len(), 1, "{reports:?}");
}
