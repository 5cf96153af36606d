//! A publication without people: whether there will be anything in the way of one, before Gong is read for it.

use tokio::time::timeout;
use tokio_postgres::Transaction;

use super::{
    PublishError, Target,
    found::Found,
    layout::{self, named},
    merge,
    session::{self, Session},
    tables::{self, Laid, SNAPSHOT},
    transaction::{LONGEST, TURN, settle},
};

/// What a table that is there has to allow. A right to some of the columns will do, if they are those.
const RIGHTS: &str = "SELECT c.relname::text, pg_has_role(c.relowner, 'USAGE'), concat_ws(', ', \
    CASE WHEN NOT has_any_column_privilege(c.oid, 'SELECT') THEN 'SELECT' END, \
    CASE WHEN NOT has_any_column_privilege(c.oid, 'INSERT') THEN 'INSERT' END, \
    CASE WHEN NOT has_any_column_privilege(c.oid, 'UPDATE') THEN 'UPDATE' END, \
    CASE WHEN NOT has_table_privilege(c.oid, 'DELETE') THEN 'DELETE' END) \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = $1 AND c.relname::text = ANY($2)";

/// Goes as far as a publication does without rows: connects, looks at what is there and at what the role may do, makes what
/// is missing and takes it back. It waits for nobody, and holds up nobody who reads.
///
/// # Errors
/// If the database can't be used, holds something else under the names, or the role may not write.
pub async fn rehearse(target: &Target) -> Result<(), PublishError> {
    timeout(LONGEST, connected(target)).await.unwrap_or(Err(PublishError::TooLong(LONGEST)))
}

async fn connected(target: &Target) -> Result<(), PublishError> {
    let laid = tables::all(target)?;
    let mut session = Session::open(target).await?;
    let rehearsed = attempt(&mut session, target, &laid).await;
    rehearsed.map_err(|error| session.explain(error))
}

async fn attempt(session: &mut Session, target: &Target, laid: &[Laid]) -> Result<(), PublishError> {
    let begun = session.client.transaction().await;
    let transaction = begun.map_err(PublishError::refused("begin a transaction"))?;
    session::check(&transaction, target).await?;
    settle(&transaction).await?;
    let alone = is_alone(&transaction, target).await?;
    let found = Found::look(&transaction, target, laid).await?;
    hold_rights(&transaction, target, laid, &found).await?;
    for laid in laid {
        merge::make_room(&transaction, laid).await?;
    }
    // Whoever publishes there at this moment makes what is missing.
    if alone {
        layout::complete(&transaction, target, laid, &found).await?;
    }
    transaction.rollback().await.map_err(PublishError::refused("take a transaction back"))
}

async fn is_alone(transaction: &Transaction<'_>, target: &Target) -> Result<bool, PublishError> {
    let lock = format!("SELECT pg_try_advisory_xact_lock({TURN})");
    let row = transaction.query_one(&lock, &[&target.schema]).await;
    Ok(row.map_err(PublishError::refused("say whether anybody else publishes"))?.get(0))
}

/// Refuses tables into which the role may not write, or to which it would have to add columns and may not.
async fn hold_rights(
    transaction: &Transaction<'_>,
    target: &Target,
    laid: &[Laid],
    found: &Found,
) -> Result<(), PublishError> {
    let names: Vec<&str> = laid.iter().map(|laid| laid.table.name()).chain([SNAPSHOT]).collect();
    let rows = transaction.query(RIGHTS, &[&target.schema, &names]).await;
    for row in rows.map_err(PublishError::refused("say what the role may do"))? {
        let (name, is_owner, mut missing): (String, bool, String) = (row.get(0), row.get(1), row.get(2));
        let narrow = laid.iter().any(|laid| laid.table.name() == name && layout::is_narrow(laid, found));
        if narrow && !is_owner {
            missing = "its ownership, and columns have to be added".to_owned();
        }
        if !missing.is_empty() {
            return Err(PublishError::Rights { name: named(target, &name), missing });
        }
    }
    Ok(())
}
