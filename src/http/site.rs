//! What is where, and what every request goes through on its way there: functions, each of which calls the next. As
//! layers of a router each step would be a box, and a copy of all the steps below it, for every request.

use std::{
    convert::Infallible,
    mem,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::Request,
    http::{self, Method, header::ORIGIN},
    response::Response,
    routing::get,
};
use futures_util::future::BoxFuture;
use tower::{Service, ServiceExt};
use tower_http::cors::CorsLayer;

use super::{
    ServerSettings, Settings, Subscriptions, Watch, answer,
    around::Around,
    authenticate, compression,
    concurrency::{self, Places},
    export::{self, Tables},
    graphql, health,
    layered::layered,
    metrics,
    next::{Answer, Next},
    pages, path,
    peer::Telling,
    request_id::{Maker, RequestId},
    schema_text,
    subscriptions::{self, Answering, Opener},
    whole_body::{self, Reading},
};
use crate::{auth::Authenticator, graphql::Executor};

/// The service as HTTP sees it. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

struct Parts {
    around: Around,
    cors: Option<CorsLayer>,
    authenticator: Authenticator,
    reading: Reading,
    places: Places,
    opener: Opener,
    face: Arc<graphql::Face>,
    tables: Tables,
    shows_graphiql: bool,
    /// All else that is served.
    pages: Router,
}

impl Site {
    /// The service, for those whom `authenticator` lets in. `rng` makes the ids of requests that bring none, and what
    /// names of answers are salted with.
    pub fn new(
        executor: Executor,
        subscriptions: Subscriptions,
        watch: Watch,
        authenticator: Authenticator,
        mut rng: fastrand::Rng,
        mut settings: Settings,
        server: &ServerSettings,
    ) -> Self {
        let observed = watch.observed.clone();
        let executor = executor.observed_by(observed.observer());
        let told = executor.settings();
        let (body_bytes, shows_graphiql) = (told.caps.body_bytes, told.shown.page());
        settings.hide_schema |= !told.shown.introspection;
        // By TLS a name that isn't ours fails at the certificate.
        let only_this_machine = settings.only_this_machine && server.tls.is_none();
        let places = Places::new(server.concurrency);
        let answering = Answering::new(places.clone(), &server.times);
        let opener = subscriptions.opener(executor.clone(), answering, authenticator.clone(), &settings);
        let cors = settings.origins.layer();
        let face = Arc::new(graphql::Face { executor, settings, salt: rng.u128(..).to_be_bytes() });
        let tables = Tables::new(face.clone(), observed.clone());
        let around = Around {
            telling: Telling::new(server.trusted_proxies.clone(), server.hsts),
            maker: Maker::new(rng),
            observed,
            head: server.head,
            only_this_machine,
            times: server.times,
        };
        let pages = others(face.clone(), watch, shows_graphiql);
        let reading = Reading::new(body_bytes);
        Self(Arc::new(Parts {
            around,
            cors,
            authenticator,
            reading,
            places,
            opener,
            face,
            tables,
            shows_graphiql,
            pages,
        }))
    }

    fn answer(&self, request: Box<Request>) -> Answer<'_> {
        let Parts { around, cors, .. } = &*self.0;
        around.outside(request, move |request| match cors {
            None => self.inside(request),
            Some(cors) => self.across(cors, request),
        })
    }

    /// Tells browsers which pages of others may ask. It answers every OPTIONS itself, so that the one without a
    /// browser behind it is caught before. Of all others it looks at the method and the origin.
    fn across<'a>(&'a self, cors: &'a CorsLayer, mut request: Box<Request>) -> Answer<'a> {
        if graphql::is_plain_options(&request) {
            return Answer::Now(graphql::options());
        }
        let mut asked = http::Request::new(());
        *asked.method_mut() = request.method().clone();
        if request.method() == Method::OPTIONS {
            *asked.headers_mut() = mem::take(request.headers_mut());
            let mut response = Response::default();
            layered(cors, asked, &mut response);
            return Answer::Now(response);
        }
        if let Some(origin) = request.headers().get(ORIGIN) {
            asked.headers_mut().insert(ORIGIN, origin.clone());
        }
        self.inside(request).then(move |response| layered(cors, asked, response))
    }

    fn inside(&self, request: Box<Request>) -> Answer<'_> {
        let let_in = |request| {
            authenticate::authenticate(&self.0.authenticator, request, |request| self.there(request))
        };
        self.0.around.inside(request, move |request| compression::compress(request, let_in))
    }

    fn there(&self, request: Box<Request>) -> Answer<'_> {
        match path::of(&request) {
            path::GRAPHQL => self.seat(request, |request| self.graphql(request)),
            path::TABLE | path::CATALOGUE | path::CATALOGUE_STYLE => {
                self.seat(request, |request| Answer::later(self.table(request)))
            }
            path::SCHEMA => self.seat(request, |request| Answer::later(self.page(request))),
            // Whatever comes to be served later is nothing until it is named there, and asked for a credential.
            path::NONE => Answer::Now(answer::no_such_path(RequestId::of(&request), self.0.shows_graphiql)),
            // Not counted: whoever looks after the service is answered when it is busy, too.
            _ => Answer::later(self.page(request)),
        }
    }

    /// Has a request whole, and then a place for it.
    fn seat<'a>(&'a self, request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
        let Parts { reading, places, .. } = &*self.0;
        whole_body::read(reading, request, |request| concurrency::limit(places, request, next))
    }

    fn graphql(&self, request: Box<Request>) -> Answer<'_> {
        let Parts { opener, face, .. } = &*self.0;
        match subscriptions::kind(&request) {
            None => graphql::answer(face, request),
            Some(kind) => Answer::later(subscriptions::open(opener, kind, *request)),
        }
    }

    async fn table(&self, request: Box<Request>) -> Response {
        export::answer(&self.0.tables, *request).await
    }

    async fn page(&self, mut request: Box<Request>) -> Response {
        // Its body is left away where it would be sent, and told of until then as if it were.
        if request.method() == Method::HEAD {
            *request.method_mut() = Method::GET;
        }
        self.0.pages.clone().oneshot(*request).await.unwrap_or_else(|never| match never {})
    }
}

impl Service<Request> for Site {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (site, request) = (self.clone(), Box::new(request));
        Box::pin(async move { Ok(site.answer(request).wait().await) })
    }
}

/// Whatever else than GraphQL is served.
fn others(face: Arc<graphql::Face>, watch: Watch, shows_graphiql: bool) -> Router {
    let pages = match shows_graphiql {
        true => Router::new()
            .route(path::ROOT, get(pages::get))
            .route(path::GRAPHIQL, get(pages::get))
            .route(path::GRAPHIQL_WITH_SLASH, get(pages::get))
            .route(path::ANY_ASSET, get(pages::get)),
        false => Router::new(),
    };
    Router::new()
        .route(path::SCHEMA, get(schema_text::get))
        .with_state(face)
        .route(path::LIVE, get(health::live))
        .route(path::READY, get(health::ready))
        .route(path::METRICS, get(metrics::all))
        .with_state(watch)
        .merge(pages)
        .fallback(move |id| async move { answer::no_such_path(id, shows_graphiql) })
}
