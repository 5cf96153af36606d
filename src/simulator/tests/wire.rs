//! Shapes of answers, and what is asked for.

use reqwest::{Method, header::AUTHORIZATION};
use serde_json::json;

use super::*;

const EXPIRED: (u16, &str) = (400, "cursor has expired");
const UNVERIFIED: (u16, &str) = (400, "Failed to verify cursor");

#[tokio::test]
async fn a_page_has_the_shape_of_gongs() {
    let served = Served::start(people(&["3", "1", "2"]), generous()).await;
    let first = served.get("/v2/users?limit=1").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("content-type"), Some("application/json;charset=UTF-8"));
    let request_id = first.body["requestId"].as_str().unwrap();
    assert!(request_id.len() == 19 && request_id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(first.header("x-traceid"), Some(request_id));
    assert_eq!(first.ids(), ["1", "2"]);
    let cursor = first.cursor();
    assert_eq!(
        first.body["records"],
        json!({"totalRecords": 3, "currentPageSize": 2, "currentPageNumber": 0, "cursor": cursor})
    );
    assert_eq!(first.body["users"][0].as_object().unwrap().len(), 17);

    let last = served.get(&format!("/v2/users?cursor={cursor}")).await;
    assert_eq!(last.ids(), ["3"]);
    assert_eq!(
        last.body["records"],
        json!({"totalRecords": 3, "currentPageSize": 1, "currentPageNumber": 1})
    );
    assert_ne!(last.body["requestId"], first.body["requestId"]);
}

#[tokio::test]
async fn the_request_id_comes_first_and_keys_keep_their_order() {
    let served = Served::start(people(&["1"]), generous()).await;
    let text = served.request(Method::GET, "/v2/users/1").send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with(r#"{"requestId":""#), "{text}");
    assert!(text.contains(r#""user":{"id":"1","emailAddress":null,"created":null,"active":true,"#), "{text}");
}

#[tokio::test]
async fn avatars_are_listed_when_asked_for() {
    let workspace = Workspace::new(vec![SimUser::new("1"), SimUser { avatar: true, ..SimUser::new("2") }]);
    let served = Served::start(workspace, generous()).await;
    assert_eq!(served.simulator.people(), 1);
    assert_eq!(served.get("/v2/users").await.ids(), ["1"]);
    assert_eq!(served.get("/v2/users?includeAvatars=true").await.ids(), ["1", "2"]);
    assert_eq!(served.get("/v2/users/2").await.body["user"]["id"], "2");
    let ids = |avatars| json!({"filter": {"userIds": ["1", "2"], "includeAvatars": avatars}});
    assert_eq!(served.extensive(ids(false)).await.ids(), ["1"]);
    assert_eq!(served.extensive(ids(true)).await.ids(), ["1", "2"]);
    assert_eq!(served.get("/v2/users?includeAvatars=maybe").await.status, 400);
}

#[tokio::test]
async fn extensive_filters_by_id_and_by_time() {
    let created = |id: &str, time: &str| SimUser { created: Some(time.to_owned()), ..SimUser::new(id) };
    let served = Served::start(
        Workspace::new(vec![
            created("1", "2023-01-01T02:00:00+02:00"),
            created("2", "2023-07-01T00:00:00.5+03:00"),
            SimUser::new("3"),
            SimUser { title: Some("later".to_owned()), ..SimUser::new("3") },
        ]),
        Settings { page_size: 10, ..generous() },
    )
    .await;
    let filter = |filter: Value| served.extensive(json!({"filter": filter, "novelty": 1}));

    assert_eq!(filter(json!({})).await.ids(), ["1", "2", "3", "3"]);
    assert_eq!(filter(json!({"userIds": ["3", "9", "1"], "novelty": 1})).await.ids(), ["1", "3"]);
    assert_eq!(filter(json!({"userIds": ["3"]})).await.body["users"][0]["title"], "later");
    assert_eq!(served.get("/v2/users/3").await.body["user"]["title"], "later");
    assert_eq!(filter(json!({"createdFromDateTime": "2023-01-01T00:00:00Z"})).await.ids(), ["1", "2"]);
    assert_eq!(filter(json!({"createdFromDateTime": "2023-01-01T00:00:01Z"})).await.ids(), ["2"]);
    assert_eq!(filter(json!({"createdToDateTime": "2023-06-30T21:00:00.5Z"})).await.ids(), ["1"]);
    assert_eq!(filter(json!({"userIds": ["9"]})).await.status, 404);
    assert_eq!(filter(json!({"createdToDateTime": "noon"})).await.status, 400);
}

#[tokio::test]
async fn bad_requests_are_told_so() {
    let served = Served::start(people(&["1"]), Settings { max_ids_per_request: Some(2), ..generous() }).await;
    for body in
        ["", "{", "[]", "{}", r#"{"filter":null}"#, r#"{"filter":[]}"#, r#"{"filter":{"userIds":[1]}}"#]
    {
        assert_eq!(served.extensive(body).await.status, 400, "{body}");
    }
    assert_eq!(served.extensive(json!({"filter": {"userIds": ["1", "2", "3"]}})).await.status, 400);
    assert_eq!(served.extensive(" ".repeat(1024 * 1024 + 1)).await.status, 413);
    assert_eq!(served.get("/v2/users/9").await.error(), (404, "no user has this id"));
    assert_eq!(served.get("/v2/deals").await.error(), (404, "no such path"));
    let wrong = Answer::read(served.request(Method::DELETE, "/v2/users")).await;
    assert_eq!(wrong.error(), (405, "the method is not allowed here"));
    assert_eq!(wrong.header("x-traceid"), wrong.body["requestId"].as_str());
}

#[tokio::test]
async fn a_wrong_key_is_not_let_in() {
    let served = Served::start(people(&["1"]), generous()).await;
    let without = served.anonymous(Method::GET, "/v2/users");
    assert_eq!(Answer::read(without).await.status, 401);
    let wrong = served.anonymous(Method::GET, "/v2/users").header(AUTHORIZATION, basic("simulator:guess"));
    assert_eq!(Answer::read(wrong).await.status, 401);
    assert_eq!(served.simulator.stats().unauthorised, 2);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_inputs_only() {
    let served = Served::start(people(&["1", "2", "3"]), generous()).await;
    let page = served.get("/v2/users").await;
    let cursor = page.cursor();
    let same = served.get(&format!("/v2/users?includeAvatars=false&cursor={cursor}")).await;
    assert_eq!(same.ids(), ["3"]);
    assert_eq!(
        served.get(&format!("/v2/users?includeAvatars=true&cursor={cursor}")).await.error(),
        UNVERIFIED
    );
    assert_eq!(served.get(&format!("/v2/users?cursor={cursor}A")).await.error(), UNVERIFIED);
    assert_eq!(served.extensive(json!({"cursor": cursor, "filter": {}})).await.error(), UNVERIFIED);

    let page = served.extensive(json!({"filter": {"userIds": ["1", "2", "3"]}})).await;
    let next = |ids: Value| served.extensive(json!({"cursor": page.cursor(), "filter": {"userIds": ids}}));
    assert_eq!(next(json!(["1", "2", "3"])).await.ids(), ["3"]);
    assert_eq!(next(json!(["1", "2"])).await.error(), UNVERIFIED);
}

#[tokio::test]
async fn an_old_cursor_has_expired() {
    let settings = Settings { cursor_life: std::time::Duration::ZERO, ..generous() };
    let served = Served::start(people(&["1", "2", "3"]), settings).await;
    let page = served.get("/v2/users").await;
    assert_eq!(served.get(&format!("/v2/users?cursor={}", page.cursor())).await.error(), EXPIRED);
}
