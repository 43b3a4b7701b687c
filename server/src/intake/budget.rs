//! What the form takes on one day, from everybody together: its senders prove nothing about themselves.
//!
//! The store is what counts, so that a restart gives nobody a second day's share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kua_protocol::id::ObjectId;
use kua_protocol::problem::Kind;
use kua_store::{Cursor, Kind as ObjectKind, Owner, State};

use crate::config::FormBounds;
use crate::error::ApiError;
use crate::state::App;

/// Files and bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Amount {
    files: u64,
    bytes: u64,
}

/// A day's budget, and what is on its way in.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    bounds: FormBounds,
    arriving: Arc<Mutex<Amount>>,
}

/// The room that a file takes while it arrives.
#[derive(Debug)]
pub(crate) struct Share {
    arriving: Arc<Mutex<Amount>>,
    bytes: u64,
}

impl Budget {
    /// A budget of this size.
    pub(crate) fn new(bounds: FormBounds) -> Self {
        Self { bounds, arriving: Arc::default() }
    }

    /// Room for a file of so many bytes.
    ///
    /// # Errors
    ///
    /// [`Kind::TooLarge`] for what no day has room for, [`Kind::FormShut`] when this day has none left,
    /// [`Kind::NoSpace`] and [`Kind::Busy`] when disk or memory are wanted for those who do prove themselves.
    pub(crate) async fn share(&self, app: &App, bytes: u64) -> Result<Share, ApiError> {
        if self.bounds.files == 0 {
            return Err(Kind::FormShut.into());
        }
        if bytes > self.bounds.bytes {
            return Err(Kind::TooLarge.into());
        }
        let status = app.store.status();
        if status.state != State::Writable || status.free_bytes < self.bounds.free_bytes {
            return Err(Kind::NoSpace.into());
        }
        if app.memory.is_tight() {
            return Err(Kind::Busy.into());
        }
        // Before the store is asked: a file that arrives meanwhile counts twice rather than not at all.
        let (share, arriving) = self.take(bytes);
        let kept = kept_today(app, self.bounds.files).await?;
        let fits = arriving.files + kept.files <= self.bounds.files
            && arriving.bytes.saturating_add(kept.bytes) <= self.bounds.bytes;
        if fits { Ok(share) } else { Err(Kind::FormShut.into()) }
    }

    /// A share, and what is on its way with it.
    fn take(&self, bytes: u64) -> (Share, Amount) {
        let mut arriving = lock(&self.arriving);
        arriving.files += 1;
        arriving.bytes = arriving.bytes.saturating_add(bytes);
        (Share { arriving: self.arriving.clone(), bytes }, *arriving)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut arriving = lock(&self.arriving);
        arriving.files -= 1;
        arriving.bytes = arriving.bytes.saturating_sub(self.bytes);
    }
}

fn lock(amount: &Mutex<Amount>) -> MutexGuard<'_, Amount> {
    amount.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came today and belongs to nobody: it came by the form. More than `most` files are not counted.
async fn kept_today(app: &App, most: u64) -> Result<Amount, ApiError> {
    let yesterday = Cursor { day: app.time.today().plus(-1), id: ObjectId::from_bytes([0xff; 32]) };
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    let page = app.store.owned(Owner::Nobody, ObjectKind::Report, Some(yesterday), limit).await?;
    Ok(Amount { files: page.rows.len() as u64, bytes: page.rows.iter().map(|row| row.size).sum() })
}
