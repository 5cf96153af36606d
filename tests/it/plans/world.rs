//! A directory whose snapshots the test publishes, and executors in pairs over it.

use std::{collections::HashMap, fs::File, io::Read, path::Path, sync::Arc};

use async_graphql::{Request, Variables};
use bytes::Bytes;
use fastrand::Rng;
use jiff::Timestamp;
use orgraph::{
    auth::{Role, Viewer, audit::AuditLog},
    clock::Clock,
    directory::{self, Directory, Writer},
    gong::{Gong, Limits},
    graphql::{
        Again, CacheBounds, Caps, Circumstances, Executor, Method, Outcome, RateSettings, Settings, Shown,
    },
    org::{OrgSnapshot, UserParts},
};

use super::{answer::Answer, people};
use crate::support::{FOREVER, Scratch, UNHURRIED, settings};

/// A request but for its variables.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) text: String,
    pub(super) operation: Option<String>,
    pub(super) role: Role,
    pub(super) method: Method,
    /// Of the viewers of a role, which one.
    pub(super) viewer: u8,
    pub(super) request_id: Arc<str>,
}

/// One that keeps what it can and one that keeps nothing.
pub(super) struct Pair {
    pub(super) kept: Executor,
    pub(super) plain: Executor,
}

pub(super) struct World {
    writer: Writer,
    /// Told everything and little, allowed much and little.
    pub(super) pairs: [Pair; 2],
    audits: [Audit; 2],
    _scratch: Scratch,
}

/// An executor that keeps documents, plans and answers, or none of them.
fn executor(directory: &Directory, clock: Clock, settings: Settings, kept: bool) -> Executor {
    let kept = if kept { settings.kept } else { CacheBounds { documents: 0, answers: 0 } };
    Executor::new(directory.clone(), clock, Settings { kept, ..settings })
}

impl World {
    pub(super) fn new() -> Self {
        let clock = Clock::from_fn(|| Timestamp::from_second(people::NOW).unwrap());
        // Nobody is there, and nobody is asked: all calls of the day are spent.
        let spent = Limits { daily_budget: 0, lookup_reserve: 0, ..UNHURRIED };
        let gong = Gong::new(&settings("http://127.0.0.1:9".to_owned(), spent), clock.clone(), Rng::new());
        let (writer, _, directory) = directory::open(Arc::new(gong.unwrap()), clock.clone());
        let scratch = Scratch::new();
        let audits = ["kept", "plain"].map(|name| Audit::to(&scratch.path().join(name), clock.clone()));
        let rate = RateSettings { capacity: 0, ..RateSettings::default() };
        let open = Settings { rate: rate.clone(), ..Settings::default() };
        let closed = Settings {
            rate,
            caps: Caps { depth: 9, cost: 400, errors: 3, argument_bytes: 200, ..Caps::default() },
            shown: Shown { introspection: false, suggestions: false, graphiql: false },
            // Full soon.
            kept: CacheBounds { documents: 100_000, answers: 20_000 },
        };
        let pairs = [open, closed].map(|settings| {
            let [kept, plain] = [true, false].map(|kept| {
                let executor = executor(&directory, clock.clone(), settings.clone(), kept);
                executor.audited(audits[usize::from(!kept)].log.clone())
            });
            Pair { kept, plain }
        });
        Self { writer, pairs, audits, _scratch: scratch }
    }

    pub(super) fn publish(&self, users: Vec<UserParts>, rng: &mut Rng) -> Arc<OrgSnapshot> {
        let before = self.writer.current().map(|snapshot| snapshot.version);
        let snapshot = people::snapshot(before, users, rng);
        self.writer.publish(snapshot.clone());
        snapshot
    }

    /// Changes what is told of the sync, which no snapshot says.
    pub(super) fn report(&self, rng: &mut Rng) {
        self.writer.report(|status| status.pages_read = rng.u32(..9));
    }

    /// Whether as often as they were asked, both have taken down the same: `asked` says by request how often each
    /// was.
    pub(super) async fn audited_alike(&mut self, asked: &HashMap<Arc<str>, [u32; 2]>) -> Result<(), String> {
        let [kept, plain] = &mut self.audits;
        let (kept, plain) = (kept.taken().await, plain.taken().await);
        for (line, times) in &plain {
            let id = request_of(line);
            let [asked_kept, asked_plain] = asked[&*id];
            let wanted = times * asked_kept / asked_plain;
            let found = kept.get(line).copied().unwrap_or_default();
            if found != wanted {
                return Err(format!("audited {found} times instead of {wanted}: {line}"));
            }
        }
        match kept.keys().find(|line| !plain.contains_key(*line)) {
            Some(line) => Err(format!("audited by the one that keeps alone: {line}")),
            None => Ok(()),
        }
    }
}

/// Asks once, with variables as JSON.
pub(super) async fn ask(executor: &Executor, question: &Question, variables: &str) -> Answer {
    Answer::of(&asked(executor, question, variables).await)
}

/// Whether a plan answers this, once the document has been run.
pub(super) async fn by_plan(executor: &Executor, question: &Question) -> bool {
    let first = asked(executor, question, "{}").await;
    let again = asked(executor, question, "{}").await;
    // What the resolvers have worked out and is kept is the same as they have said.
    again.written.is_some() && again.response.data == async_graphql::Value::Null && first.ran
}

async fn asked(executor: &Executor, question: &Question, variables: &str) -> Outcome {
    let Question { text, operation, role, method, viewer, request_id } = question;
    let id = format!("key:{}-{viewer}", role.as_str()).into();
    let expires_at = (*viewer > 0).then_some(Timestamp::MAX);
    let viewer = Viewer { id, role: *role, expires_at };
    let mut request = Request::new(text).variables(serde_json::from_str::<Variables>(variables).unwrap());
    request.operation_name = operation.clone();
    let circumstances = Circumstances { method: *method, request_id: request_id.clone(), viewer };
    // What comes by POST has a text as a whole.
    let whole = Bytes::from(format!("{operation:?} {variables} {text}"));
    let again = match method {
        Method::Post => executor.again(&whole, &circumstances),
        _ => Again::New,
    };
    match again {
        Again::Answer(outcome) => *outcome,
        Again::New => executor.execute(request, &circumstances).await,
        Again::Keep(whole) => {
            let outcome = executor.execute(request, &circumstances).await;
            executor.keep(whole, text.clone(), &outcome);
            outcome
        }
    }
}

/// An audit log, of which each line is read once.
struct Audit {
    log: AuditLog,
    file: File,
}

impl Audit {
    fn to(path: &Path, clock: Clock) -> Self {
        let log = AuditLog::to_file(path, clock).unwrap();
        Self { log, file: File::open(path).unwrap() }
    }

    /// The new lines and how often each was written.
    async fn taken(&mut self) -> HashMap<String, u32> {
        self.log.flush(FOREVER).await;
        let (mut text, mut taken) = (String::new(), HashMap::new());
        self.file.read_to_string(&mut text).unwrap();
        for line in text.lines() {
            *taken.entry(line.to_owned()).or_default() += 1;
        }
        taken
    }
}

fn request_of(line: &str) -> Arc<str> {
    let told: serde_json::Value = serde_json::from_str(line).unwrap();
    told["requestId"].as_str().unwrap_or_else(|| panic!("not of a request: {line}")).into()
}
