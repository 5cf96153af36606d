//! Limits, changes while people page, statistics, and the end.

use std::{collections::BTreeMap, time::Duration};

use reqwest::Method;
use serde_json::json;

use super::{
    super::{CallsByEndpoint, Stats},
    *,
};

/// Far longer than any test takes.
const FOREVER: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_listing_goes_on_while_people_come_and_go() {
    let served = Served::start(people(&["10", "20", "30", "40", "50"]), generous()).await;
    let first = served.get("/v2/users").await;
    assert_eq!(first.ids(), ["10", "20"]);
    served.simulator.edit(|people| {
        people.retain(|user| user.id != "20" && user.id != "40");
        people.extend(["25", "5", "26"].map(SimUser::new));
    });
    let second = served.get(&format!("/v2/users?cursor={}", first.cursor())).await;
    assert_eq!(second.ids(), ["25", "26"]);
    assert_eq!(second.body["records"]["totalRecords"], 5);
    assert_eq!(second.body["records"]["currentPageNumber"], 1);
    assert_eq!(served.simulator.people(), 6);
}

#[tokio::test]
async fn a_listing_whose_rest_has_gone_ends_with_an_empty_page() {
    let served = Served::start(people(&["1", "2", "3"]), generous()).await;
    let first = served.get("/v2/users").await;
    served.simulator.edit(Vec::clear);
    let last = served.get(&format!("/v2/users?cursor={}", first.cursor())).await;
    assert!(last.ids().is_empty());
    assert_eq!(
        last.body["records"],
        json!({"totalRecords": 3, "currentPageSize": 0, "currentPageNumber": 1})
    );
    assert_eq!(served.get("/v2/users").await.body["records"]["totalRecords"], 0);
}

#[tokio::test]
async fn the_day_is_limited_before_credentials_are_looked_at() {
    let served = Served::start(people(&["1"]), Settings { calls_per_day: Some(1), ..generous() }).await;
    served.get("/v2/users").await;
    let refused = Answer::read(served.anonymous(Method::GET, "/v2/users")).await;
    assert_eq!(refused.error(), (429, "too many calls today"));
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((23 * 3600..=24 * 3600).contains(&seconds));
    let stats = served.simulator.stats();
    assert_eq!((stats.calls, stats.refused, stats.unauthorised), (2, 1, 0));
}

#[tokio::test]
async fn starts_in_a_second_are_limited() {
    let served =
        Served::start(people(&["1"]), Settings { max_starts_per_second: Some(0), ..generous() }).await;
    let refused = served.get("/v2/users").await;
    assert_eq!(refused.error(), (429, "too many calls in a second"));
    assert_eq!(refused.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn a_client_that_goes_away_makes_room() {
    let settings = Settings { max_in_flight: Some(2), latency: FOREVER, ..generous() };
    let served = Served::start(people(&["1"]), settings).await;
    let waiting = [1, 2].map(|_| tokio::spawn(served.request(Method::GET, "/v2/users").send()));
    until(&served, |stats| stats.in_flight == 2).await;
    let refused = served.get("/v2/users").await;
    assert_eq!(refused.error(), (429, "too many calls at once"));
    waiting.iter().for_each(JoinHandle::abort);
    until(&served, |stats| stats.in_flight == 0).await;
    assert_eq!(served.simulator.stats().most_in_flight, 3);
}

#[tokio::test]
async fn statistics_tell_what_a_client_did() {
    let served = Served::start(people(&["1", "2", "3"]), generous()).await;
    let ids = json!({"userIds": ["1", "2", "3"]});
    let page = served.extensive(json!({"filter": ids})).await;
    served.extensive(json!({"filter": ids, "cursor": page.cursor()})).await;
    served.get("/v2/users").await;
    served.get("/v2/users/3").await;
    served.get("/v2/nothing").await;

    let stats = served.simulator.stats();
    let served_as_json =
        served.anonymous(Method::GET, "/_simulator/stats").send().await.unwrap().text().await.unwrap();
    assert_eq!(serde_json::from_str::<Stats>(&served_as_json).unwrap(), stats);
    let times = |id: &str, times| (id.to_owned(), times);
    let expected = Stats {
        calls: 5,
        calls_by_endpoint: CallsByEndpoint {
            users: 1,
            user: 1,
            users_extensive: 2,
            other: 1,
            ..CallsByEndpoint::default()
        },
        pages_listed: 3,
        most_in_flight: 1,
        most_starts_in_a_second: stats.most_starts_in_a_second,
        lookup_batches: vec![3],
        ids_looked_up: BTreeMap::from([times("1", 1), times("2", 1), times("3", 2)]),
        ..Stats::default()
    };
    assert_eq!(stats, expected);
}

#[tokio::test]
async fn a_generated_company_is_listed_whole() {
    let served = Served::start(Workspace::generate(250, 7), Settings { page_size: 100, ..generous() }).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = served.get(&format!("/v2/users?cursor={cursor}")).await;
        seen.extend(page.ids().into_iter().map(str::to_owned));
        match page.body["records"]["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!((seen.len(), served.simulator.people()), (250, 250));
    assert!(seen.iter().zip(seen.iter().skip(1)).all(|(one, next)| (one.len(), one) < (next.len(), next)));
}

#[tokio::test]
async fn the_server_ends_when_it_is_told_to() {
    let served = Served::start(people(&["1"]), generous()).await;
    served.get("/v2/users").await;
    served.stop.send(()).unwrap();
    served.server.await.unwrap().unwrap();
}

/// Waits for the statistics to be so, letting the server work meanwhile.
async fn until(served: &Served, so: impl Fn(&Stats) -> bool) {
    let watch = async {
        while !so(&served.simulator.stats()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), watch).await.unwrap();
}
