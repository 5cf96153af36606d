//! Documents that clients have sent before.

use std::sync::Arc;

use moka::sync::Cache;

use super::Hash;

/// What an entry costs beside its text, in bytes: hash, counters and links.
const ENTRY: usize = 256;

/// Texts by their hash; those that nobody asks for make room for new ones.
pub(super) struct Memory(Cache<Hash, Arc<str>>);

impl Memory {
    /// Room for so many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        let weigh =
            |_: &Hash, text: &Arc<str>| u32::try_from(text.len().saturating_add(ENTRY)).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(bytes).weigher(weigh).build())
    }

    pub(super) fn find(&self, hash: &Hash) -> Option<Arc<str>> {
        self.0.get(hash)
    }

    pub(super) fn keep(&self, hash: Hash, text: Arc<str>) {
        self.0.insert(hash, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_bytes_and_no_more() {
        let memory = Memory::new(10_000);
        for n in 0..100_u8 {
            memory.keep([n; 32], "x".repeat(1_000).into());
        }
        memory.0.run_pending_tasks();
        assert!(memory.0.weighted_size() <= 10_000);
        assert!((1..=7).contains(&memory.0.entry_count()), "{}", memory.0.entry_count());
        memory.keep([200; 32], "y".repeat(20_000).into());
        memory.0.run_pending_tasks();
        assert!(memory.find(&[200; 32]).is_none(), "larger than all there is");
    }
}
