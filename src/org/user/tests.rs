//! Whatever a user is made of is kept, and told apart.

use proptest::{
    collection::vec,
    option::of,
    prelude::*,
    test_runner::{Config, TestCaseResult, TestRunner},
};

use super::*;
use crate::org::{Identity, IdentityKind};

/// Puts one field of another user in the place of this one's.
type Replace = fn(&mut UserParts, UserParts);

/// All fields but `fetched_at`.
const FIELDS: [(&str, Replace); 17] = [
    ("id", |user, other| user.id = other.id),
    ("kind", |user, other| user.kind = other.kind),
    ("email_address", |user, other| user.email_address = other.email_address),
    ("email_aliases", |user, other| user.email_aliases = other.email_aliases),
    ("trusted_email_address", |user, other| user.trusted_email_address = other.trusted_email_address),
    ("first_name", |user, other| user.first_name = other.first_name),
    ("last_name", |user, other| user.last_name = other.last_name),
    ("title", |user, other| user.title = other.title),
    ("phone_number", |user, other| user.phone_number = other.phone_number),
    ("extension", |user, other| user.extension = other.extension),
    ("active", |user, other| user.active = other.active),
    ("created", |user, other| user.created = other.created),
    ("settings", |user, other| user.settings = other.settings),
    ("spoken_languages", |user, other| user.spoken_languages = other.spoken_languages),
    ("personal_meeting_urls", |user, other| user.personal_meeting_urls = other.personal_meeting_urls),
    ("meeting_consent_page_url", |user, other| {
        user.meeting_consent_page_url = other.meeting_consent_page_url;
    }),
    ("manager_id", |user, other| user.manager_id = other.manager_id),
];

/// Somebody of whom everything is known, each text another one that ends in `mark`.
fn known(mark: &str) -> UserParts {
    let text = |name: &str| format!("{name} {mark}");
    UserParts {
        id: text("id"),
        kind: UserKind::Person,
        email_address: Some(text("email")),
        email_aliases: vec![text("alias"), text("other alias")],
        trusted_email_address: Some(text("trusted")),
        first_name: Some(text("first")),
        last_name: Some(text("last")),
        title: Some(text("title")),
        phone_number: Some(text("phone")),
        extension: Some(text("extension")),
        active: true,
        created: Some(Timestamp::UNIX_EPOCH),
        settings: Settings { emails_imported: Some(true), ..Settings::default() },
        spoken_languages: vec![SpokenLanguage { language: text("language"), primary: true }],
        personal_meeting_urls: vec![text("meeting")],
        meeting_consent_page_url: Some(text("consent")),
        manager_id: Some(text("manager")),
        fetched_at: Timestamp::UNIX_EPOCH,
    }
}

/// Signs of which lists are made, and such as take several bytes.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[0-9:* é\u{1F9D1}\u{200D}]{0,6}", "[a-c]{0,2}"]
}

/// A text that is there isn't empty.
fn text() -> impl Strategy<Value = Option<String>> {
    of(texts()).prop_map(|text| text.filter(|text| !text.is_empty()))
}

fn moments() -> impl Strategy<Value = Timestamp> {
    (0..3_i64).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn settings() -> impl Strategy<Value = Settings> {
    any::<[Option<bool>; 7]>().prop_map(|[a, b, c, d, e, f, g]| Settings {
        web_conferences_recorded: a,
        prevent_web_conference_recording: b,
        telephony_calls_imported: c,
        emails_imported: d,
        prevent_email_import: e,
        non_recorded_meetings_imported: f,
        gong_connect_enabled: g,
    })
}

/// Users of whom every field may be anything or missing.
fn users() -> impl Strategy<Value = UserParts> {
    let emails = (text(), vec(texts(), 0..4), text());
    let names = (text(), text(), text(), text(), text());
    let language =
        (texts(), any::<bool>()).prop_map(|(language, primary)| SpokenLanguage { language, primary });
    let lists = (vec(language, 0..4), vec(texts(), 0..4), text());
    let rest = (any::<bool>(), any::<bool>(), of(moments()), settings(), text(), moments());
    (texts(), emails, names, lists, rest).prop_map(|(id, emails, names, lists, rest)| UserParts {
        id,
        kind: if rest.0 { UserKind::Avatar } else { UserKind::Person },
        email_address: emails.0,
        email_aliases: emails.1,
        trusted_email_address: emails.2,
        first_name: names.0,
        last_name: names.1,
        title: names.2,
        phone_number: names.3,
        extension: names.4,
        active: rest.1,
        created: rest.2,
        settings: rest.3,
        spoken_languages: lists.0,
        personal_meeting_urls: lists.1,
        meeting_consent_page_url: lists.2,
        manager_id: rest.4,
        fetched_at: rest.5,
    })
}

fn borrowed(user: &UserParts) -> UserParts<&str> {
    fn texts(texts: &[String]) -> Vec<&str> {
        texts.iter().map(String::as_str).collect()
    }
    UserParts {
        id: &user.id,
        kind: user.kind,
        email_address: user.email_address.as_deref(),
        email_aliases: texts(&user.email_aliases),
        trusted_email_address: user.trusted_email_address.as_deref(),
        first_name: user.first_name.as_deref(),
        last_name: user.last_name.as_deref(),
        title: user.title.as_deref(),
        phone_number: user.phone_number.as_deref(),
        extension: user.extension.as_deref(),
        active: user.active,
        created: user.created,
        settings: user.settings,
        spoken_languages: user
            .spoken_languages
            .iter()
            .map(|spoken| SpokenLanguage { language: spoken.language.as_str(), primary: spoken.primary })
            .collect(),
        personal_meeting_urls: texts(&user.personal_meeting_urls),
        meeting_consent_page_url: user.meeting_consent_page_url.as_deref(),
        manager_id: user.manager_id.as_deref(),
        fetched_at: user.fetched_at,
    }
}

/// The same user without what says how they are reached.
fn blank(user: &UserParts) -> UserParts {
    UserParts {
        trusted_email_address: None,
        phone_number: None,
        extension: None,
        meeting_consent_page_url: None,
        personal_meeting_urls: vec![],
        ..user.clone()
    }
}

fn for_all<S: Strategy<Value: fmt::Debug>>(strategy: S, test: impl Fn(S::Value) -> TestCaseResult) {
    // No file of seeds beside the tests. `UserParts` shows its id alone: what is wrong is told by the assertion.
    let config = Config { cases: 1_000, failure_persistence: None, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(&strategy, test) {
        panic!("{failure}");
    }
}

#[test]
fn whatever_a_user_is_made_of_is_read_again() {
    for_all(users(), |parts| {
        let user = User::from(parts.clone());
        let (told, made) = (user.parts(), borrowed(&parts));
        prop_assert_eq!(told.id, made.id);
        prop_assert_eq!(told.email_address, made.email_address);
        prop_assert_eq!(&told.email_aliases, &made.email_aliases);
        prop_assert_eq!(&told.spoken_languages, &made.spoken_languages);
        prop_assert_eq!(&told.personal_meeting_urls, &made.personal_meeting_urls);
        prop_assert!(told == made, "another field");
        prop_assert!(User::from(told) == user, "made of what was read");

        let emails = parts.email_address.iter().chain(&parts.email_aliases);
        let emails = emails.chain(&parts.trusted_email_address).map(String::as_str);
        prop_assert_eq!(user.emails().collect::<Vec<_>>(), emails.collect::<Vec<_>>());
        for ((at, alias), made) in user.email_aliases_at().zip(&parts.email_aliases) {
            prop_assert_eq!((alias, user.email_alias(at)), (made.as_str(), Some(alias)));
        }
        Ok(())
    });
}

#[test]
fn an_empty_text_is_none_and_an_empty_item_is_one() {
    let empty = || Some(String::new());
    let items = || vec![String::new(), String::new()];
    let user = User::from(UserParts {
        email_address: empty(),
        email_aliases: items(),
        trusted_email_address: empty(),
        first_name: empty(),
        last_name: empty(),
        title: empty(),
        phone_number: empty(),
        extension: empty(),
        spoken_languages: vec![SpokenLanguage { language: String::new(), primary: false }],
        personal_meeting_urls: items(),
        meeting_consent_page_url: empty(),
        manager_id: empty(),
        ..UserParts::default()
    });
    let expected = UserParts {
        email_aliases: vec!["", ""],
        spoken_languages: vec![SpokenLanguage { language: "", primary: false }],
        personal_meeting_urls: vec!["", ""],
        ..UserParts::default()
    };
    assert!(user.parts() == expected);
    assert_eq!(user.name(), None);
}

#[test]
fn a_name_is_what_there_is_of_two() {
    let name = |first: &str, last: &str| {
        let user = UserParts { first_name: Some(first), last_name: Some(last), ..known_name() };
        User::from(user).name().map(str::to_owned)
    };
    assert_eq!(name("Zoë", "Öz").as_deref(), Some("Zoë Öz"));
    assert_eq!(name("Zoë", "").as_deref(), Some("Zoë"));
    assert_eq!(name("", "Öz").as_deref(), Some("Öz"));
    assert_eq!(name("", ""), None);
    for_all(users(), |parts| {
        let names: Vec<&str> = parts.first_name.iter().chain(&parts.last_name).map(String::as_str).collect();
        let name = Some(names.join(" ")).filter(|_| !names.is_empty());
        let user = User::from(parts.clone());
        prop_assert_eq!(user.name(), name.as_deref());
        Ok(())
    });
}

/// What stands on both sides of a name.
fn known_name() -> UserParts<&'static str> {
    UserParts { id: "1", email_address: Some("a@b.c"), title: Some("Vet"), ..UserParts::default() }
}

#[test]
fn without_contact_data_exactly_that_is_missing() {
    for_all(users(), |parts| {
        let user = User::from(parts.clone());
        let seen = user.without_contact();
        prop_assert!(seen.parts() == borrowed(&blank(&parts)));
        prop_assert!(seen == User::from(blank(&parts)) && seen.says_the_same_as(&User::from(blank(&parts))));
        prop_assert!(seen.without_contact() == seen);
        prop_assert_eq!(seen == user, parts == blank(&parts));
        Ok(())
    });
}

#[test]
fn whether_json_has_the_texts_as_they_are_is_known_by_those_that_are_told_of_everywhere() {
    let plain = |user: UserParts| User::from(user).is_plain();
    let told = ["id", "email_address", "first_name", "last_name", "title", "manager_id"];
    assert!(plain(known("é 🧑 \u{7f}")));
    for special in ["\"", "\\", "\n", "\0", "\u{1f}"] {
        for (field, replace) in FIELDS {
            let mut user = known("");
            replace(&mut user, known(special));
            assert_eq!(plain(user), !told.contains(&field), "{special:?} in {field}");
        }
    }
    for_all(users(), |user| {
        let texts = [&user.email_address, &user.first_name, &user.last_name, &user.title, &user.manager_id];
        let mut texts = texts.into_iter().flatten().chain([&user.id]);
        let as_they_are =
            texts.all(|text| serde_json::to_string(text).is_ok_and(|it| it.len() == text.len() + 2));
        prop_assert_eq!(plain(user.clone()), as_they_are);
        Ok(())
    });
    assert!(!plain(UserParts { title: Some("t".repeat(70_000)), ..known("") }));
}

#[test]
fn contact_data_that_is_left_out_makes_no_difference() {
    for mark in ["\"", &"t".repeat(70_000)] {
        let other = UserParts { phone_number: Some(mark.to_owned()), ..known("") };
        let [one, other] = [known(""), other].map(|user| User::from(user).without_contact());
        assert!(one == other && one.says_the_same_as(&other));
    }
}

#[test]
fn long_texts_are_kept() {
    let most = usize::from(u16::MAX);
    for (of_all, of_contact) in [(most - 300, 10), (most, 10), (10, most), (most + 1, most + 1)] {
        let mut parts = known("1");
        parts.title = Some("t".repeat(of_all));
        parts.personal_meeting_urls = vec!["u".repeat(of_contact), "last".to_owned()];
        let user = User::from(parts.clone());
        assert!(user.parts() == borrowed(&parts), "{of_all}, {of_contact}");
        assert!(user == User::from(parts.clone()) && user != User::from(known("1")));
        assert!(user.without_contact() == User::from(blank(&parts)), "{of_all}, {of_contact}");
    }
}

#[test]
fn copies_share_their_texts() {
    let user = User::from(known("1"));
    for copy in [user.clone(), user.without_contact()] {
        assert!(std::ptr::eq(copy.id(), user.id()));
    }
}

#[test]
fn users_are_equal_if_all_fields_are_and_say_the_same_if_those_that_gong_sends_are() {
    let pairs = (users(), users(), any::<bool>());
    for_all(pairs, |(parts, other, is_known)| {
        // Of the known every field differs; of others some may be the same.
        let (parts, other) = if is_known { (known("1"), parts) } else { (parts, other) };
        let user = User::from(parts.clone());
        let mut all = parts.clone();
        for (field, replace) in FIELDS {
            let mut changed = parts.clone();
            replace(&mut changed, other.clone());
            replace(&mut all, other.clone());
            let (same, changed) = (changed == parts, User::from(changed));
            prop_assert_eq!((user == changed, user.says_the_same_as(&changed)), (same, same), "{}", field);
        }
        all.fetched_at = other.fetched_at;
        prop_assert!(all == other, "a field is missing above");

        let later = UserParts { fetched_at: other.fetched_at, ..parts.clone() };
        let (same, later) = (later == parts, User::from(later));
        prop_assert_eq!((user == later, user.says_the_same_as(&later)), (same, true));
        Ok(())
    });
}

#[test]
fn one_field_that_differs_is_enough() {
    let user = User::from(known("1"));
    let mut other = known("2");
    other.kind = UserKind::Avatar;
    other.active = false;
    other.created = None;
    other.settings = Settings::default();
    for (field, replace) in FIELDS {
        let mut changed = known("1");
        replace(&mut changed, other.clone());
        let changed = User::from(changed);
        assert!(user != changed && !user.says_the_same_as(&changed), "{field}");
    }
    let later = User::from(UserParts { fetched_at: Timestamp::MAX, ..known("1") });
    assert!(user != later && user.says_the_same_as(&later));
    // What stands beside each other may read the same.
    let named = |first, last| User::from(UserParts { first_name: first, last_name: last, ..known_name() });
    assert!(named(Some("a"), Some("b")) != named(Some("a b"), None));
    assert!(named(Some("ab"), None) != named(None, Some("ab")));
}

#[test]
fn nothing_but_the_id_is_shown() {
    let parts = known("canary");
    let user = User::from(UserParts { id: "7".to_owned(), ..parts.clone() });
    assert_eq!(format!("{user:?}"), "User { id: 7, .. }");
    assert_eq!(format!("{:?}", user.parts()), "UserParts { id: 7, .. }");
    assert_eq!(format!("{:?}", UserParts { id: "7".to_owned(), ..parts }), "UserParts { id: 7, .. }");
    let shown: Vec<_> = user.identities().map(|identity| format!("{identity:?}")).collect();
    assert_eq!(shown.len(), 5);
    assert!(shown.iter().all(|shown| !shown.contains("canary")), "{shown:?}");
    let address = Identity::Email(IdentityKind::PrimaryEmail, "canary");
    assert_eq!(format!("{address:?}"), "Identity(PrimaryEmail, ..)");
}
