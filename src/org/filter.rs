//! Which users of a listing are wanted.

use super::{ManagerStatus, OrgGraph, UserIndex, UserKind};

/// A part of a text, compared without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment(String);

impl Fragment {
    /// The fragment `text`; the empty one is in every text, though not in a missing one.
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.0)
    }
}

/// Conditions that all have to hold; `None` asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Active users, or inactive ones.
    pub active: Option<bool>,
    /// Users of one of these kinds; persons when nothing is said.
    pub kinds: Option<Vec<UserKind>>,
    /// Users whose link to the manager is one of these.
    pub manager_status: Option<Vec<ManagerStatus>>,
    /// A part of "first last".
    pub name_contains: Option<Fragment>,
    /// A part of the title.
    pub title_contains: Option<Fragment>,
    /// A part of any address of the user.
    pub email_contains: Option<Fragment>,
}

impl UserFilter {
    /// Lets everybody through, avatars too.
    pub fn of_any_kind() -> Self {
        Self { kinds: Some(vec![UserKind::Person, UserKind::Avatar]), ..Self::default() }
    }

    /// Whether exactly the persons pass, so that counts known beforehand hold.
    pub fn is_every_person(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `user` passes.
    pub fn admits(&self, graph: &OrgGraph, user: UserIndex) -> bool {
        let record = graph.user(user);
        self.kinds.as_ref().map_or(record.kind == UserKind::Person, |kinds| kinds.contains(&record.kind))
            && self.active.is_none_or(|active| active == record.active)
            && self.manager_status.as_ref().is_none_or(|wanted| wanted.contains(&graph.manager_status(user)))
            && holds(&self.name_contains, record.name().as_deref())
            && holds(&self.title_contains, record.title.as_deref())
            && holds(&self.email_contains, record.emails().map(|email| email.as_str()))
    }
}

/// Whether there is no fragment to look for, or one of `texts` has it.
fn holds<'a>(fragment: &Option<Fragment>, texts: impl IntoIterator<Item = &'a str>) -> bool {
    match fragment {
        None => true,
        Some(fragment) => texts.into_iter().any(|text| fragment.is_in(text)),
    }
}
