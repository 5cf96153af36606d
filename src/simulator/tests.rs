//! Over a real socket, as a client sees it.

mod behaviour;
mod changes;
mod made_up;
mod oauth;
mod scim;
mod faults;
mod kinds;
mod raw;
mod reading;
mod wire;

use std::sync::Once;

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::AUTHORIZATION};
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{Settings, SimUser, Simulator, Workspace};

/// A simulator that is being served, and a client with its key.
struct Served {
    simulator: Simulator,
    base: String,
    client: Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

/// An answer that has been read.
struct Answer {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

/// No limits, and pages of two.
fn generous() -> Settings {
    Settings {
        page_size: 2,
        max_in_flight: None,
        max_starts_per_second: None,
        calls_per_day: None,
        ..Settings::default()
    }
}

fn people(ids: &[&str]) -> Workspace {
    Workspace::new(ids.iter().map(|id| SimUser::new(*id)).collect())
}

impl Served {
    #[expect(clippy::disallowed_methods, reason = "this client is the simulator's, not the product's")]
    async fn start(workspace: Workspace, settings: Settings) -> Self {
        install_crypto();
        let simulator = Simulator::new(workspace, settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let serving = simulator.clone().serve(listener, async {
            stopped.await.ok();
        });
        Self { simulator, base, client: Client::new(), stop, server: tokio::spawn(serving) }
    }

    /// A request without credentials.
    fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, path).header(AUTHORIZATION, basic("simulator:simulator"))
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::read(self.request(Method::GET, path)).await
    }

    async fn extensive(&self, body: impl ToString) -> Answer {
        Answer::read(self.request(Method::POST, "/v2/users/extensive").body(body.to_string())).await
    }
}

impl Answer {
    async fn read(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        Self { status, headers, body }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn ids(&self) -> Vec<&str> {
        let users = self.body["users"].as_array().unwrap();
        users.iter().map(|user| user["id"].as_str().unwrap()).collect()
    }

    fn cursor(&self) -> &str {
        self.body["records"]["cursor"].as_str().unwrap()
    }

    /// The status and the first text of `errors`.
    fn error(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["errors"][0].as_str().unwrap())
    }
}

fn basic(credentials: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(credentials))
}

/// A client wants a provider when it is built, even one that will only speak plain HTTP.
fn install_crypto() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().ok();
    });
}
