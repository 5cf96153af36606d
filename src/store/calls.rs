//! What has been spent of the day.

use rusqlite::Connection;

use super::fault::Fault;

/// The calls to Gong that were made within one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpentHour {
    /// Hours since 1970.
    pub hour: i64,
    /// All calls.
    pub calls: u32,
    /// Those among them that were look-ups.
    pub lookups: u32,
}

/// Replaces what is there. Of two entries for one hour the later counts.
pub(super) fn write(connection: &mut Connection, hours: &[SpentHour]) -> Result<(), Fault> {
    let transaction = connection.transaction()?;
    transaction.execute("DELETE FROM spent", ())?;
    let mut insert =
        transaction.prepare("INSERT OR REPLACE INTO spent (hour, calls, lookups) VALUES (?1, ?2, ?3)")?;
    for spent in hours {
        insert.execute((spent.hour, spent.calls, spent.lookups))?;
    }
    drop(insert);
    Ok(transaction.commit()?)
}

/// What is there, oldest first.
pub(super) fn read(connection: &Connection) -> Result<Vec<SpentHour>, Fault> {
    let mut select = connection.prepare("SELECT hour, calls, lookups FROM spent ORDER BY hour")?;
    let hours = select
        .query_map((), |row| Ok(SpentHour { hour: row.get(0)?, calls: row.get(1)?, lookups: row.get(2)? }))?;
    Ok(hours.collect::<Result<_, _>>()?)
}
