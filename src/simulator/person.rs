//! Making up one person of a company.

use fastrand::Rng;

use super::{
    names::{CULTURES, Culture},
    organisation::Place,
    titles::DEPARTMENTS,
    user::{SimUser, SpokenLanguage, UserSettings},
};

/// What the company's time zone is off from UTC, in winter and in summer.
pub(super) const OFFSETS: [&str; 2] = ["+02:00", "+03:00"];

/// A person for this place, whose id and manager are yet to be given. The number makes the
/// addresses distinct.
pub(super) fn person(number: usize, place: Place, rng: &mut Rng) -> SimUser {
    let culture = pick(&CULTURES, rng);
    let (given, family) = (pick(&culture.given, rng), pick(&culture.family, rng));
    let mailbox = format!("{}.{}.{number}", given.1, family.1);
    let is_chief = place.level < 2;
    let department = &DEPARTMENTS[place.department % DEPARTMENTS.len()];
    let title = if is_chief || place.leads { department.leader(place.level) } else { department.member(rng) };
    let mut user = SimUser {
        email_address: Some(format!("{mailbox}@example.com")),
        created: Some(created(rng)),
        active: number == 0 || rng.u8(0..100) >= 8,
        trusted_email_address: one_in(40, rng).then(|| format!("{mailbox}@trusted.example.com")),
        first_name: Some(given.0.to_owned()),
        last_name: Some(family.0.to_owned()),
        title: (is_chief || !one_in(25, rng)).then_some(title),
        phone_number: one_in(3, rng).then(|| format!("+1 555 01{:02}", rng.u8(0..100))),
        extension: one_in(12, rng).then(|| rng.u16(100..10_000).to_string()),
        settings: settings(rng),
        meeting_consent_page_url: one_in(10, rng).then(|| format!("https://join.example.com/{mailbox}")),
        ..SimUser::new("")
    };
    if one_in(6, rng) {
        user.email_aliases.push(format!("{}.{number}@example.com", given.1));
    }
    if one_in(5, rng) {
        user.personal_meeting_urls.push(format!("https://meet.example.com/{mailbox}"));
    }
    if one_in(3, rng) {
        user.spoken_languages = spoken_languages(culture);
    }
    user
}

/// An avatar whose id is yet to be given. Its shape is assumed: nobody published one.
pub(super) fn avatar(number: usize, rng: &mut Rng) -> SimUser {
    SimUser {
        email_address: Some(format!("avatar.{number}@example.com")),
        created: Some(created(rng)),
        first_name: Some("Support".to_owned()),
        last_name: Some(format!("Avatar {number}")),
        avatar: true,
        ..SimUser::new("")
    }
}

/// A time within ten years, with the offset of its season and a fraction that comes and goes, as on
/// the wire.
fn created(rng: &mut Rng) -> String {
    let (year, month, day) = (rng.u16(2015..2025), rng.u8(1..=12), rng.u8(1..=28));
    let (hour, minute, second) = (rng.u8(0..24), rng.u8(0..60), rng.u8(0..60));
    let fraction = match rng.u16(0..1000) {
        0..300 => String::new(),
        millis => format!(".{millis}"),
    };
    let [winter, summer] = OFFSETS;
    let offset = if (4..=10).contains(&month) { summer } else { winter };
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
}

fn settings(rng: &mut Rng) -> UserSettings {
    UserSettings {
        web_conferences_recorded: !one_in(4, rng),
        prevent_web_conference_recording: one_in(20, rng),
        telephony_calls_imported: one_in(3, rng),
        emails_imported: !one_in(5, rng),
        prevent_email_import: one_in(20, rng),
        non_recorded_meetings_imported: !one_in(3, rng),
        gong_connect_enabled: one_in(4, rng),
    }
}

fn spoken_languages(culture: &Culture) -> Vec<SpokenLanguage> {
    let spoken = |language: &str, primary| SpokenLanguage { language: language.to_owned(), primary };
    match culture.language {
        native if native.starts_with("en") => vec![spoken(native, true)],
        native => vec![spoken(native, true), spoken("en-US", false)],
    }
}

fn one_in(many: u8, rng: &mut Rng) -> bool {
    rng.u8(0..many) == 0
}

fn pick<'a, T, const N: usize>(some: &'a [T; N], rng: &mut Rng) -> &'a T {
    &some[rng.usize(..N)]
}
