//! Parquet that is kept for a while: its length is known only when it is complete, and those who read it do so in parts.
//!
//! Small ones are in memory, others in files without a name, which are gone with the process whatever becomes of it.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Cursor, Read, Seek, SeekFrom, Write},
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};
use moka::{future::Cache, ops::compute::Op};
use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile};
use tokio::{
    task::{JoinError, spawn_blocking},
    time::{Instant, timeout_at},
};

use super::{
    super::{
        asker::CountedAs,
        concurrency::{Full, Places, Wait},
        graphql::Tag,
    },
    deadline::Deadline,
    joint::Joint,
    settings::ExportSettings,
};
use crate::export::{Audience, Export, Fault, Readings};

/// Up to so many bytes are kept in memory.
const IN_MEMORY: usize = 1 << 20;
/// How long an answer is kept that nobody asks for.
const IDLE: Duration = Duration::from_secs(300);
/// How long somebody who has begun to read in parts goes on with the same answer without a word.
const READING: Duration = Duration::from_secs(60);
/// How long whoever reads in parts goes on with an answer from its last moment as the present one. Others who ask with the
/// same credential can't be told from the first, and would keep an old answer for ever.
const OUTDATED: Duration = Duration::from_secs(10 * 60);
/// The most readers that are remembered so.
const MOST_READERS: u64 = 10_000;
/// The most readers of one answer of whom it is remembered that they are taken down.
const MOST_TOLD: usize = 1_000;
/// Bytes that are read from a file at once.
const PIECE: u64 = 256 << 10;

/// What is kept. Cheap to clone.
#[derive(Clone)]
pub(super) struct Shelf {
    answers: Cache<String, Arc<Kept>>,
    /// Those that are being written.
    begun: Joint<Written>,
    /// Whoever reads in parts, and which question's answer, to its name: a new snapshot doesn't change what is being
    /// read.
    readers: Cache<(Arc<str>, String), Begun>,
    most: u64,
}

/// What came of writing an answer.
type Written = Result<Arc<Kept>, Arc<NotKept>>;

/// What somebody has begun to read.
#[derive(Clone)]
struct Begun {
    tag: Tag,
    /// By ranges, or by asking how long it is: the next request is about the same bytes.
    in_parts: bool,
    until: Instant,
}

/// A whole answer.
pub(super) struct Kept {
    /// Of the snapshot that it is from.
    pub(super) version: u64,
    /// How old that was when this was written.
    old: Duration,
    written: Instant,
    bytes: Held,
    readings: Readings,
    /// Who has been taken down for them.
    told: Mutex<HashSet<Arc<str>>>,
}

enum Held {
    Memory(Bytes),
    File { file: Arc<Mutex<File>>, length: u64 },
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotKept {
    #[error("the table has more than {} MiB as Parquet; ask for arrow or csv, or for less by columns or under", .0 >> 20)]
    TooLarge(u64),
    #[error(transparent)]
    Fault(Fault),
    #[error("the writing has ended without an end")]
    BrokenOff,
    #[error(transparent)]
    Full(Full),
}

impl Shelf {
    pub(super) fn new(settings: &ExportSettings) -> Self {
        let answers = Cache::builder()
            .weigher(|_: &String, kept: &Arc<Kept>| {
                u32::try_from(kept.weight() >> 10).unwrap_or(u32::MAX).max(1)
            })
            .max_capacity(settings.kept_bytes >> 10)
            .time_to_idle(IDLE)
            .build();
        let readers = Cache::builder().max_capacity(MOST_READERS).time_to_live(READING).build();
        Self { answers, begun: Joint::default(), readers, most: settings.parquet_bytes }
    }

    /// The answer of this name, if it is here.
    pub(super) async fn get(&self, tag: &Tag) -> Option<Arc<Kept>> {
        self.answers.get(tag.text()).await
    }

    /// The answer of this name, written if it isn't here: once, however many ask, and for as long as any of them waits. So
    /// long as it is written it has a place of the client's who has asked first.
    pub(super) async fn get_or_write(
        &self,
        tag: &Tag,
        (export, old): (Export, Duration),
        places: Places,
        CountedAs(client): CountedAs,
    ) -> Written {
        let (answers, name, most) = (self.answers.clone(), tag.text().to_owned(), self.most);
        let audience = Audience::default();
        let export = export.awaited_by(&audience);
        let written = async move {
            // Kept by whoever waits, of whom one may have had it written a moment ago.
            let _audience = audience;
            if let Some(kept) = answers.get(&name).await {
                return Ok(kept);
            }
            // A task of its own: the place is free when the thread is, not as soon as nobody waits.
            let writing = tokio::spawn(async move {
                let writing = spawn_blocking_in_turn(move || Kept::write(&export, old, most));
                places.within(&client, Wait::Briefly, writing).await
            });
            let written = match writing.await {
                Ok(Ok(Ok(written))) => written,
                Ok(Err(full)) => Err(NotKept::Full(full)),
                Ok(Ok(Err(_))) | Err(_) => Err(NotKept::BrokenOff),
            };
            let kept = Arc::new(written?);
            answers.insert(name, kept.clone()).await;
            Ok(kept)
        };
        self.begun.join(tag.text(), written).await
    }

    /// What this reader has begun to read, if it is still here.
    pub(super) async fn begun(&self, reader: &Arc<str>, question: &str) -> Option<(Tag, Arc<Kept>)> {
        let begun = self.readers.get(&(reader.clone(), question.to_owned())).await?;
        let kept = self.get(&begun.tag).await.filter(|_| Instant::now() < begun.until)?;
        Some((begun.tag, kept))
    }

    /// Remembers what a reader reads now, `in_parts` or whole, and whether it is the present answer. What is being read in
    /// parts isn't taken away by another answer.
    pub(super) async fn reads(
        &self,
        reader: &Arc<str>,
        question: String,
        tag: &Tag,
        in_parts: bool,
        present: bool,
    ) {
        let now = Instant::now();
        let reads = |begun: Option<&Begun>| match begun.filter(|begun| now < begun.until) {
            Some(begun) if begun.tag != *tag && begun.in_parts => None,
            Some(begun) if begun.tag == *tag => Some(Begun {
                tag: tag.clone(),
                in_parts: in_parts || begun.in_parts,
                until: if present { now + OUTDATED } else { begun.until },
            }),
            _ => Some(Begun { tag: tag.clone(), in_parts, until: now + OUTDATED }),
        };
        let reader = self.readers.entry((reader.clone(), question));
        reader
            .and_compute_with(|begun| {
                let reads = reads(begun.as_ref().map(moka::Entry::value));
                std::future::ready(reads.map_or(Op::Nop, Op::Put))
            })
            .await;
    }
}

/// Begins when it is first waited for, not before there is a place.
async fn spawn_blocking_in_turn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    spawn_blocking(work).await
}

impl Kept {
    fn write(export: &Export, old: Duration, most: u64) -> Result<Self, NotKept> {
        let mut readings = Readings::default();
        let mut out = Bounded { spool: spooled_tempfile(IN_MEMORY), left: most };
        let written = export.write(&mut out, |shown, _| readings.add(shown));
        match written {
            Err(Fault::Io(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
                return Err(NotKept::TooLarge(most));
            }
            written => written.map_err(NotKept::Fault)?,
        };
        let bytes = out.held().map_err(|error| NotKept::Fault(error.into()))?;
        let (version, written) = (export.version(), Instant::now());
        Ok(Self { version, old, written, bytes, readings, told: Mutex::default() })
    }

    /// How old the snapshot is that it is from.
    pub(super) fn age(&self) -> Duration {
        self.old + self.written.elapsed()
    }

    pub(super) fn length(&self) -> u64 {
        match &self.bytes {
            Held::Memory(bytes) => bytes.len() as u64,
            Held::File { length, .. } => *length,
        }
    }

    fn weight(&self) -> u64 {
        self.length() + self.readings.bytes() as u64
    }

    /// Contact data that it holds, the first time that this reader reads of it.
    pub(super) fn untold(&self, reader: &Arc<str>) -> Option<&Readings> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if self.readings.bytes() == 0 || told.contains(reader) {
            return None;
        }
        // It is forgotten with the answer, minutes after the last reader. Beyond so many they are taken down each time.
        if told.len() < MOST_TOLD {
            told.insert(reader.clone());
        }
        Some(&self.readings)
    }

    /// These bytes of it, to be sent in their time.
    pub(super) fn body(self: &Arc<Self>, part: Range<u64>, deadline: Deadline) -> Body {
        let file = match &self.bytes {
            Held::Memory(bytes) => {
                // Lengths in memory fit.
                let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                return bytes.slice(place(part.start)..place(part.end)).into();
            }
            Held::File { file, .. } => file.clone(),
        };
        let pieces = stream::try_unfold((part, deadline), move |(part, deadline)| {
            let file = file.clone();
            async move {
                if part.is_empty() {
                    return Ok(None);
                }
                let piece = part.start..part.end.min(part.start + PIECE);
                let rest = piece.end..part.end;
                let reading = spawn_blocking(move || read(&file, piece));
                let bytes = timeout_at(deadline.until, reading).await.map_err(|_| deadline.passed())?;
                Ok::<_, io::Error>(Some((bytes.map_err(io::Error::other)??, (rest, deadline))))
            }
        });
        Body::from_stream(pieces.fuse())
    }
}

fn read(file: &Mutex<File>, piece: Range<u64>) -> io::Result<Bytes> {
    // What reads a place moves to it first, so that whoever failed before does no harm.
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(piece.start))?;
    let length = piece.end - piece.start;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    Read::by_ref(&mut *file).take(length).read_to_end(&mut bytes)?;
    match bytes.len() as u64 == length {
        true => Ok(bytes.into()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Memory, or a file where that would be much, with room for so many bytes.
struct Bounded {
    spool: SpooledTempFile,
    left: u64,
}

impl Bounded {
    fn held(self) -> io::Result<Held> {
        Ok(match self.spool.into_inner() {
            SpooledData::InMemory(bytes) => Held::Memory(Cursor::into_inner(bytes).into()),
            SpooledData::OnDisk(mut file) => {
                let length = file.seek(SeekFrom::End(0))?;
                Held::File { file: Arc::new(Mutex::new(file)), length }
            }
        })
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left.checked_sub(bytes.len() as u64);
        self.left = left.ok_or(io::ErrorKind::FileTooLarge)?;
        self.spool.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.spool.flush()
    }
}
