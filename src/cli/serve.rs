//! `orgraph serve`

use std::{io::IsTerminal, path::Path, sync::Arc};

use anyhow::Result;

use super::{bind, door, progress, shutdown::asked_to_stop};
use crate::{
    app::{App, AppError, Settings},
    clock::Clock,
    config::{AuthError, ConfigError, ServeArgs},
    http::ObservedSettings,
    store::Store,
    trace::Tally,
};

pub(super) async fn run(args: ServeArgs, traces: Option<Arc<Tally>>) -> Result<()> {
    let gong = args.gong.settings()?;
    let clock = Clock::system();
    let auth = args.auth.settings(args.listen.listen).map_err(ConfigError::from)?;
    let guarded = auth.are_on();
    let only_this_machine = args.auth.is_for_this_machine_only(&auth);
    let server = args.network.server()?;
    if only_this_machine && !server.trusted_proxies.are_none() {
        return Err(ConfigError::from(AuthError::UnguardedBehindProxy).into());
    }
    let settings = Settings {
        sync: args.refresh.sync(),
        max_snapshot_age: args.freshness.max_snapshot_age,
        http: args.http.settings(only_this_machine)?,
        observed: ObservedSettings { traces, ..args.observe.observed() },
        server,
        audit: args.audit.open(clock.clone())?,
        auth,
        graphql: args.caps.graphql(),
        subscriptions: args.subscriptions.settings(),
        publish: args.publish.target()?,
    };
    // Of whatever size the company is: a scan is a call at least.
    settings.sync.interval.fits(1, &gong.limits).map_err(ConfigError::from)?;
    let store = args.state.directory().map(open).transpose()?;
    if store.is_none() {
        tracing::warn!("nothing outlives this process: no state directory is set (ORGRAPH_STATE_DIR)");
    }
    let interval = settings.sync.interval;
    let scheme = if settings.server.tls.is_some() { "https" } else { "http" };
    let app = App::new(&gong, settings, store, clock, fastrand::Rng::new()).map_err(ConfigError::from)?;
    let listener = bind(args.listen.listen).await?;
    let address = listener.local_addr()?;
    let (door, _announced) = door::open(args.admin.admin, args.state.directory()).await?;
    tracing::info!(%address, scheme, %interval, "serving");
    if !guarded && !address.ip().is_loopback() {
        tracing::warn!(%address, "nobody is asked for a credential (--insecure-no-auth): whoever reaches this address reads the whole company");
    }
    let directory = app.directory().clone();
    let watched = async {
        if std::io::stdout().is_terminal() {
            // Whoever asks is served, whether or not the terminal is still there.
            let _ = progress::first_sync(&directory).await;
        }
        std::future::pending().await
    };
    let ended = tokio::select! {
        ended = app.run(listener, door, asked_to_stop()) => ended,
        // Never the first to end.
        () = watched => return Ok(()),
    };
    match ended {
        Ok(()) => {
            tracing::info!("stopped");
            Ok(())
        }
        Err(AppError::TooOften(too_often)) => Err(ConfigError::from(too_often).into()),
        Err(error) => Err(error.into()),
    }
}

fn open(directory: &Path) -> Result<Arc<Store>, ConfigError> {
    let (store, notices) = Store::open(directory)?;
    for notice in notices {
        tracing::error!(%notice, "part of the state directory could not be used");
    }
    Ok(Arc::new(store))
}
