//! Many zeros in few bytes.

use std::{
    io::Write,
    sync::{Mutex, PoisonError},
};

use axum::body::Bytes;
use flate2::{Compression, write::GzEncoder};

const MEBIBYTE: usize = 1024 * 1024;

/// The last one made: packing takes a while, and one size is what is asked for.
static MADE: Mutex<Option<(u64, Bytes)>> = Mutex::new(None);

/// So many MiB of zeros, packed. Takes no more memory than what comes out.
pub(super) fn gzip(mebibytes: u64) -> Bytes {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*made {
        Some((size, bytes)) if *size == mebibytes => bytes.clone(),
        _ => {
            let bytes = pack(mebibytes);
            *made = Some((mebibytes, bytes.clone()));
            bytes
        }
    }
}

fn pack(mebibytes: u64) -> Bytes {
    let zeros = vec![0; MEBIBYTE];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = (0..mebibytes).try_for_each(|_| encoder.write_all(&zeros));
    // Writing to memory can't fail.
    written.and_then(|()| encoder.finish()).unwrap_or_default().into()
}
