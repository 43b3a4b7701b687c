//! Which calls fail: the same ones for the same seed.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::StoreError;

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Nothing was done.
    Before,
    /// Everything was done, and the word of it was lost.
    After,
}

/// Failures at random, or none.
#[derive(Debug, Default)]
pub(super) struct Failures(Mutex<Option<Dice>>);

/// A xorshift generator (Marsaglia, "Xorshift RNGs", 2003), and of how many calls one fails.
#[derive(Debug)]
struct Dice {
    state: u64,
    one_in: u64,
}

impl Failures {
    /// Fails about one of so many calls from now on.
    pub(super) fn begin(&self, seed: u64, one_in: u64) {
        let state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        self.set(Some(Dice { state, one_in: one_in.max(1) }));
    }

    /// Fails no more.
    pub(super) fn end(&self) {
        self.set(None);
    }

    fn set(&self, dice: Option<Dice>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = dice;
    }

    /// The failure of the next call, if it fails.
    pub(super) fn next(&self) -> Option<Moment> {
        let mut dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Dice { state, one_in } = dice.as_mut()?;
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        let thrown = *state >> 33;
        let moment = if thrown & 1 == 0 { Moment::Before } else { Moment::After };
        (thrown >> 1).is_multiple_of(*one_in).then_some(moment)
    }
}

/// The error of a call that fails.
pub(super) fn failed() -> StoreError {
    StoreError::Io(io::Error::other("a test wants this to fail"))
}
