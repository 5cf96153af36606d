//! A file of people, and what was known about the whole of them.

use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::{fault::Fault, record::UserRecord};
use crate::org::User;

/// Replaces the content of the file in one transaction. Each user comes with how many records carried its
/// id.
pub(super) fn write<'a>(
    connection: &mut Connection,
    head: &impl Serialize,
    people: impl Iterator<Item = (&'a User, u32)>,
) -> Result<(), Fault> {
    let transaction = connection.transaction()?;
    transaction.execute_batch("DELETE FROM whole; DELETE FROM person;")?;
    let head = to_json(head)?;
    let mut sum = Sum::new(&head);
    let mut insert =
        transaction.prepare("INSERT INTO person (place, repeats, record) VALUES (?1, ?2, ?3)")?;
    for (place, (user, repeats)) in (1_i64..).zip(people) {
        let record = to_json(&UserRecord::from(user))?;
        sum.add(repeats, &record);
        insert.execute((place, repeats, &record))?;
    }
    drop(insert);
    let sum = sum.finish();
    transaction.execute("INSERT INTO whole (one, head, sum) VALUES (1, ?1, ?2)", (&head, &sum[..]))?;
    transaction.commit()?;
    empty_log(connection);
    Ok(())
}

/// The people of the file in their order, each as often as records carried its id; `None` if nothing was
/// saved. The same as what was written, or a fault.
pub(super) fn read<H: DeserializeOwned>(connection: &Connection) -> Result<Option<(H, Vec<User>)>, Fault> {
    let whole = connection
        .query_row("SELECT head, sum FROM whole", (), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((head, expected)): Option<(String, Vec<u8>)> = whole else { return Ok(None) };
    let mut sum = Sum::new(&head);
    // Of its size from the start: one that grows is copied, and leaves behind as much memory as it takes.
    let records: u32 = connection.query_row("SELECT count(*) FROM person", (), |row| row.get(0))?;
    let mut people: Vec<User> = Vec::with_capacity(records as usize);
    let mut repeats = Vec::with_capacity(records as usize);
    let mut select = connection.prepare("SELECT repeats, record FROM person ORDER BY place")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let times = row.get(0)?;
        let record = row.get_ref(1)?.as_str().map_err(|_| Fault::damaged("a record is not text"))?;
        sum.add(times, record);
        repeats.push(times);
        people.push(from_json::<UserRecord<'_>>(record)?.into());
    }
    if sum.finish()[..] != expected[..] {
        return Err(Fault::damaged("the sum over it is another"));
    }
    if repeats.iter().any(|&times| times > 1) {
        let repeated = people.into_iter().zip(repeats);
        people =
            repeated.flat_map(|(user, times)| std::iter::repeat_n(user, times.max(1) as usize)).collect();
    }
    Ok(Some((from_json(&head)?, people)))
}

/// Forgets everything, and gives the space back.
pub(super) fn clear(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = connection.transaction()?;
    transaction.execute_batch("DELETE FROM whole; DELETE FROM person;")?;
    transaction.commit()?;
    connection.execute_batch("VACUUM")?;
    empty_log(connection);
    Ok(())
}

/// Takes the log over into the file, so that it doesn't grow with every save. What was committed is safe
/// without it: when there is no space for it now, there will be at another save.
fn empty_log(connection: &Connection) {
    if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())) {
        tracing::debug!(%error, "the log of a file in the state directory couldn't be taken over");
    }
}

/// A sum over everything that is written, in its order.
struct Sum(Sha256);

impl Sum {
    fn new(head: &str) -> Self {
        let mut sum = Self(Sha256::new());
        sum.add(1, head);
        sum
    }

    fn add(&mut self, repeats: u32, text: &str) {
        self.0.update(repeats.to_le_bytes());
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

fn to_json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value)
        .map_err(|error| Fault::Sqlite(rusqlite::Error::ToSqlConversionFailure(error.into())))
}

/// serde's own message may quote what it read, which is personal.
fn from_json<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| Fault::damaged("a record can't be read"))
}
