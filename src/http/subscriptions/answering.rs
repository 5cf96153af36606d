//! Whatever yields one answer, a query or what is told of one event, is bounded as a request is: it takes a place of its
//! client, and has its time.

use std::{future::pending, panic::resume_unwind, time::Duration};

use async_graphql::Response;
use futures_util::FutureExt;
use tokio::{task::JoinSet, time::timeout};

use super::operations::refusal;
use crate::{
    graphql::{Circumstances, ErrorCode},
    http::{
        Times,
        concurrency::{Places, Wait},
        request_time::too_late,
    },
};

/// The bounds of requests, for what is answered over connections that stay open. Cheap to clone.
#[derive(Clone)]
pub(in crate::http) struct Answering {
    places: Places,
    time: Duration,
}

impl Answering {
    pub(in crate::http) fn new(places: Places, times: &Times) -> Self {
        Self { places, time: times.request }
    }

    /// What a request of the client comes to, or what is told instead. It waits for its place as any request.
    pub(super) async fn request<T: Send + 'static>(
        &self,
        circumstances: &Circumstances,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Response> {
        self.run(circumstances, Wait::Briefly, work).await
    }

    /// What is told of an event. That waits longer for its place: it would be lost.
    pub(super) async fn event(
        &self,
        circumstances: &Circumstances,
        work: impl Future<Output = Response> + Send + 'static,
    ) -> Response {
        self.run(circumstances, Wait::UpTo(self.time), work).await.unwrap_or_else(|instead| instead)
    }

    /// What isn't done at once goes on in a task of its own, which ends with this: a place is not kept by what waits
    /// until its client has read something else.
    async fn run<T: Send + 'static>(
        &self,
        circumstances: &Circumstances,
        wait: Wait,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Response> {
        let Self { places, time } = self.clone();
        let client = circumstances.viewer.id.clone();
        let mut bounded = Box::pin(async move { places.within(&client, wait, timeout(time, work)).await });
        let done = match (&mut bounded).now_or_never() {
            Some(done) => done,
            None => {
                let mut task = JoinSet::new();
                task.spawn(bounded);
                match task.join_next().await {
                    Some(Ok(done)) => done,
                    Some(Err(failed)) if failed.is_panic() => resume_unwind(failed.into_panic()),
                    // The runtime ends.
                    Some(Err(_)) | None => pending().await,
                }
            }
        };
        match done {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(refusal(ErrorCode::QueryTooComplex, too_late(time), circumstances)),
            Err(full) => Err(refusal(ErrorCode::Throttled, full.to_string(), circumstances)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::{auth::Viewer, graphql::Method, http::ConcurrencyBounds};

    fn answering() -> (Answering, Circumstances) {
        let bounds = ConcurrencyBounds { in_all: 9, per_client: 1, wait: Duration::from_secs(1) };
        let viewer = Viewer::unauthenticated(std::net::Ipv4Addr::LOCALHOST.into());
        let circumstances = Circumstances { method: Method::Stream, request_id: "r".into(), viewer };
        (Answering { places: Places::new(bounds), time: Duration::from_secs(10) }, circumstances)
    }

    fn code(told: &Response) -> String {
        serde_json::to_value(told).unwrap()["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_has_its_time() {
        let (answering, circumstances) = answering();
        let began = Instant::now();
        let told = answering.request(&circumstances, pending::<()>()).await.unwrap_err();
        assert_eq!((code(&told).as_str(), began.elapsed()), ("QUERY_TOO_COMPLEX", answering.time));
        let told = answering.event(&circumstances, pending()).await;
        assert_eq!((code(&told).as_str(), began.elapsed()), ("QUERY_TOO_COMPLEX", 2 * answering.time));
        assert!(answering.request(&circumstances, async {}).await.is_ok(), "places are given back");
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_waits_for_its_place_and_a_query_is_refused() {
        let (answering, circumstances) = answering();
        let mut busy = Box::pin(answering.request(&circumstances, sleep(Duration::from_secs(5))));
        tokio::select! {
            _ = &mut busy => unreachable!(),
            () = sleep(Duration::from_secs(1)) => {}
        }
        // The work goes on though nobody asks how it is.
        let refused = answering.request(&circumstances, async {}).await.unwrap_err();
        assert_eq!(code(&refused), "THROTTLED");
        let told = answering.event(&circumstances, async { Response::default() }).await;
        assert!(told.errors.is_empty());
        assert!(busy.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_any_more_gives_its_place_back() {
        let (answering, circumstances) = answering();
        let gone =
            timeout(Duration::from_millis(10), answering.request(&circumstances, pending::<()>())).await;
        assert!(gone.is_err());
        assert!(answering.request(&circumstances, async {}).await.is_ok());
    }
}
