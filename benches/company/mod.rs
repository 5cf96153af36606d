//! A company in memory with an executor over it and all of HTTP around that, to be asked in the same process.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use axum::body::{Body, to_bytes};
use jiff::Timestamp;
use orgraph::{
    auth::{self, Authenticator, Role, Viewer},
    clock::Clock,
    directory::{self, Directory, Writer, person},
    gong::{self, Credentials, Fetched, Gong, Limits},
    graphql::{Circumstances, Executor, Method, Outcome, RateSettings, Settings},
    http::{
        self, Connections, Observed, ObservedSettings, ServerSettings, Site, SubscriptionSettings,
        Subscriptions, Watch,
    },
    org::{self, OrgSnapshot, SnapshotChecks, SnapshotSource},
    simulator::Workspace,
};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A company and whoever answers for it.
pub(crate) struct Company {
    executor: Executor,
    site: Site,
    ids: Vec<String>,
    cursors: Vec<String>,
    _writer: Writer,
}

impl Company {
    /// So many made-up people, the same each time.
    pub(crate) async fn of(people: usize) -> Self {
        let clock = Clock::from_fn(|| Timestamp::UNIX_EPOCH);
        let limits = Limits::default();
        let credentials =
            Credentials::AccessKey { access_key: "key".into(), access_key_secret: "secret".into() };
        // Nobody is there, and nobody is asked.
        let settings =
            gong::Settings { limits, ..gong::Settings::new("http://127.0.0.1:9".to_owned(), credentials) };
        let gong = Gong::new(&settings, clock.clone(), fastrand::Rng::with_seed(1)).expect("a Gong");
        let (writer, _, directory) = directory::open(Arc::new(gong), clock.clone());
        let graph = org::build(users(people));
        let ids = graph.users().iter().map(|user| user.id().to_owned()).collect();
        writer.publish(Arc::new(OrgSnapshot {
            version: 1.into(),
            taken_at: Timestamp::UNIX_EPOCH,
            source: SnapshotSource::FullScan,
            checks: SnapshotChecks::default(),
            graph,
        }));
        let rate = RateSettings { capacity: 0, ..RateSettings::default() };
        let executor =
            Executor::new(directory.clone(), clock.clone(), Settings { rate, ..Settings::default() });
        let site = site(executor.clone(), directory, clock);
        let mut company = Self { executor, site, ids, cursors: Vec::new(), _writer: writer };
        let written = company.ask("{ users(first: 1000) { edges { cursor } } }", json!({})).await.written;
        let answer: Value = serde_json::from_slice(&written.expect("a plan's").body()).expect("JSON");
        let edges = answer["data"]["users"]["edges"].as_array().expect("edges");
        company.cursors =
            edges.iter().map(|edge| edge["cursor"].as_str().expect("a cursor").to_owned()).collect();
        company
    }

    /// One id after the other.
    pub(crate) fn id(&self, nth: u64) -> &str {
        &self.ids[nth as usize % self.ids.len()]
    }

    /// One place in the list of users by name after the other.
    pub(crate) fn cursor(&self, nth: u64) -> &str {
        &self.cursors[nth as usize % self.cursors.len()]
    }

    /// The answer, which has no errors.
    pub(crate) async fn ask(&self, document: &str, variables: Value) -> Outcome {
        let viewer = Viewer { id: "key:bench".into(), role: Role::Admin, expires_at: None };
        let circumstances = Circumstances { method: Method::Post, request_id: "bench".into(), viewer };
        let request = Request::new(document).variables(Variables::from_json(variables));
        let outcome = self.executor.execute(request, &circumstances).await;
        assert!(outcome.ran && outcome.response.errors.is_empty(), "{:?}", outcome.response.errors);
        outcome
    }

    /// Posts the same, and has the whole answer: in gzip, if that is what it `takes`.
    pub(crate) async fn post(&self, document: &str, variables: Value, takes: Option<&str>) {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let mut request = axum::http::Request::post("/graphql")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header("accept", "application/json");
        if let Some(takes) = takes {
            request = request.header("accept-encoding", takes);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.site.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let answer = to_bytes(response.into_body(), usize::MAX).await.expect("an answer");
        let beginning: &[u8] = if takes.is_some() { b"\x1f\x8b" } else { b"{\"data\":{" };
        assert!(answer.starts_with(beginning), "{}", String::from_utf8_lossy(&answer));
    }
}

/// The service as HTTP sees it, for everybody.
fn site(executor: Executor, directory: Directory, clock: Clock) -> Site {
    let connections = Connections::default();
    let subscriptions =
        Subscriptions::new(SubscriptionSettings::default(), connections.clone(), clock.clone());
    let authenticator =
        Authenticator::new(&auth::Settings::default(), clock.clone()).expect("nobody to be asked");
    let watch = Watch {
        directory,
        clock,
        max_snapshot_age: None,
        observed: Observed::new(ObservedSettings::default()),
        connections,
        publications: None,
    };
    let rng = fastrand::Rng::with_seed(1);
    let (told, server) = (http::Settings::default(), ServerSettings::default());
    Site::new(executor, subscriptions, watch, authenticator, rng, told, &server)
}

/// The people of such a company, before it is built.
pub(crate) fn users(people: usize) -> Vec<org::User> {
    let read = |user: &_| {
        let json = serde_json::to_string(user).expect("a user");
        let value: gong::User = serde_json::from_str(&json).expect("a user");
        person(Fetched { value, asked_at: Timestamp::UNIX_EPOCH })
    };
    Workspace::generate(people, 1).users().iter().map(read).collect()
}
