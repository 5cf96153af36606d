//! A Gong that repeats whatever it was told: credentials, query strings and cursors, in every place that an
//! answer has. It writes bytes itself, so that an answer may be none.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::secrets::{forms, secret};

/// How it misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Gong's envelope under this status.
    Envelope(u16),
    /// A fault as an object, and none in a list.
    Objects(u16),
    /// The error of OAuth's standard.
    Standard(u16),
    /// A page for people under this status.
    Html(u16),
    /// To another place, which the secrets are part of.
    Redirect(u16),
    /// 429 with a wait that is none.
    Throttled,
    /// JSON that ends early.
    Truncated,
    /// Other types than Gong's.
    WrongTypes,
    /// Plain text with 200.
    Text,
    /// A body that isn't compressed as it says.
    NotGzip,
    /// A connection that ends in mid-body.
    Reset,
    /// A first line that no HTTP has.
    StatusLine,
    /// A header that no HTTP has.
    Header,
    /// A page with a cursor that has a secret in it.
    Cursor,
    /// A page with a record that can't be read.
    Record,
    /// Nobody at all.
    Nobody,
    /// A token that comes with a base URL that isn't one.
    BaseUrl,
    /// A token that no header can carry.
    Token,
}

#[derive(Default)]
struct State {
    script: VecDeque<Fault>,
    told: BTreeMap<Fault, u32>,
    /// Secrets beside those that are sent.
    known: Vec<String>,
    calls: usize,
    issued: u32,
}

/// The upstream. Without a script it is as it should be.
#[derive(Clone)]
pub struct Gossip {
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct Asked {
    path: String,
    target: String,
    authorization: String,
}

impl Gossip {
    pub fn start(known: &[String]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { known: known.to_vec(), ..State::default() }));
        let gossip = Self { url, state };
        let serving = gossip.clone();
        // They end with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let gossip = serving.clone();
                // Who hangs up is not waited for.
                std::thread::spawn(move || _ = gossip.answer(stream));
            }
        });
        gossip
    }

    /// The next calls are answered so, each once.
    pub fn script(&self, faults: &[Fault]) {
        self.state().script = faults.iter().copied().collect();
    }

    /// How much of the script is left.
    pub fn left(&self) -> usize {
        self.state().script.len()
    }

    /// How often each fault was told.
    pub fn told(&self) -> BTreeMap<Fault, u32> {
        self.state().told.clone()
    }

    /// The pairs of tokens that were issued.
    pub fn issued(&self) -> u32 {
        self.state().issued
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let asked = read(&stream)?;
        let answer = {
            let mut state = self.state();
            state.calls += 1;
            let gossip = state.gossip(&asked);
            match state.script.pop_front() {
                None => state.as_it_should_be(&asked),
                Some(fault) => {
                    *state.told.entry(fault).or_default() += 1;
                    misbehaved(fault, &gossip, &asked, state.known.first())
                }
            }
        };
        (&stream).write_all(&answer)
    }
}

impl State {
    /// All that it has heard, something else first each time: what is told is cut off somewhere.
    fn gossip(&self, asked: &Asked) -> String {
        let (_, sent) = asked.authorization.split_once(' ').unwrap_or_default();
        let decoded = BASE64_STANDARD.decode(sent).unwrap_or_default();
        let mut words = vec![
            asked.authorization.clone(),
            sent.trim_end_matches('=').to_owned(),
            String::from_utf8(decoded).unwrap_or_default(),
            asked.target.clone(),
        ];
        words.extend(forms(sent).into_iter().chain(self.known.iter().flat_map(|secret| forms(secret))));
        words.retain(|word| !word.is_empty());
        let first = self.calls % words.len();
        words.rotate_left(first);
        words.join(" ")
    }

    fn as_it_should_be(&mut self, asked: &Asked) -> Vec<u8> {
        let body = match &*asked.path {
            "/token" => {
                self.issued += 1;
                let (access, refresh) =
                    (format!("Access{:03}", self.issued), format!("Refresh{:03}", self.issued));
                json!({ "access_token": secret(&access), "refresh_token": secret(&refresh),
                    "expires_in": 86_400, "scope": secret("Scope"), "token_type": "Bearer" })
            }
            "/v2/users" if !asked.target.contains("cursor=") => page(self.known.first()),
            "/v2/users" => page(None),
            _ => json!({ "requestId": "r", "records": { "totalRecords": 0 }, "users": [] }),
        };
        http(200, &[("content-type", "application/json")], &body.to_string())
    }
}

/// The first of two pages of a listing, with a secret in its cursor, or the second.
fn page(secret: Option<&String>) -> serde_json::Value {
    let user = |id: &str, manager: Option<&str>| json!({ "id": id, "active": true, "managerId": manager });
    let mut records = json!({ "totalRecords": 3, "currentPageSize": 2, "currentPageNumber": 0 });
    if let Some(secret) = secret {
        records["cursor"] = format!("cursor {secret}").into();
        json!({ "requestId": "r", "records": records, "users": [user("1", None), user("2", Some("1"))] })
    } else {
        json!({ "requestId": "r", "records": records, "users": [user("3", Some("2"))] })
    }
}

fn misbehaved(fault: Fault, gossip: &str, asked: &Asked, known: Option<&String>) -> Vec<u8> {
    let json = [("content-type", "application/json"), ("x-traceid", gossip), ("set-cookie", gossip)];
    let ok = |body: serde_json::Value| http(200, &json, &body.to_string());
    match fault {
        Fault::Envelope(status) => {
            http(status, &json, &json!({ "requestId": gossip, "errors": [gossip, gossip] }).to_string())
        }
        Fault::Objects(status) => {
            let faults = [json!({ "message": gossip }), json!({ "odd": gossip })];
            http(status, &json, &json!({ "requestId": gossip, "errors": faults }).to_string())
        }
        Fault::Standard(status) => {
            let body = json!({ "error": gossip, "error_description": gossip, "requestId": gossip });
            http(status, &json, &body.to_string())
        }
        Fault::Html(status) => {
            let headers = [("content-type", "text/html"), ("server", gossip), ("x-traceid", gossip)];
            http(status, &headers, &format!("<html><title>{gossip}</title><pre>{gossip}</pre></html>"))
        }
        Fault::Redirect(status) => {
            let to = format!("http://127.0.0.1:9{}&again={}", asked.target, forms(gossip)[1]);
            http(status, &[("location", &to), ("x-traceid", gossip)], gossip)
        }
        Fault::Throttled => http(429, &[("retry-after", gossip), ("x-traceid", gossip)], gossip),
        Fault::Truncated => http(200, &json, &format!(r#"{{"requestId": "r", "users": [{{"id": "{gossip}"#)),
        Fault::WrongTypes => ok(json!({ "requestId": "r", "records": { "cursor": { gossip: 1 } },
            "access_token": { gossip: 1 }, "users": gossip })),
        Fault::Text => http(200, &[("content-type", gossip), ("x-traceid", gossip)], gossip),
        Fault::NotGzip => http(200, &[("content-encoding", "gzip"), ("x-traceid", gossip)], gossip),
        Fault::Reset => {
            let mut answer = http(200, &json, &json!({ "requestId": gossip, "users": [gossip] }).to_string());
            answer.truncate(answer.len() - 3);
            answer
        }
        Fault::StatusLine => format!("HTTP/1.1 {gossip}\r\n\r\n").into_bytes(),
        Fault::Header => format!("HTTP/1.1 200 {gossip}\r\n{gossip}\r\n: {gossip}\r\n\r\n").into_bytes(),
        Fault::Cursor => ok(page(known)),
        Fault::Record => {
            let odd =
                json!({ "id": "3", "active": gossip, "managerId": { gossip: gossip }, "settings": gossip });
            let mut page = page(None);
            page["users"].as_array_mut().unwrap().push(odd);
            page["users"][0] = json!({ "id": { gossip: 1 }, "active": true });
            ok(page)
        }
        Fault::Nobody => ok(json!({ "requestId": "r", "records": { "totalRecords": 0 }, "users": [] })),
        Fault::BaseUrl => ok(json!({ "access_token": secret("Access"), "refresh_token": secret("Refresh"),
            "expires_in": gossip, "api_base_url_for_customer": format!("http://{}.example/{gossip}", secret("Host")) })),
        Fault::Token => {
            ok(json!({ "access_token": format!("{gossip}\n"), "refresh_token": secret("Refresh") }))
        }
    }
}

fn http(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status} So\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

fn read(stream: &TcpStream) -> std::io::Result<Asked> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match &*name.to_ascii_lowercase() {
            "authorization" => authorization = value.to_owned(),
            "content-length" => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    stream.read_exact(&mut vec![0; length])?;
    let path = target.split('?').next().unwrap_or_default().to_owned();
    Ok(Asked { path, target, authorization })
}
