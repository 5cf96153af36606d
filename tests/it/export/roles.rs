//! What each role sees of a table, and what is taken down.

use orgraph::{
    app,
    auth::{self, ApiKey, KeyEntry, KeyFile, Role, audit::AuditLog},
    clock::Clock,
    simulator::Workspace,
};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::{
    roles::people::{CANARY, small},
    support::{FOREVER, Scratch, Service, UNHURRIED, code, serve, settings, simulate},
};

pub(super) struct Keyed {
    pub(super) service: Service,
    pub(super) keys: [String; 3],
    log: AuditLog,
    scratch: Scratch,
}

impl Keyed {
    pub(super) async fn start() -> Self {
        let scratch = Scratch::new();
        let path = scratch.path().join("keys.jsonl");
        let keys = Role::ALL.map(|role| {
            let key = ApiKey::generate().unwrap();
            let entry = KeyEntry::new(role.as_str().to_owned(), role, &key, Clock::system().now(), None);
            KeyFile::new(&path).add(&entry).unwrap();
            key.reveal().to_owned()
        });
        let log = AuditLog::to_file(&scratch.path().join("audit"), Clock::system()).unwrap();
        let auth = auth::Settings { keys_file: Some(path), ..auth::Settings::default() };
        let told = app::Settings { auth, audit: log.clone(), ..app::Settings::default() };
        let gong = serve(&simulate(Workspace::new(small()))).await;
        let service = Service::with(&settings(gong, UNHURRIED), told, None).await;
        service.ready().await;
        Self { service, keys, log, scratch }
    }

    pub(super) async fn get(
        &self,
        role: Role,
        path: &str,
        range: Option<&str>,
    ) -> (StatusCode, Vec<u8>, String) {
        let mut request = self.service.client.request(Method::GET, &format!("/export/v1/{path}"));
        if let Some(range) = range {
            request = request.header("range", range);
        }
        let response = request.bearer_auth(&self.keys[role as usize]).send().await.unwrap();
        let tag = response.headers().get("etag").map_or("", |tag| tag.to_str().unwrap()).to_owned();
        (response.status(), response.bytes().await.unwrap().to_vec(), tag)
    }

    /// The lines of the audit log.
    async fn taken_down(&self) -> Vec<Value> {
        self.log.flush(FOREVER).await;
        let text = std::fs::read_to_string(self.scratch.path().join("audit")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[tokio::test]
async fn nobody_reads_a_table_without_a_credential() {
    let keyed = Keyed::start().await;
    for path in [
        "/export/v1",
        "/export/v1/",
        "/export/v1/users.csv",
        "/export/v1/nothing.csv",
        "/export/v1/catalogue.css",
    ] {
        assert_eq!(keyed.service.client.status(path).await, 401, "{path}");
    }
}

#[tokio::test]
async fn a_reader_is_refused_contact_data_and_no_table_holds_any() {
    let keyed = Keyed::start().await;
    let guarded =
        ["trusted_email", "phone_number", "extension", "personal_meeting_urls", "meeting_consent_page_url"];
    for format in ["csv", "ndjson", "arrow", "parquet"] {
        for column in guarded {
            let (status, body, _) =
                keyed.get(Role::Reader, &format!("users.{format}?columns=id,{column}"), None).await;
            let answer: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!((status, code(&answer)), (StatusCode::FORBIDDEN, "FORBIDDEN"));
            let told = &answer["errors"][0]["extensions"];
            assert_eq!((&told["reason"], &told["requiredRole"]), (&"ROLE".into(), &"ANALYST".into()));
            assert!(told["field"].as_str().unwrap().starts_with("User."));
        }
        for table in ["users", "reporting_lines", "orphans", "org_issues", "org_stats"] {
            let (status, body, _) = keyed.get(Role::Reader, &format!("{table}.{format}"), None).await;
            assert_eq!(status, StatusCode::OK);
            let found = body.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
            assert!(!found, "{table}.{format}");
        }
    }
    assert_eq!(keyed.taken_down().await, Vec::<Value>::new());
}

#[tokio::test]
async fn what_analysts_read_is_taken_down() {
    let keyed = Keyed::start().await;
    let people = small().len();
    for (at, format) in ["csv", "ndjson", "arrow", "parquet"].into_iter().enumerate() {
        let path = format!("users.{format}?columns=id,phone_number,extension");
        let (status, body, _) = keyed.get(Role::Analyst, &path, None).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()), "{format}");
        let lines = keyed.taken_down().await;
        assert_eq!(lines.len(), at + 1, "{lines:?}");
        let line = &lines[at];
        assert_eq!((&line["viewer"], &line["role"]), (&"key:analyst".into(), &"analyst".into()));
        assert_eq!(line["fields"], serde_json::json!(["User.phoneNumber", "User.extension"]));
        assert_eq!(line["userIds"].as_array().unwrap().len(), people);
    }
    // Parts of what is kept are one reading of each reader.
    let path = "users.parquet?columns=id,phone_number,extension";
    keyed.get(Role::Analyst, path, Some("bytes=0-3")).await;
    assert_eq!(keyed.taken_down().await.len(), 4);
    keyed.get(Role::Analyst, "users.csv", None).await;
    assert_eq!(keyed.taken_down().await.len(), 4, "the usual columns hold no contact data");
    keyed.get(Role::Admin, path, None).await;
    assert_eq!(keyed.taken_down().await.len(), 5);
}

#[tokio::test]
async fn answers_are_named_by_role() {
    let keyed = Keyed::start().await;
    for file in ["users.csv", "users.parquet"] {
        let (_, _, reader) = keyed.get(Role::Reader, file, None).await;
        let (_, _, analyst) = keyed.get(Role::Analyst, file, None).await;
        assert_ne!(reader, analyst);
    }
}
