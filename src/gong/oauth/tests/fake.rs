//! A Gong that issues tokens and takes them, a store that remembers when it was asked, and a clock.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    extract::{Request, State},
    http::{Response, StatusCode},
};
use jiff::Timestamp;
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{Notify, RwLock},
};

use crate::{
    clock::Clock,
    gong::{Credentials, Gong, Limits, OAuthClient, Settings, TokenStore, TokenStoreError, Tokens},
};

/// What happened, in order, whoever did it.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<(Mutex<Vec<String>>, Notify)>);

impl Log {
    fn note(&self, event: String) {
        self.0.0.lock().unwrap().push(event);
        self.0.1.notify_waiters();
    }

    pub(super) fn all(&self) -> Vec<String> {
        self.0.0.lock().unwrap().clone()
    }

    pub(super) fn count(&self, kind: &str) -> usize {
        self.all().iter().filter(|event| event.starts_with(kind)).count()
    }

    /// Waits until it has happened.
    pub(super) async fn seen(&self, event: &str) {
        self.seen_times(event, 1).await;
    }

    /// Waits until it has happened so often.
    pub(super) async fn seen_times(&self, event: &str, times: usize) {
        let wait = async {
            loop {
                let mut noted = std::pin::pin!(self.0.1.notified());
                noted.as_mut().enable();
                if self.all().iter().filter(|seen| *seen == event).count() >= times {
                    return;
                }
                noted.await;
            }
        };
        let waited = tokio::time::timeout(std::time::Duration::from_secs(60), wait).await;
        waited.unwrap_or_else(|_| panic!("never seen: {event}; but {:?}", self.all()));
    }
}

/// Pairs are `canary-a1` and `canary-r1`, `canary-a2` and `canary-r2`, …; the log leaves the canary out.
#[derive(Clone)]
pub(super) struct Fake {
    pub(super) url: String,
    pub(super) log: Log,
    /// Held for writing, it holds answers to token calls back; the other, those to the API's.
    pub(super) hold_tokens: Arc<RwLock<()>>,
    pub(super) hold_calls: Arc<RwLock<()>>,
    state: Arc<Mutex<Behaviour>>,
}

pub(super) struct Behaviour {
    /// The one refresh token that is good.
    pub(super) refresh: String,
    /// Access tokens that are taken.
    pub(super) taken: Vec<String>,
    pub(super) issued: u32,
    pub(super) base: Option<String>,
    /// Answers to token calls before any are issued again.
    pub(super) tokens_say: VecDeque<Reply>,
    /// The same for calls.
    pub(super) calls_say: VecDeque<Reply>,
}

pub(super) type Reply = (u16, &'static [(&'static str, &'static str)], String);

impl Fake {
    pub(super) async fn start() -> Self {
        Self::with(Log::default()).await
    }

    pub(super) async fn with(log: Log) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Behaviour {
            refresh: "canary-r0".to_owned(),
            taken: Vec::new(),
            issued: 0,
            base: None,
            tokens_say: VecDeque::new(),
            calls_say: VecDeque::new(),
        };
        let fake = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            log,
            hold_tokens: Arc::default(),
            hold_calls: Arc::default(),
            state: Arc::new(Mutex::new(state)),
        };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        fake
    }

    pub(super) fn behaves(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.state.lock().unwrap());
    }

    fn tokens(&self, query: &str) -> Reply {
        let mut state = self.state.lock().unwrap();
        if let Some(reply) = state.tokens_say.pop_front() {
            return reply;
        }
        if query != format!("grant_type=refresh_token&refresh_token={}", state.refresh) {
            let error = json!({ "error": "invalid_grant", "error_description": format!("not {query}") });
            return (400, &[], error.to_string());
        }
        state.issued += 1;
        let n = state.issued;
        state.refresh = format!("canary-r{n}");
        state.taken = vec![format!("canary-a{n}")];
        let mut pair = json!({ "access_token": format!("canary-a{n}"), "refresh_token": state.refresh,
            "token_type": "Bearer", "expires_in": 86_400, "scope": "api:users:read" });
        if let Some(base) = &state.base {
            pair["api_base_url_for_customer"] = base.as_str().into();
        }
        (200, &[], pair.to_string())
    }

    fn call(&self, token: &str) -> Reply {
        let mut state = self.state.lock().unwrap();
        if let Some(reply) = state.calls_say.pop_front() {
            return reply;
        }
        if !state.taken.iter().any(|taken| taken == token) {
            return refusal(401, &format!("no such token: {token}"));
        }
        (200, &[], json!({ "requestId": "r", "user": { "id": "1" } }).to_string())
    }
}

/// Gong's error envelope.
pub(super) fn refusal(status: u16, words: &str) -> Reply {
    (status, &[], json!({ "requestId": "r-error", "errors": [words] }).to_string())
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response<String> {
    let authorization = request.headers()["authorization"].to_str().unwrap().to_owned();
    let (status, headers, body) = if request.uri().path() == "/token" {
        assert_eq!((request.method().as_str(), authorization.as_str()), ("POST", BASIC));
        let query = request.uri().query().unwrap();
        fake.log.note(format!("token {}", query.rsplit('-').next().unwrap()));
        let _held = fake.hold_tokens.read().await;
        fake.tokens(query)
    } else {
        let token = authorization.strip_prefix("Bearer ").unwrap();
        fake.log.note(format!("call {}", token.trim_start_matches("canary-")));
        let _held = fake.hold_calls.read().await;
        fake.call(token)
    };
    let response = Response::builder().status(StatusCode::from_u16(status).unwrap());
    headers
        .iter()
        .fold(response, |response, (name, value)| response.header(*name, *value))
        .body(body)
        .unwrap()
}

/// `client:canary-secret`
const BASIC: &str = "Basic Y2xpZW50OmNhbmFyeS1zZWNyZXQ=";

/// A store that notes in the log what is saved.
#[derive(Default)]
pub(super) struct Recorder {
    log: Log,
    pub(super) saved: Mutex<Option<Tokens>>,
    pub(super) fails: AtomicBool,
    /// Held for writing, it holds saves back.
    pub(super) hold: RwLock<()>,
}

impl Recorder {
    pub(super) fn new(log: &Log) -> Arc<Self> {
        Arc::new(Self { log: log.clone(), ..Self::default() })
    }

    fn check(&self, what: &str) -> Result<(), TokenStoreError> {
        if self.fails.load(Ordering::SeqCst) {
            self.log.note(format!("{what} failed"));
            return Err(TokenStoreError("the disk is full".to_owned()));
        }
        Ok(())
    }
}

impl TokenStore for Recorder {
    fn load(&self) -> Result<Option<Tokens>, TokenStoreError> {
        self.check("load")?;
        Ok(self.saved.lock().unwrap().clone())
    }

    fn save(&self, tokens: &Tokens) -> Result<(), TokenStoreError> {
        use secrecy::ExposeSecret;
        self.check("save")?;
        let name = tokens.refresh_token.expose_secret().trim_start_matches("canary-");
        if self.hold.try_read().is_err() {
            self.log.note(format!("saving {name}"));
        }
        let _held = self.hold.blocking_read();
        *self.saved.lock().unwrap() = Some(tokens.clone());
        self.log.note(format!("save {name}"));
        Ok(())
    }
}

/// A clock that stands still until it is moved.
#[derive(Clone, Default)]
pub(super) struct Hands(Arc<AtomicI64>);

impl Hands {
    pub(super) fn move_on(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(super) fn clock(&self) -> Clock {
        let seconds = self.0.clone();
        Clock::from_fn(move || {
            Timestamp::from_second(1_700_000_000 + seconds.load(Ordering::SeqCst)).unwrap()
        })
    }
}

/// Settings of a client that was given `first` at its consent.
pub(super) fn settings(fake: &Fake, store: Arc<Recorder>, first: &str) -> Settings {
    let client = OAuthClient {
        client_id: "client".into(),
        client_secret: "canary-secret".into(),
        refresh_token: first.into(),
        token_url: format!("{}/token", fake.url),
    };
    let mut settings = Settings::new(fake.url.clone(), Credentials::OAuth(client));
    settings.tokens = store;
    settings.retry.first_wait = std::time::Duration::from_millis(1);
    settings.limits = Limits { max_per_second: 1_000, ..Limits::default() };
    settings
}

pub(super) fn gong(settings: &Settings, hands: &Hands) -> Arc<Gong> {
    Arc::new(Gong::new(settings, hands.clock(), fastrand::Rng::with_seed(1)).unwrap())
}
