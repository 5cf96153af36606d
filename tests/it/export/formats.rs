//! The formats hold the same rows, and ids come through all of them.

use std::{collections::BTreeMap, io::Cursor};

use arrow_array::{
    Array, RecordBatch,
    cast::AsArray,
    types::{Float64Type, Int64Type, TimestampMillisecondType},
};
use arrow_ipc::reader::StreamReader;
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;
use orgraph::{
    export::{Kind, Table},
    simulator::{SimUser, Workspace},
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Row, body, get, header, rows};
use crate::{
    roles::people::tangled,
    support::{Service, shipped_company},
};

fn of_batches(batches: impl Iterator<Item = RecordBatch>) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in batches {
        let schema = batch.schema();
        for at in 0..batch.num_rows() {
            let value = |array: &dyn Array| match array.data_type() {
                _ if array.is_null(at) => Value::Null,
                DataType::Utf8 => json!(array.as_string::<i32>().value(at)),
                DataType::Int64 => json!(array.as_primitive::<Int64Type>().value(at)),
                DataType::Float64 => json!(array.as_primitive::<Float64Type>().value(at)),
                DataType::Boolean => json!(array.as_boolean().value(at)),
                DataType::Timestamp(TimeUnit::Millisecond, Some(zone)) if &**zone == "UTC" => {
                    let millis = array.as_primitive::<TimestampMillisecondType>().value(at);
                    json!(Timestamp::from_millisecond(millis).unwrap().to_string())
                }
                other => panic!("{other}"),
            };
            let fields = schema.fields().iter().zip(batch.columns());
            rows.push(fields.map(|(field, array)| (field.name().clone(), value(array))).collect());
        }
    }
    rows
}

fn of_csv(text: &[u8], table: Table) -> Vec<Row> {
    let kinds: BTreeMap<String, Kind> =
        table.columns().into_iter().map(|told| (told.name.into_owned(), told.kind)).collect();
    let mut reader = csv::Reader::from_reader(text);
    let names = reader.headers().unwrap().clone();
    let value = |kind: Kind, text: &str| match kind {
        _ if text.is_empty() => Value::Null,
        Kind::Text | Kind::Moment => json!(text),
        Kind::Integer => json!(text.parse::<i64>().unwrap()),
        Kind::Number => json!(text.parse::<f64>().unwrap()),
        Kind::Boolean => json!(text.parse::<bool>().unwrap()),
    };
    let row = |record: csv::StringRecord| {
        names.iter().zip(&record).map(|(name, text)| (name.to_owned(), value(kinds[name], text))).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Numbers as numbers, however they are written.
fn plain(rows: Vec<Row>) -> Vec<Row> {
    let number = |value: Value| match value.as_f64() {
        Some(number) => json!(number),
        None => value,
    };
    rows.into_iter().map(|row| row.into_iter().map(|(name, value)| (name, number(value))).collect()).collect()
}

#[tokio::test]
async fn every_table_is_the_same_in_every_format() {
    let chance = &mut fastrand::Rng::with_seed(3);
    for people in [shipped_company(), Workspace::new(tangled(150, chance)), Workspace::new(Vec::new())] {
        let service = Service::over(people).await;
        for table in Table::ALL {
            let name = table.name();
            let expected = plain(rows(&service.client, name, "").await);
            let parquet = body(&service.client, &format!("{name}.parquet")).await;
            let parquet = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(parquet)).unwrap();
            let parquet = parquet.build().unwrap().map(Result::unwrap);
            assert_eq!(plain(of_batches(parquet)), expected, "{name}");
            let arrow = body(&service.client, &format!("{name}.arrow")).await;
            let arrow = StreamReader::try_new(Cursor::new(arrow), None).unwrap().map(Result::unwrap);
            assert_eq!(plain(of_batches(arrow)), expected, "{name}");
            let csv = body(&service.client, &format!("{name}.csv")).await;
            assert_eq!(plain(of_csv(&csv, table)), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn what_a_spreadsheet_would_run_is_text_where_asked() {
    let user = |id: &str, title: &str| SimUser { title: Some(title.to_owned()), ..SimUser::new(id) };
    let people = vec![
        user("18446744073709551615", "=HYPERLINK(\"http://x\")"),
        user("09223372036854775808", "+1, \"two\"\nlines"),
        user("3", "@SUM(A1)"),
        user("4", "-2"),
        user("5", "\tx"),
        user("6", "Plain"),
        user("7", "Plain;too"),
    ];
    let service = Service::over(Workspace::new(people)).await;
    let told = async |query: &str| {
        let text = body(&service.client, &format!("users.csv?columns=id,title&{query}")).await;
        let (bom, text) = match text.strip_prefix(b"\xef\xbb\xbf") {
            Some(text) => (true, text.to_vec()),
            None => (false, text),
        };
        let rows: BTreeMap<String, String> = of_csv(&text, Table::Users)
            .iter()
            .map(|row| (row["id"].as_str().unwrap().to_owned(), row["title"].as_str().unwrap().to_owned()))
            .collect();
        (bom, rows)
    };
    let (bom, raw) = told("").await;
    assert!(!bom);
    assert_eq!(raw["18446744073709551615"], "=HYPERLINK(\"http://x\")");
    assert_eq!(raw["09223372036854775808"], "+1, \"two\"\nlines");
    let (bom, safe) = told("safe=true&bom=true").await;
    assert!(bom);
    let quoted = body(&service.client, "users.csv?columns=title&safe=true").await;
    assert!(String::from_utf8(quoted).unwrap().contains("\n\"Plain;too\"\n"));
    for (id, title) in &raw {
        let expected = if title.starts_with("Plain") { title.clone() } else { format!("'{title}") };
        assert_eq!(safe[id], expected);
    }
}

#[tokio::test]
async fn text_is_compressed_and_parquet_is_not() {
    let service = Service::over(shipped_company()).await;
    for (file, compressed) in
        [("users.csv", true), ("users.ndjson", true), ("users.parquet", false), ("users.arrow", false)]
    {
        let response = get(&service.client, file, &[("accept-encoding", "gzip")]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers().contains_key("content-encoding"), compressed, "{file}");
        assert_eq!(header(&response, "content-disposition"), format!("attachment; filename=\"{file}\""));
        let length = response.content_length();
        let bytes = response.bytes().await.unwrap();
        if compressed {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*bytes), &mut text).unwrap();
            assert_eq!(text.into_bytes(), body(&service.client, file).await);
        } else {
            assert_eq!(bytes, body(&service.client, file).await);
        }
        if file.ends_with("parquet") {
            assert_eq!(length, Some(bytes.len() as u64));
        }
    }
}
