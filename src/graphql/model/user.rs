//! A user: Gong's record, and the place in the tree.

use async_graphql::{Context, ID, Interface, Object, Result};

use super::{
    HiddenField, Identity, Issue, ManagerChain, Nearest,
    chain::USUAL_LENGTH,
    issues,
    live::{CallList, SettingsHistory, UserActivity},
    record::{ManagerStatus, OrphanReason, SpokenLanguage, UserKind, UserSettings},
};
use crate::{
    directory::Live,
    graphql::{
        connection::{IssueConnection, PageArguments, ReportConnection, cost, many},
        error::Fault,
        find,
        gate::{self, Gate},
        guarded::GuardedField,
        input::{UserFilter, UserOrder},
        price,
        request::{Allowance, derive},
        scalar::{Date, DateTime, EmailAddress},
        windows,
    },
    org::{self, Bounds, Derived, UserId, UserView},
};

/// Something with an id that `node` finds again. The id of a user is Gong's own; ids of other types
/// carry a prefix.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The id to ask `node` for."))]
pub(in crate::graphql) enum Node {
    User(User),
    Issue(Issue),
}

pub(in crate::graphql) struct User(pub(in crate::graphql) UserView);

impl From<UserView> for User {
    fn from(user: UserView) -> Self {
        Self(user)
    }
}

impl From<UserView> for Node {
    fn from(user: UserView) -> Self {
        Self::User(User(user))
    }
}

/// E-mail addresses and phone numbers that a user has, at most usually.
const USUAL_IDENTITIES: usize = 4;
/// Fields that may be hidden.
const HIDDEN: usize = GuardedField::ALL.len();

impl User {
    fn record(&self) -> &org::User {
        self.0.user()
    }
}

/// A user of the Gong workspace. Texts that are empty at Gong are null.
#[Object]
impl User {
    /// Gong's id: opaque text, to be kept as text (it has more digits than a number can hold).
    async fn id(&self) -> ID {
        ID::from(self.0.id())
    }

    /// The primary e-mail address.
    async fn email_address(&self) -> Option<EmailAddress> {
        self.record().email_address().map(Into::into)
    }

    /// Other e-mail addresses of the same person.
    async fn email_aliases(&self) -> Vec<EmailAddress> {
        self.record().email_aliases().map(Into::into).collect()
    }

    /// The trusted e-mail address. For analysts: null for readers, as `hidden` says.
    async fn trusted_email_address(&self, ctx: &Context<'_>) -> Result<Option<EmailAddress>> {
        let address = self.record().trusted_email_address();
        Ok(gate::shown(ctx, GuardedField::TrustedEmailAddress, self.0.id(), address.map(Into::into))?)
    }

    /// Every e-mail address and the phone number of the user: primary, aliases, trusted, phone; for readers
    /// primary and aliases alone.
    #[graphql(complexity = "many(USUAL_IDENTITIES, child_complexity)")]
    async fn identities(&self, ctx: &Context<'_>) -> Result<Vec<Identity>> {
        derive(self.0.snapshot(), Derived::SharedIdentities).await?;
        let (graph, gate) = (&self.0.snapshot().graph, Gate::of(ctx)?);
        let identity = |identity: org::Identity<'_>| {
            if let Some(field) = GuardedField::of_identity(identity.kind()) {
                gate.shown(ctx, field, self.0.id());
            }
            Identity::of(&identity, graph, self.0.id())
        };
        Ok(self.record().identities().map(identity).collect())
    }

    /// The fields of this user that are null because the viewer's role doesn't see them, whether or not Gong
    /// says anything there: the same ones for every user.
    #[graphql(complexity = "1 + HIDDEN * child_complexity")]
    async fn hidden(&self, ctx: &Context<'_>) -> Result<Vec<HiddenField>> {
        let gate = Gate::of(ctx)?;
        let is_hidden = |field: &GuardedField| field.parent() == "User" && !gate.sees(*field);
        Ok(GuardedField::ALL.into_iter().filter(is_hidden).map(Into::into).collect())
    }

    /// First name.
    async fn first_name(&self) -> Option<&str> {
        self.record().first_name()
    }

    /// Last name.
    async fn last_name(&self) -> Option<&str> {
        self.record().last_name()
    }

    /// First and last name with a space between, as far as Gong has them.
    async fn name(&self) -> Option<&str> {
        self.record().name()
    }

    /// Job title.
    async fn title(&self) -> Option<&str> {
        self.record().title()
    }

    /// Phone number. For analysts: null for readers, as `hidden` says.
    async fn phone_number(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let number = self.record().phone_number();
        Ok(gate::shown(ctx, GuardedField::PhoneNumber, self.0.id(), number)?)
    }

    /// Phone extension. For analysts: null for readers, as `hidden` says.
    async fn extension(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let extension = self.record().extension();
        Ok(gate::shown(ctx, GuardedField::Extension, self.0.id(), extension)?)
    }

    /// Whether the user is active in Gong.
    async fn active(&self) -> bool {
        self.record().active()
    }

    /// When the user was created in Gong, in UTC.
    async fn created(&self) -> Option<DateTime> {
        self.record().created().map(Into::into)
    }

    /// Gong's switches for this user.
    async fn settings(&self) -> UserSettings {
        let settings = self.record().settings();
        UserSettings {
            web_conferences_recorded: settings.web_conferences_recorded,
            prevent_web_conference_recording: settings.prevent_web_conference_recording,
            telephony_calls_imported: settings.telephony_calls_imported,
            emails_imported: settings.emails_imported,
            prevent_email_import: settings.prevent_email_import,
            non_recorded_meetings_imported: settings.non_recorded_meetings_imported,
            gong_connect_enabled: settings.gong_connect_enabled,
        }
    }

    /// How the user's settings came to be as they are, asked of Gong: a call for each user, at most 20 in one
    /// answer. Null for somebody whom Gong no longer knows. For analysts: null for readers, as `hidden` says.
    #[graphql(complexity = "price::CALL + cost(first, None, child_complexity)")]
    async fn settings_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The latest so many changes, from 0 to 1,000; 50 when nothing is said.")]
        first: Option<i64>,
    ) -> Result<Option<SettingsHistory>> {
        if !Gate::of(ctx)?.admits(ctx, GuardedField::SettingsHistory) {
            return Ok(None);
        }
        let first = windows::first(first)?;
        Allowance::of(ctx)?.take_history()?;
        let live = find::directory(ctx)?.live();
        let history = live.settings_history(&UserId::new(self.0.id())).await.map_err(Fault::from)?;
        let history = SettingsHistory::of(&history, first);
        Ok(gate::shown(ctx, GuardedField::SettingsHistory, self.0.id(), history)?)
    }

    /// The languages that the user speaks on calls.
    async fn spoken_languages(&self) -> Vec<SpokenLanguage> {
        let language = |spoken: org::SpokenLanguage<&str>| SpokenLanguage {
            language: spoken.language.to_owned(),
            primary: spoken.primary,
        };
        self.record().spoken_languages().map(language).collect()
    }

    /// Addresses of the user's personal meeting rooms. For analysts: null for readers, as `hidden` says.
    async fn personal_meeting_urls(&self, ctx: &Context<'_>) -> Result<Option<Vec<&str>>> {
        let urls: Vec<_> = self.record().personal_meeting_urls().collect();
        match urls.as_slice() {
            // There is nothing to be seen, which is not for everybody to know either.
            [] => Ok(Gate::of(ctx)?.admits(ctx, GuardedField::PersonalMeetingUrls).then_some(urls)),
            _ => Ok(gate::shown(ctx, GuardedField::PersonalMeetingUrls, self.0.id(), Some(urls))?),
        }
    }

    /// Address of the page where guests consent to being recorded. It carries a token. For analysts: null for
    /// readers, as `hidden` says.
    async fn meeting_consent_page_url(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let url = self.record().meeting_consent_page_url();
        Ok(gate::shown(ctx, GuardedField::MeetingConsentPageUrl, self.0.id(), url)?)
    }

    /// What the user did between two days, asked of Gong: a call for a hundred users of the same window. Null
    /// where Gong has no statistics of the user. For analysts: null for readers, as `hidden` says.
    #[graphql(complexity = "price::LOOKUP.saturating_add(child_complexity)")]
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, by the company's calendar; at most 366 days before `to`.")]
        from: Date,
        #[graphql(desc = "The day after the last; tomorrow at the latest.")] to: Date,
    ) -> Result<Option<UserActivity>> {
        if !Gate::of(ctx)?.admits(ctx, GuardedField::Activity) {
            return Ok(None);
        }
        let days = windows::days(windows::now(ctx)?, &from, &to)?;
        Allowance::of(ctx)?.take_lookup()?;
        let live = find::directory(ctx)?.live();
        let activity = live.activity(&UserId::new(self.0.id()), days).await.map_err(Fault::from)?;
        let activity = UserActivity::of(days, &activity);
        Ok(gate::shown(ctx, GuardedField::Activity, self.0.id(), activity)?)
    }

    /// The calls that the user held between two moments, asked of Gong: a call for a hundred users of the same
    /// window, and one more for each further hundred calls and each further 90 days. For analysts: null for
    /// readers, as `hidden` says.
    #[graphql(complexity = "price::LOOKUP + cost(first, None, child_complexity)")]
    async fn calls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first moment; at most 366 days before `to`.")] from: DateTime,
        #[graphql(desc = "The moment after the last; a day from now at the latest.")] to: DateTime,
        #[graphql(desc = "The first so many calls, from 0 to 1,000; 50 when nothing is said.")] first: Option<
            i64,
        >,
    ) -> Result<Option<CallList>> {
        if !Gate::of(ctx)?.admits(ctx, GuardedField::Calls) {
            return Ok(None);
        }
        let window = windows::moments(windows::now(ctx)?, &from, &to)?;
        let first = windows::first(first)?;
        Allowance::of(ctx)?.take_calls(
            Live::cost_of_calls(window, first),
            price::LOOKUP,
            "the calls of users",
        )?;
        let live = find::directory(ctx)?.live();
        let calls: CallList =
            live.calls(&UserId::new(self.0.id()), window, first).await.map_err(Fault::from)?.into();
        Ok(gate::shown(ctx, GuardedField::Calls, self.0.id(), Some(calls))?)
    }

    /// Person or avatar.
    async fn kind(&self) -> UserKind {
        self.record().kind().into()
    }

    /// What Gong names as manager, whether or not anybody has that id; see `managerStatus`.
    async fn manager_id(&self) -> Option<ID> {
        self.record().manager_id().map(ID::from)
    }

    /// The user whom `managerId` names, if it names another user of this workspace.
    async fn manager(&self) -> Option<User> {
        self.0.manager().map(User)
    }

    /// What became of `managerId`.
    async fn manager_status(&self) -> ManagerStatus {
        self.0.manager_status().into()
    }

    /// The managers from the nearest up to the top. With `filter` and `first: 1` the nearest of a kind: the
    /// first VP above, the first active manager.
    #[graphql(complexity = "price::filter(&filter).saturating_add(child_complexity).saturating_add(1)")]
    async fn manager_chain(
        &self,
        #[graphql(
            desc = "Only managers for whom all of this holds: avatars too only if it asks for their kind."
        )]
        filter: Option<UserFilter>,
        #[graphql(desc = "Only the nearest so many, from 0 up; all when it isn't given.")] first: Option<i64>,
    ) -> Result<ManagerChain> {
        Ok(ManagerChain { user: self.0.clone(), nearest: Nearest::of(filter, first)? })
    }

    /// The ids of the managers from the top of the tree down to the nearest: a path, as tables of an
    /// organisation have it. In or below a ring it begins with the farthest before anybody comes twice.
    #[graphql(complexity = "USUAL_LENGTH")]
    async fn chain_ids(&self, ctx: &Context<'_>) -> Result<Vec<ID>> {
        Allowance::of(ctx)?.take_chain(self.0.chain_length())?;
        let graph = &self.0.snapshot().graph;
        let id = |&manager: &_| ID::from(graph.user(manager).id());
        Ok(self.0.chain_from_top().iter().map(id).collect())
    }

    /// Who stands at one level of the line from the top down to this user, for a column a level: the top
    /// at 0, the user itself at its own `depth`, null below that. Null where the top is a ring.
    async fn level(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Steps down from the top, from 0 up.")] n: i64,
    ) -> Result<Option<User>> {
        let Ok(level) = usize::try_from(n) else {
            return Err(Fault::argument("n", format_args!("must be 0 or more, not {n}")).into());
        };
        Allowance::of(ctx)?.take_chain(self.0.chain_length())?;
        Ok(self.0.at_level(level).map(User))
    }

    /// The users who report to this one: the direct ones, or with `transitive` everybody below. Without
    /// `orderBy` in the order of the tree: a manager directly before everybody below, siblings by name.
    #[graphql(complexity = "price::filter(&filter).saturating_add(cost(first, last, child_complexity))")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Everybody below, not only the direct reports.", default_with = "Some(false)")]
        transitive: Option<bool>,
        #[graphql(desc = "With `transitive`: only reports at most this many steps below; from 1 up.")]
        max_depth: Option<i64>,
        #[graphql(desc = "Only reports for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "Another order than that of the tree.")] order_by: Option<UserOrder>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<ReportConnection> {
        let reach = find::reach(transitive, max_depth)?;
        let page = PageArguments { first, after, last, before };
        Ok(find::reports(ctx, &self.0, reach, filter, order_by, &page).await?)
    }

    /// How many persons report to this user. Avatars are not counted, unless a `filter` asks for their kind.
    #[graphql(complexity = "price::filter(&filter) + 1")]
    async fn report_count(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Count everybody below, not only the direct reports.",
            default_with = "Some(false)"
        )]
        transitive: Option<bool>,
        #[graphql(desc = "Only reports for whom all of this holds.")] filter: Option<UserFilter>,
    ) -> Result<u32> {
        Ok(find::report_count(ctx, &self.0, transitive.unwrap_or_default(), filter).await?)
    }

    /// Steps to the top of the tree, 0 at the top; null when the top is a ring.
    async fn depth(&self) -> Option<u32> {
        self.0.depth()
    }

    /// Why the line to a root is broken or missing; null when it isn't.
    async fn orphan_reason(&self) -> Option<OrphanReason> {
        self.0.orphan_reason().map(Into::into)
    }

    /// Whether somebody further up is an orphan.
    async fn under_orphan(&self) -> bool {
        self.0.under_orphan()
    }

    /// What is wrong that touches this user, the worst first, as the snapshot has it: nothing for somebody
    /// whom it doesn't know.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn issues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<IssueConnection> {
        let page = PageArguments { first, after, last, before };
        let snapshot = self.0.snapshot().clone();
        let issues = issues(ctx, &snapshot, Bounds::USUAL).await?;
        let listed = self.0.index().map_or(Vec::new(), |user| issues.touching(user).to_vec());
        Ok(IssueConnection::new(snapshot, issues, Bounds::USUAL, listed, &page)?)
    }

    /// When Gong was asked for this record: it was true then or later.
    async fn fetched_at(&self) -> DateTime {
        self.record().fetched_at().into()
    }
}
