//! Random companies, described so that a failing one prints and shrinks well: `UserParts` shows its id alone.

use std::fmt::Debug;

use jiff::Timestamp;
use orgraph::org::{self, OrgGraph, Settings, SpokenLanguage, User, UserKind, UserParts};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    test_runner::{Config, TestCaseResult, TestRunner},
};

/// Companies for one kind of question, as the gate asks them.
pub(crate) const GRAPHS: u32 = 100_000;
/// The most that are asked when nobody says how many: for whoever waits.
const USUALLY: u32 = 5_000;

/// Runs `test` on `cases` values of `strategy`. `ORGRAPH_TEST_CASES` makes them more in the proportion that it has
/// to [`GRAPHS`], or fewer: no more than it says.
pub(crate) fn for_all<S: Strategy<Value: Debug>>(
    cases: u32,
    strategy: S,
    test: impl Fn(S::Value) -> TestCaseResult,
) {
    let wanted = std::env::var("ORGRAPH_TEST_CASES").map_or(USUALLY, |cases| cases.parse().unwrap());
    let more = (u64::from(cases) * u64::from(wanted) / u64::from(GRAPHS)) as u32;
    let cases = wanted.min(cases).max(more);
    // No file of seeds beside the tests: a failure prints the company it shrank to.
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(&strategy, test) {
        panic!("{failure}");
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) records: Vec<Record>,
    /// Laid over the records' own links.
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The record whose id this one repeats.
    pub(crate) repeats: Option<u8>,
    pub(crate) link: Link,
    pub(crate) active: bool,
    pub(crate) avatar: bool,
    pub(crate) first: Option<u8>,
    pub(crate) last: Option<u8>,
    pub(crate) title: Option<u8>,
    pub(crate) created: Option<u8>,
    pub(crate) primary: Option<Address>,
    pub(crate) aliases: Vec<Address>,
    pub(crate) trusted: Option<Address>,
}

#[derive(Clone, Debug)]
pub(crate) enum Link {
    Empty,
    Itself,
    /// The record at this place, counted round the company.
    To(u8),
    /// An id that nobody has.
    Missing(u8),
    /// The id of the record at this place with a zero before it.
    Padded(u8),
}

/// Neighbouring records, each under the next; in a ring the last under the first.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) start: u8,
    pub(crate) length: u8,
    pub(crate) ring: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) number: u8,
    pub(crate) spelling: u8,
}

pub(crate) const FIRST_NAMES: [&str; 6] = ["Ann", "ann", "Émile", "bob", "Zoë", "Bob"];
pub(crate) const LAST_NAMES: [&str; 5] = ["Ames", "ames", "Öz", "Bell", "ZORN"];
pub(crate) const TITLES: [&str; 4] = ["Engineer", "ENGINEER II", "Head of Sales", "Ärztin"];

impl Company {
    pub(crate) fn users(&self) -> Vec<UserParts> {
        let links = self.links();
        let users = self.records.iter().zip(links).enumerate().map(|(at, (record, link))| UserParts {
            kind: if record.avatar { UserKind::Avatar } else { UserKind::Person },
            email_address: record.primary.as_ref().map(Address::email),
            email_aliases: record.aliases.iter().map(Address::email).collect(),
            trusted_email_address: record.trusted.as_ref().map(Address::email),
            first_name: record.first.map(|name| FIRST_NAMES[usize::from(name)].into()),
            last_name: record.last.map(|name| LAST_NAMES[usize::from(name)].into()),
            title: record.title.map(|title| TITLES[usize::from(title)].into()),
            active: record.active,
            created: record.created.map(moment),
            manager_id: self.manager_id(at, &link),
            ..user(&self.id(at))
        });
        users.collect()
    }

    fn links(&self) -> Vec<Link> {
        let mut links: Vec<_> = self.records.iter().map(|record| record.link.clone()).collect();
        for line in &self.lines {
            let start = usize::from(line.start).min(links.len());
            let end = (start + usize::from(line.length)).min(links.len());
            for (at, link) in links.iter_mut().enumerate().take(end).skip(start) {
                if at + 1 < end {
                    *link = Link::To((at + 1) as u8);
                } else if line.ring {
                    *link = Link::To(start as u8);
                }
            }
        }
        links
    }

    fn manager_id(&self, at: usize, link: &Link) -> Option<String> {
        Some(match link {
            Link::Empty => return None,
            Link::Itself => self.id(at),
            Link::To(other) => self.id(usize::from(*other)),
            Link::Missing(number) => format!("nobody-{number}"),
            Link::Padded(other) => format!("0{}", self.id(usize::from(*other))),
        })
    }

    fn id(&self, at: usize) -> String {
        let at = at % self.records.len();
        match self.records[at].repeats {
            Some(other) => id(usize::from(other) % self.records.len()),
            None => id(at),
        }
    }
}

/// Ids whose order is not the order of the records, and of which some differ in leading zeros only.
fn id(at: usize) -> String {
    let number = (at * 37 + 11) % 101;
    match number % 3 {
        0 => format!("{number}"),
        1 => format!("{:08}", number - 1),
        _ => format!("{}", 9_000_000_000_000_000_000 + number),
    }
}

fn moment(second: u8) -> Timestamp {
    Timestamp::from_second(i64::from(second)).unwrap()
}

impl Address {
    fn email(&self) -> String {
        let address = format!("jürgen{}@example.org", self.number);
        match self.spelling {
            0 => address,
            1 => address.to_uppercase(),
            _ => address.replace("jü", "JÜ"),
        }
    }
}

/// An active person about whom nothing else is known.
pub(crate) fn user(id: &str) -> UserParts {
    UserParts {
        id: id.to_owned(),
        kind: UserKind::Person,
        email_address: None,
        email_aliases: vec![],
        trusted_email_address: None,
        first_name: None,
        last_name: None,
        title: None,
        phone_number: None,
        extension: None,
        active: true,
        created: None,
        settings: Settings::default(),
        spoken_languages: vec![],
        personal_meeting_urls: vec![],
        meeting_consent_page_url: None,
        manager_id: None,
        fetched_at: Timestamp::UNIX_EPOCH,
    }
}

/// What a user was made of.
pub(crate) fn owned(user: &User) -> UserParts {
    let UserParts {
        id,
        kind,
        email_address,
        email_aliases,
        trusted_email_address,
        first_name,
        last_name,
        title,
        phone_number,
        extension,
        active,
        created,
        settings,
        spoken_languages,
        personal_meeting_urls,
        meeting_consent_page_url,
        manager_id,
        fetched_at,
    } = user.parts();
    let text = |text: Option<&str>| text.map(str::to_owned);
    let texts = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    let language = |spoken: SpokenLanguage<&str>| SpokenLanguage {
        language: spoken.language.to_owned(),
        primary: spoken.primary,
    };
    UserParts {
        id: id.to_owned(),
        kind,
        email_address: text(email_address),
        email_aliases: texts(email_aliases),
        trusted_email_address: text(trusted_email_address),
        first_name: text(first_name),
        last_name: text(last_name),
        title: text(title),
        phone_number: text(phone_number),
        extension: text(extension),
        active,
        created,
        settings,
        spoken_languages: spoken_languages.into_iter().map(language).collect(),
        personal_meeting_urls: texts(personal_meeting_urls),
        meeting_consent_page_url: text(meeting_consent_page_url),
        manager_id: text(manager_id),
        fetched_at,
    }
}

/// These users as the service holds them.
pub(crate) fn packed(users: Vec<UserParts>) -> Vec<User> {
    users.into_iter().map(User::from).collect()
}

/// The graph of these users.
pub(crate) fn build(users: Vec<UserParts>) -> OrgGraph {
    org::build(packed(users))
}

/// Companies of at most `size` records, the empty one among them.
pub(crate) fn companies(size: usize) -> impl Strategy<Value = Company> {
    (vec(record(), 0..=size), vec(line(), 0..4)).prop_map(|(records, lines)| Company { records, lines })
}

pub(crate) fn record() -> impl Strategy<Value = Record> {
    (
        weighted(0.1, any::<u8>()),
        link(),
        prop::bool::weighted(0.75),
        prop::bool::weighted(0.15),
        (of(0..FIRST_NAMES.len() as u8), of(0..LAST_NAMES.len() as u8)),
        (of(0..TITLES.len() as u8), of(0..4_u8)),
        (of(address()), vec(address(), 0..3), weighted(0.3, address())),
    )
        .prop_map(|(repeats, link, active, avatar, (first, last), (title, created), emails)| Record {
            repeats,
            link,
            active,
            avatar,
            first,
            last,
            title,
            created,
            primary: emails.0,
            aliases: emails.1,
            trusted: emails.2,
        })
}

pub(crate) fn link() -> impl Strategy<Value = Link> {
    prop_oneof![
        3 => Just(Link::Empty),
        1 => Just(Link::Itself),
        14 => any::<u8>().prop_map(Link::To),
        1 => (0..2_u8).prop_map(Link::Missing),
        1 => any::<u8>().prop_map(Link::Padded),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let whole = (Just(0), Just(u8::MAX), any::<bool>());
    let part = (0..30_u8, 2..12_u8, any::<bool>());
    prop_oneof![1 => whole, 6 => part].prop_map(|(start, length, ring)| Line { start, length, ring })
}

fn address() -> impl Strategy<Value = Address> {
    (0..60_u8, 0..3_u8).prop_map(|(number, spelling)| Address { number, spelling })
}
