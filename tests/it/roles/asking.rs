//! The ways in: by a key over HTTP, as everybody comes, or past HTTP where a test asks thousands of questions.

use async_graphql::{Request, Variables};
use orgraph::{
    app,
    auth::{self, ApiKey, KeyEntry, KeyFile, Role, Viewer, audit::AuditLog},
    clock::Clock,
    graphql::{self, Caps, Circumstances, Executor, RateSettings},
    simulator::Simulator,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Events, Scratch, Service, UNHURRIED, serve};

/// A service that is asked in any role.
pub struct Asking {
    way: Way,
    /// Gone with this.
    service: Service,
}

enum Way {
    /// Past HTTP.
    Executor(Box<Executor>),
    /// With the key of each role.
    Http { service: crate::support::Client, keys: [String; Role::ALL.len()], _directory: Scratch },
}

impl Asking {
    /// Past HTTP, by this clock.
    pub fn of(service: Service, clock: Clock) -> Self {
        let executor = Executor::new(service.directory.clone(), clock, unlimited());
        Self { way: Way::Executor(Box::new(executor)), service }
    }

    /// Over HTTP, by a key for each role.
    pub async fn by_keys(simulator: &Simulator) -> Self {
        Self::by_keys_into(simulator, AuditLog::off()).await
    }

    /// The same, with an audit log.
    pub async fn by_keys_into(simulator: &Simulator, audit: AuditLog) -> Self {
        let directory = Scratch::new();
        let path = directory.path().join("keys.jsonl");
        let keys = Role::ALL.map(|role| {
            let key = ApiKey::generate().unwrap();
            let name = format!("{}-of-a-test", role.as_str());
            let entry = KeyEntry::new(name, role, &key, Clock::system().now(), None);
            KeyFile::new(&path).add(&entry).unwrap();
            key.reveal().to_owned()
        });
        let auth = auth::Settings { keys_file: Some(path), ..auth::Settings::default() };
        let settings = app::Settings { auth, audit, graphql: unlimited(), ..app::Settings::default() };
        let gong = crate::support::settings(serve(simulator).await, UNHURRIED);
        let service = Service::with(&gong, settings, None).await;
        service.ready().await;
        let way = Way::Http { service: service.client.clone(), keys, _directory: directory };
        Self { way, service }
    }

    /// What a subscription tells from this moment on.
    pub async fn subscribe(&self, role: Role, query: &str) -> Events {
        let Way::Http { service, keys, .. } = &self.way else { panic!("subscriptions are asked for by key") };
        Events::ask(service.request(Method::POST, "/graphql").bearer_auth(&keys[role as usize]), query).await
    }

    /// Waits until Gong has been read anew.
    pub async fn scan(&self) {
        self.service.scan().await;
    }

    /// The same, with an audit log.
    pub fn audited(self, log: AuditLog) -> Self {
        let way = match self.way {
            Way::Executor(executor) => Way::Executor(Box::new(executor.audited(log))),
            Way::Http { .. } => panic!("a running service has the log that it was started with"),
        };
        Self { way, ..self }
    }

    /// The bytes of the answer.
    pub async fn bytes(&self, role: Role, query: &str, variables: Value) -> String {
        match &self.way {
            Way::Executor(executor) => {
                let viewer = Viewer { id: id(role).into(), role, expires_at: None };
                let circumstances =
                    Circumstances { method: graphql::Method::Post, request_id: "request-1".into(), viewer };
                let request = Request::new(query).variables(Variables::from_json(variables));
                let outcome = executor.execute(request, &circumstances).await;
                serde_json::to_string(&outcome.response).unwrap()
            }
            Way::Http { service, keys, .. } => {
                let request =
                    service.request(Method::POST, "/graphql").header("content-type", "application/json");
                let body = json!({ "query": query, "variables": variables }).to_string();
                let answer = request.bearer_auth(&keys[role as usize]).body(body).send().await.unwrap();
                answer.text().await.unwrap()
            }
        }
    }

    /// The answer.
    pub async fn ask(&self, role: Role, query: &str) -> Value {
        serde_json::from_str(&self.bytes(role, query, json!({})).await).unwrap()
    }
}

/// A matrix asks more than one client may, of more at once and under more names.
fn unlimited() -> graphql::Settings {
    let rate = RateSettings { capacity: 0, ..RateSettings::default() };
    let caps = Caps { aliases: 1_000, cost: usize::MAX, ..Caps::default() };
    graphql::Settings { rate, caps, ..graphql::Settings::default() }
}

/// What somebody of a role is called.
pub fn id(role: Role) -> String {
    format!("key:{}-of-a-test", role.as_str())
}
