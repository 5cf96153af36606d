//! `orgraph simulate`

use anyhow::Result;

use super::{SHIPPED_COMPANY, bind, shutdown::asked_to_stop};
use crate::{
    config::{ConfigError, PeopleArgs, SimulateArgs},
    simulator::{Simulator, Workspace},
};

pub(super) async fn run(args: SimulateArgs) -> Result<()> {
    let simulator = Simulator::new(workspace(&args.people)?, args.settings());
    let listener = bind(args.listen).await?;
    let address = listener.local_addr()?;
    println!(
        "A simulated Gong workspace of {} people: http://{address}\n\
         What it has seen: http://{address}/_simulator/stats\n\
         To serve it: GONG_BASE_URL=http://{address} GONG_ACCESS_KEY=… GONG_ACCESS_KEY_SECRET=… orgraph serve\n\
         (the key is that of this environment, or `simulator` for both)",
        simulator.people()
    );
    simulator.serve(listener, asked_to_stop()).await?;
    Ok(())
}

/// The people who are asked for, or the shipped company.
pub(super) fn workspace(args: &PeopleArgs) -> Result<Workspace, ConfigError> {
    match args.workspace()? {
        Some(workspace) => Ok(workspace),
        None => Workspace::from_ndjson(SHIPPED_COMPANY).map_err(|error| ConfigError::UsersFile {
            file: "the shipped company".to_owned(),
            cause: error.to_string(),
        }),
    }
}
