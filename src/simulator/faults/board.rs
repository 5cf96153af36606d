//! What is switched on, and how often it has struck.

use std::{
    array,
    convert::Infallible,
    ops::Deref,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use axum::{extract::FromRequestParts, http::request::Parts};
use thiserror::Error;
use tokio::{sync::watch, time::Instant};

use super::{kind::FaultKind, script::Fault, target::Call};

/// The most faults that can be switched on at once.
const MOST: usize = 64;

/// The faults of a simulator: switch them on and off while it runs. Clones are the same faults.
#[derive(Clone)]
pub struct Faults(Arc<Board>);

struct Board {
    entries: RwLock<Vec<Arc<Entry>>>,
    /// By kind, since the simulator began.
    struck: [AtomicU64; FaultKind::ALL.len()],
    /// Changes whenever faults are switched off, so that calls which they hold up come to an end.
    lifted: watch::Sender<()>,
}

struct Entry {
    fault: Fault,
    since: Instant,
    calls: AtomicU64,
    struck: AtomicU64,
}

/// A fault that is switched on.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveFault {
    /// The fault.
    pub fault: Fault,
    /// How often it has struck since it was switched on.
    pub struck: u64,
}

/// There are as many faults as there can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("at most {MOST} faults can be switched on at once")]
pub struct TooManyFaults;

impl Faults {
    /// None.
    pub(in super::super) fn none() -> Self {
        let struck = array::from_fn(|_| AtomicU64::new(0));
        let (lifted, _) = watch::channel(());
        Self(Arc::new(Board { entries: RwLock::default(), struck, lifted }))
    }

    /// Switches one on, beside those that are on.
    ///
    /// # Errors
    /// If there are 64 already.
    pub fn add(&self, fault: impl Into<Fault>) -> Result<(), TooManyFaults> {
        self.extend([fault.into()])
    }

    /// Switches several on, all of them or none.
    ///
    /// # Errors
    /// If that would make more than 64.
    pub fn extend(&self, faults: impl IntoIterator<Item = Fault>) -> Result<(), TooManyFaults> {
        let new = entries(faults)?;
        let mut entries = self.0.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() + new.len() > MOST {
            return Err(TooManyFaults);
        }
        entries.extend(new);
        Ok(())
    }

    /// Switches these on and all others off.
    ///
    /// # Errors
    /// If there are more than 64; then nothing changes.
    pub fn set(&self, faults: impl IntoIterator<Item = Fault>) -> Result<(), TooManyFaults> {
        let new = entries(faults)?;
        *self.0.entries.write().unwrap_or_else(PoisonError::into_inner) = new;
        self.0.lifted.send_replace(());
        Ok(())
    }

    /// Switches all off. Calls that are held up by one end at once.
    pub fn clear(&self) {
        self.0.entries.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.0.lifted.send_replace(());
    }

    /// What is switched on, in the order in which it was.
    pub fn active(&self) -> Vec<ActiveFault> {
        let active = |entry: &Arc<Entry>| ActiveFault {
            fault: entry.fault.clone(),
            struck: entry.struck.load(Relaxed),
        };
        self.0.entries.read().unwrap_or_else(PoisonError::into_inner).iter().map(active).collect()
    }

    /// How often a kind has struck since the simulator began.
    pub fn struck(&self, kind: FaultKind) -> u64 {
        self.0.struck[kind as usize].load(Relaxed)
    }

    /// Whether nothing is switched on.
    pub(super) fn is_quiet(&self) -> bool {
        self.0.entries.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// What may strike this call.
    pub(super) fn on(&self, call: Call) -> Strikes {
        let entries = self.0.entries.read().unwrap_or_else(PoisonError::into_inner);
        let may_strike = |entry: &Arc<Entry>| {
            let conditions = &entry.fault.conditions;
            let number = conditions.counts(&call).then(|| entry.calls.fetch_add(1, Relaxed) + 1)?;
            conditions.hold(&call, number, entry.since.elapsed()).then(|| (Arc::clone(entry), number))
        };
        let entries = entries.iter().filter_map(may_strike).collect();
        // Under the lock: nothing is switched off unseen.
        let lifted = self.0.lifted.subscribe();
        Strikes(Some(Arc::new(OneCall { entries, call, faults: self.clone(), lifted })))
    }
}

fn entries(faults: impl IntoIterator<Item = Fault>) -> Result<Vec<Arc<Entry>>, TooManyFaults> {
    let entry = |fault| {
        let (calls, struck) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Entry { fault, since: Instant::now(), calls, struck })
    };
    let entries: Vec<_> = faults.into_iter().take(MOST + 1).map(entry).collect();
    if entries.len() > MOST { Err(TooManyFaults) } else { Ok(entries) }
}

/// The faults that may strike one call; none unless faults are switched on.
#[derive(Clone, Default)]
pub(in super::super) struct Strikes(Option<Arc<OneCall>>);

struct OneCall {
    /// Each with the number of the call as it counts calls, from 1.
    entries: Vec<(Arc<Entry>, u64)>,
    call: Call,
    faults: Faults,
    lifted: watch::Receiver<()>,
}

impl Strikes {
    /// The call, if there is anything that may strike it.
    pub(super) fn call(&self) -> Option<&Call> {
        self.0.as_deref().filter(|call| !call.entries.is_empty()).map(|call| &call.call)
    }

    /// The faults, in the order in which they were switched on.
    pub(super) fn faults<'a>(&'a self) -> impl Iterator<Item = Armed<'a>> {
        let armed = |call: &'a OneCall| {
            let armed = |(entry, number): &'a (Arc<Entry>, u64)| Armed {
                entry,
                number: *number,
                faults: &call.faults,
            };
            call.entries.iter().map(armed)
        };
        self.0.as_deref().into_iter().flat_map(armed)
    }

    /// Strikes with the first fault of this kind.
    pub(super) fn strike_with(&self, kind: FaultKind) -> bool {
        self.faults().any(|fault| fault.kind == kind && fault.strikes())
    }

    /// Done when faults are switched off.
    pub(super) fn lifted(&self) -> impl Future<Output = ()> + Send + use<> {
        let lifted = self.0.as_ref().map(|call| call.lifted.clone());
        async move {
            match lifted {
                Some(mut lifted) => _ = lifted.changed().await,
                None => std::future::pending().await,
            }
        }
    }
}

/// A fault that may strike a call. It has to [`strike`](Self::strikes) before it does its work.
#[derive(Clone, Copy)]
pub(super) struct Armed<'a> {
    entry: &'a Entry,
    number: u64,
    faults: &'a Faults,
}

impl Armed<'_> {
    /// Whether something has been asked for before this call, so that a change comes in the middle; or the
    /// script says itself when it comes.
    pub(super) fn is_in_the_middle(self) -> bool {
        self.number > 1 || self.conditions.page.is_some() || self.conditions.call.is_some()
    }

    /// Whether it may strike once more; if so, that is counted.
    pub(super) fn strikes(self) -> bool {
        let times = self.conditions.times.unwrap_or(u64::MAX);
        let once_more = |struck: u64| (struck < times).then_some(struck + 1);
        let strikes = self.entry.struck.fetch_update(Relaxed, Relaxed, once_more).is_ok();
        if strikes {
            self.faults.0.struck[self.kind as usize].fetch_add(1, Relaxed);
        }
        strikes
    }
}

impl Deref for Armed<'_> {
    type Target = Fault;

    fn deref(&self) -> &Fault {
        &self.entry.fault
    }
}

impl<S: Sync> FromRequestParts<S> for Strikes {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
