//! The way in: somebody of a role asks the executor of a running service.

use async_graphql::{Request, Variables};
use orgraph::{
    auth::{Role, Viewer, audit::AuditLog},
    clock::Clock,
    graphql::{Caps, Circumstances, Executor, Method, RateSettings, Settings},
};
use serde_json::{Value, json};

use crate::support::Service;

/// A service that is asked in any role.
pub struct Asking {
    executor: Executor,
    /// Gone with this.
    pub service: Service,
}

impl Asking {
    pub fn of(service: Service, clock: Clock) -> Self {
        // A matrix asks more than one client may.
        let caps = Caps { aliases: 10_000, cost: 100_000_000, root_fields: 10_000, ..Caps::default() };
        let rate = RateSettings { capacity: 0, ..RateSettings::default() };
        let settings = Settings { caps, rate, ..Settings::default() };
        Self { executor: Executor::new(service.directory.clone(), clock, settings), service }
    }

    /// The same, with an audit log.
    pub fn audited(self, log: AuditLog) -> Self {
        Self { executor: self.executor.audited(log), ..self }
    }

    /// The bytes of the answer.
    pub async fn bytes(&self, role: Role, query: &str, variables: Value) -> String {
        let viewer = Viewer { id: id(role).into(), role, expires_at: None };
        let circumstances = Circumstances { method: Method::Post, request_id: "request-1".into(), viewer };
        let request = Request::new(query).variables(Variables::from_json(variables));
        let outcome = self.executor.execute(request, &circumstances).await;
        serde_json::to_string(&outcome.response).unwrap()
    }

    /// The answer.
    pub async fn ask(&self, role: Role, query: &str) -> Value {
        serde_json::from_str(&self.bytes(role, query, json!({})).await).unwrap()
    }
}

/// What somebody of a role is called.
pub fn id(role: Role) -> String {
    format!("key:{}-of-a-test", role.as_str())
}
