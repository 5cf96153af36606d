//! `orgraph demo`: a simulated Gong workspace and the service in one process.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use anyhow::Result;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use super::{bind, door, progress, said::line, shutdown::asked_to_stop, simulate::workspace};
use crate::{
    app::{App, AppError, Settings},
    clock::Clock,
    config::{ConfigError, DemoArgs},
    gong::{self, Credentials},
    http::ObservedSettings,
    simulator::{self, Simulator},
    store::Store,
    trace::Tally,
};

/// Worth trying on any company.
const QUERIES: [&str; 3] = [
    "{ roots { nodes { id name title reportCount(transitive: true) } } }",
    "{ orphans(first: 5) { totalCount edges { reason node { name title managerId } } } }",
    "{ users(first: 1, filter: { active: true }) { nodes { name managerChain { end nodes { title } } } } }",
];

pub(super) async fn run(args: DemoArgs, traces: Option<Arc<Tally>>) -> Result<()> {
    let auth = args.auth.settings(args.listen.listen).map_err(ConfigError::from)?;
    let workspace = workspace(&args.people)?;
    let secret = SecretString::from(format!("{:032x}", fastrand::u128(..)));
    let simulator = Simulator::new(
        workspace,
        simulator::Settings {
            access_key: "demo".to_owned(),
            access_key_secret: secret.expose_secret().into(),
            seed: args.people.seed,
            starts_at: Some(Clock::system().now()),
            ..simulator::Settings::default()
        },
    );
    let people = simulator.people();

    let gong = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let credentials = Credentials::AccessKey { access_key: "demo".into(), access_key_secret: secret };
    let settings = gong::Settings::new(format!("http://{}", gong.local_addr()?), credentials);
    let sync = args.refresh.sync();
    sync.interval.fits(1, &settings.limits).map_err(ConfigError::from)?;
    // Gone with the demo.
    let state = tempfile::Builder::new().prefix("orgraph-demo-").tempdir()?;
    let (store, _) = Store::open(state.path()).map_err(ConfigError::from)?;
    let observed = ObservedSettings { traces, ..args.observe.observed() };
    let clock = Clock::system();
    let audit = args.audit.open(clock.clone())?;
    let told = Settings {
        sync,
        http: args.http.settings(args.auth.is_for_this_machine_only(&auth))?,
        observed,
        audit,
        auth,
        graphql: args.caps.graphql(),
        subscriptions: args.subscriptions.settings(),
        publish: args.publish.target()?,
        ..Settings::default()
    };
    let app = App::new(&settings, told, Some(Arc::new(store)), clock, fastrand::Rng::new())
        .map_err(ConfigError::from)?;
    let listener = bind(args.listen.listen).await?;
    let address = listener.local_addr()?;
    let (door, _) = door::open(args.admin.admin, None).await?;

    let (stop_gong, gong_stopped) = oneshot::channel::<()>();
    let gong = tokio::spawn(simulator.serve(gong, async {
        let _ = gong_stopped.await;
    }));
    line(format!("A simulated Gong workspace of {people} people, read at Gong's pace: 3 calls a second."))?;
    let directory = app.directory().clone();
    let introduction = async move {
        progress::first_sync(&directory).await?;
        introduce(address)
    };
    tokio::select! {
        served = app.run(listener, door, asked_to_stop()) => served.map_err(too_often)?,
        // It waits for ever once it has spoken.
        unheard = async {
            match introduction.await {
                Ok(()) => std::future::pending().await,
                Err(unheard) => unheard,
            }
        } => return Err(unheard),
    }
    drop(stop_gong);
    gong.await??;
    Ok(())
}

/// An interval that doesn't fit is a flag that can't be used.
fn too_often(error: AppError) -> anyhow::Error {
    match error {
        AppError::TooOften(too_often) => ConfigError::from(too_often).into(),
        error => error.into(),
    }
}

fn introduce(address: SocketAddr) -> Result<()> {
    // A browser can't open "every address".
    let address = match address.ip().is_unspecified() {
        true => SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())),
        false => address,
    };
    line(format!(
        "\nExplorer   http://{address}/\nGraphiQL   http://{address}/graphiql\nGraphQL    http://{address}/graphql\nTables     http://{address}/export/v1\n\nWorth trying:"
    ))?;
    for query in QUERIES {
        line(format!("  {query}"))?;
    }
    line("\nCtrl-C ends it.")
}
