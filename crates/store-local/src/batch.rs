//! How long a batch of frames gets that is written and made durable at once.

use kua_store::MAX_OBJECT_LEN;

use crate::segments::frame::HEADER_LEN;

/// Most frames of a batch.
pub(crate) const MAX_FRAMES: usize = 256;
/// Bytes with which a batch is closed.
pub(crate) const MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Most bytes of a batch: what was the last to come may be large.
pub(crate) const LONGEST_BATCH: u64 =
    MAX_BYTES + MAX_OBJECT_LEN + (2 + MAX_FRAMES as u64) * HEADER_LEN as u64;
