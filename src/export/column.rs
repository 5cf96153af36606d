//! Columns: what each is, how it is got, who may see it.

use std::borrow::Cow;

use jiff::Timestamp;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text. Ids are text, always.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A number of 64 bits with a fraction.
    Number,
    /// True or false.
    Boolean,
    /// A moment in UTC, to the millisecond; in text formats as RFC 3339 has it.
    Moment,
}

impl Kind {
    /// Its name in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Moment => "timestamp",
        }
    }
}

/// Contact data, which not every role may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are the fields of these names")]
pub enum Contact {
    TrustedEmailAddress,
    PhoneNumber,
    Extension,
    PersonalMeetingUrls,
    MeetingConsentPageUrl,
}

impl Contact {
    /// All of it.
    pub const ALL: [Self; 5] = [
        Self::TrustedEmailAddress,
        Self::PhoneNumber,
        Self::Extension,
        Self::PersonalMeetingUrls,
        Self::MeetingConsentPageUrl,
    ];

    /// The field of the schema that it is, as the audit log names it.
    pub fn coordinate(self) -> &'static str {
        match self {
            Self::TrustedEmailAddress => "User.trustedEmailAddress",
            Self::PhoneNumber => "User.phoneNumber",
            Self::Extension => "User.extension",
            Self::PersonalMeetingUrls => "User.personalMeetingUrls",
            Self::MeetingConsentPageUrl => "User.meetingConsentPageUrl",
        }
    }
}

/// What is told of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its name: lower case, words joined by `_`. It doesn't change.
    pub name: Cow<'static, str>,
    /// What its values are.
    pub kind: Kind,
    /// Whether some rows may have none.
    pub nullable: bool,
    /// What it says.
    pub description: Cow<'static, str>,
    /// The field of the GraphQL schema that says the same.
    pub source: Cow<'static, str>,
    /// What it shows that not every role may see. Such a column is there only for whoever names it.
    pub guard: Option<Contact>,
    /// It is the column of this level of the tree.
    pub level: Option<usize>,
}

/// One value.
pub(super) enum Value<'r> {
    None,
    Text(Cow<'r, str>),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Moment(Timestamp),
}

/// A column of rows `R`.
pub(super) struct Column<R> {
    pub(super) told: Told,
    pub(super) value: Getter<R>,
    /// For which rows its value is contact data, and what.
    pub(super) shows: Option<Shows<R>>,
}

/// Contact data, and which rows show it.
type Shows<R> = (Contact, fn(&R) -> bool);

/// Makes a row's value.
pub(super) enum Getter<R> {
    Of(for<'r> fn(&'r R) -> Value<'r>),
    /// At a level of the tree.
    AtLevel(usize, for<'r> fn(&'r R, usize) -> Value<'r>),
}

impl<R> Getter<R> {
    pub(super) fn get<'r>(&self, row: &'r R) -> Value<'r> {
        match self {
            Self::Of(value) => value(row),
            Self::AtLevel(level, value) => value(row, *level),
        }
    }
}

impl<R> Column<R> {
    /// A column whose every row has a value.
    pub(super) fn new(
        name: &'static str,
        kind: Kind,
        description: &'static str,
        source: &'static str,
        value: for<'r> fn(&'r R) -> Value<'r>,
    ) -> Self {
        let told = Told {
            name: name.into(),
            kind,
            nullable: false,
            description: description.into(),
            source: source.into(),
            guard: None,
            level: None,
        };
        Self { told, value: Getter::Of(value), shows: None }
    }

    /// The same, and rows may have none.
    pub(super) fn nullable(mut self) -> Self {
        self.told.nullable = true;
        self
    }

    /// The same, for those alone who may see this, and who name it.
    pub(super) fn guarded(mut self, contact: Contact) -> Self {
        self.told.guard = Some(contact);
        self.shows = Some((contact, |_| true));
        self
    }

    /// The same; in rows of which this holds its value is contact data.
    pub(super) fn showing(mut self, contact: Contact, shows: fn(&R) -> bool) -> Self {
        self.shows = Some((contact, shows));
        self
    }
}

impl<'r> From<&'r str> for Value<'r> {
    fn from(text: &'r str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(is: bool) -> Self {
        Self::Boolean(is)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(moment: Timestamp) -> Self {
        Self::Moment(moment)
    }
}

impl<'r, T: Into<Value<'r>>> From<Option<T>> for Value<'r> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}
