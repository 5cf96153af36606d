//! What is written of a user.

use async_graphql::resolver_utils::EnumType;

use super::{
    Planned, Unplanned,
    arguments::Arguments,
    collect::Selection,
    json::Json,
    run::World,
    steps::{Chain, Language, Settings, User},
};
use crate::{
    graphql::model::{ChainEnd, ManagerStatus, OrphanReason, UserKind},
    org::{self, Scope, UserFilter, UserIndex},
};

/// The word that the schema has for a value.
pub(super) fn word<T: EnumType>(value: T) -> &'static str {
    T::items().iter().find(|item| item.value == value).map_or("", |item| item.name)
}

impl World<'_> {
    pub(super) fn user_or_null(
        &self,
        user: Option<UserIndex>,
        selection: &Selection<User>,
        out: &mut Json,
    ) -> Planned<()> {
        match user {
            Some(user) => self.user(user, selection, out),
            None => {
                out.null();
                Ok(())
            }
        }
    }

    /// Writes a user of the snapshot. Recurses as deep as the document.
    pub(super) fn user(&self, user: UserIndex, selection: &Selection<User>, out: &mut Json) -> Planned<()> {
        let record = self.graph().user(user);
        self.object(selection, out, |step, out| self.of_user(user, record, step, out))
    }

    fn of_user(&self, user: UserIndex, record: &org::User, step: &User, out: &mut Json) -> Planned<()> {
        let graph = self.graph();
        match step {
            User::Id => text(record, Some(record.id()), out),
            User::EmailAddress => text(record, record.email_address(), out),
            User::EmailAliases => out.list(record.email_aliases(), |out, address| {
                out.text(address);
                Ok(())
            })?,
            User::FirstName => text(record, record.first_name(), out),
            User::LastName => text(record, record.last_name(), out),
            User::Name => text(record, record.name(), out),
            User::Title => text(record, record.title(), out),
            User::Active => out.bool(record.active()),
            User::Created => match record.created() {
                Some(created) => out.moment(created),
                None => out.null(),
            },
            User::Settings(selection) => self.object(selection, out, |step, out| {
                out.bool_or_null(setting(record.settings(), step));
                Ok(())
            })?,
            User::SpokenLanguages(selection) => out.list(record.spoken_languages(), |out, spoken| {
                self.object(selection, out, |step, out| {
                    match step {
                        Language::Language => out.text(spoken.language),
                        Language::Primary => out.bool(spoken.primary),
                    }
                    Ok(())
                })
            })?,
            User::Kind => out.word(word(UserKind::from(record.kind()))),
            User::ManagerId => text(record, record.manager_id(), out),
            User::Manager(selection) => self.user_or_null(graph.manager(user), selection, out)?,
            User::ManagerStatus => out.word(word(ManagerStatus::from(graph.manager_status(user)))),
            User::ManagerChain(slot, selection) => self.chain(user, self.given(*slot)?, selection, out)?,
            User::ChainIds => {
                self.allowance.take_chain(graph.chain_length(user))?;
                let chain = graph.chain(user).managers;
                out.list(chain.iter().rev(), |out, &manager| {
                    let manager = graph.user(manager);
                    text(manager, Some(manager.id()), out);
                    Ok(())
                })?;
            }
            User::Level(slot, selection) => {
                let level = self.given(*slot)?.level.and_then(|level| usize::try_from(level).ok());
                self.allowance.take_chain(graph.chain_length(user))?;
                self.user_or_null(self.at_level(user, level.ok_or(Unplanned)?), selection, out)?;
            }
            User::Reports(slot, selection) => self.reports(user, self.given(*slot)?, selection, out)?,
            User::ReportCount(slot) => self.report_count(user, self.given(*slot)?, out)?,
            User::Depth => match graph.depth(user) {
                Some(depth) => out.number(depth.into()),
                None => out.null(),
            },
            User::OrphanReason => match graph.orphan_reason(user) {
                Some(reason) => out.word(word(OrphanReason::from(reason))),
                None => out.null(),
            },
            User::UnderOrphan => out.bool(graph.under_orphan(user)),
            User::FetchedAt => out.moment(record.fetched_at()),
        }
        Ok(())
    }

    /// Who stands at `level` of the line from the top down to `user`.
    fn at_level(&self, user: UserIndex, level: usize) -> Option<UserIndex> {
        let graph = self.graph();
        if graph.top(user) == org::ChainEnd::Cycle {
            return None;
        }
        match graph.chain_length(user).checked_sub(level)? {
            0 => Some(user),
            steps => graph.managers(user).nth(steps - 1),
        }
    }

    fn report_count(&self, user: UserIndex, given: &Arguments, out: &mut Json) -> Planned<()> {
        let (graph, transitive) = (self.graph(), given.transitive.unwrap_or_default());
        let count = match given.filter.as_deref().filter(|filter| !UserFilter::is_every_person(filter)) {
            Some(filter) => {
                let scope = Scope::Reports { manager: user, reach: (!transitive).then_some(1) };
                self.count(&scope, filter)? as u64
            }
            None if transitive => graph.transitive_count(user).into(),
            None => graph.direct_count(user).into(),
        };
        out.number(count);
        Ok(())
    }

    /// Writes the line of managers of a user.
    pub(super) fn chain(
        &self,
        user: UserIndex,
        given: &Arguments,
        selection: &Selection<Chain>,
        out: &mut Json,
    ) -> Planned<()> {
        let graph = self.graph();
        let first = match given.page.first {
            None => usize::MAX,
            Some(first @ 0..) => usize::try_from(first).unwrap_or(usize::MAX),
            Some(_) => return Err(Unplanned),
        };
        self.object(selection, out, |step, out| {
            match step {
                Chain::Length => out.number(graph.chain_length(user) as u64),
                Chain::End => out.word(word(ChainEnd::from(graph.top(user)))),
                Chain::Nodes(fields, selection) => {
                    let take = |managers: usize| self.allowance.take_chain(managers.saturating_mul(*fields));
                    let write = |out: &mut Json, manager| self.user(manager, selection, out);
                    match given.filter.as_deref() {
                        None => {
                            take(graph.chain_length(user).min(first))?;
                            out.list(graph.managers(user).take(first), write)?;
                        }
                        Some(filter) => {
                            let (sieve, weight, most) =
                                (filter.over(graph), filter.weight(), self.allowance.left());
                            let mut visits = 0;
                            let within = |_: &UserIndex| {
                                visits += weight;
                                visits <= most
                            };
                            let managers = graph.managers(user).take_while(within);
                            let admitted = managers.filter(|&manager| sieve.admits(manager)).take(first);
                            let admitted: Vec<_> = admitted.collect();
                            self.allowance.pay(visits)?;
                            take(admitted.len())?;
                            out.list(admitted, write)?;
                        }
                    }
                }
            }
            Ok(())
        })
    }
}

/// Writes one of the texts of which a record knows whether they are plain.
fn text(record: &org::User, text: Option<&str>, out: &mut Json) {
    match text {
        Some(text) if record.is_plain() => out.plain(text),
        text => out.text_or_null(text),
    }
}

fn setting(settings: &org::Settings, step: &Settings) -> Option<bool> {
    match step {
        Settings::WebConferencesRecorded => settings.web_conferences_recorded,
        Settings::PreventWebConferenceRecording => settings.prevent_web_conference_recording,
        Settings::TelephonyCallsImported => settings.telephony_calls_imported,
        Settings::EmailsImported => settings.emails_imported,
        Settings::PreventEmailImport => settings.prevent_email_import,
        Settings::NonRecordedMeetingsImported => settings.non_recorded_meetings_imported,
        Settings::GongConnectEnabled => settings.gong_connect_enabled,
    }
}
