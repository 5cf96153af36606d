//! What Gong would have said, at any time of the run.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use jiff::Timestamp;
use orgraph::{
    clock::Clock,
    org::{Settings, UserKind, UserParts},
    simulator::FaultKind,
};

use crate::oracle::Company;

/// A time in which nothing changed.
pub(super) struct Era {
    /// It begins at this moment or a little later.
    from: Timestamp,
    /// It has ended by this moment.
    to: Timestamp,
    pub(super) people: BTreeMap<String, UserParts>,
    fault: Option<FaultKind>,
}

/// One era after the other. Where they meet they overlap by as long as the change took.
pub(super) struct History {
    eras: Mutex<Vec<Era>>,
    /// Avatars never change. Gong shows them to whoever asks for them by id, named or not.
    avatars: BTreeMap<String, UserParts>,
    clock: Clock,
}

impl History {
    pub(super) fn new(company: Company, avatars: BTreeMap<String, UserParts>, clock: Clock) -> Self {
        let era = Era { from: clock.now(), to: Timestamp::MAX, people: company.people, fault: None };
        Self { eras: Mutex::new(vec![era]), avatars, clock }
    }

    /// Makes a change after which Gong says this.
    pub(super) fn change(&self, company: Company, fault: Option<FaultKind>, change: impl FnOnce()) {
        self.change_to(|| {
            change();
            (company, fault)
        });
    }

    /// Makes a change that tells what Gong says from then on.
    pub(super) fn change_to(&self, change: impl FnOnce() -> (Company, Option<FaultKind>)) {
        let mut eras = self.eras();
        let from = self.clock.now();
        let (Company { people, .. }, fault) = change();
        eras.last_mut().unwrap().to = self.clock.now();
        eras.push(Era { from, to: Timestamp::MAX, people, fault });
    }

    /// Somebody who was there at some time.
    pub(super) fn somebody(&self, nth: usize) -> String {
        let eras = self.eras();
        let people = &eras[nth % eras.len()].people;
        people.keys().nth(nth % people.len().max(1)).cloned().unwrap_or_else(|| "1".to_owned())
    }

    /// What is said of somebody in an era.
    pub(super) fn said<'a>(&'a self, era: &'a Era, id: &str) -> Option<&'a UserParts> {
        era.people.get(id).or_else(|| self.avatars.get(id))
    }

    /// Who there was at a moment, avatars left out.
    pub(super) fn persons_at(&self, moment: Timestamp) -> Vec<String> {
        let eras = self.eras();
        let era = eras.iter().find(|era| era.from <= moment && moment <= era.to);
        let people = era.iter().flat_map(|era| era.people.values());
        let persons = people.filter(|user| user.kind == UserKind::Person);
        persons.map(|user| user.id.clone()).collect()
    }

    /// Whether something holds for one of the eras between two moments.
    pub(super) fn ever(&self, from: Timestamp, to: Timestamp, holds: impl Fn(&Era) -> bool) -> bool {
        self.eras().iter().any(|era| era.from <= to && from <= era.to && holds(era))
    }

    /// Whether a record is what Gong said of its person when it was asked for, or what could be read of that.
    pub(super) fn knows(&self, record: &UserParts, patience: Duration) -> bool {
        let asked = record.fetched_at;
        let timeless = UserParts { fetched_at: Timestamp::UNIX_EPOCH, ..record.clone() };
        self.ever(asked, asked + patience, |era| {
            let said = self.said(era, record.id.as_str());
            said.is_some_and(|said| {
                *said == timeless || era.fault.and_then(|fault| left(said, fault)) == Some(timeless.clone())
            })
        })
    }

    /// What was said of somebody about the time when a record was asked for, and how the record differs.
    pub(super) fn tell(&self, record: &UserParts, patience: Duration) -> String {
        let asked = record.fetched_at;
        let around = self.eras();
        let around = around.iter().filter(|era| era.from <= asked + patience * 2 && asked <= era.to);
        let told = around.map(|era| {
            let said = era.people.get(record.id.as_str());
            let differs = said.map(|said| {
                (said.kind, said.active, said.title == record.title, said.manager_id == record.manager_id)
            });
            format!("from {} with {:?}: {differs:?}", era.from, era.fault)
        });
        let told: Vec<_> = told.collect();
        format!("{} ({:?}, {}) asked for at {asked}; {told:#?}", record.id, record.kind, record.active)
    }

    fn eras(&self) -> MutexGuard<'_, Vec<Era>> {
        self.eras.lock().unwrap()
    }
}

/// What can be read of a record that a fault strikes.
fn left(said: &UserParts, fault: FaultKind) -> Option<UserParts> {
    let flag = |flag: Option<bool>| flag.filter(|flag| *flag);
    match fault {
        FaultKind::WrongTypes => Some(UserParts {
            active: true,
            email_address: None,
            first_name: None,
            manager_id: None,
            settings: Settings::default(),
            ..said.clone()
        }),
        FaultKind::LoneSurrogates => Some(UserParts { first_name: None, ..said.clone() }),
        FaultKind::NullsEverywhere => {
            let settings = said.settings;
            let settings = Settings {
                web_conferences_recorded: flag(settings.web_conferences_recorded),
                prevent_web_conference_recording: flag(settings.prevent_web_conference_recording),
                telephony_calls_imported: flag(settings.telephony_calls_imported),
                emails_imported: flag(settings.emails_imported),
                prevent_email_import: flag(settings.prevent_email_import),
                non_recorded_meetings_imported: flag(settings.non_recorded_meetings_imported),
                gong_connect_enabled: flag(settings.gong_connect_enabled),
            };
            Some(UserParts { settings, ..said.clone() })
        }
        _ => None,
    }
}
