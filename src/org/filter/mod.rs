//! Which users of a listing are wanted: conditions, and trees of them.

mod text;
mod range;
mod subject;

use std::collections::HashSet;

use super::{ManagerStatus, OrgGraph, OrphanReason, Settings, UserId, UserIndex, UserKind};
use subject::Subject;

pub use range::{Moments, Numbers};
pub use text::{Fragment, TextFilter};

/// Conditions that all have to hold; what is left out asks for nothing. A list holds for whoever has one
/// of its values, so an empty one for nobody.
///
/// Whoever makes a filter bounds how deep it nests: it is looked at, and dropped, by recursion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// All of these hold too.
    pub and: Vec<UserFilter>,
    /// At least one of these holds.
    pub or: Option<Vec<UserFilter>>,
    /// This doesn't hold.
    pub not: Option<Box<UserFilter>>,
    /// Users with one of these ids.
    pub ids: Option<HashSet<UserId>>,
    /// Active users, or inactive ones.
    pub active: Option<bool>,
    /// Users of one of these kinds. Where a whole filter says nothing of kinds, persons.
    pub kinds: Option<Vec<UserKind>>,
    /// Users whose link to the manager is one of these.
    pub manager_status: Option<Vec<ManagerStatus>>,
    /// Users whose `managerId` is one of these, whether or not anybody has it.
    pub manager_ids: Option<HashSet<UserId>>,
    /// A part of "first last".
    pub name_contains: Option<Fragment>,
    /// A part of the title.
    pub title_contains: Option<Fragment>,
    /// A part of any address of the user.
    pub email_contains: Option<Fragment>,
    /// "first last".
    pub name: TextFilter,
    /// The title.
    pub title: TextFilter,
    /// Any address of the user.
    pub email: TextFilter,
    /// The part after the @ of any address of the user, in small letters.
    pub email_domains: Option<HashSet<String>>,
    /// When the user was created.
    pub created: Moments,
    /// Steps to the top.
    pub depth: Numbers,
    /// Whether at least one person reports to the user.
    pub has_reports: Option<bool>,
    /// How many persons report to the user directly.
    pub report_count: Numbers,
    /// How many persons are below the user.
    pub transitive_report_count: Numbers,
    /// Users who speak one of these languages, as BCP 47 tags in small letters: `en` is every English.
    pub spoken_languages: Option<Vec<String>>,
    /// The switches that are told here are so at Gong; one that Gong didn't send is neither.
    pub settings: Settings,
    /// Everybody below the user with this id; nobody if nobody has it.
    pub under: Option<UserId>,
    /// Whether the line to a root is broken or missing at this user.
    pub is_orphan: Option<bool>,
    /// Users whose line to a root is broken or missing for one of these reasons.
    pub orphan_reasons: Option<Vec<OrphanReason>>,
}

/// So many languages to compare cost about as much as one more part of a filter.
const LANGUAGES_A_PART: usize = 8;

impl UserFilter {
    /// Lets everybody through, avatars too.
    pub fn of_any_kind() -> Self {
        Self { kinds: Some(vec![UserKind::Person, UserKind::Avatar]), ..Self::default() }
    }

    /// Whether exactly the persons pass, so that counts known beforehand hold.
    pub fn is_every_person(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `user` passes. Avatars pass only if the filter says something of kinds, at whatever depth.
    pub fn admits(&self, graph: &OrgGraph, user: UserIndex) -> bool {
        let subject = Subject::new(graph, user);
        let of_its_kind = || graph.user(user).kind == UserKind::Person || self.asks_for_kind();
        self.holds(&subject) && of_its_kind()
    }

    /// What looking at one user costs, in users looked at: 1, and 1 more for each filter inside.
    pub fn weight(&self) -> usize {
        let languages =
            self.spoken_languages.as_ref().map_or(0, |languages| languages.len() / LANGUAGES_A_PART);
        1 + languages + self.parts().map(Self::weight).sum::<usize>()
    }

    /// The filters directly inside.
    fn parts(&self) -> impl Iterator<Item = &Self> {
        self.and.iter().chain(self.or.iter().flatten()).chain(self.not.as_deref())
    }

    fn asks_for_kind(&self) -> bool {
        self.kinds.is_some() || self.parts().any(Self::asks_for_kind)
    }

    /// Cheap conditions first.
    fn holds(&self, subject: &Subject<'_>) -> bool {
        self.record_holds(subject)
            && self.place_holds(subject)
            && self.texts_hold(subject)
            && self.and.iter().all(|filter| filter.holds(subject))
            && self.or.as_ref().is_none_or(|filters| filters.iter().any(|filter| filter.holds(subject)))
            && self.not.as_ref().is_none_or(|filter| !filter.holds(subject))
    }

    fn record_holds(&self, subject: &Subject<'_>) -> bool {
        let record = subject.record();
        let manager = record.manager_id.as_ref();
        is(self.active, record.active)
            && one_of(&self.kinds, &record.kind)
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&record.id))
            && self.manager_ids.as_ref().is_none_or(|ids| manager.is_some_and(|id| ids.contains(id)))
            && self.created.hold(record.created)
            && self.settings_hold(&record.settings)
            && self.spoken_languages.as_ref().is_none_or(|languages| {
                record.spoken_languages.iter().any(|spoken| text::is_one_of(languages, &spoken.language))
            })
    }

    fn place_holds(&self, subject: &Subject<'_>) -> bool {
        let (graph, user) = (subject.graph, subject.user);
        let below = |manager: &UserId| {
            graph.find(manager.as_str()).is_some_and(|manager| graph.distance(manager, user).is_some())
        };
        one_of(&self.manager_status, &graph.manager_status(user))
            && self.depth.hold(graph.depth(user))
            && is(self.has_reports, graph.direct_count(user) > 0)
            && self.report_count.hold(Some(graph.direct_count(user)))
            && self.transitive_report_count.hold(Some(graph.transitive_count(user)))
            && is(self.is_orphan, graph.orphan_reason(user).is_some())
            && self.orphan_reasons.as_ref().is_none_or(|reasons| {
                graph.orphan_reason(user).is_some_and(|reason| reasons.contains(&reason))
            })
            && self.under.as_ref().is_none_or(below)
    }

    fn texts_hold(&self, subject: &Subject<'_>) -> bool {
        let domain = |domains: &HashSet<String>| {
            subject
                .emails()
                .iter()
                .any(|email| email.rsplit_once('@').is_some_and(|(_, it)| domains.contains(it)))
        };
        (self.name.is_empty() || subject.name().is_some_and(|name| self.name.holds(name)))
            && (self.title.is_empty() || subject.title().is_some_and(|title| self.title.holds(title)))
            && (self.email.is_empty() || subject.emails().iter().any(|email| self.email.holds(email)))
            && self
                .name_contains
                .as_ref()
                .is_none_or(|part| subject.name().is_some_and(|name| part.is_in(name)))
            && self
                .title_contains
                .as_ref()
                .is_none_or(|part| subject.title().is_some_and(|title| part.is_in(title)))
            && self
                .email_contains
                .as_ref()
                .is_none_or(|part| subject.emails().iter().any(|email| part.is_in(email)))
            && self.email_domains.as_ref().is_none_or(domain)
    }

    fn settings_hold(&self, is: &Settings) -> bool {
        let Settings {
            web_conferences_recorded,
            prevent_web_conference_recording,
            telephony_calls_imported,
            emails_imported,
            prevent_email_import,
            non_recorded_meetings_imported,
            gong_connect_enabled,
        } = self.settings;
        [
            (web_conferences_recorded, is.web_conferences_recorded),
            (prevent_web_conference_recording, is.prevent_web_conference_recording),
            (telephony_calls_imported, is.telephony_calls_imported),
            (emails_imported, is.emails_imported),
            (prevent_email_import, is.prevent_email_import),
            (non_recorded_meetings_imported, is.non_recorded_meetings_imported),
            (gong_connect_enabled, is.gong_connect_enabled),
        ]
        .iter()
        .all(|(wanted, is)| wanted.is_none() || wanted == is)
    }
}

fn is(wanted: Option<bool>, is: bool) -> bool {
    wanted.is_none_or(|wanted| wanted == is)
}

fn one_of<T: PartialEq>(wanted: &Option<Vec<T>>, is: &T) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted.contains(is))
}
