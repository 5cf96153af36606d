//! Documents by their hash: registered by clients, and trusted ones from a directory, over the wire.

use orgraph::http::{DocumentSettings, Documents, Settings};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::over_http::{body, get, post, told};
use crate::support::{FOREVER, Service, code, orgraph};

const TEXT: &str = "{ roots { totalCount } }";

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn persisted(text: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } })
}

async fn over(files: &[(&str, &str)], trusted_only: bool) -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let directory = Some(folder.path().to_owned());
    let documents =
        Documents::open(&DocumentSettings { directory, trusted_only, ..DocumentSettings::default() })
            .unwrap();
    (folder, told(Settings { documents, ..Settings::default() }).await)
}

#[tokio::test]
async fn a_document_is_registered_by_running_it_and_asked_for_by_its_hash() {
    let service = told(Settings::default()).await;
    let by_hash = json!({ "extensions": persisted(TEXT) });
    let response = post(&service, &[], by_hash.clone()).await;
    assert_eq!(response.status(), 200);
    let missing = body(response).await;
    let error = &missing["errors"][0];
    assert_eq!(
        (&error["message"], code(&missing)),
        (&json!("PersistedQueryNotFound"), "PERSISTED_QUERY_NOT_FOUND")
    );
    assert!(error["extensions"]["requestId"].is_string() && missing.get("data").is_none());
    let graphql = [("accept", "application/graphql-response+json")];
    assert_eq!(post(&service, &graphql, by_hash.clone()).await.status(), 400);

    let sent = json!({ "query": TEXT, "extensions": persisted(TEXT) });
    let data = body(post(&service, &[], sent).await).await["data"].take();
    assert_eq!(body(post(&service, &graphql, by_hash.clone()).await).await["data"], data);
    let extensions = by_hash["extensions"].to_string();
    let request =
        service.client.request(Method::GET, "/graphql").query(&[("extensions", extensions.as_str())]);
    let got = request.send().await.unwrap();
    assert!(got.headers().contains_key("etag"));
    assert_eq!(body(got).await["data"], data);
    let id = format!("sha256:{}", hash(TEXT));
    assert_eq!(body(get(&service, &format!("/graphql?documentId={id}"), &[]).await).await["data"], data);
}

#[tokio::test]
async fn what_does_not_validate_is_not_kept() {
    let service = told(Settings::default()).await;
    for text in ["{ nope }", "{", "mutation { x }"] {
        let sent = json!({ "query": text, "extensions": persisted(text) });
        assert_ne!(code(&body(post(&service, &[], sent).await).await), "no error");
        let again = body(post(&service, &[], json!({ "extensions": persisted(text) })).await).await;
        assert_eq!(code(&again), "PERSISTED_QUERY_NOT_FOUND", "{text}");
    }
    let wrong = json!({ "query": TEXT, "extensions": persisted("{ other }") });
    let response = post(&service, &[], wrong).await;
    assert_eq!(response.status(), 400);
    assert_eq!(
        body(response).await["errors"][0]["message"],
        "extensions.persistedQuery.sha256Hash: is not the SHA-256 of query"
    );
}

#[tokio::test]
async fn only_trusted_documents_are_run_where_that_is_asked_for() {
    let (folder, service) = over(&[("roots.graphql", TEXT)], true).await;
    let id = format!("sha256:{}", hash(TEXT));
    let trusted = body(post(&service, &[], json!({ "documentId": id })).await).await;
    assert_eq!(code(&trusted), "no error");
    for request in [
        json!({ "query": "{ __schema { types { name } } }" }),
        json!({ "query": "{ snapshot { version } }", "extensions": persisted("{ snapshot { version } }") }),
    ] {
        let response = post(&service, &[], request).await;
        assert_eq!(response.status(), 403);
        let answer = body(response).await;
        assert_eq!(code(&answer), "FORBIDDEN");
        assert_eq!(
            answer["errors"][0]["message"],
            "query: only trusted documents are run here; name one by documentId"
        );
    }
    assert_eq!(get(&service, "/schema.graphql", &[]).await.status(), 404);

    // A new file is taken without a restart.
    std::fs::write(
        folder.path().join("map.json"),
        json!({ "later": "{ snapshot { version } }" }).to_string(),
    )
    .unwrap();
    let known = async {
        while code(&body(post(&service, &[], json!({ "documentId": "later" })).await).await) != "no error" {
            tokio::task::yield_now().await;
        }
    };
    timeout(FOREVER, known).await.expect("the new document is never known");
}

#[test]
fn documents_that_cannot_be_used_end_the_process_before_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.json"), "[]").unwrap();
    let flag = format!("--documents-dir={}", folder.path().display());
    for (arguments, expected) in [
        (&["demo", flag.as_str()][..], "bad.json: must hold a JSON object"),
        (&["demo", "--trusted-documents-only"], "ORGRAPH_DOCUMENTS_DIR"),
        (&["demo", "--cors-origins=https://app.example.org/path"], "expected an origin such as"),
    ] {
        let output = orgraph().args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
