//! The catalogue: every kind of fault, what it does, and what a client should make of it.

use std::fmt;

/// What a client that does everything right makes of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The answers still say who is in the company: it comes out as if nothing were wrong.
    Harmless,
    /// The company differs by one person, as it does on any working day; nobody could tell this from a true
    /// change.
    Changed,
    /// A record can't be read. It is told of, everybody else comes out as if nothing were wrong, and of this
    /// one the client keeps what it had.
    Malformed,
    /// No company can be read from such an answer. Ask again, or give up and keep the company that there is.
    Transient,
    /// Every answer is well-formed, and the company they tell of is wrong: only a check of the whole can hold
    /// it back.
    Suspicious,
}

impl Effect {
    /// The word for it: `harmless`, `changed`, `malformed`, `transient` or `suspicious`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Changed => "changed",
            Self::Malformed => "malformed",
            Self::Transient => "transient",
            Self::Suspicious => "suspicious",
        }
    }
}

macro_rules! catalogue {
    ($($variant:ident $name:literal $effect:ident $description:literal;)+) => {
        /// A fault by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FaultKind {
            $(#[doc = $description] $variant,)+
        }

        impl FaultKind {
            /// Every kind, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in scripts, kebab-case.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// One line on what it does.
            pub fn description(self) -> &'static str {
                match self { $(Self::$variant => $description,)+ }
            }

            /// What a client that does everything right makes of it, if it is given no value.
            pub fn effect(self) -> Effect {
                match self { $(Self::$variant => Effect::$effect,)+ }
            }
        }
    };
}

catalogue! {
    ThrottledWithRetryAfter "throttled-with-retry-after" Transient "429 with `Retry-After` in seconds";
    ThrottledBare "throttled-bare" Transient "429 without `Retry-After`";
    ThrottledZero "throttled-zero" Transient "429 with `Retry-After: 0`";
    ThrottledTenYears "throttled-ten-years" Transient "429 with a `Retry-After` of ten years";
    ThrottledHttpDate "throttled-http-date" Transient "429 whose `Retry-After` is a date of the past";
    ThrottledText "throttled-text" Transient "429 with `Retry-After: soon`";

    ServerError500 "server-error-500" Transient "500 with Gong's error envelope";
    BadGateway502Html "502-html" Transient "502 with the page of a gateway";
    Unavailable503Html "503-html" Transient "503 with the page of a gateway";
    GatewayTimeout504Html "504-html" Transient "504 with the page of a gateway";
    Empty520 "520-empty" Transient "520, as a CDN says it, with no body";
    Unreachable522Html "522-html" Transient "522 with the page of a CDN";
    Unauthorized "unauthorized" Transient "401 as if the key were wrong";
    MissingScope "missing-scope" Transient "401 in Gong's words for a scope that is missing";
    Forbidden403 "forbidden-403" Transient "403 as if the address were not on the key's list";
    NotFound404 "not-found-404" Transient "404 with a page that is not Gong's";
    ErrorsAsObjects "errors-as-objects" Transient "400 whose `errors` are objects, not texts";
    RedirectToAnotherHost "redirect-to-another-host" Transient "302 to the same path of another host";
    RedirectToItself "redirect-to-itself" Transient "307 to the address that was asked, for ever";

    TimeOut "time-out" Transient "never answers; the connection stays open";
    SlowAnswer "slow-answer" Harmless "the right answer, late";
    SlowDrip "slow-drip" Transient "the right answer, a byte at a time";
    ResetAtOnce "reset-at-once" Transient "the connection is cut before any answer";
    ResetInMidBody "reset-in-mid-body" Transient "a right head, half of the body, and the connection is cut";
    ConnectionClosed "connection-closed" Harmless "the right answer, after which the connection is closed";

    TruncatedJson "truncated-json" Transient "half of the JSON in an answer that is whole by HTTP";
    HtmlWith200 "html-with-200" Transient "200 with a log-in page";
    Empty200 "empty-200" Transient "200 with no body";
    WrongContentType "wrong-content-type" Harmless "the right answer, said to be `text/html`";
    Bom "bom" Transient "a byte order mark before the JSON, which a reader may pass over or refuse";
    Latin1Bytes "latin-1-bytes" Transient "a name in Latin-1: the body is not UTF-8";
    LoneSurrogates "lone-surrogates" Malformed "a name with half of a surrogate pair, which is not Unicode";
    DeepNesting "deep-nesting" Harmless "lists within lists in a field that no reader needs";
    HugeField "huge-field" Transient "a field of many MiB";
    HugeHeaders "huge-headers" Transient "a header of many KiB";
    GzipBomb "gzip-bomb" Transient "a small body that unpacks to many MiB of zeros";
    GzipThatIsNone "gzip-that-is-none" Transient "said to be gzip, and isn't";

    WrongTypes "wrong-types" Malformed "fields of a record have other types";
    IdAsNumber "id-as-number" Malformed "the id of a record is a number";
    IdMissing "id-missing" Malformed "a record has no id";
    IdNull "id-null" Malformed "the id of a record is `null`";
    RecordNull "record-null" Malformed "a record is `null`";
    UsersNull "users-null" Transient "`null` where the list of records should be";
    UsersMissing "users-missing" Transient "the list of records is left out";
    RecordsMissing "records-missing" Harmless "`records` is left out of a last page";
    RecordsMissingEarly "records-missing-early" Suspicious "`records` is left out of a page that has a next one";
    UnknownFields "unknown-fields" Harmless "fields that nobody knows, at every level";
    NullsEverywhere "nulls-everywhere" Harmless "`null` for whatever is empty or false, where it means the same";
    AnotherOrder "another-order" Harmless "the records of a page in reverse order";
    PageNumbersWrong "page-numbers-wrong" Harmless "`currentPageNumber` and `currentPageSize` make no sense";

    ShortPages "short-pages" Harmless "pages of half the size, nobody left out";
    DuplicateAcrossPages "duplicate-across-pages" Harmless "a page begins with the last record of the page before";
    UserMissingAlthoughCounted "user-missing-although-counted" Changed "`totalRecords` counts somebody whom no page holds";
    EmptyPageWithCursor "empty-page-with-cursor" Harmless "an empty page that leads to those who should be on it";
    SameCursorForEver "same-cursor-for-ever" Transient "the next page's cursor is that of this page";
    CursorExpired "cursor-expired" Transient "400 `cursor has expired` to a call with a cursor";
    CursorDamaged "cursor-damaged" Transient "a cursor that will be refused when it comes back";
    CursorDroppedEarly "cursor-dropped-early" Suspicious "no cursor although there are more pages";
    TotalTooHigh "total-too-high" Suspicious "`totalRecords` counts people who don't exist";
    TotalTooLow "total-too-low" Suspicious "`totalRecords` counts fewer than there are";
    TotalMissing "total-missing" Harmless "no `totalRecords`";
    TotalAsText "total-as-text" Harmless "`totalRecords` as a text";

    ZeroUsers "zero-users" Suspicious "nobody is left in the company";
    HalfTheUsers "half-the-users" Suspicious "every second person is gone, and not counted either";
    EverybodysManagerGone "everybodys-manager-gone" Suspicious "nobody has a manager any more";
    EverybodyInactive "everybody-inactive" Suspicious "nobody is active any more";
    ManagersShuffled "managers-shuffled" Suspicious "everybody reports to somebody else's manager";
    EverybodyReplaced "everybody-replaced" Suspicious "the same people under other ids";
    PersonAddedInMidScan "person-added-in-mid-scan" Changed "one more person from the second call on";
    PersonRemovedInMidScan "person-removed-in-mid-scan" Changed "the last person is gone from the second call on";
}

impl FaultKind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
