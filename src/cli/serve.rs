//! `orgraph serve`

use anyhow::Result;

use super::{bind, shutdown::asked_to_stop};
use crate::{
    app::App,
    clock::Clock,
    config::{ConfigError, ServeArgs},
};

pub(super) async fn run(args: ServeArgs) -> Result<()> {
    let settings = args.gong()?;
    let interval = args.refresh.refresh_interval;
    let app =
        App::new(&settings, interval, Clock::system(), fastrand::Rng::new()).map_err(ConfigError::from)?;
    let listener = bind(args.listen.listen).await?;
    let address = listener.local_addr()?;
    tracing::info!(%address, %interval, "serving");
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "there is no authentication: whoever reaches this address reads the whole company");
    }
    app.run(listener, asked_to_stop()).await?;
    tracing::info!("stopped");
    Ok(())
}
