//! Batches of rows: filled from the columns, handed on when full.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder},
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use thiserror::Error;

use super::{
    column::{Column, Contact, Kind, Told, Value},
    question::Question,
    writing::Fault,
};
use crate::org::UserId;

/// Contact data in rows that are about to be written: whose, and what. The same user may come again.
pub type Shown = Vec<(UserId, Contact)>;

/// Rows of one batch: enough that columns pay, few enough that a reader hears of them soon.
const ROWS: usize = 2_048;

/// Where batches go.
pub(super) struct Batches<'w> {
    pub(super) schema: SchemaRef,
    pub(super) write: &'w mut dyn FnMut(&RecordBatch, &Shown) -> Result<(), Fault>,
}

/// Why no more rows are wanted.
#[derive(Debug, Error)]
pub(super) enum Stopped {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

/// What batches of these columns are like.
pub(super) fn schema(columns: &[Told]) -> SchemaRef {
    let field = |told: &Told| Field::new(told.name.clone(), data_type(told.kind), told.nullable);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Boolean => DataType::Boolean,
        Kind::Moment => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
    }
}

/// Fills batch after batch with `rows`; `of` tells whom a row is about.
pub(super) fn fill<R>(
    columns: Vec<Column<R>>,
    rows: impl Iterator<Item = R>,
    of: impl Fn(&R) -> Option<&str>,
    question: &Question,
    batches: &mut Batches<'_>,
) -> Result<(), Stopped> {
    let columns = question.choose(columns, |column| &column.told);
    let mut cells: Vec<Cells> = columns.iter().map(|column| Cells::of(column.told.kind)).collect();
    let (mut shown, mut filled) = (Shown::new(), 0);
    let mut hand_on = |cells: &mut Vec<Cells>, shown: &mut Shown| -> Result<(), Stopped> {
        let arrays = cells.iter_mut().map(Cells::finish).collect();
        let batch = RecordBatch::try_new(batches.schema.clone(), arrays)?;
        (batches.write)(&batch, shown)?;
        shown.clear();
        Ok(())
    };
    for row in rows {
        for (column, cells) in columns.iter().zip(&mut cells) {
            let value = column.value.get(&row);
            if let (Some((contact, shows)), false) = (column.shows, matches!(value, Value::None))
                && shows(&row)
                && let Some(user) = of(&row)
            {
                let told = shown.last().filter(|(last, _)| last.as_str() == user);
                shown.push((told.map_or_else(|| UserId::new(user), |(user, _)| user.clone()), contact));
            }
            cells.push(value);
        }
        filled += 1;
        if filled == ROWS {
            hand_on(&mut cells, &mut shown)?;
            filled = 0;
        }
    }
    if filled > 0 {
        hand_on(&mut cells, &mut shown)?;
    }
    Ok(())
}

/// The values of one column that is being filled.
enum Cells {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Moment(TimestampMillisecondBuilder),
}

impl Cells {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Boolean => Self::Boolean(BooleanBuilder::new()),
            Kind::Moment => {
                Self::Moment(TimestampMillisecondBuilder::new().with_data_type(data_type(Kind::Moment)))
            }
        }
    }

    /// A value of another kind than the column's is none, which a column that has to have one refuses.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Text(cells), Value::Text(text)) => cells.append_value(text),
            (Self::Text(cells), _) => cells.append_null(),
            (Self::Integer(cells), Value::Integer(number)) => cells.append_value(number),
            (Self::Integer(cells), _) => cells.append_null(),
            (Self::Number(cells), Value::Number(number)) => cells.append_value(number),
            (Self::Number(cells), _) => cells.append_null(),
            (Self::Boolean(cells), Value::Boolean(is)) => cells.append_value(is),
            (Self::Boolean(cells), _) => cells.append_null(),
            (Self::Moment(cells), Value::Moment(moment)) => cells.append_value(moment.as_millisecond()),
            (Self::Moment(cells), _) => cells.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(cells) => Arc::new(cells.finish()),
            Self::Integer(cells) => Arc::new(cells.finish()),
            Self::Number(cells) => Arc::new(cells.finish()),
            Self::Boolean(cells) => Arc::new(cells.finish()),
            Self::Moment(cells) => Arc::new(cells.finish()),
        }
    }
}
