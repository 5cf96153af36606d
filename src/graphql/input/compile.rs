//! From filters as clients write them to those of the organisation, the one place where they are checked.

use std::{collections::HashSet, hash::Hash};

use async_graphql::ID;

use super::{
    distinct,
    filter::{TextFilter, UserFilter, UserSettingsFilter},
    range::{DateTimeRange, IntRange},
};
use crate::{
    graphql::error::Fault,
    org::{self, Fragment, Settings, UserId},
};

/// The most filters inside one, at whatever depth.
const MAX_PARTS: usize = 100;
/// How deep filters may stand inside one.
const MAX_NESTING: usize = 10;
/// The most ids in a list.
const MAX_IDS: usize = 1_000;
/// The most words in a list.
const MAX_WORDS: usize = 100;

impl TryFrom<UserFilter> for org::UserFilter {
    type Error = Fault;

    fn try_from(filter: UserFilter) -> Result<Self, Fault> {
        compile(filter, 0, &mut 0)
    }
}

/// Makes `filter`, which stands `nesting` deep in one of which `parts` have been made.
fn compile(filter: UserFilter, nesting: usize, parts: &mut usize) -> Result<org::UserFilter, Fault> {
    if nesting > MAX_NESTING {
        return Err(too_much(format_args!("others nested more than {MAX_NESTING} deep")));
    }
    let mut part = |inside: UserFilter| {
        *parts += 1;
        if *parts > MAX_PARTS {
            return Err(too_much(format_args!("more than {MAX_PARTS} others inside")));
        }
        compile(inside, nesting + 1, parts)
    };
    let mut all = |inside: Vec<UserFilter>| inside.into_iter().map(&mut part).collect::<Result<Vec<_>, _>>();
    Ok(org::UserFilter {
        and: all(filter.and.unwrap_or_default())?,
        or: filter.or.map(&mut all).transpose()?,
        not: filter.not.map(|inside| part(*inside).map(Box::new)).transpose()?,
        ids: ids("ids", filter.ids)?,
        active: filter.active,
        kinds: filter.kind.map(distinct),
        manager_status: filter.manager_status.map(distinct),
        manager_ids: ids("managerIds", filter.manager_ids)?,
        name_contains: fragment(filter.name_contains),
        title_contains: fragment(filter.title_contains),
        email_contains: fragment(filter.email_contains),
        name: text(filter.name),
        title: text(filter.title),
        email: text(filter.email),
        email_domains: domains(filter.email_domain)?,
        created: DateTimeRange::of(filter.created, "created")?,
        depth: IntRange::of(filter.depth, "depth")?,
        has_reports: filter.has_reports,
        report_count: IntRange::of(filter.report_count, "reportCount")?,
        transitive_report_count: IntRange::of(filter.transitive_report_count, "transitiveReportCount")?,
        spoken_languages: words("spokenLanguage", filter.spoken_language)?,
        settings: settings(filter.settings.unwrap_or_default()),
        under: filter.under.map(user_id),
        is_orphan: filter.is_orphan,
        orphan_reasons: filter.orphan_reason.map(distinct),
    })
}

fn too_much(what: std::fmt::Arguments<'_>) -> Fault {
    Fault::argument("filter", format_args!("has {what}"))
}

fn fragment(text: Option<String>) -> Option<Fragment> {
    text.as_deref().map(Fragment::new)
}

fn text(filter: Option<TextFilter>) -> org::TextFilter {
    let TextFilter { equals, contains, starts_with } = filter.unwrap_or_default();
    org::TextFilter {
        equals: fragment(equals),
        contains: fragment(contains),
        starts_with: fragment(starts_with),
    }
}

fn user_id(id: ID) -> UserId {
    UserId::new(id.0)
}

fn ids(name: &'static str, ids: Option<Vec<ID>>) -> Result<Option<HashSet<UserId>>, Fault> {
    set(name, ids, MAX_IDS, user_id)
}

fn domains(domains: Option<Vec<String>>) -> Result<Option<HashSet<String>>, Fault> {
    const NAME: &str = "emailDomain";
    if domains.iter().flatten().any(|domain| domain.contains('@')) {
        return Err(Fault::argument(NAME, "is what comes after the @, without it"));
    }
    set(NAME, domains, MAX_WORDS, |domain| domain.to_lowercase())
}

fn words(name: &'static str, words: Option<Vec<String>>) -> Result<Option<Vec<String>>, Fault> {
    Ok(set(name, words, MAX_WORDS, |word| word.to_lowercase())?.map(Vec::from_iter))
}

fn set<T, U: Eq + Hash>(
    name: &'static str,
    values: Option<Vec<T>>,
    most: usize,
    make: impl FnMut(T) -> U,
) -> Result<Option<HashSet<U>>, Fault> {
    match values {
        Some(values) if values.len() > most => {
            Err(Fault::argument(name, format_args!("must be at most {most}, not {}", values.len())))
        }
        values => Ok(values.map(|values| values.into_iter().map(make).collect())),
    }
}

fn settings(filter: UserSettingsFilter) -> Settings {
    Settings {
        web_conferences_recorded: filter.web_conferences_recorded,
        prevent_web_conference_recording: filter.prevent_web_conference_recording,
        telephony_calls_imported: filter.telephony_calls_imported,
        emails_imported: filter.emails_imported,
        prevent_email_import: filter.prevent_email_import,
        non_recorded_meetings_imported: filter.non_recorded_meetings_imported,
        gong_connect_enabled: filter.gong_connect_enabled,
    }
}
