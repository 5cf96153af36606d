//! No secret comes out: not into a log, an error, a metric, an answer or a file, however Gong misbehaves and
//! whatever it repeats. The log is at `trace`, that of every dependency too.

mod gossip;
mod secrets;

use std::process::{Command, Output};

use reqwest::Method;
use serde_json::Value;
use tokio::time::timeout;

use self::{
    gossip::{Fault, Gossip},
    secrets::{Haul, basic, forms, secret},
};
use crate::support::{Client, FOREVER, Process, Scratch, orgraph, serving};

/// What each call of a scan or a look-up may meet: of every two the first is tried again if that is any use,
/// the second is final.
const BY_CALL: [[Fault; 2]; 17] = [
    [Fault::Html(503), Fault::Envelope(401)],
    [Fault::Html(500), Fault::Envelope(403)],
    [Fault::Envelope(500), Fault::Envelope(400)],
    [Fault::Envelope(502), Fault::Envelope(404)],
    [Fault::Throttled, Fault::Objects(400)],
    [Fault::Text, Fault::Html(401)],
    [Fault::Truncated, Fault::Html(403)],
    [Fault::NotGzip, Fault::Html(404)],
    [Fault::Reset, Fault::Redirect(302)],
    [Fault::StatusLine, Fault::Redirect(307)],
    [Fault::Header, Fault::Redirect(308)],
    [Fault::Html(200), Fault::WrongTypes],
    [Fault::Objects(500), Fault::Objects(403)],
    [Fault::Cursor, Fault::Envelope(400)],
    [Fault::Cursor, Fault::Cursor],
    [Fault::Cursor, Fault::Record],
    [Fault::Standard(503), Fault::Standard(400)],
];

/// The same for a call that asks for a token.
const BY_TOKEN_CALL: [[Fault; 2]; 13] = [
    [Fault::Html(503), Fault::Envelope(401)],
    [Fault::Envelope(500), Fault::Standard(400)],
    [Fault::Throttled, Fault::Standard(401)],
    [Fault::Text, Fault::Html(400)],
    [Fault::Truncated, Fault::Objects(400)],
    [Fault::NotGzip, Fault::Envelope(403)],
    [Fault::Reset, Fault::Redirect(302)],
    [Fault::StatusLine, Fault::Redirect(307)],
    [Fault::Header, Fault::WrongTypes],
    [Fault::Html(200), Fault::Envelope(400)],
    [Fault::Standard(500), Fault::Html(403)],
    [Fault::Html(502), Fault::BaseUrl],
    [Fault::Objects(500), Fault::Token],
];

const STATUS: &str =
    "{ syncStatus { state lastAttemptAt lastFailure { kind message gongRequestId } failuresInARow
    refusedRecords { userId path cause } quarantine { id breaches { message } } storage { state message }
    upstream { callsToday retryAfter } } users { totalCount nodes { id name managerId } } }";
const LOOK_UPS: &str = r#"{ a: user(id: "404", maxAge: 0) { id } b: user(id: "1", maxAge: 0) { id name }
    c: usersByIds(ids: ["2", "3", "405"], maxAge: 0) { id } }"#;

/// What is asked of Gong beside the snapshot.
const BESIDE: &str = r#"{ workspaces { totalCount } user(id: "1") {
    activity(from: "2024-01-08", to: "2024-02-05") { callsAsHost }
    calls(from: "2024-01-08T00:00:00Z", to: "2024-02-05T00:00:00Z") { hasMore } } }"#;

/// A service at work, and all that is known of it.
struct Watched<'a> {
    process: Process,
    client: Client,
    state: &'a Scratch,
    haul: &'a mut Haul,
}

impl<'a> Watched<'a> {
    fn start(serve: &mut Command, state: &'a Scratch, haul: &'a mut Haul) -> Self {
        let process =
            Process::start(serve.env("ORGRAPH_STATE_DIR", state.path()).env("ORGRAPH_LOG", "trace"));
        let client = Client::new(process.address());
        Self { process, client, state, haul }
    }

    /// Asks and takes down the answer.
    async fn ask(&mut self, query: &str) -> Value {
        let answer = self.client.ask(query).await;
        self.haul.add("answer", answer.to_string());
        answer
    }

    /// Waits until the status is as `wanted`, and takes down what was answered meanwhile.
    async fn status(&mut self, wanted: impl Fn(&Value) -> bool) {
        let until = async {
            while !wanted(&self.ask(STATUS).await["data"]["syncStatus"]) {
                // It is another process: there is nothing to wait for but its next answer.
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        timeout(FOREVER, until).await.expect("never in that state");
    }

    /// Everything that can be asked of it.
    async fn look_around(&mut self) {
        self.ask(STATUS).await;
        for path in ["/metrics", "/readyz", "/livez", "/nowhere"] {
            let answer = self.client.request(Method::GET, path).send().await.unwrap();
            self.haul.add(format!("answer {path}"), format!("{:?}", answer.headers()));
            self.haul.add(format!("answer {path}"), answer.bytes().await.unwrap());
        }
        let door = Client::new(orgraph::admin::find(self.state.path()).unwrap().door);
        for (method, path) in [
            (Method::GET, "/quarantine"),
            (Method::GET, "/sync/1"),
            (Method::POST, "/quarantine/reject"),
            (Method::GET, "/nowhere"),
        ] {
            let request = door.request(method, path).header("x-orgraph-admin", "any");
            let answer = request.header("content-type", "application/json").body("{}").send().await.unwrap();
            self.haul.add(format!("door {path}"), answer.bytes().await.unwrap());
        }
    }

    /// What a command of an operator says, who has the secrets in the environment and wants to know everything.
    fn command(&mut self, secrets: &[(&str, String)], arguments: &[&str]) {
        let mut command = orgraph();
        command.args(arguments).envs(secrets.iter().map(|(name, value)| (name, value)));
        command.env("ORGRAPH_STATE_DIR", self.state.path()).env("ORGRAPH_LOG", "trace");
        let Output { stdout, stderr, .. } = command.output().unwrap();
        self.haul.add(format!("command {arguments:?}"), [stdout, stderr].concat());
    }

    fn stop(self) {
        self.haul.add("log", self.process.stop());
        self.haul.add_files(self.state.path());
    }
}

/// Has every call fail in every way, and looks everywhere after each.
async fn through_every_fault(service: &mut Watched<'_>, gong: &Gossip, secrets: &[(&str, String)]) {
    for faults in BY_CALL {
        gong.script(&faults);
        service.ask(BESIDE).await;
        gong.script(&faults);
        service.ask(LOOK_UPS).await;
        service.command(secrets, &["sync"]);
        gong.script(&faults);
        service.command(secrets, &["sync"]);
        while gong.left() > 0 {
            service.ask(LOOK_UPS).await;
        }
        service.look_around().await;
    }
    gong.script(&[Fault::Nobody]);
    service.command(secrets, &["sync"]);
    service.status(|status| !status["quarantine"].is_null()).await;
    for command in ["show", "accept", "show", "reject"] {
        service.command(secrets, &["quarantine", command]);
    }
    service.look_around().await;
}

fn nothing_came_out(haul: &Haul, gong: &Gossip, faults: &[[Fault; 2]]) {
    assert_eq!(haul.hits(), [""; 0]);
    // The search was one of something.
    let told = gong.told();
    for fault in faults.iter().flatten() {
        assert!(told.contains_key(fault), "{fault:?} was not told");
    }
    for (from, text) in [
        ("log", "TRACE"),
        ("log", "hyper_util"),
        ("log", "[redacted]"),
        ("answer", "[redacted]"),
        ("answer /metrics", "orgraph_gong_calls_today"),
        ("door", "error"),
        ("file", "SQLite format 3"),
        ("command [\"sync\"]", "[redacted]"),
        ("command [\"quarantine\"", "EMPTY_COMPANY"),
    ] {
        assert!(haul.holds(from, text), "nothing of {from} says {text:?}");
    }
    let (texts, bytes) = haul.size();
    println!(
        "{} gossips of {} kinds; {bytes} bytes in {texts} texts",
        told.values().sum::<u32>(),
        told.len()
    );
}

#[tokio::test]
async fn an_access_key_does_not_come_out() {
    let key = [("GONG_ACCESS_KEY", secret("Name")), ("GONG_ACCESS_KEY_SECRET", secret("Secret"))];
    let mut known = vec![key[1].1.clone(), key[0].1.clone()];
    known.extend(basic(&key[0].1, &key[1].1));
    let gong = Gossip::start(&known);
    let (state, mut haul) = (Scratch::new(), Haul::default());
    let mut serve = serving();
    serve.env("GONG_BASE_URL", &gong.url).envs(key.iter().map(|(name, value)| (name, value)));
    // A collector that nobody is at: it is complained about.
    serve.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1").env("OTEL_EXPORTER_OTLP_HEADERS", token());

    let mut service = Watched::start(&mut serve, &state, &mut haul);
    service.status(|status| status["state"] == "IDLE").await;
    through_every_fault(&mut service, &gong, &key).await;
    service.stop();
    nothing_came_out(&haul, &gong, &BY_CALL);
    assert!(haul.holds("log", "traces don't all reach the collector"));
}

#[tokio::test]
async fn oauth_secrets_and_tokens_do_not_come_out() {
    let client = [
        ("GONG_CLIENT_ID", secret("Client")),
        ("GONG_CLIENT_SECRET", secret("Secret")),
        ("GONG_REFRESH_TOKEN", secret("Consent")),
    ];
    let mut known: Vec<String> = client.iter().map(|(_, secret)| secret.clone()).collect();
    known.extend(basic(&known[0], &known[1]));
    let gong = Gossip::start(&known);
    let (state, mut haul) = (Scratch::new(), Haul::default());
    let mut serve = serving();
    serve.env("GONG_BASE_URL", &gong.url).env("GONG_TOKEN_URL", format!("{}/token", gong.url));
    serve.env("ORGRAPH_LOG_FORMAT", "json").envs(client.iter().map(|(name, value)| (name, value)));

    let mut service = Watched::start(&mut serve, &state, &mut haul);
    service.status(|status| status["state"] == "IDLE").await;
    through_every_fault(&mut service, &gong, &client).await;
    service.stop();

    // A token is asked for once a process: each begins with one that has expired.
    for faults in BY_TOKEN_CALL {
        expire(&state);
        // What refuses the stored token refuses that of the consent too.
        gong.script(&[faults[0], faults[1], faults[1]]);
        let mut service = Watched::start(&mut serve, &state, &mut haul);
        service.status(|status| !status["lastFailure"].is_null()).await;
        service.ask(LOOK_UPS).await;
        service.look_around().await;
        service.stop();
        gong.script(&[]);
    }
    // And it goes on with the next.
    expire(&state);
    let mut service = Watched::start(&mut serve, &state, &mut haul);
    service.status(|status| status["state"] == "IDLE").await;
    service.stop();
    assert!(gong.issued() > 1, "tokens have not been rotated");
    nothing_came_out(&haul, &gong, &[&BY_CALL[..], &BY_TOKEN_CALL].concat());
    let tokens = std::fs::read_to_string(state.path().join("tokens.json")).unwrap();
    assert!(tokens.contains("canaryRefresh"), "they are where they should be");
}

/// Makes the stored pair one whose time is over.
fn expire(state: &Scratch) {
    let path = state.path().join("tokens.json");
    let mut tokens: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    tokens["issued_at"] = "2026-01-01T00:00:00Z".into();
    tokens["expires_at"] = "2026-01-02T00:00:00Z".into();
    // What `Fault::BaseUrl` has named.
    tokens["api_base_url"] = Value::Null;
    std::fs::write(path, tokens.to_string()).unwrap();
}

/// Headers for a collector, as the variable has them.
fn token() -> String {
    format!("authorization={}", forms(&secret("Token"))[1])
}

/// All the secrets that the binary takes.
fn every_secret() -> Vec<(&'static str, String)> {
    [
        "GONG_ACCESS_KEY",
        "GONG_ACCESS_KEY_SECRET",
        "GONG_CLIENT_ID",
        "GONG_CLIENT_SECRET",
        "GONG_REFRESH_TOKEN",
        "GONG_AUTHORIZATION_CODE",
        "GONG_SCIM_TOKEN",
    ]
    .map(|name| (name, secret(name)))
    .into()
}

#[test]
fn no_help_and_no_complaint_tells_a_secret() {
    let mut haul = Haul::default();
    let mut say = |arguments: &[&str], variables: &[(&str, String)]| {
        let mut command = orgraph();
        command.args(arguments).env("ORGRAPH_LOG", "trace").envs(variables.iter().map(|(n, v)| (n, v)));
        let Output { stdout, stderr, status } = command.output().unwrap();
        haul.add(format!("{arguments:?}"), [stdout, stderr].concat());
        status.code()
    };
    let in_urls: Vec<(&str, String)> = ["GONG_BASE_URL", "GONG_TOKEN_URL"]
        .map(|name| (name, format!("https://{}:pw@gong.example/?{}", secret("User"), secret("Query"))))
        .into();
    let both = [every_secret(), in_urls.clone(), vec![("OTEL_EXPORTER_OTLP_HEADERS", token())]].concat();
    for command in ["serve", "demo", "simulate", "sync", "quarantine", "schema"] {
        for help in ["--help", "-h"] {
            assert_eq!(say(&[command, help], &both), Some(0));
        }
    }
    for help in [&["--help"][..], &["quarantine", "show", "--help"], &["quarantine", "accept", "--help"]] {
        assert_eq!(say(help, &both), Some(0));
    }
    let key = &every_secret()[..2];
    let client = &every_secret()[2..5];
    let with = |credentials: &[(&'static str, String)], more: &[(&'static str, String)]| {
        [credentials, more].concat()
    };
    let other = |name, value: &str| (name, value.to_owned());
    let broken = format!("{}\n\u{7}", secret("Broken"));
    for variables in [
        with(&every_secret(), &[]),
        with(key, &in_urls[..1]),
        with(client, &in_urls[1..]),
        with(key, &[("GONG_BASE_URL", secret("Url"))]),
        with(key, &[("GONG_BASE_URL", format!("http://{}.example", secret("Host")))]),
        with(client, &[("GONG_TOKEN_URL", secret("Url"))]),
        with(&key[..1], &[("GONG_ACCESS_KEY_SECRET", broken.clone())]),
        with(&key[1..], &[("GONG_ACCESS_KEY", format!("{}:", secret("Colon")))]),
        with(&client[..2], &[("GONG_REFRESH_TOKEN", broken)]),
        with(&key[..1], &[]),
        with(&client[1..], &[]),
        with(key, &[other("ORGRAPH_LOG", "info,=,")]),
        with(key, &[("OTEL_EXPORTER_OTLP_ENDPOINT", secret("Collector"))]),
        with(
            key,
            &[("OTEL_EXPORTER_OTLP_ENDPOINT", format!("https://{}@collector.example", "canaryUser:pw"))],
        ),
        with(
            key,
            &[
                other("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c.example"),
                ("OTEL_EXPORTER_OTLP_HEADERS", token()),
            ],
        ),
        with(
            key,
            &[
                other("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c.example"),
                ("OTEL_EXPORTER_OTLP_HEADERS", secret("Bare").replace('=', "")),
            ],
        ),
        with(key, &[other("ORGRAPH_REFRESH_INTERVAL", "soon")]),
        with(key, &[other("ORGRAPH_LISTEN", "nowhere")]),
        with(key, &[other("ORGRAPH_STATE_DIR", "/dev/null/state")]),
    ] {
        assert_eq!(say(&["serve"], &variables), Some(2), "{variables:?}");
    }
    assert_eq!(say(&["serve", "--no-such-flag"], &both), Some(2));
    assert_eq!(haul.hits(), [""; 0]);
    assert!(haul.holds("[\"serve\", \"--help\"]", "--gong-base-url"), "help is told");
    assert!(haul.holds("[\"serve\"]", "credential"), "complaints are told");
}

#[tokio::test]
async fn the_simulator_keeps_its_secrets_too() {
    let mut haul = Haul::default();
    let mut simulate = orgraph();
    simulate.args(["simulate", "--listen", "127.0.0.1:0"]).env("ORGRAPH_LOG", "trace");
    let simulator = Process::start(simulate.envs(every_secret()));
    let said = simulator.wait_for("/_simulator/stats");
    let address = said.split("http://").nth(1).unwrap().split_whitespace().next().unwrap();
    let gong = Client::new(address.parse().unwrap());
    let secrets: std::collections::HashMap<_, _> = every_secret().into_iter().collect();
    let token = |grant: &str, name: &str, token: &str| {
        gong.request(Method::POST, "/oauth2/generate-customer-token")
            .basic_auth(&secrets["GONG_CLIENT_ID"], Some(&secrets["GONG_CLIENT_SECRET"]))
            .query(&[("grant_type", grant), (name, token)])
    };
    let granted =
        token("refresh_token", "refresh_token", &secrets["GONG_REFRESH_TOKEN"]).send().await.unwrap();
    let pair: Value = serde_json::from_slice(&granted.bytes().await.unwrap()).unwrap();
    let issued = ["access_token", "refresh_token"].map(|name| pair[name].as_str().unwrap().to_owned());

    let users = || gong.request(Method::GET, "/v2/users");
    for (request, is_let_in) in [
        (token("refresh_token", "refresh_token", &secrets["GONG_REFRESH_TOKEN"]), false),
        (token("authorization_code", "code", &secret("Guess")), false),
        (token(&secret("Grant"), "code", &issued[1]), false),
        (users().bearer_auth(&issued[0]), true),
        (users().bearer_auth(&issued[1]), false),
        (users().basic_auth(&secrets["GONG_ACCESS_KEY"], Some(&secrets["GONG_ACCESS_KEY_SECRET"])), true),
        (users().basic_auth(&secrets["GONG_ACCESS_KEY"], Some("guess")), false),
        (users().bearer_auth(secret("Guess")).query(&[("cursor", secret("Cursor"))]), false),
        (gong.request(Method::GET, "/scim/v2/Users").bearer_auth(secret("Guess")), false),
    ] {
        let answer = timeout(FOREVER, request.send()).await.unwrap().unwrap();
        assert_eq!(answer.status().is_success(), is_let_in, "{answer:?}");
        haul.add("answer", format!("{:?}", answer.headers()));
        haul.add("answer", answer.bytes().await.unwrap());
        // The simulator lets three calls a second through, and here none is to be refused for that.
        tokio::time::sleep(std::time::Duration::from_millis(350)).await;
    }
    let stats = gong.request(Method::GET, "/_simulator/stats").send().await.unwrap();
    haul.add("stats", stats.bytes().await.unwrap());
    haul.add("log", simulator.stop());
    assert_eq!(haul.hits(), [""; 0]);
    for token in issued {
        for from in ["answer", "stats", "log"] {
            assert!(!haul.holds(from, &token), "{from} has an issued token");
        }
    }
    assert!(haul.holds("stats", "oauthToken") && haul.holds("answer", "errors"));
}
