use futures_util::{FutureExt, future::join_all, poll};
use jiff::{SignedDuration, ToSpan};
use tokio::time::{advance, sleep};

use super::*;

/// A limiter on a clock that follows tokio's, which the tests below have paused.
fn limiter(limits: Limits) -> Arc<Limiter> {
    let (began, midnight) = (Instant::now(), "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
    let clock = Clock::from_fn(move || midnight + SignedDuration::try_from(began.elapsed()).unwrap());
    Limiter::new(limits, clock)
}

/// The call is made and its answer begins at once.
fn used(mut turn: Turn) -> Turn {
    turn.begin();
    turn.heard();
    turn.kept_open();
    turn
}

const WIDE: Limits =
    Limits { max_in_flight: 100, max_per_second: 3, daily_budget: 1_000, lookup_reserve: 100 };

#[tokio::test(start_paused = true)]
async fn no_second_has_more_starts_than_allowed_and_no_more_are_in_flight() {
    for (max_in_flight, max_per_second) in [(3, 3), (1, 5), (2, 1), (5, 50)] {
        let limiter = limiter(Limits { max_in_flight, max_per_second, ..WIDE });
        let began = Instant::now();
        let calls = (0..60).map(|n| {
            let limiter = limiter.clone();
            async move {
                // They come as they like, and take from nothing to more than a second.
                sleep(Duration::from_millis(n * 37 % 500)).await;
                let turn = used(limiter.turn(Urgency::Lookup).await.unwrap());
                let start = began.elapsed();
                sleep(Duration::from_millis(n * 131 % 1_300)).await;
                drop(turn);
                (start, began.elapsed())
            }
        });
        let mut calls = join_all(calls).await;
        calls.sort();
        let mut second = VecDeque::new();
        for (at, &(start, _)) in calls.iter().enumerate() {
            second.push_back(start);
            while start - second[0] >= Duration::from_secs(1) {
                second.pop_front();
            }
            assert!(second.len() <= max_per_second as usize, "{} starts within a second", second.len());
            let in_flight = calls[..=at].iter().filter(|&&(_, end)| end > start).count();
            assert!(in_flight <= max_in_flight as usize, "{in_flight} in flight");
        }
        assert_eq!(limiter.usage().calls_today, 60);
    }
}

/// A start that arrives late, because its connection has to be opened first, must not be caught up with.
#[tokio::test(start_paused = true)]
async fn no_second_has_more_arrivals_than_allowed_whatever_a_handshake_takes() {
    for handshake in [10, 150, 300, 900, 1_800].map(Duration::from_millis) {
        let limiter = limiter(Limits { max_in_flight: 3, ..WIDE });
        let idle: Arc<Mutex<u32>> = Arc::default();
        let arrivals: Arc<Mutex<Vec<Instant>>> = Arc::default();
        let calls = (0..40).map(|n| {
            let (limiter, idle, arrivals) = (limiter.clone(), idle.clone(), arrivals.clone());
            async move {
                // Two bursts, with the connections long closed between them.
                sleep(Duration::from_secs(if n < 20 { 0 } else { 120 })).await;
                if n == 20 {
                    *idle.lock().unwrap() = 0;
                }
                let mut turn = limiter.turn(Urgency::Lookup).await.unwrap();
                turn.begin();
                let open = std::mem::take(&mut *idle.lock().unwrap());
                match open.checked_sub(1) {
                    Some(left) => *idle.lock().unwrap() = left,
                    None => sleep(handshake).await,
                }
                arrivals.lock().unwrap().push(Instant::now());
                sleep(Duration::from_millis(5)).await;
                turn.heard();
                sleep(Duration::from_millis(n * 61 % 1_700)).await;
                turn.kept_open();
                *idle.lock().unwrap() += 1;
            }
        });
        join_all(calls).await;
        let arrivals = arrivals.lock().unwrap();
        for four in arrivals.windows(4) {
            let second = four[3] - four[0];
            assert!(second >= Duration::from_secs(1), "4 arrivals in {second:?}, handshake {handshake:?}");
        }
        assert_eq!(arrivals.len(), 40);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_holds_up_nobody_for_long() {
    let limiter = limiter(WIDE);
    let began = Instant::now();
    let mut silent = limiter.turn(Urgency::Lookup).await.unwrap();
    silent.begin();
    drop(used(limiter.turn(Urgency::Lookup).await.unwrap()));
    assert_eq!(began.elapsed(), HANDSHAKE);
    drop(silent);
    drop(used(limiter.turn(Urgency::Lookup).await.unwrap()));
    assert!(began.elapsed() < HANDSHAKE + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_look_up_goes_before_a_scan_but_not_for_ever() {
    let limiter = limiter(Limits { max_in_flight: 1, max_per_second: 1_000, ..WIDE });
    let busy = used(limiter.turn(Urgency::Scan).await.unwrap());
    let order = Mutex::new(Vec::new());
    let call = async |urgency| {
        let turn = used(limiter.turn(urgency).await.unwrap());
        order.lock().unwrap().push(urgency);
        sleep(Duration::from_millis(10)).await;
        drop(turn);
    };
    let scan = call(Urgency::Scan);
    let lookups = join_all((0..12).map(|_| call(Urgency::Lookup)));
    tokio::join!(scan, lookups, async {
        sleep(Duration::from_millis(5)).await;
        drop(busy);
    });
    let order = order.into_inner().unwrap();
    assert_eq!(order.iter().position(|&urgency| urgency == Urgency::Scan), Some(LOOKUPS_IN_A_ROW as usize));
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_is_not_used_counts_for_nothing() {
    let limiter = limiter(Limits { max_in_flight: 1, max_per_second: 1, ..WIDE });
    for _ in 0..10 {
        drop(limiter.turn(Urgency::Lookup).now_or_never().unwrap().unwrap());
    }
    assert_eq!(limiter.usage().calls_today, 0);
    drop(used(limiter.turn(Urgency::Lookup).now_or_never().unwrap().unwrap()));
    assert!(limiter.turn(Urgency::Lookup).now_or_never().is_none(), "the next one waits for its second");
    assert_eq!(limiter.usage().calls_today, 1);
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_while_waiting_holds_nobody_up() {
    let limiter = limiter(Limits { max_in_flight: 1, max_per_second: 1_000, ..WIDE });
    let busy = used(limiter.turn(Urgency::Scan).await.unwrap());
    let mut scan = Box::pin(limiter.turn(Urgency::Scan));
    {
        let mut lookup = Box::pin(limiter.turn(Urgency::Lookup));
        assert!(poll!(&mut lookup).is_pending() && poll!(&mut scan).is_pending());
        drop(busy);
        advance(Duration::from_secs(1)).await;
        assert!(poll!(&mut scan).is_pending(), "the look-up comes first");
    }
    assert!(poll!(&mut scan).is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_short_silence_is_waited_out_and_a_long_one_is_told() {
    let limiter = limiter(WIDE);
    let began = Instant::now();
    limiter.close_for(Duration::from_secs(4));
    limiter.close_for(Duration::from_secs(1)); // a shorter one doesn't open earlier
    drop(limiter.turn(Urgency::Lookup).await.unwrap());
    assert_eq!(began.elapsed().as_secs(), 4);

    limiter.close_for(Duration::from_secs(30));
    let until = limiter.clock.now() + 30.seconds();
    assert_eq!(limiter.turn(Urgency::Lookup).await.unwrap_err(), Refusal::Closed { until });
    drop(limiter.turn(Urgency::Scan).await.unwrap());
    assert_eq!(began.elapsed().as_secs(), 34);

    limiter.close_for(Duration::from_secs(3_600));
    assert!(matches!(limiter.turn(Urgency::Scan).await, Err(Refusal::Closed { .. })));
}

#[tokio::test(start_paused = true)]
async fn who_waits_hears_of_a_silence_that_begins_meanwhile() {
    let limiter = limiter(Limits { max_in_flight: 1, ..WIDE });
    let _busy = used(limiter.turn(Urgency::Lookup).await.unwrap());
    let mut waits = Box::pin(limiter.turn(Urgency::Lookup));
    assert!(poll!(&mut waits).is_pending());
    limiter.close_for(Duration::from_secs(3_600));
    assert!(matches!(waits.await, Err(Refusal::Closed { .. })));
}

#[tokio::test(start_paused = true)]
async fn the_budget_is_a_days_and_scans_leave_the_reserve() {
    let limits = Limits { max_per_second: 1_000, daily_budget: 6, lookup_reserve: 3, ..WIDE };
    let limiter = limiter(limits);
    let call = async |urgency| limiter.turn(urgency).await.map(used).map(drop);
    for _ in 0..3 {
        assert_eq!(call(Urgency::Scan).await, Ok(()));
    }
    let until = "2026-01-02T01:00:00Z".parse().unwrap();
    assert_eq!(call(Urgency::Scan).await, Err(Refusal::BudgetSpent { until }));
    for _ in 0..3 {
        assert_eq!(call(Urgency::Lookup).await, Ok(()));
    }
    assert_eq!(call(Urgency::Lookup).await, Err(Refusal::BudgetSpent { until }));
    advance(Duration::from_secs(25 * 3_600)).await;
    assert_eq!(call(Urgency::Scan).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn look_ups_leave_half_of_the_day_to_scans() {
    let limiter = limiter(Limits { max_per_second: 1_000, daily_budget: 8, lookup_reserve: 1, ..WIDE });
    let call = async |urgency| limiter.turn(urgency).await.map(used).map(drop);
    for _ in 0..4 {
        assert_eq!(call(Urgency::Lookup).await, Ok(()));
    }
    assert!(matches!(call(Urgency::Lookup).await, Err(Refusal::BudgetSpent { .. })));
    for _ in 0..3 {
        assert_eq!(call(Urgency::Scan).await, Ok(()));
    }
    assert!(matches!(call(Urgency::Scan).await, Err(Refusal::BudgetSpent { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_opens_a_connection_is_waited_for_until_that_is_open() {
    let limiter = limiter(WIDE);
    let mut first = limiter.turn(Urgency::Scan).await.unwrap();
    first.begin();
    let began = Instant::now();
    let opening = async {
        sleep(Duration::from_millis(700)).await;
        limiter.connected();
    };
    let (second, ()) = futures_util::future::join(limiter.turn(Urgency::Scan), opening).await;
    let passed = || began.elapsed().as_millis();
    assert!((1_053..=1_055).contains(&passed()), "{} ms: 700, and the time between two starts", passed());
    // Its answer, whenever it comes, holds nobody up again.
    drop(used(second.unwrap()));
    first.heard();
    drop(limiter.turn(Urgency::Scan).await.unwrap());
    assert!((1_406..=1_410).contains(&passed()), "{} ms", passed());
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_are_made_than_were_allowed() {
    let limiter = limiter(WIDE);
    drop(used(limiter.turn(Urgency::Lookup).await.unwrap()));
    limiter.allow_only(2);
    // One that isn't used is given back.
    drop(limiter.turn(Urgency::Scan).await.unwrap());
    for urgency in [Urgency::Scan, Urgency::Lookup] {
        drop(used(limiter.turn(urgency).await.unwrap()));
        let calls = limiter.usage().calls_today;
        assert_eq!(limiter.turn(urgency).await.is_err(), calls == 3, "{urgency:?}");
    }
    assert_eq!(limiter.turn(Urgency::Lookup).await.unwrap_err(), Refusal::NoneLeft);
}
