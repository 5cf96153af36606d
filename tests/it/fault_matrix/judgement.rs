//! What is served and told in a cell of the matrix, held against what is expected.

use orgraph::{
    directory::{SyncState, SyncStatus},
    org::{Settings, UserParts},
    simulator::{FaultKind, SimUser},
};
use serde_json::json;

use super::{
    cell::{Before, Cell, Scene},
    expected::{Outcome, leaves_the_id, script},
    world::World,
};
use crate::{
    oracle::{Company, FACTS, as_told, people_of, user},
    support::{Service, code},
};

/// The parts, of one page each.
const PARTS: usize = 5;

impl Cell {
    /// Holds what is served and told against what is expected.
    pub(super) async fn judge(
        self,
        world: &World,
        scene: &Scene,
        status: &SyncStatus,
        before: Option<String>,
    ) {
        let service = &scene.service;
        self.told(status);
        self.told_to_clients(service, status).await;
        let refused = status.records_refused;
        if self.outcome() != Outcome::Kept {
            assert_eq!(refused, 0, "{:?}", status.refused_records);
        }
        match self.outcome() {
            Outcome::Truth => self.serves(&self.as_sent(&world.truth), service).await,
            Outcome::Told => {
                let told = as_told(&world.rows[1], &script(self.kind)).await;
                assert!(told.people != world.truth.people, "the fault changes nobody");
                self.serves(&told, service).await;
            }
            Outcome::Kept => self.kept(world, scene, status).await,
            Outcome::Failed { .. } | Outcome::HeldBack(_) if self.before == Before::Nothing => {
                assert_eq!(code(&service.client.ask(FACTS).await), "NOT_READY");
                assert_eq!(service.client.status("/readyz").await, 503);
            }
            Outcome::Failed { .. } | Outcome::HeldBack(_) => {
                if let Some(before) = before {
                    assert_eq!(facts(service).await, before, "answers are not what they were");
                }
                self.serves(&world.before, service).await;
                assert_eq!(service.client.status("/readyz").await, 200);
            }
        }
    }

    /// The records of those who are told of as unreadable, and of nobody else, are those of before.
    async fn kept(self, world: &World, scene: &Scene, status: &SyncStatus) {
        let refused = &status.refused_records;
        // The first record of the page, or of each part of the listing.
        let many = if self.before == Before::Nothing { 1 } else { PARTS };
        assert_eq!((refused.len(), status.records_refused as usize), (many, many), "{refused:?}");
        let place = match self.kind {
            FaultKind::WrongTypes => "users[0].active",
            FaultKind::LoneSurrogates => "users[0].firstName",
            FaultKind::IdAsNumber | FaultKind::IdNull => "users[0].id",
            _ => "users[0]",
        };
        assert!(refused.iter().all(|record| record.path == place && !record.cause.is_empty()), "{refused:?}");
        use FaultKind as K;
        let named = leaves_the_id(self.kind);
        assert!(refused.iter().all(|record| record.user_id.is_some() == named), "{refused:?}");

        let snapshot = scene.service.snapshot();
        let served = people_of(&snapshot);
        let expected = if self.before == Before::Nothing {
            // Page 2 begins with the hundred-and-first who is listed.
            let listed = world.rows[1].iter().filter(|row| !row.avatar);
            let struck = listed.clone().nth(100).unwrap();
            let is_manager = listed.clone().any(|row| row.manager_id.as_ref() == Some(&struck.id));
            match self.kind {
                K::WrongTypes => world.truth.with([what_is_left(struck)]),
                K::LoneSurrogates => world.truth.with([UserParts { first_name: None, ..user(struck) }]),
                K::IdAsNumber => world.truth.clone(),
                _ if is_manager => world.truth.clone(),
                _ => Company::of(
                    &world.rows[1].iter().filter(|row| row.id != struck.id).cloned().collect::<Vec<_>>(),
                ),
            }
        } else {
            let old = world
                .before
                .people
                .iter()
                .filter(|(id, old)| served.get(*id) == Some(*old) && world.truth.people[*id] != **old);
            let old: Vec<(&String, UserParts)> = old.map(|(id, old)| (id, old.clone())).collect();
            // Those whose record doesn't say who they are have been asked for by id.
            assert_eq!(
                old.len(),
                if named { many } else { 0 },
                "the last good record is kept of {refused:?}"
            );
            for (id, _) in &old {
                assert!(
                    refused.iter().any(|told| told.user_id.as_ref().is_some_and(|it| it.as_str() == *id))
                );
            }
            world.truth.with(old.into_iter().map(|(_, old)| old))
        };
        self.serves(&expected, &scene.service).await;
    }

    pub(super) fn told(self, status: &SyncStatus) {
        match self.outcome() {
            Outcome::Truth | Outcome::Told | Outcome::Kept => {
                assert_eq!(
                    status.state,
                    SyncState::Idle,
                    "{:?} {:?}",
                    status.last_failure,
                    status.quarantine
                );
                assert!(status.last_failure.is_none() && status.quarantine.is_none());
            }
            Outcome::Failed { kind, state, words } => {
                let failure = status.last_failure.as_ref().unwrap_or_else(|| panic!("{status:?}"));
                assert_eq!((failure.kind, status.state), (kind, state), "{}", failure.message);
                assert!(failure.message.contains(words), "{:?} instead of {words:?}", failure.message);
                assert!(status.failures_in_a_row > 0);
            }
            Outcome::HeldBack(reason) => {
                assert_eq!(status.state, SyncState::Quarantined, "{:?}", status.last_failure);
                let held_back = status.quarantine.as_ref().unwrap();
                assert!(held_back.breaches.iter().any(|breach| breach.reason == reason), "{held_back}");
            }
        }
    }

    /// The status as clients see it: the same, and nothing secret.
    async fn told_to_clients(self, service: &Service, status: &SyncStatus) {
        let query = "{ syncStatus { state lastFailure { kind message gongRequestId }
            recordsRefused refusedRecords { userId path cause }
            quarantine { breaches { reason found of allowed } } storage { state message } } }";
        let answer = service.client.data(query).await;
        let failure = status.last_failure.as_ref().map(|failure| json!(failure.message));
        let told = &answer["syncStatus"];
        if let Some(failure) = failure {
            assert_eq!(told["lastFailure"]["message"], failure);
        }
        assert_eq!(told["recordsRefused"], json!(status.records_refused));
        for text in [told.to_string(), format!("{status:?}")] {
            let secrets = ["canary-secret", "a2V5OmNhbmFyeS1zZWNyZXQ", "@example"];
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        }
    }

    async fn serves(self, company: &Company, service: &Service) {
        assert_eq!(company.differs_from(&service.snapshot()), None, "the snapshot");
        let data = service.client.data(FACTS).await;
        assert_eq!(company.differs_from_answer(&data), None, "the answer");
    }

    /// The company as it comes out if nothing is wrong.
    fn as_sent(self, company: &Company) -> Company {
        if self.kind != FaultKind::NullsEverywhere {
            return company.clone();
        }
        // Where nothing is sent, nothing is known.
        let known = |flag: Option<bool>| flag.filter(|flag| *flag);
        let sparse = |user: &UserParts| {
            let Settings {
                web_conferences_recorded,
                prevent_web_conference_recording,
                telephony_calls_imported,
                emails_imported,
                prevent_email_import,
                non_recorded_meetings_imported,
                gong_connect_enabled,
            } = user.settings;
            let settings = Settings {
                web_conferences_recorded: known(web_conferences_recorded),
                prevent_web_conference_recording: known(prevent_web_conference_recording),
                telephony_calls_imported: known(telephony_calls_imported),
                emails_imported: known(emails_imported),
                prevent_email_import: known(prevent_email_import),
                non_recorded_meetings_imported: known(non_recorded_meetings_imported),
                gong_connect_enabled: known(gong_connect_enabled),
            };
            UserParts { settings, ..user.clone() }
        };
        company.with(company.people.values().map(sparse))
    }

    /// The true company, and nothing left over. Nobody has to ask for it, though it may take a few tries
    /// where calls are cut short.
    pub(super) async fn recovered(self, world: &World, scene: &Scene, scans: u64) {
        let service = &scene.service;
        let is_well = |status: &SyncStatus| status.state == SyncState::Idle && status.scans > scans;
        let status = service.status(is_well).await;
        assert!(status.quarantine.is_none() && status.last_failure.is_none());
        assert_eq!((status.failures_in_a_row, status.records_refused), (0, 0));
        assert_eq!(world.truth.differs_from(&service.snapshot()), None, "after the fault");
        service.quiet(&scene.simulator).await;
    }

    /// Gong asked for silence and gets it, of a day at most; after a restart it is asked again.
    pub(super) async fn not_before_a_day(self, world: &World, scene: &Scene) {
        let Scene { service, simulator, .. } = scene;
        let calls = simulator.stats().calls;
        let scan = service.directory.request_scan();
        let status = service.scanned(scan).await;
        let failure = status.last_failure.unwrap();
        assert!(failure.message.starts_with("Gong asked not to be called before"), "{}", failure.message);
        assert_eq!(simulator.stats().calls, calls, "Gong was called");
        let waits = status.next_run_at.unwrap_or_default().duration_since(failure.at).as_hours();
        assert!((22..=29).contains(&waits), "{waits} h");
        if self.before != Before::Nothing {
            self.serves(&world.before, service).await;
        }
        let again = Service::of(simulator).await;
        self.serves(&world.truth, &again).await;
    }
}

/// What can be read of a record whose fields have other types.
fn what_is_left(row: &SimUser) -> UserParts {
    let whole = user(row);
    UserParts {
        active: true,
        email_address: None,
        first_name: None,
        manager_id: None,
        settings: Settings::default(),
        ..whole
    }
}

/// The bytes of an answer that has everything in it.
pub(super) async fn facts(service: &Service) -> String {
    let request = service.client.request(reqwest::Method::POST, "/graphql");
    let body = json!({ "query": FACTS }).to_string();
    let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
    response.text().await.unwrap()
}
