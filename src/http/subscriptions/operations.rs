//! Operations under way: on a socket any number side by side, in a stream of events one.

use std::{collections::HashMap, sync::Arc};

use async_graphql::Response;
use futures_util::{
    StreamExt,
    future::{AbortHandle, ready},
    stream::{self, Abortable, BoxStream, SelectAll},
};

use super::{Opener, connections::Underway, parameters::Found};
use crate::graphql::{Circumstances, ErrorCode, Subscribed, fault, name_request};

/// What an operation comes to.
pub(super) enum Told {
    /// An answer.
    Next(Response),
    /// It was not run.
    Errors(Response),
    /// There is nothing more.
    Complete,
}

/// All that what was found comes to. Nothing is done before it is asked for.
pub(super) fn operation(
    opener: &Opener,
    found: Found,
    circumstances: Circumstances,
) -> BoxStream<'static, Told> {
    let Opener { executor, documents, answering, .. } = opener.clone();
    let begun = async move {
        let asked = match found {
            Ok(asked) => asked,
            Err(unfit) => {
                let refused = refusal(unfit.code(), unfit.to_string(), &circumstances);
                return stream::iter([Told::Errors(refused)]).boxed();
            }
        };
        let registration = asked.registration();
        let asker = circumstances.clone();
        let subscribed = async move { executor.subscribe(asked.request, &asker).await };
        let subscribed = match answering.request(&circumstances, subscribed).await {
            Ok(subscribed) => subscribed,
            Err(refused) => return stream::iter([Told::Errors(refused)]).boxed(),
        };
        let has_run = !matches!(&subscribed, Subscribed::Answer(outcome) if !outcome.ran);
        if let Some(registration) = registration.filter(|_| has_run) {
            documents.keep(registration);
        }
        match subscribed {
            Subscribed::Answer(outcome) if outcome.ran => {
                stream::iter([Told::Next(outcome.response), Told::Complete]).boxed()
            }
            Subscribed::Answer(outcome) => stream::iter([Told::Errors(outcome.response)]).boxed(),
            Subscribed::Events(events) => {
                let told = events.then(move |event| {
                    let (answering, circumstances) = (answering.clone(), circumstances.clone());
                    async move { Told::Next(answering.event(&circumstances, event.answer()).await) }
                });
                told.chain(stream::once(ready(Told::Complete))).boxed()
            }
        }
    };
    stream::once(begun).flatten().boxed()
}

/// What is told instead of an answer.
pub(super) fn refusal(
    code: ErrorCode,
    message: impl Into<String>,
    circumstances: &Circumstances,
) -> Response {
    let mut error = fault(code, message);
    name_request(&mut error, &circumstances.request_id);
    Response::from_errors(vec![error])
}

/// The operations of one socket, by their ids.
#[derive(Default)]
pub(super) struct Operations {
    running: HashMap<Arc<str>, (AbortHandle, Underway)>,
    streams: SelectAll<BoxStream<'static, (Arc<str>, Told)>>,
}

impl Operations {
    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    pub(super) fn begin(&mut self, id: &str, underway: Underway, told: BoxStream<'static, Told>) {
        let id: Arc<str> = id.into();
        let (handle, registration) = AbortHandle::new_pair();
        self.running.insert(id.clone(), (handle, underway));
        let told = Abortable::new(told, registration).map(move |told| (id.clone(), told));
        self.streams.push(told.boxed());
    }

    /// Ends the operation with this id, if there is one.
    pub(super) fn end(&mut self, id: &str) {
        if let Some((handle, _)) = self.running.remove(id) {
            handle.abort();
        }
    }

    /// What one of them comes to next; waits while none is under way.
    pub(super) async fn next(&mut self) -> (Arc<str>, Told) {
        loop {
            match self.streams.next().await {
                Some((id, told)) => {
                    if !matches!(told, Told::Next(_)) {
                        self.running.remove(&id);
                    }
                    return (id, told);
                }
                None => std::future::pending::<()>().await,
            }
        }
    }
}
