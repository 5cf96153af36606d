//! Companies whose texts are hard to write, and what becomes of them.

use std::sync::Arc;

use fastrand::Rng;
use jiff::Timestamp;
use orgraph::org::{
    OrgSnapshot, Settings, SnapshotChecks, SnapshotSource, SnapshotVersion, SpokenLanguage, UserParts,
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::company::{build, companies, user};

/// When everything is asked, in seconds since 1970.
pub(super) const NOW: i64 = 1_767_225_600;
/// How old a snapshot is then.
const AGE: i64 = 90;

const TEXTS: [&str; 10] = [
    "plain",
    "",
    "a \"quoted\" one",
    "back\\slash/",
    "\u{0}\u{1}\u{8}\t\n\u{c}\r\u{1f}\u{7f}",
    "</script>&",
    "Zoë Ärztin 🧑‍💻",
    "\u{2028}\u{2029}\u{feff}\u{ffff}",
    "null",
    "ends in \\",
];

/// People of whom anything may be missing.
pub(super) fn company(rng: &mut Rng) -> Vec<UserParts> {
    let size = *rng.choice(&[0, 3, 8, 8, 12, 12, 30]).unwrap();
    let seed = std::array::from_fn::<u8, 32, _>(|_| rng.u8(..));
    let seeded = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let config = Config { failure_persistence: None, ..Config::default() };
    let tree = companies(size).new_tree(&mut TestRunner::new_with_rng(config, seeded)).unwrap();
    let mut users = tree.current().users();
    users.iter_mut().for_each(|user| fill(user, rng));
    if rng.u8(..) < 24 {
        // An id is opaque, and of another kind than the next.
        let odd = |id: &String| match id.bytes().fold(0, u8::wrapping_add) % 3 {
            0 => id.clone(),
            _ => format!("\"{id}\\é\u{1}"),
        };
        for user in &mut users {
            user.id = odd(&user.id);
            user.manager_id = user.manager_id.as_ref().map(odd);
        }
    }
    users
}

/// What the random company doesn't say of a user.
fn fill(user: &mut UserParts, rng: &mut Rng) {
    let mut text = |chance: u8| {
        let text = (rng.u8(..) < chance).then(|| *rng.choice(&TEXTS).unwrap());
        text.map(str::to_owned)
    };
    user.first_name = text(60).or(user.first_name.take());
    user.last_name = text(40).or(user.last_name.take());
    user.title = text(60).or(user.title.take());
    user.phone_number = text(128);
    user.extension = text(60);
    user.meeting_consent_page_url = text(90);
    user.personal_meeting_urls = text(90).into_iter().chain(text(60)).collect();
    let languages = [text(40), Some("en-US".to_owned()), Some("fr".to_owned())];
    let spoken = languages.into_iter().flatten().map(|language| (language, rng.bool()));
    let spoken: Vec<_> = spoken.collect();
    let count = rng.usize(0..=spoken.len());
    let spoken = spoken.into_iter().take(count);
    user.spoken_languages = spoken.map(|(language, primary)| SpokenLanguage { language, primary }).collect();
    if rng.u8(..) < 90 {
        user.trusted_email_address = Some(format!("t{}@Example.NET", rng.u8(0..5)));
    }
    if rng.u8(..) < 90 {
        user.phone_number = Some(format!("+1 555 {}", rng.u8(0..4)));
    }
    let mut switch = || *rng.choice(&[None, Some(true), Some(false)]).unwrap();
    user.settings = Settings {
        web_conferences_recorded: switch(),
        prevent_web_conference_recording: switch(),
        telephony_calls_imported: switch(),
        emails_imported: switch(),
        prevent_email_import: switch(),
        non_recorded_meetings_imported: switch(),
        gong_connect_enabled: switch(),
    };
    user.fetched_at = second(NOW - AGE + rng.i64(0..30));
}

/// The same people after some have come, gone or changed; perhaps nobody has.
pub(super) fn changed(mut users: Vec<UserParts>, rng: &mut Rng) -> Vec<UserParts> {
    for _ in 0..rng.usize(0..4) {
        if users.is_empty() || rng.u8(..) < 50 {
            let mut new = user(&format!("7{}", rng.u16(..)));
            fill(&mut new, rng);
            users.push(new);
        }
        let at = rng.usize(..users.len());
        let other = users[rng.usize(..users.len())].id.clone();
        match rng.u8(..6) {
            0 => _ = users.remove(at),
            1 => users[at].manager_id = Some(other),
            2 => users[at].manager_id = None,
            3 => users[at].active = !users[at].active,
            _ => fill(&mut users[at], rng),
        }
    }
    users
}

/// The snapshot after `before`.
pub(super) fn snapshot(
    before: Option<SnapshotVersion>,
    users: Vec<UserParts>,
    rng: &mut Rng,
) -> Arc<OrgSnapshot> {
    let taken_at = second(NOW - AGE);
    let mut number = || rng.u32(0..9);
    let checks = SnapshotChecks {
        pages_read: number(),
        records_read: number(),
        ids_read: number(),
        records_announced: Some(number()),
        listing_restarts: number(),
        managers_asked_for: number(),
        managers_found: number(),
        absentees_asked_for: number(),
        absentees_found: number(),
        records_refused: number(),
        records_kept: number(),
    };
    let source = if rng.bool() { SnapshotSource::FullScan } else { SnapshotSource::ReadRepair };
    let version = SnapshotVersion::after(before, taken_at);
    Arc::new(OrgSnapshot { version, taken_at, source, checks, graph: build(users) })
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}
