//! `orgraph simulate`

use anyhow::Result;

use super::{SHIPPED_COMPANY, bind, said, shutdown::asked_to_stop};
use crate::{
    clock::Clock,
    config::{ConfigError, PeopleArgs, SimulateArgs},
    simulator::{Changes, FaultKind, Settings, Simulator, Step, Workspace},
};

pub(super) async fn run(args: SimulateArgs) -> Result<()> {
    if args.list_faults {
        return said::print(catalogue().as_bytes());
    }
    let changes = args.changes.changes(args.people.seed)?;
    let people = match &changes {
        Some(Changes::Series(series)) => series.first(),
        _ => workspace(&args.people)?,
    };
    let settings = Settings { starts_at: Some(Clock::system().now()), ..args.settings() };
    let simulator = Simulator::new(people, settings);
    simulator.faults().set(args.faults).map_err(ConfigError::from)?;
    let listener = bind(args.listen).await?;
    let address = listener.local_addr()?;
    said::line(format!(
        "A simulated Gong workspace of {} people: http://{address}\n\
         What it has seen: http://{address}/_simulator/stats\n\
         What goes wrong: http://{address}/_simulator/faults\n\
         To serve it: GONG_BASE_URL=http://{address} GONG_ACCESS_KEY=… GONG_ACCESS_KEY_SECRET=… orgraph serve\n\
         (the key is that of this environment, or `simulator` for both)",
        simulator.people()
    ))?;
    if let Some(changes) = changes {
        said::line(format!(
            "Its people change; at once with: curl -X POST http://{address}/_simulator/step"
        ))?;
        simulator.follow(changes);
    }
    let steps = simulator.clone();
    tokio::select! {
        served = simulator.serve(listener, asked_to_stop()) => served?,
        // Never the first to end: what doesn't change any more is still served.
        () = async { steps.keep_stepping(args.changes.step, tell).await; std::future::pending().await } => {}
    }
    Ok(())
}

fn tell(step: &Step) {
    let of = step.of.map(|of| format!(" of {of}")).unwrap_or_default();
    let name = step.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
    let changes = step.changes;
    // Whoever asks the simulator is served all the same.
    let _ = said::line(format!(
        "Step {}{of}{name}: {} people; {} hired, {} removed, {} deactivated, {} with another manager, {} with \
         another title",
        step.step,
        step.people,
        changes.hired,
        changes.removed,
        changes.deactivated,
        changes.moved,
        changes.retitled
    ));
}

/// Every fault: its name with its value, what a client should make of it, and what it does.
fn catalogue() -> String {
    let mut lines = String::new();
    for kind in FaultKind::ALL {
        let value = kind.value().map(|spec| format!("[={}]", spec.unit)).unwrap_or_default();
        let name = format!("{kind}{value}");
        lines.push_str(&format!("{name:<48} {:<10}  {}\n", kind.effect().name(), kind.description()));
    }
    lines
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
