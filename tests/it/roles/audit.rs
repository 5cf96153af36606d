//! Who has read contact data of whom: every guarded field that an answer held, and nothing else.

use std::{
    fs, io,
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, Mutex},
};

use orgraph::{
    auth::{
        Role, Viewer,
        audit::{AuditLog, Reading},
    },
    clock::Clock,
    graphql::GuardedField,
    simulator::{SimUser, Workspace},
};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use super::{
    asking::{Asking, id},
    people::{CANARY, small},
};
use crate::support::{FOREVER, Scratch, Service, simulate};

fn noon() -> Clock {
    Clock::from_fn(|| "2026-03-01T12:00:00Z".parse().unwrap())
}

/// A service that is audited, and its log.
struct Audited {
    asking: Asking,
    log: AuditLog,
    scratch: Scratch,
    /// Lines that were read before.
    read: usize,
}

impl Audited {
    async fn start() -> Self {
        Self::over(small()).await
    }

    async fn over(people: Vec<SimUser>) -> Self {
        let scratch = Scratch::new();
        let log = AuditLog::to_file(&scratch.path().join("audit"), noon()).unwrap();
        let service = Service::over(Workspace::new(people)).await;
        Self { asking: Asking::of(service, noon()).audited(log.clone()), log, scratch, read: 0 }
    }

    /// The lines that this question adds.
    async fn lines(&mut self, role: Role, query: &str) -> Vec<Value> {
        let answer = self.asking.ask(role, query).await;
        assert!(!answer["data"].is_null() || answer["errors"].is_array(), "{answer}");
        self.log.flush(FOREVER).await;
        let lines = lines(&self.scratch.path().join("audit"));
        let new = lines[self.read..].to_vec();
        self.read = lines.len();
        new
    }
}

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).unwrap();
    assert!(!text.contains(CANARY) && !text.contains("example"), "a value is in the log: {text}");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn line(role: Role, fields: &[&str], ids: &[&str]) -> Value {
    json!({
        "at": "2026-03-01T12:00:00Z", "viewer": id(role), "role": role.as_str(), "requestId": "request-1",
        "fields": fields, "userIds": ids,
    })
}

#[tokio::test]
async fn every_guarded_field_that_is_answered_is_taken_down() {
    let mut audited = Audited::start().await;
    for field in GuardedField::ALL {
        let rest = match field {
            GuardedField::Activity => r#"(from: "2024-01-08", to: "2024-02-05") { hasActivity }"#,
            GuardedField::Calls => {
                r#"(from: "2024-01-08T00:00:00Z", to: "2024-02-05T00:00:00Z") { hasMore }"#
            }
            GuardedField::SettingsHistory => "{ totalCount }",
            GuardedField::SeatAudit => {
                r#"(filter: { ids: ["13"] }) { people { nodes { id } edges { cursor } } }"#
            }
            GuardedField::CoachingReports => r#"(managerId: "11") { reports { id } }"#,
            _ => "",
        };
        let (query, ids): (_, &[&str]) = match field {
            // Everybody of a simulated company is active.
            GuardedField::SeatAudit => (format!("{{ {}{rest} }}", field.name()), &[]),
            GuardedField::CoachingReports => (format!("{{ {}{rest} }}", field.name()), &["11", "13"]),
            _ => (
                format!(r#"{{ usersByIds(ids: ["11", "10"]) {{ {}{rest} }} }}"#, field.name()),
                &["10", "11"],
            ),
        };
        for role in [Role::Analyst, Role::Admin] {
            let expected: Vec<_> =
                (!ids.is_empty()).then(|| line(role, &[field.coordinate()], ids)).into_iter().collect();
            assert_eq!(audited.lines(role, &query).await, expected, "{field:?}");
        }
        assert_eq!(audited.lines(Role::Reader, &query).await, [Value::Null; 0], "{field:?}");
    }
}

/// Who is found idle, by a name or by a cursor.
#[tokio::test]
async fn whatever_tells_who_has_a_seat_in_vain_is_taken_down() {
    let mut audited = Audited::over((1..=200).map(|id| SimUser::new(id.to_string())).collect()).await;
    let query = |part| format!("{{ seatAudit {{ people(first: 1) {{ {part} }} }} }}");
    let found = audited.asking.ask(Role::Analyst, &query("nodes { id }")).await;
    let idle = found["data"]["seatAudit"]["people"]["nodes"][0]["id"].as_str().unwrap();
    let taken_down = [line(Role::Analyst, &[GuardedField::SeatAudit.coordinate()], &[idle])];
    audited.lines(Role::Analyst, &query("totalCount")).await;
    for part in ["nodes { id }", "edges { cursor }", "pageInfo { startCursor }", "pageInfo { endCursor }"] {
        assert_eq!(audited.lines(Role::Analyst, &query(part)).await, taken_down, "{part}");
    }
    for part in ["totalCount", "pageInfo { hasNextPage }"] {
        assert_eq!(audited.lines(Role::Analyst, &query(part)).await, [Value::Null; 0], "{part}");
    }
}

#[tokio::test]
async fn whose_fields_are_the_same_are_in_one_line() {
    let mut audited = Audited::start().await;
    let query = r#"{ user(id: "10") { phoneNumber extension manager { id } }
        users(filter: { ids: ["11", "12"] }) { nodes { phoneNumber ... on User { extension } } } 
        again: user(id: "13") { phoneNumber } roots { nodes { id name emailAddress } } }"#;
    assert_eq!(
        audited.lines(Role::Analyst, query).await,
        [
            line(Role::Analyst, &["User.phoneNumber"], &["13"]),
            line(Role::Analyst, &["User.phoneNumber", "User.extension"], &["10", "11", "12"]),
        ]
    );
}

/// Whoever subscribes reads what each event tells, and nothing before.
#[tokio::test]
async fn what_a_subscription_tells_is_taken_down() {
    let scratch = Scratch::new();
    let file = scratch.path().join("audit");
    let log = AuditLog::to_file(&file, noon()).unwrap();
    let simulator = simulate(Workspace::new(small()));
    let asking = Asking::by_keys_into(&simulator, log.clone()).await;
    let query = "subscription { userChanged { user { phoneNumber } } }";
    let mut analyst = asking.subscribe(Role::Analyst, query).await;
    let mut reader = asking.subscribe(Role::Reader, query).await;
    log.flush(FOREVER).await;
    assert_eq!(lines(&file), [Value::Null; 0]);
    simulator
        .edit(|users| users.iter_mut().find(|user| user.id == "10").unwrap().title = Some("Dean".into()));
    asking.scan().await;
    assert!(analyst.next().await["data"]["userChanged"]["user"]["phoneNumber"].is_string());
    reader.next().await;
    log.flush(FOREVER).await;
    let lines = lines(&file);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let told = ["viewer", "role", "fields", "userIds"].map(|name| lines[0][name].clone());
    let expected = [json!(id(Role::Analyst)), json!("analyst"), json!(["User.phoneNumber"]), json!(["10"])];
    assert_eq!(told, expected);
    assert!(lines[0]["requestId"].as_str().is_some_and(|id| !id.is_empty()));
}

/// A value by another way than its own field.
#[tokio::test]
async fn values_that_stand_elsewhere_are_taken_down_too() {
    let mut users = small();
    users[2].phone_number = users[3].phone_number.clone();
    users[2].extension = users[3].extension.clone();
    users[4].trusted_email_address = users[5].email_address.clone();
    let mut audited = Audited::start().await;
    audited.asking =
        Asking::of(Service::over(Workspace::new(users)).await, noon()).audited(audited.log.clone());
    let trusted = "User.trustedEmailAddress";
    let phone = "User.phoneNumber";
    let both = line(Role::Analyst, &[trusted, phone], &["10"]);
    assert_eq!(audited.lines(Role::Analyst, r#"{ user(id: "10") { identities { value } } }"#).await, [both]);
    let shared = [line(Role::Analyst, &[phone], &["12", "13"]), line(Role::Analyst, &[trusted], &["14"])];
    for selection in ["nodes { value }", "edges { node { value } }", "edges { cursor }"] {
        let query = format!("{{ identityConflicts {{ {selection} }} }}");
        assert_eq!(audited.lines(Role::Analyst, &query).await, shared, "{selection}");
    }
    // The first is a number.
    let query = "{ identityConflicts { pageInfo { startCursor } } }";
    let first = [line(Role::Analyst, &[phone], &["12", "13"])];
    assert_eq!(audited.lines(Role::Analyst, query).await, first);
    for query in [
        "{ identityConflicts { totalCount nodes { holderCount } pageInfo { hasNextPage } } }",
        r#"{ identityConflicts(kinds: [EMAIL_ALIAS]) { nodes { value } } }"#,
    ] {
        assert_eq!(audited.lines(Role::Analyst, query).await, [Value::Null; 0], "{query}");
    }
    let query = "{ orgHealth(kinds: [DUPLICATE_EMAIL]) { nodes { emailAddress } } }";
    assert_eq!(audited.lines(Role::Analyst, query).await, [line(Role::Analyst, &[trusted], &["14"])]);
}

#[tokio::test]
async fn what_wasnt_answered_isnt_taken_down() {
    let mut users = small();
    users[0].phone_number = None;
    users[0].personal_meeting_urls.clear();
    let mut audited = Audited::start().await;
    audited.asking =
        Asking::of(Service::over(Workspace::new(users)).await, noon()).audited(audited.log.clone());
    // Gong says nothing there; the page beside it can't be given, so that the user, or all, is null.
    for query in [
        r#"{ user(id: "10") { phoneNumber personalMeetingUrls } }"#,
        r#"{ user(id: "11") { phoneNumber reports(first: -1) { totalCount } } }"#,
        r#"{ user(id: "11") { phoneNumber } users(first: -1) { totalCount } }"#,
        r#"{ user(id: "11") { phoneNumber @include(if: false) id } }"#,
        r#"{ user(id: "11") { phoneNumber nothing } }"#,
    ] {
        assert_eq!(audited.lines(Role::Analyst, query).await, [Value::Null; 0], "{query}");
    }
    let query = r#"{ a: user(id: "11") { phoneNumber reports(first: -1) { totalCount } } b: user(id: "12") { phoneNumber } }"#;
    assert_eq!(
        audited.lines(Role::Analyst, query).await,
        [line(Role::Analyst, &["User.phoneNumber"], &["12"])]
    );
}

fn viewer(id: &str) -> Viewer {
    Viewer { id: id.into(), role: Role::Analyst, expires_at: None }
}

fn record(log: &AuditLog, viewer: &Viewer, user: &str) {
    let of = [(user, vec!["User.phoneNumber"])];
    log.record(&Reading { at: noon().now(), viewer, request_id: "r", of: &of });
}

fn ids(file: &Path) -> Vec<Value> {
    lines(file).into_iter().map(|line| line["userIds"][0].clone()).collect()
}

#[tokio::test]
async fn a_file_is_appended_to_and_made_anew_when_it_is_moved_away() {
    let scratch = Scratch::new();
    let (file, moved) = (scratch.path().join("audit"), scratch.path().join("audit.1"));
    // What a crash has left: a line without an end.
    fs::write(&file, "{\"userIds\":[\"0\"]}\n{}").unwrap();
    let log = AuditLog::to_file(&file, noon()).unwrap();
    record(&log, &viewer("key:a"), "1");
    log.flush(FOREVER).await;
    assert_eq!(ids(&file), [json!("0"), Value::Null, json!("1")]);

    fs::rename(&file, &moved).unwrap();
    record(&log, &viewer("key:a"), "2");
    log.flush(FOREVER).await;
    assert_eq!((ids(&moved).len(), ids(&file)), (3, vec![json!("2")]));
    fs::remove_file(&file).unwrap();
    record(&log, &viewer("key:a"), "3");
    // A log may be dropped with what waits in it.
    log.flush(FOREVER).await;
    drop(log);
    assert_eq!(ids(&file), [json!("3")]);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777,
        0o600
    );
}

#[tokio::test]
async fn a_log_that_cant_be_opened_is_told_at_once() {
    let scratch = Scratch::new();
    assert!(AuditLog::to_file(scratch.path(), noon()).is_err());
    assert!(AuditLog::to_file(&scratch.path().join("no/such/directory"), noon()).is_err());
}

/// A full disk stops nothing; what it has cost is counted in the log when there is room again.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_costs_lines_and_says_how_many() {
    let scratch = Scratch::new();
    let (file, link) = (scratch.path().join("file"), scratch.path().join("audit"));
    std::os::unix::fs::symlink("/dev/full", &link).unwrap();
    let log = AuditLog::to_file(&link, noon()).unwrap();
    let service = Service::over(Workspace::new(small())).await;
    let asking = Asking::of(service, noon()).audited(log.clone());
    for _ in 0..3 {
        let answer = asking.ask(Role::Analyst, r#"{ user(id: "10") { phoneNumber } }"#).await;
        assert_eq!(answer.get("errors"), None);
        log.flush(FOREVER).await;
    }
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    record(&log, &viewer("key:a"), "4");
    record(&log, &viewer("key:a"), "5");
    log.flush(FOREVER).await;
    let lines = lines(&file);
    assert_eq!(lines[0], json!({ "at": "2026-03-01T12:00:00Z", "lost": 3 }));
    assert_eq!(ids(&file)[1..], [json!("4"), json!("5")]);
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Heard {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Without a file the service's own log has it, of those whom a credential names.
#[test]
fn the_services_log_has_it_where_there_is_somebody_to_name() {
    let heard = Heard::default();
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(heard.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        let log = AuditLog::traced();
        record(&log, &viewer("key:bi"), "7");
        record(&log, &Viewer::unauthenticated(Ipv4Addr::LOCALHOST.into()), "8");
        record(&AuditLog::off(), &viewer("key:bi"), "9");
    });
    let heard = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = heard.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1, "{heard}");
    assert_eq!((&lines[0]["target"], &lines[0]["viewer"]), (&json!("orgraph::audit"), &json!("key:bi")));
    assert_eq!((&lines[0]["user_ids"], &lines[0]["fields"]), (&json!("7"), &json!("User.phoneNumber")));
}
