//! Whether what a filter asks for holds for one user.

use std::collections::HashSet;

use super::{UserFilter, subject::Subject, text};
use crate::org::Settings;

impl UserFilter {
    /// Whether the conditions hold that the filter itself has, those inside and `under` left aside. Cheap ones
    /// first.
    pub(super) fn own_hold(&self, subject: &Subject<'_>) -> bool {
        self.record_holds(subject) && self.place_holds(subject) && self.texts_hold(subject)
    }

    fn record_holds(&self, subject: &Subject<'_>) -> bool {
        let record = subject.record();
        let manager = record.manager_id();
        self.active.is_none_or(|active| active == record.active())
            && self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&record.kind()))
            && self.ids.as_ref().is_none_or(|ids| ids.contains(record.id()))
            && self.manager_ids.as_ref().is_none_or(|ids| manager.is_some_and(|id| ids.contains(id)))
            && self.created.hold(record.created())
            && self.settings_hold(record.settings())
            && self.spoken_languages.as_ref().is_none_or(|languages| {
                record.spoken_languages().any(|spoken| text::is_one_of(languages, spoken.language))
            })
    }

    fn place_holds(&self, subject: &Subject<'_>) -> bool {
        let (graph, user) = (subject.graph, subject.user);
        let is_one_of = |reasons: &Vec<_>| graph.orphan_reason(user).is_some_and(|it| reasons.contains(&it));
        self.manager_status.as_ref().is_none_or(|wanted| wanted.contains(&graph.manager_status(user)))
            && self.depth.hold(|| graph.depth(user))
            && self.has_reports.is_none_or(|wanted| wanted == (graph.direct_count(user) > 0))
            && self.report_count.hold(|| Some(graph.direct_count(user)))
            && self.transitive_report_count.hold(|| Some(graph.transitive_count(user)))
            && self.is_orphan.is_none_or(|wanted| wanted == graph.orphan_reason(user).is_some())
            && self.orphan_reasons.as_ref().is_none_or(is_one_of)
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
