//! `orgraph quarantine`

use anyhow::Result;

use super::said::{line, print};
use crate::{
    admin::{Client, HeldBack, Reason},
    config::{DecisionArgs, HeldBackArgs, QuarantineCommand},
    directory::Decision,
};

pub(super) async fn run(command: QuarantineCommand) -> Result<()> {
    match command {
        QuarantineCommand::Show(args) => show(&args).await,
        QuarantineCommand::Accept(args) => {
            decide(args, Decision::Accept).await?;
            line("Accepted: it is served now.")
        }
        QuarantineCommand::Reject(args) => {
            decide(args, Decision::Reject).await?;
            line("Rejected. What was served before goes on being served.")
        }
    }
}

async fn show(args: &HeldBackArgs) -> Result<()> {
    let held_back = Client::new(args.service.door()?)?.quarantine().await?;
    match held_back {
        held_back if args.json => line(HeldBack::json_of(held_back.as_ref())),
        None => line("No scan is in quarantine."),
        Some(held_back) => print(told(&held_back).as_bytes()),
    }
}

fn told(held_back: &HeldBack) -> String {
    let HeldBack { id, at, taken_at, user_count, served_user_count, .. } = held_back;
    let mut told = format!(
        "Number     {id}\nHeld back  {at}\nScan began {taken_at}\n\
         People     {user_count} in it, {served_user_count} are served\n"
    );
    for Reason { reason, message } in &held_back.reasons {
        told += &format!("{reason}: {message}\n");
    }
    told + &format!(
        "\n`orgraph quarantine accept {id}` serves it, `orgraph quarantine reject {id}` throws it away.\n"
    )
}

async fn decide(args: DecisionArgs, decision: Decision) -> Result<()> {
    Ok(Client::new(args.service.door()?)?.decide(decision, args.id).await?)
}
