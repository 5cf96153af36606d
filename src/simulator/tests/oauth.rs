//! Tokens: how they are asked for, and what they open.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HOST};
use serde_json::json;

use super::{super::OauthSettings, *};

const TOKENS: &str = "/oauth2/generate-customer-token";
const REFRESH: &str = "grant_type=refresh_token&refresh_token=";

async fn start(oauth: OauthSettings) -> Served {
    Served::start(people(&["1"]), Settings { oauth, ..generous() }).await
}

async fn ask(served: &Served, query: &str) -> Answer {
    Answer::read(served.request(Method::POST, &format!("{TOKENS}?{query}"))).await
}

async fn with_token(served: &Served, path: &str, token: &str) -> Answer {
    Answer::read(served.anonymous(Method::GET, path).bearer_auth(token)).await
}

fn text<'a>(answer: &'a Answer, key: &str) -> &'a str {
    answer.body[key].as_str().unwrap_or_else(|| panic!("{key} in {}", answer.body))
}

#[tokio::test]
async fn a_token_opens_the_api_where_it_was_asked_for() {
    let served = start(OauthSettings::default()).await;
    let granted = ask(&served, "grant_type=authorization_code&code=simulator&redirect_uri=x").await;
    assert_eq!(granted.body["expires_in"], 86_400);
    assert_eq!(granted.body["token_type"], "Bearer");
    assert_eq!(text(&granted, "api_base_url_for_customer"), served.base);
    assert!(text(&granted, "scope").split(' ').any(|scope| scope == "api:users:read"));
    let token = text(&granted, "access_token");
    assert_eq!(with_token(&served, "/v2/users", token).await.ids(), ["1"]);

    let elsewhere = served.anonymous(Method::GET, "/v2/users").bearer_auth(token);
    let elsewhere = Answer::read(elsewhere.header(HOST, "api.example.org")).await;
    assert_eq!(elsewhere.status, 403);
    assert_eq!(with_token(&served, "/v2/users", "guess").await.error(), (401, "the access token is unknown"));
    assert_eq!(ask(&served, "grant_type=authorization_code&code=simulator").await.status, 400);
    let stats = served.simulator.stats();
    assert_eq!((stats.calls, stats.calls_by_endpoint.oauth_token, stats.unauthorised), (3, 2, 2));
}

#[tokio::test]
async fn refresh_tokens_rotate() {
    let served = start(OauthSettings::default()).await;
    let first = ask(&served, &format!("{REFRESH}simulator")).await;
    let reused = ask(&served, &format!("{REFRESH}simulator")).await;
    assert_eq!(reused.error(), (400, "the refresh token was used before"));
    let second = ask(&served, &format!("{REFRESH}{}", text(&first, "refresh_token"))).await;
    for granted in [&first, &second] {
        let token = text(granted, "access_token");
        assert_eq!(with_token(&served, "/v2/users", token).await.status, 200);
    }
}

#[tokio::test]
async fn a_form_is_taken_too() {
    let served = start(OauthSettings::default()).await;
    let form = served
        .request(Method::POST, TOKENS)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!("{REFRESH}simul%61tor"));
    assert_eq!(Answer::read(form).await.status, 200);
}

#[tokio::test]
async fn askers_who_are_not_the_app_or_say_nothing_are_refused() {
    let served = start(OauthSettings::default()).await;
    let wrong = served.anonymous(Method::POST, &format!("{TOKENS}?{REFRESH}simulator"));
    let wrong = wrong.header(AUTHORIZATION, basic("simulator:guess"));
    assert_eq!(Answer::read(wrong).await.status, 401);
    for query in ["", "grant_type=password", "grant_type=refresh_token", "grant_type=authorization_code"] {
        assert_eq!(ask(&served, query).await.status, 400, "{query}");
    }
    assert_eq!(served.get(TOKENS).await.status, 405);
    assert_eq!(ask(&served, &format!("{REFRESH}simulator")).await.status, 200, "nothing was used up");
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named() {
    let scopes = vec!["api:workspaces:read".to_owned()];
    let served = start(OauthSettings { scopes, ..OauthSettings::default() }).await;
    let granted = ask(&served, &format!("{REFRESH}simulator")).await;
    assert_eq!(text(&granted, "scope"), "api:workspaces:read");
    let token = text(&granted, "access_token");
    assert_eq!(with_token(&served, "/v2/workspaces", token).await.status, 200);
    for (path, scope) in [
        ("/v2/users", "api:users:read"),
        ("/v2/users/1", "api:users:read"),
        ("/v2/users/1/settings-history", "api:users:read"),
        ("/v2/calls", "api:calls:read:basic"),
        ("/v2/settings/scorecards", "api:settings:scorecards:read"),
        ("/v2/coaching", "api:coaching:read"),
    ] {
        let expected = format!("You don't have permission to use '{scope}' in your app.");
        assert_eq!(with_token(&served, path, token).await.error(), (401, expected.as_str()));
    }
    for (path, scope) in [
        ("/v2/users/extensive", "api:users:read"),
        ("/v2/calls/extensive", "api:calls:read:extensive"),
        ("/v2/stats/activity/aggregate", "api:stats:user-actions"),
    ] {
        let answer = Answer::read(served.anonymous(Method::POST, path).bearer_auth(token)).await;
        let expected = format!("You don't have permission to use '{scope}' in your app.");
        assert_eq!(answer.error(), (401, expected.as_str()));
    }
    assert_eq!(served.get("/v2/users").await.status, 200, "an access key has every scope");
}

#[tokio::test]
async fn an_access_token_expires_and_may_be_for_another_host() {
    let oauth = OauthSettings {
        access_token_life: Duration::ZERO,
        api_base_url: Some("https://us-1.api.gong.example/".to_owned()),
        ..OauthSettings::default()
    };
    let served = start(oauth).await;
    let granted = ask(&served, &format!("{REFRESH}simulator")).await;
    assert_eq!(granted.body["expires_in"], json!(0));
    assert_eq!(text(&granted, "api_base_url_for_customer"), "https://us-1.api.gong.example");
    let token = text(&granted, "access_token");
    assert_eq!(with_token(&served, "/v2/users", token).await.error(), (401, "the access token has expired"));
}
