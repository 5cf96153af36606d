//! `orgraph keys`

use anyhow::{Context, Result};

use crate::{
    auth::{ApiKey, KeyEntry, KeyFile},
    clock::Clock,
    config::{ConfigError, KeyAddArgs, KeyListArgs, KeyRemoveArgs, KeysCommand},
};

pub(super) fn run(command: KeysCommand) -> Result<()> {
    match command {
        KeysCommand::Add(args) => add(args),
        KeysCommand::List(args) => list(&args),
        KeysCommand::Remove(args) => remove(&args),
    }
}

/// The key alone goes to standard output, so that it can be piped to where it is kept.
fn add(args: KeyAddArgs) -> Result<()> {
    let path = args.file.required().map_err(ConfigError::from)?;
    let now = Clock::system().now();
    let expires = args.expires.map(|life| now.checked_add(life)).transpose();
    let expires = expires.context("--expires is later than any calendar goes")?;
    let key = ApiKey::generate()?;
    let file = KeyFile::new(path);
    let entry = KeyEntry::new(args.name, args.role, &key, now, expires);
    file.add(&entry)?;
    println!("{}", key.reveal());
    let until = expires.map_or_else(String::new, |end| format!(" until {end:.0}"));
    eprintln!(
        "This is the key {:?}, with the role {}{until}. It is shown this once: {} holds its hash alone.",
        entry.name,
        entry.role.as_str(),
        path.display()
    );
    Ok(())
}

fn list(args: &KeyListArgs) -> Result<()> {
    let file = KeyFile::new(args.file.required().map_err(ConfigError::from)?);
    let keys = file.read()?;
    if args.json {
        println!("{}", KeyEntry::list_as_json(&keys));
        return Ok(());
    }
    if keys.is_empty() {
        println!("There is no key; `orgraph keys add NAME --role ROLE` makes one.");
        return Ok(());
    }
    let now = Clock::system().now();
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or(0).max("NAME".len());
    println!("{:width$}  {:8}  {:20}  ENDS", "NAME", "ROLE", "MADE");
    for KeyEntry { name, role, created, expires, .. } in &keys {
        let ends = match expires {
            None => "never".to_owned(),
            Some(end) if *end <= now => format!("{end:.0} (has ended)"),
            Some(end) => format!("{end:.0}"),
        };
        println!("{name:width$}  {:8}  {:20}  {ends}", role.as_str(), format!("{created:.0}"));
    }
    if file.is_open_to_others() {
        eprintln!("orgraph: the file can be read by other users of this machine; `chmod 600` keeps them out");
    }
    Ok(())
}

fn remove(args: &KeyRemoveArgs) -> Result<()> {
    KeyFile::new(args.file.required().map_err(ConfigError::from)?).remove(&args.name)?;
    println!("Removed. A running service refuses it within a second or two.");
    Ok(())
}
