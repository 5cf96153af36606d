//! What is attacked: the real binary in front of a simulated Gong that keeps up with everything.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{
    judgement::SECRETS,
    wire::{Connection, Request},
};
use crate::support::{FOREVER, Process, Scratch, serve, serving, shipped_company, simulate};

/// A running service. Dropped, it is killed.
pub struct Target {
    pub address: SocketAddr,
    process: Process,
    _state: Scratch,
}

/// A question with one right answer in the shipped company.
const GOOD: &str =
    r#"{ snapshot { userCount } user(id: "8424522639353776973") { reportCount(transitive: true) } }"#;

impl Target {
    /// A service with everybody read, told this by its environment too.
    pub async fn start(told: &[(&str, &str)]) -> Self {
        let gong = serve(&simulate(shipped_company())).await;
        let state = Scratch::new();
        let mut serve = serving();
        serve.env("ORGRAPH_STATE_DIR", state.path()).env("GONG_BASE_URL", gong).envs([
            ("GONG_ACCESS_KEY", "key"),
            ("GONG_ACCESS_KEY_SECRET", "canary-secret"),
            ("ORGRAPH_REFRESH_INTERVAL", "1d"),
        ]);
        let process = Process::start(serve.envs(told.iter().copied()));
        let target = Self { address: process.address(), process, _state: state };
        let ready = async {
            while Connection::to(target.address)
                .exchange(&Request::new("GET", "/readyz"))
                .await
                .unwrap()
                .status
                != 200
            {
                // Nothing tells of readiness but the probe itself.
                sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        timeout(FOREVER, ready).await.expect("never ready");
        target
    }

    /// A good query gets its answer.
    pub async fn answers(&self, connection: &mut Connection) {
        let answer = connection.exchange(&Request::query(GOOD)).await.expect("the service answers");
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        let right = json!({ "snapshot": { "userCount": 273 }, "user": { "reportCount": 254 } });
        assert_eq!((answer.status, &told["data"]), (200, &right), "{told}");
    }

    /// Ends it, and looks through what it has logged: no panic, no secret of anybody's.
    pub fn end(self) {
        let log = self.process.stop();
        let bad =
            |line: &&str| line.contains("panicked") || SECRETS.iter().any(|secret| line.contains(secret));
        assert_eq!(log.lines().find(bad), None);
    }
}
