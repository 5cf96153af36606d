//! `orgraph keys`

use std::io::{self, Write};

use anyhow::{Context, Result};

use super::said::{aside, line, print};
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
    // Unlike other words, this one has to be heard: a key that nobody has seen is nobody's.
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{}", key.reveal()).and_then(|()| out.flush()) {
        file.remove(&entry.name)?;
        return Err(error).context("standard output takes no key, and so none was made");
    }
    let until = expires.map_or_else(String::new, |end| format!(" until {end:.0}"));
    aside(&format!(
        "This is the key {:?}, with the role {}{until}. It is shown this once: {} holds its hash alone.",
        entry.name,
        entry.role.as_str(),
        path.display()
    ));
    Ok(())
}

fn list(args: &KeyListArgs) -> Result<()> {
    let file = KeyFile::new(args.file.required().map_err(ConfigError::from)?);
    let keys = file.read()?;
    if args.json {
        return line(KeyEntry::list_as_json(&keys));
    }
    if keys.is_empty() {
        return line("There is no key; `orgraph keys add NAME --role ROLE` makes one.");
    }
    let now = Clock::system().now();
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or(0).max("NAME".len());
    let mut table = format!("{:width$}  {:8}  {:20}  ENDS\n", "NAME", "ROLE", "MADE");
    for KeyEntry { name, role, created, expires, .. } in &keys {
        let ends = match expires {
            None => "never".to_owned(),
            Some(end) if *end <= now => format!("{end:.0} (has ended)"),
            Some(end) => format!("{end:.0}"),
        };
        let (role, made) = (role.as_str(), format!("{created:.0}"));
        table += &format!("{name:width$}  {role:8}  {made:20}  {ends}\n");
    }
    print(table.as_bytes())?;
    if file.is_open_to_others() {
        aside("orgraph: the file can be read by other users of this machine; `chmod 600` keeps them out");
    }
    Ok(())
}

fn remove(args: &KeyRemoveArgs) -> Result<()> {
    KeyFile::new(args.file.required().map_err(ConfigError::from)?).remove(&args.name)?;
    line("Removed. A running service refuses it within a second or two.")
}
