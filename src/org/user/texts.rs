//! All texts of one user, one after the other.

use std::{ops::Range, sync::Arc};

use super::{UserParts, list};

/// The texts in their order. What is read together stands together; what says how somebody is reached comes last,
/// so that it can be [left out](Texts::without_contact) where it stands.
#[derive(Clone, Copy)]
pub(super) enum Text {
    Id,
    FirstName,
    /// What is between first and last name where there are both.
    Space,
    LastName,
    EmailAddress,
    Title,
    ManagerId,
    /// A [list].
    EmailAliases,
    /// A [list], of which each item begins with [`PRIMARY`] or [`OTHER`].
    SpokenLanguages,
    TrustedEmailAddress,
    PhoneNumber,
    Extension,
    MeetingConsentPageUrl,
    /// A [list].
    PersonalMeetingUrls,
}

const TEXTS: usize = Text::PersonalMeetingUrls as usize + 1;
/// What is behind it says how somebody is reached.
const LAST_FOR_ALL: Text = Text::SpokenLanguages;
/// Up to this one, texts are looked through for what JSON escapes: each is one by itself, and told of to whoever may see
/// the user.
const LAST_LOOKED_THROUGH: Text = Text::ManagerId;

impl Text {
    const ALL: [Self; TEXTS] = [
        Self::Id,
        Self::FirstName,
        Self::Space,
        Self::LastName,
        Self::EmailAddress,
        Self::Title,
        Self::ManagerId,
        Self::EmailAliases,
        Self::SpokenLanguages,
        Self::TrustedEmailAddress,
        Self::PhoneNumber,
        Self::Extension,
        Self::MeetingConsentPageUrl,
        Self::PersonalMeetingUrls,
    ];

    /// Whether it says how somebody is reached. Each by name, so that a new one is thought of.
    const fn is_contact(self) -> bool {
        match self {
            Self::Id
            | Self::FirstName
            | Self::Space
            | Self::LastName
            | Self::EmailAddress
            | Self::Title
            | Self::ManagerId
            | Self::EmailAliases
            | Self::SpokenLanguages => false,
            Self::TrustedEmailAddress
            | Self::PhoneNumber
            | Self::Extension
            | Self::MeetingConsentPageUrl
            | Self::PersonalMeetingUrls => true,
        }
    }
}

/// Contact data is what is behind the last for all, and nothing else.
const _: () = {
    let mut at = 0;
    while at < TEXTS {
        let text = Text::ALL[at];
        assert!(text as usize == at && text.is_contact() == (at > LAST_FOR_ALL as usize));
        at += 1;
    }
};

/// What a processor has of memory at once, in bytes.
const LINE: usize = 64;
/// The lines that a user's texts seldom take more than.
const USUAL_LINES: usize = 4;

/// A language that is the user's main one, and one that isn't.
pub(super) const PRIMARY: &str = "*";
pub(super) const OTHER: &str = " ";

/// One allocation for all of them, which copies share.
#[derive(Clone)]
pub(super) struct Texts {
    all: Arc<str>,
    ends: Ends,
}

/// Where each text ends; it begins where the one before ends.
#[derive(Clone, PartialEq, Eq)]
enum Ends {
    /// Of texts that are all together no longer than such a number tells, which nearly all are.
    Near {
        ends: [u16; TEXTS],
        /// Whether those up to [`LAST_LOOKED_THROUGH`] are plain.
        plain: bool,
    },
    Far(Box<[u32; TEXTS]>),
}

impl Ends {
    fn of(all: &str, far: [u32; TEXTS]) -> Self {
        let mut ends = [0; TEXTS];
        for (near, end) in ends.iter_mut().zip(far) {
            let Ok(end) = end.try_into() else { return Self::Far(Box::new(far)) };
            *near = end;
        }
        let named = all.get(..ends[LAST_LOOKED_THROUGH as usize].into());
        Self::Near { ends, plain: named.is_some_and(is_plain) }
    }

    fn at(&self, text: usize) -> usize {
        match self {
            Self::Near { ends, .. } => ends[text].into(),
            Self::Far(ends) => ends[text] as usize,
        }
    }
}

/// Whether JSON has a text as it is: without quotation marks, backslashes and control characters.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| (byte >= b' ') & (byte != b'"') & (byte != b'\\');
    // Of all of them: a processor does that for several at a time.
    text.bytes().fold(true, |all, byte| all & plain(byte))
}

impl Texts {
    pub(super) fn of<T: AsRef<str>>(parts: &UserParts<T>) -> Self {
        let mut packing = Packing { all: String::with_capacity(256), ends: [0; TEXTS] };
        let named = |text: &Option<T>| text.as_ref().is_some_and(|text| !text.as_ref().is_empty());
        packing.add(Text::Id, Some(&parts.id));
        packing.add(Text::FirstName, parts.first_name.as_ref());
        let both = named(&parts.first_name) && named(&parts.last_name);
        packing.add(Text::Space, both.then_some(&" "));
        packing.add(Text::LastName, parts.last_name.as_ref());
        packing.add(Text::EmailAddress, parts.email_address.as_ref());
        packing.add(Text::Title, parts.title.as_ref());
        packing.add(Text::ManagerId, parts.manager_id.as_ref());
        packing.add_list(Text::EmailAliases, parts.email_aliases.iter().map(|alias| ("", alias.as_ref())));
        let languages = parts.spoken_languages.iter();
        let languages =
            languages.map(|spoken| (if spoken.primary { PRIMARY } else { OTHER }, spoken.language.as_ref()));
        packing.add_list(Text::SpokenLanguages, languages);
        packing.add(Text::TrustedEmailAddress, parts.trusted_email_address.as_ref());
        packing.add(Text::PhoneNumber, parts.phone_number.as_ref());
        packing.add(Text::Extension, parts.extension.as_ref());
        packing.add(Text::MeetingConsentPageUrl, parts.meeting_consent_page_url.as_ref());
        let urls = parts.personal_meeting_urls.iter().map(|url| ("", url.as_ref()));
        packing.add_list(Text::PersonalMeetingUrls, urls);
        Self { ends: Ends::of(&packing.all, packing.ends), all: packing.all.into() }
    }

    /// Whether all up to the manager's id are plain: JSON has them as they are. Never for very long ones, of whom that isn't
    /// known.
    pub(super) fn are_plain(&self) -> bool {
        matches!(self.ends, Ends::Near { plain: true, .. })
    }

    /// One text; the empty one where there is none.
    pub(super) fn get(&self, text: Text) -> &str {
        self.within(self.range(text))
    }

    /// A byte of each of the processor's lines in which those lie that are no contact data, as far as is usual.
    pub(super) fn touch(&self) -> u8 {
        let read = self.between(Text::Id, LAST_FOR_ALL).as_bytes();
        let lines = read.iter().step_by(LINE).take(USUAL_LINES).chain(read.last());
        lines.fold(0, |all, byte| all ^ byte)
    }

    /// From the beginning of one to the end of another.
    pub(super) fn between(&self, first: Text, last: Text) -> &str {
        self.within(self.range(first).start..self.range(last).end)
    }

    /// The same without what says how somebody is reached: nothing of this value leads there any more.
    pub(super) fn without_contact(&self) -> Self {
        let last = LAST_FOR_ALL as usize;
        let ends = match &self.ends {
            Ends::Near { ends, plain } => Ends::Near { ends: up_to(*ends, last), plain: *plain },
            // What is left may be no longer than usual.
            Ends::Far(ends) => Ends::of(&self.all, up_to(**ends, last)),
        };
        Self { all: self.all.clone(), ends }
    }

    fn range(&self, text: Text) -> Range<usize> {
        let start = (text as usize).checked_sub(1).map_or(0, |before| self.ends.at(before));
        start..self.ends.at(text as usize)
    }

    fn within(&self, range: Range<usize>) -> &str {
        self.all.get(range).unwrap_or_default()
    }
}

/// These ends where there is nothing behind `last`.
fn up_to<E: Copy>(mut ends: [E; TEXTS], last: usize) -> [E; TEXTS] {
    let end = ends[last];
    ends[last..].fill(end);
    ends
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        let [all, others] = [self, other].map(|texts| texts.between(Text::Id, Text::PersonalMeetingUrls));
        self.ends == other.ends && all == others
    }
}

impl Eq for Texts {}

struct Packing {
    all: String,
    ends: [u32; TEXTS],
}

impl Packing {
    fn add<T: AsRef<str>>(&mut self, at: Text, text: Option<&T>) {
        if let Some(text) = text {
            self.all.push_str(text.as_ref());
        }
        self.end(at);
    }

    /// A list of texts, each behind a mark.
    fn add_list<'a>(&mut self, at: Text, items: impl Iterator<Item = (&'a str, &'a str)>) {
        items.for_each(|(mark, item)| list::push(&mut self.all, mark, item));
        self.end(at);
    }

    /// A user with more than four billion bytes of text, more than is ever read from Gong, loses what is behind.
    fn end(&mut self, at: Text) {
        self.ends[at as usize] = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
    }
}
