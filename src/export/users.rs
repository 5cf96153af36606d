//! The table `users`: a row a user.

use crate::org::{ChainEnd, OrgGraph, OrphanReason, User, UserIndex};

use super::{
    column::{Column, Contact, Getter, Kind, Told, Value},
    question::{MAX_LEVELS, Question},
    words,
};

/// A user, with those above as far as there are columns for them.
pub(super) struct Row<'a> {
    pub(super) graph: &'a OrgGraph,
    pub(super) user: UserIndex,
    /// From the top down, the user itself last, as many as there are columns of levels; none where the top is a ring.
    line: Vec<UserIndex>,
}

impl Row<'_> {
    pub(super) fn record(&self) -> &User {
        self.graph.user(self.user)
    }

    pub(super) fn id(&self) -> &str {
        self.record().id()
    }

    fn manager(&self) -> Option<&User> {
        self.graph.manager(self.user).map(|manager| self.graph.user(manager))
    }

    fn top(&self) -> &User {
        self.graph.user(self.graph.top_user(self.user))
    }

    /// Whoever stands at this level of the line; the top's is 0.
    fn at_level(&self, level: usize) -> Option<&User> {
        self.line.get(level).map(|&user| self.graph.user(user))
    }
}

pub(super) fn rows<'a>(graph: &'a OrgGraph, question: &Question) -> impl Iterator<Item = Row<'a>> {
    let (active, under, deepest) = (question.active, question.under_in(graph), question.deepest_level());
    // The line down to the user before: in the order of the tree the next one's begins with a part of it.
    let mut path: Vec<UserIndex> = Vec::new();
    if let Some(under) = under.filter(|&under| graph.top(under) != ChainEnd::Cycle) {
        path.extend(graph.managers(under));
        path.reverse();
        path.push(under);
        path.truncate(deepest + 1);
    }
    graph.everybody(under).filter_map(move |user| {
        let mut line = Vec::new();
        if let Some(depth) = graph.depth(user) {
            let depth = depth as usize;
            if depth <= deepest {
                path.truncate(depth);
                path.push(user);
            }
            line.extend_from_slice(&path);
        }
        active.is_none_or(|active| graph.user(user).active() == active).then_some(Row { graph, user, line })
    })
}

pub(super) fn columns<'a>() -> Vec<Column<Row<'a>>> {
    use Kind::{Boolean, Integer, Moment, Text};
    let column = Column::<Row<'a>>::new;
    let mut columns = vec![
        column("id", Text, "Gong's id of the user. One row each.", "User.id", |row| row.id().into()),
        column("email", Text, "The primary e-mail address.", "User.emailAddress", |row| {
            row.record().email_address().into()
        })
        .nullable(),
        column("first_name", Text, "First name.", "User.firstName", |row| row.record().first_name().into())
            .nullable(),
        column("last_name", Text, "Last name.", "User.lastName", |row| row.record().last_name().into())
            .nullable(),
        column(
            "name",
            Text,
            "First and last name with a space between, as far as Gong has them.",
            "User.name",
            |row| row.record().name().into(),
        )
        .nullable(),
        column("title", Text, "Job title.", "User.title", |row| row.record().title().into()).nullable(),
        column("active", Boolean, "Whether the user is active in Gong.", "User.active", |row| {
            row.record().active().into()
        }),
        column(
            "kind",
            Text,
            "`PERSON`, or `AVATAR` for a synthetic user of Gong's staff whom somebody names as manager. Where people are \
             counted, avatars are not.",
            "User.kind",
            |row| words::kind(row.record().kind()).into(),
        ),
        column("created", Moment, "When the user was created in Gong.", "User.created", |row| {
            row.record().created().into()
        })
        .nullable(),
        column(
            "manager_id",
            Text,
            "What Gong names as manager, whether or not anybody has that id; see `manager_status`.",
            "User.managerId",
            |row| row.record().manager_id().into(),
        )
        .nullable(),
        column(
            "manager_status",
            Text,
            "What became of `manager_id`: `NONE` (it is empty), `ACTIVE`, `INACTIVE` (it names another user who is so), \
             `NOT_FOUND` (it names nobody), `SELF`.",
            "User.managerStatus",
            |row| words::manager_status(row.graph.manager_status(row.user)).into(),
        ),
        column(
            "manager_email",
            Text,
            "The manager's primary e-mail address.",
            "User.manager.emailAddress",
            |row| row.manager().and_then(User::email_address).into(),
        )
        .nullable(),
        column("manager_name", Text, "The manager's name.", "User.manager.name", |row| {
            row.manager().and_then(User::name).into()
        })
        .nullable(),
        column(
            "depth",
            Integer,
            "Steps to the top, 0 at the top. None in or below a ring of people who manage each other.",
            "User.depth",
            |row| row.graph.depth(row.user).into(),
        )
        .nullable(),
        column(
            "line_end",
            Text,
            "Where the line of managers ends: `ROOT`, `MANAGER_NOT_FOUND`, `SELF_MANAGED` or `CYCLE` (in a ring).",
            "User.managerChain.end",
            |row| words::line_end(row.graph.top(row.user)).into(),
        ),
        column(
            "top_id",
            Text,
            "Whom the line ends at, the user itself at the top; of a ring the member with the smallest id.",
            "User.level(n: 0).id",
            |row| row.top().id().into(),
        ),
        column("top_name", Text, "That user's name.", "User.level(n: 0).name", |row| row.top().name().into())
            .nullable(),
        column(
            "direct_report_count",
            Integer,
            "How many persons report to the user directly.",
            "User.reportCount",
            |row| row.graph.direct_count(row.user).into(),
        ),
        column(
            "transitive_report_count",
            Integer,
            "How many persons are anywhere below the user.",
            "User.reportCount(transitive: true)",
            |row| row.graph.transitive_count(row.user).into(),
        ),
        column(
            "orphan_reason",
            Text,
            "Why the line to a root is broken or missing at this user: `NO_MANAGER`, `MANAGER_IS_SELF`, \
             `MANAGER_NOT_FOUND`, `MANAGEMENT_CYCLE` or `MANAGER_INACTIVE`. None where it isn't.",
            "User.orphanReason",
            |row| row.graph.orphan_reason(row.user).map(OrphanReason::name).into(),
        )
        .nullable(),
        column("under_orphan", Boolean, "Whether somebody above is an orphan.", "User.underOrphan", |row| {
            row.graph.under_orphan(row.user).into()
        }),
        column(
            "email_aliases",
            Text,
            "Other e-mail addresses of the same person, with spaces between them.",
            "User.emailAliases",
            |row| joined(row.record().email_aliases()),
        )
        .nullable(),
        column(
            "primary_language",
            Text,
            "The language that the user mainly speaks on calls, as a BCP 47 tag.",
            "User.spokenLanguages",
            |row| {
                let mut spoken = row.record().spoken_languages();
                spoken.find(|spoken| spoken.primary).map(|spoken| spoken.language).into()
            },
        )
        .nullable(),
    ];
    columns.extend(switches());
    columns.push(column(
        "fetched_at",
        Moment,
        "When the call was sent to Gong that brought this record: it is at least as new.",
        "User.fetchedAt",
        |row| row.record().fetched_at().into(),
    ));
    columns.extend((1..=MAX_LEVELS).flat_map(level));
    columns.extend(contact());
    columns
}

/// Gong's switches.
fn switches<'a>() -> [Column<Row<'a>>; 7] {
    let column = |name, description, source, value| {
        Column::<Row<'a>>::new(name, Kind::Boolean, description, source, value).nullable()
    };
    [
        column(
            "web_conferences_recorded",
            "Gong's switch: web conferences are recorded.",
            "User.settings.webConferencesRecorded",
            |row| row.record().settings().web_conferences_recorded.into(),
        ),
        column(
            "prevent_web_conference_recording",
            "Gong's switch: recording of web conferences is forbidden.",
            "User.settings.preventWebConferenceRecording",
            |row| row.record().settings().prevent_web_conference_recording.into(),
        ),
        column(
            "telephony_calls_imported",
            "Gong's switch: telephony calls are imported.",
            "User.settings.telephonyCallsImported",
            |row| row.record().settings().telephony_calls_imported.into(),
        ),
        column(
            "emails_imported",
            "Gong's switch: e-mails are imported.",
            "User.settings.emailsImported",
            |row| row.record().settings().emails_imported.into(),
        ),
        column(
            "prevent_email_import",
            "Gong's switch: import of e-mails is forbidden.",
            "User.settings.preventEmailImport",
            |row| row.record().settings().prevent_email_import.into(),
        ),
        column(
            "non_recorded_meetings_imported",
            "Gong's switch: meetings that weren't recorded are imported.",
            "User.settings.nonRecordedMeetingsImported",
            |row| row.record().settings().non_recorded_meetings_imported.into(),
        ),
        column(
            "gong_connect_enabled",
            "Gong's switch: Gong Connect (the dialer) is on.",
            "User.settings.gongConnectEnabled",
            |row| row.record().settings().gong_connect_enabled.into(),
        ),
    ]
}

/// The two columns of a level.
fn level<'a>(level: usize) -> [Column<Row<'a>>; 2] {
    let told = |what: &str, description: String, source: &str| Told {
        name: format!("level_{level}_{what}").into(),
        kind: Kind::Text,
        nullable: true,
        description: description.into(),
        source: format!("User.level(n: {level}).{source}").into(),
        guard: None,
        level: Some(level),
    };
    let id = format!(
        "Whoever stands {level} {} below the top of the user's line, the user itself at its own `depth`; none below that, \
         and where the top is a ring.",
        if level == 1 { "step" } else { "steps" }
    );
    let name = "That user's name.".to_owned();
    [
        Column {
            told: told("id", id, "id"),
            value: Getter::AtLevel(level, |row, level| row.at_level(level).map(|user| user.id()).into()),
            shows: None,
        },
        Column {
            told: told("name", name, "name"),
            value: Getter::AtLevel(level, |row, level| row.at_level(level).and_then(User::name).into()),
            shows: None,
        },
    ]
}

/// How people are reached, and by what they are let in.
fn contact<'a>() -> [Column<Row<'a>>; 5] {
    let column = |name, description, contact: Contact, value| {
        Column::<Row<'a>>::new(name, Kind::Text, description, contact.coordinate(), value)
            .nullable()
            .guarded(contact)
    };
    [
        column("trusted_email", "The trusted e-mail address.", Contact::TrustedEmailAddress, |row| {
            row.record().trusted_email_address().into()
        }),
        column("phone_number", "Phone number.", Contact::PhoneNumber, |row| {
            row.record().phone_number().into()
        }),
        column("extension", "Phone extension.", Contact::Extension, |row| row.record().extension().into()),
        column(
            "personal_meeting_urls",
            "Addresses of the user's personal meeting rooms, with spaces between them.",
            Contact::PersonalMeetingUrls,
            |row| joined(row.record().personal_meeting_urls()),
        ),
        column(
            "meeting_consent_page_url",
            "Address of the page where guests consent to being recorded. It carries a token.",
            Contact::MeetingConsentPageUrl,
            |row| row.record().meeting_consent_page_url().into(),
        ),
    ]
}

fn joined<'r>(texts: impl Iterator<Item = &'r str>) -> Value<'r> {
    let all = texts.collect::<Vec<_>>().join(" ");
    Some(all).filter(|all| !all.is_empty()).into()
}
