//! The schema: one file, true, described.

use serde_json::Value;

use crate::support::{Service, shipped_company, text};

#[test]
fn schema_graphql_is_what_the_binary_prints() {
    assert_eq!(
        text("schema.graphql"),
        orgraph::graphql::sdl(),
        "run `cargo run -- schema > schema.graphql` and look at the difference"
    );
}

#[tokio::test]
async fn everything_is_described() {
    let service = Service::over(shipped_company()).await;
    let data = service
        .client
        .data(
            "{ __schema { types { name kind description
                fields { name description args { name description } }
                inputFields { name description } enumValues { name description } } } }",
        )
        .await;
    let mut bare = Vec::new();
    let mut check = |path: String, thing: &Value| {
        if thing["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            bare.push(path);
        }
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for type_ in list(&data["__schema"]["types"]) {
        let name = type_["name"].as_str().unwrap();
        if name.starts_with("__") || name == "ID" {
            continue;
        }
        check(name.to_owned(), &type_);
        for kind in ["fields", "inputFields", "enumValues"] {
            for member in list(&type_[kind]) {
                let member_name = format!("{name}.{}", member["name"].as_str().unwrap());
                for argument in list(&member["args"]) {
                    check(format!("{member_name}({})", argument["name"].as_str().unwrap()), &argument);
                }
                check(member_name, &member);
            }
        }
    }
    assert_eq!(bare, [""; 0]);
}

#[tokio::test]
async fn the_page_to_try_queries_on_is_there() {
    let service = Service::over(shipped_company()).await;
    let response = service.client.request(reqwest::Method::GET, "/graphiql").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers().contains_key("content-security-policy"));
    assert!(response.text().await.unwrap().contains("<html"));
}

#[tokio::test]
async fn answers_are_compressed_for_who_can_read_it() {
    let service = Service::over(shipped_company()).await;
    let query = "/graphql?query=%7Busers%7Bnodes%7Bid%20name%20title%7D%7D%7D";
    let request = service.client.request(reqwest::Method::GET, query).header("accept-encoding", "gzip");
    assert_eq!(request.send().await.unwrap().headers()["content-encoding"], "gzip");
}
