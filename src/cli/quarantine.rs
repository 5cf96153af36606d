//! `orgraph quarantine`

use anyhow::Result;

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
            println!("Accepted: it is served now.");
            Ok(())
        }
        QuarantineCommand::Reject(args) => {
            decide(args, Decision::Reject).await?;
            println!("Rejected. What was served before goes on being served.");
            Ok(())
        }
    }
}

async fn show(args: &HeldBackArgs) -> Result<()> {
    let held_back = Client::new(args.service.door()?)?.quarantine().await?;
    if args.json {
        println!("{}", HeldBack::json_of(held_back.as_ref()));
        return Ok(());
    }
    let Some(held_back) = held_back else {
        println!("No scan is in quarantine.");
        return Ok(());
    };
    println!("Number     {}", held_back.id);
    println!("Held back  {}", held_back.at);
    println!("Scan began {}", held_back.taken_at);
    println!("People     {} in it, {} are served", held_back.user_count, held_back.served_user_count);
    for Reason { reason, message } in &held_back.reasons {
        println!("{reason}: {message}");
    }
    println!(
        "\n`orgraph quarantine accept {0}` serves it, `orgraph quarantine reject {0}` throws it away.",
        held_back.id
    );
    Ok(())
}

async fn decide(args: DecisionArgs, decision: Decision) -> Result<()> {
    Ok(Client::new(args.service.door()?)?.decide(decision, args.id).await?)
}
