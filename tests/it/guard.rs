//! What a scan may change: each bound, at its edge and beside it; and what becomes of a scan that is held back.

use orgraph::{
    app,
    directory::{Decision, QuarantineReason, SyncState},
    simulator::{SimUser, Simulator, Workspace},
    store::Store,
    sync::{self, GuardBounds, Percent},
};
use serde_json::{Value, json};

use crate::support::{Scratch, Service, UNHURRIED, open, serve, settings, simulate};

/// A boss and so many people under it.
fn company(people: usize) -> Workspace {
    let boss = SimUser::new("1");
    let others = (0..people)
        .map(|at| SimUser { manager_id: Some("1".to_owned()), ..SimUser::new((at + 2).to_string()) });
    Workspace::new([boss].into_iter().chain(others).collect())
}

/// What becomes of a change to a company that is served already: the reasons for holding it back.
async fn after(company: Workspace, change: impl FnOnce(&mut Vec<SimUser>)) -> Vec<QuarantineReason> {
    let simulator = simulate(company);
    let service = Service::of(&simulator).await;
    let before = people(&service).await;
    simulator.edit(change);
    service.scan().await;
    let status = service.directory.status();
    match status.quarantine {
        None => {
            assert_eq!(status.state, SyncState::Idle);
            assert_eq!(people(&service).await["users"]["totalCount"], simulator.people());
            Vec::new()
        }
        Some(quarantine) => {
            assert_eq!(status.state, SyncState::Quarantined);
            assert_eq!(people(&service).await, before, "what is held back is not served");
            assert_eq!(service.client.status("/readyz").await, 200);
            quarantine.breaches.iter().map(|breach| breach.reason).collect()
        }
    }
}

async fn people(service: &Service) -> Value {
    service
        .client
        .data("{ snapshot { version } users { totalCount nodes { id active managerId } } orphans { totalCount } }")
        .await
}

fn deactivate(users: &mut [SimUser], people: usize) {
    users.iter_mut().filter(|user| user.active).take(people).for_each(|user| user.active = false);
}

#[tokio::test]
async fn a_fifth_of_the_active_people_may_leave_and_not_one_more() {
    // 100 active people, beside 30 who aren't and don't count.
    let company = || {
        let mut users = company(129).users().to_vec();
        deactivate(&mut users, 30);
        Workspace::new(users)
    };
    assert_eq!(after(company(), |users| deactivate(users, 20)).await, []);
    let held = [QuarantineReason::TooManyDeactivated];
    assert_eq!(after(company(), |users| deactivate(users, 21)).await, held);
    // Half of them gone, half of them inactive.
    let leave = |users: &mut Vec<SimUser>, gone: usize| {
        deactivate(users, 10);
        let leavers: Vec<_> =
            users.iter().filter(|user| user.active).take(gone).map(|user| user.id.clone()).collect();
        users.retain(|user| !leavers.contains(&user.id));
    };
    assert_eq!(after(company(), |users| leave(users, 10)).await, []);
    assert_eq!(after(company(), |users| leave(users, 11)).await, held);
    // Those who had left already aren't missed.
    assert_eq!(after(company(), |users| users.retain(|user| user.active)).await, []);
}

#[tokio::test]
async fn a_fifth_of_the_links_may_change_and_not_one_more() {
    let relink = |to: Option<&'static str>, people| {
        move |users: &mut Vec<SimUser>| {
            users.iter_mut().rev().take(people).for_each(|user| user.manager_id = to.map(str::to_owned));
        }
    };
    let held = [QuarantineReason::TooManyManagersChanged];
    for to in [None, Some("2")] {
        assert_eq!(after(company(100), relink(to, 20)).await, []);
        assert_eq!(after(company(100), relink(to, 21)).await, held);
    }
    // Who had no manager and gets one changes no link.
    let without = Workspace::new((0..200).map(|at| SimUser::new(at.to_string())).collect());
    assert_eq!(after(without, relink(Some("0"), 150)).await, []);
}

#[tokio::test]
async fn five_hundred_people_may_be_gone_and_not_one_more() {
    let remove = |people| move |users: &mut Vec<SimUser>| users.truncate(users.len() - people);
    assert_eq!(after(company(3_000), remove(500)).await, []);
    assert_eq!(after(company(3_000), remove(501)).await, [QuarantineReason::TooManyRemoved]);
}

#[tokio::test]
async fn a_small_company_may_change_as_it_likes_but_not_vanish() {
    assert_eq!(after(company(98), |users| users.truncate(10)).await, [], "99 people");
    let held = [QuarantineReason::TooManyDeactivated];
    assert_eq!(after(company(99), |users| users.truncate(10)).await, held, "100 people");
    assert_eq!(after(company(1), Vec::clear).await, [QuarantineReason::EmptyCompany]);
    assert_eq!(after(company(500), Vec::clear).await, [QuarantineReason::EmptyCompany]);
}

#[tokio::test]
async fn the_bounds_are_the_operators() {
    let simulator = simulate(company(10));
    let guard = GuardBounds { deactivated: Percent::new(0), from_size: 1, ..GuardBounds::default() };
    let sync = sync::Settings { guard, ..sync::Settings::default() };
    let told = app::Settings { sync, ..app::Settings::default() };
    let service = Service::with(&settings(serve(&simulator).await, UNHURRIED), told, None).await;
    service.ready().await;
    simulator.edit(|users| deactivate(users, 1));
    service.scan().await;
    let breaches = service.directory.status().quarantine.unwrap().breaches;
    assert_eq!(breaches.len(), 1);
    assert_eq!(
        breaches[0].to_string(),
        "1 of 11 active people are gone or inactive; 0 at most are let through"
    );
}

/// A company of 201 of which half is gone, held back.
async fn held_back(state: &Scratch) -> (Simulator, Service) {
    let simulator = simulate(company(200));
    let service = start(&simulator, state).await;
    service.ready().await;
    simulator.edit(|users| users.truncate(100));
    service.scan().await;
    (simulator, service)
}

async fn start(simulator: &Simulator, state: &Scratch) -> Service {
    let gong = settings(serve(simulator).await, UNHURRIED);
    Service::with(&gong, app::Settings::default(), open(state)).await
}

#[tokio::test]
async fn what_is_held_back_is_told_to_everybody_who_asks() {
    let (_, service) = held_back(&Scratch::new()).await;
    let status = service
        .client
        .data("{ syncStatus { state lastFailure { message } quarantine { userCount breaches { reason found of allowed message } } } }")
        .await;
    insta::assert_json_snapshot!(status["syncStatus"], @r#"
    {
      "lastFailure": null,
      "quarantine": {
        "breaches": [
          {
            "allowed": 40,
            "found": 101,
            "message": "101 of 201 active people are gone or inactive; 40 at most are let through",
            "of": 201,
            "reason": "TOO_MANY_DEACTIVATED"
          }
        ],
        "userCount": 100
      },
      "state": "QUARANTINED"
    }
    "#);
    let shown = service.operator().quarantine().await.unwrap().unwrap();
    assert_eq!((shown.user_count, shown.served_user_count), (100, 201));
    let words = "101 of 201 active people are gone or inactive; 40 at most are let through";
    let reasons: Vec<_> =
        shown.reasons.iter().map(|why| (why.reason.as_str(), why.message.as_str())).collect();
    assert_eq!(reasons, [("TOO_MANY_DEACTIVATED", words)]);
    let metrics = service.metrics().await;
    assert!(metrics.contains("orgraph_sync_quarantine{reason=\"too_many_deactivated\"} 1"), "{metrics}");
    assert!(metrics.contains("orgraph_sync_state{state=\"quarantined\"} 1"), "{metrics}");
}

#[tokio::test]
async fn an_operator_can_accept_what_is_held_back() {
    let state = Scratch::new();
    let (simulator, service) = held_back(&state).await;
    let operator = service.operator();
    let id = operator.quarantine().await.unwrap().unwrap().id;
    let other = operator.decide(Decision::Accept, Some(id + 1)).await.unwrap_err().to_string();
    assert_eq!(other, format!("another scan has come into quarantine since: it is now number {id}"));
    operator.decide(Decision::Accept, Some(id)).await.unwrap();
    assert_eq!(people(&service).await["users"]["totalCount"], 100);
    let status = service.directory.status();
    assert_eq!((status.state, status.quarantine), (SyncState::Idle, None));
    let nothing = operator.decide(Decision::Accept, None).await.unwrap_err().to_string();
    assert_eq!(nothing, "no scan is in quarantine");
    // The next scan is measured against what was accepted.
    simulator.edit(|users| users.truncate(90));
    service.scan().await;
    assert_eq!(people(&service).await["users"]["totalCount"], 90);
}

#[tokio::test]
async fn an_operator_can_reject_what_is_held_back_and_the_same_is_held_back_again() {
    let (simulator, service) = held_back(&Scratch::new()).await;
    service.decide(Decision::Reject).await;
    assert_eq!(service.directory.status().quarantine, None);
    assert_eq!(people(&service).await["users"]["totalCount"], 201);
    service.scan().await;
    assert_eq!(service.directory.status().state, SyncState::Quarantined);
    // It leaves by itself when a scan is within bounds.
    simulator.edit(|users| *users = company(190).users().to_vec());
    service.scan().await;
    let status = service.directory.status();
    assert_eq!((status.state, status.quarantine), (SyncState::Idle, None));
    assert_eq!(people(&service).await["users"]["totalCount"], 191);
}

#[tokio::test]
async fn what_is_held_back_outlives_a_restart() {
    let state = Scratch::new();
    let (simulator, service) = held_back(&state).await;
    let (held, before) = (service.directory.status().quarantine, people(&service).await);
    service.stop().await;

    // Gong can't be reached for now, so that nothing but the disk is there.
    let gong = settings("http://127.0.0.1:1".to_owned(), UNHURRIED);
    let service = Service::with(&gong, app::Settings::default(), open(&state)).await;
    service.ready().await;
    service.status(|status| status.quarantine.is_some()).await;
    assert_eq!(service.directory.status().quarantine, held);
    assert_eq!(people(&service).await, before);
    service.decide(Decision::Accept).await;
    assert_eq!(people(&service).await["users"]["totalCount"], 100);
    service.stop().await;

    let service = start(&simulator, &state).await;
    service.ready().await;
    assert_eq!(people(&service).await["users"]["totalCount"], 100);
    // A save that is under way holds the files.
    service.status(|status| status.scans > 0).await;
    service.stop().await;
    assert_eq!(Store::open(state.path()).unwrap().0.load_quarantine().unwrap(), None);
}

#[tokio::test]
async fn the_door_is_for_this_machines_commands_alone() {
    let (_, service) = held_back(&Scratch::new()).await;
    let door = format!("http://{}", service.admin);
    let ask = async |header: bool, host: Option<&str>| {
        let mut request = service.client.elsewhere(&format!("{door}/quarantine/accept"));
        if header {
            request = request.header("x-orgraph-admin", "any");
        }
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let request =
            request.header("content-type", "application/json").body(json!({ "id": null }).to_string());
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(false, None).await, 403, "a page in a browser can't send the header");
    assert_eq!(ask(true, Some("evil.example.com")).await, 403, "a name that resolves to this machine");
    assert_eq!(people(&service).await["users"]["totalCount"], 201);
    assert_eq!(service.client.status("/quarantine").await, 404, "no such thing at the service's own address");
    assert_eq!(ask(true, None).await, 200);
}
