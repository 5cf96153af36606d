//! Which users of a listing are wanted: conditions, and trees of them.

mod text;
mod range;
mod subject;
mod holds;
mod sieve;
mod few;

use std::{collections::HashSet, ptr, sync::LazyLock};

use super::{ManagerStatus, OrgGraph, OrphanReason, Settings, UserId, UserIndex, UserKind};

pub use range::{Moments, Numbers};
pub use sieve::Sieve;
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

/// What asks for nothing.
static NOTHING: LazyLock<UserFilter> = LazyLock::new(UserFilter::default);

/// So many languages to compare cost about as much as one more part of a filter.
const LANGUAGES_A_PART: usize = 8;

impl UserFilter {
    /// Lets everybody through, avatars too.
    pub fn of_any_kind() -> Self {
        Self { kinds: Some(vec![UserKind::Person, UserKind::Avatar]), ..Self::default() }
    }

    /// Lets exactly the persons through.
    pub fn every_person() -> &'static Self {
        &NOTHING
    }

    /// Whether exactly the persons pass, so that counts known beforehand hold.
    pub fn is_every_person(&self) -> bool {
        // Mostly it is that very one: each of its fields would be looked at to say so.
        ptr::eq(self, Self::every_person()) || self == Self::every_person()
    }

    /// The id of [`under`](Self::under), if that is all that is asked: exactly the persons below that user pass.
    pub fn is_every_person_under(&self) -> Option<&UserId> {
        let under = self.under.as_ref()?;
        (*self == Self { under: Some(under.clone()), ..Self::default() }).then_some(under)
    }

    /// Whether `user` passes. For many users make the [`Sieve`] once.
    pub fn admits(&self, graph: &OrgGraph, user: UserIndex) -> bool {
        self.over(graph).admits(user)
    }

    /// The filter over one graph.
    pub fn over<'a>(&'a self, graph: &'a OrgGraph) -> Sieve<'a> {
        Sieve::new(self, graph)
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
}
