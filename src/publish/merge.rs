//! Rows on their way into a table: staged as a whole, then laid over those that are there.

use std::io::{self, Write};

use bytes::Bytes;
use futures_util::SinkExt;
use tokio::{
    sync::mpsc::{Sender, channel},
    task::spawn_blocking,
};
use tokio_postgres::{CopyInSink, Transaction};

use super::{PublishError, Target, found::Found, layout::named, sql, tables::Laid};
use crate::export::{Export, Fault};

/// What became of a table's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// How many the snapshot has.
    pub rows: u64,
    /// How many of them are new.
    pub inserted: u64,
    /// How many are others than before.
    pub updated: u64,
    /// How many are gone.
    pub removed: u64,
}

/// Pieces of rows that are written and not sent yet.
const AHEAD: usize = 4;

/// Makes the table in which rows wait, for as long as the transaction.
pub(super) async fn make_room(transaction: &Transaction<'_>, laid: &Laid) -> Result<(), PublishError> {
    let column =
        |told: &crate::export::Told| format!("{} {}", sql::name(&told.name), sql::type_of(told.kind));
    let columns = laid.columns.iter().map(column).collect::<Vec<_>>().join(", ");
    let made = format!("CREATE TEMPORARY TABLE {} ({columns}) ON COMMIT DROP", laid.stage());
    let refused = PublishError::refused(format!("make room for rows of {}", laid.table.name()));
    transaction.batch_execute(&made).await.map_err(refused)
}

/// Has all rows of `export` stand beside the table, in one of the transaction's own.
pub(super) async fn stage(
    transaction: &Transaction<'_>,
    laid: &Laid,
    export: Export,
) -> Result<u64, PublishError> {
    make_room(transaction, laid).await?;
    let (table, stage) = (laid.table.name(), laid.stage());
    let refused = |step: &str| PublishError::refused(format!("{step} rows of {table}"));
    let (pieces, mut written) = channel(AHEAD);
    let writing = spawn_blocking(move || export.copy(Pieces(pieces)));
    let copy = format!("COPY {stage} ({}) FROM STDIN", sql::names(&laid.columns, ""));
    let sink: CopyInSink<Bytes> = transaction.copy_in(&copy).await.map_err(refused("take"))?;
    let mut sink = std::pin::pin!(sink);
    while let Some(piece) = written.recv().await {
        sink.send(piece).await.map_err(refused("take"))?;
    }
    // All are there, or whatever was to be sent is no whole table, and none of it shall be.
    let told = writing.await.map_err(|_| PublishError::Ended(table))?;
    let told = told.map_err(|fault: Fault| PublishError::Rows { table, fault })?;
    let rows = sink.finish().await.map_err(refused("take"))?;
    if rows != told.rows {
        return Err(PublishError::Ended(table));
    }
    // Without it the server would take a table of a million for one of some.
    transaction.batch_execute(&format!("ANALYZE {stage}")).await.map_err(refused("count"))?;
    Ok(rows)
}

/// Writes what is staged and new or different. Who is gone stays for now: others may refer to them.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    target: &Target,
    laid: &Laid,
    found: &Found,
) -> Result<(u64, u64), PublishError> {
    let (table, stage) = (named(target, laid.table.name()), laid.stage());
    let refused = |step: &str| PublishError::refused(format!("{step} rows of {}", laid.table.name()));
    let names = sql::names(&laid.columns, "");
    let same = laid.key.same("t", "s");
    let insert = format!(
        "INSERT INTO {table} ({names}) SELECT {} FROM {stage} s \
         WHERE NOT EXISTS (SELECT FROM {table} t WHERE {same})",
        sql::names(&laid.columns, "s.")
    );
    let inserted = transaction.execute(&insert, &[]).await.map_err(refused("insert"))?;
    let beside = laid.beside_the_key();
    let set = beside.iter().map(|told| format!("{0} = s.{0}", sql::name(&told.name)));
    let update = format!(
        "UPDATE {table} t SET {} FROM {stage} s WHERE {same} AND ({}) IS DISTINCT FROM ({})",
        set.collect::<Vec<_>>().join(", "),
        row(&sql::names(&beside, "t.")),
        row(&sql::names(&beside, "s."))
    );
    let updated = transaction.execute(&update, &[]).await.map_err(refused("update"))?;
    for column in found.no_longer_published(laid) {
        let column = sql::name(column);
        let empty = format!("UPDATE {table} SET {column} = NULL WHERE {column} IS NOT NULL");
        transaction.execute(&empty, &[]).await.map_err(refused("empty a column of"))?;
    }
    Ok((inserted, updated))
}

/// Removes who is gone.
pub(super) async fn remove(
    transaction: &Transaction<'_>,
    target: &Target,
    laid: &Laid,
) -> Result<u64, PublishError> {
    let delete = format!(
        "DELETE FROM {} t WHERE NOT EXISTS (SELECT FROM {} s WHERE {})",
        named(target, laid.table.name()),
        laid.stage(),
        laid.key.same("t", "s")
    );
    let refused = PublishError::refused(format!("remove rows of {}", laid.table.name()));
    transaction.execute(&delete, &[]).await.map_err(refused)
}

/// A row of several values, also if it is one.
fn row(names: &str) -> String {
    format!("ROW({names})")
}

/// What a thread that may block writes goes piece by piece to the task that sends it, as fast as that one sends.
struct Pieces(Sender<Bytes>);

impl Write for Pieces {
    fn write(&mut self, rows: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Bytes::copy_from_slice(rows)).map_err(gone)?;
        Ok(rows.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
