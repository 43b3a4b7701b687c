//! Trying again when the line breaks: later every time, and not for ever.

use std::time::{Duration, Instant};

use kua_protocol::problem::Kind;

use crate::error::Error;

/// The first and the longest pause between two tries.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// A drop that says so often in a row that it failed will not do better.
const MOST_FAILURES: u32 = 2;

/// Tries in a row that brought nothing.
pub(super) struct Tries {
    since: Instant,
    pause: Duration,
    patience: Duration,
    failures: u32,
}

impl Tries {
    /// Gives up after so long without success.
    pub(super) fn for_at_most(patience: Duration) -> Self {
        Self { since: Instant::now(), pause: PAUSES.0, patience, failures: 0 }
    }

    /// Something came of it: it counts from here again.
    pub(super) fn succeeded(&mut self) {
        *self = Self::for_at_most(self.patience);
    }

    /// Waits, longer every time and never as long as others who were cut at the same moment.
    ///
    /// # Errors
    ///
    /// The error itself when it will not pass, or patience is over.
    pub(super) async fn pause(&mut self, error: Error, waiting: impl FnOnce()) -> Result<(), Error> {
        if is_failure(&error) {
            self.failures += 1;
        }
        if !passes(&error) || self.since.elapsed() > self.patience || self.failures > MOST_FAILURES {
            return Err(error);
        }
        waiting();
        let mut jitter = [0];
        getrandom::fill(&mut jitter).map_err(|error| Error::System(error.to_string()))?;
        tokio::time::sleep(self.pause / 2 + self.pause * u32::from(jitter[0]) / 255).await;
        self.pause = (self.pause * 2).min(PAUSES.1);
        Ok(())
    }
}

/// Whether the drop itself failed, and was not only away or busy.
fn is_failure(error: &Error) -> bool {
    matches!(error, Error::Problem(problem) if problem.kind == Kind::Internal)
}

/// Whether an error may be over in a while.
fn passes(error: &Error) -> bool {
    match error {
        Error::Unreachable { .. } => true,
        Error::Problem(problem) => {
            let of_upload = [Kind::TimedOut, Kind::OtherBody, Kind::OtherOffset, Kind::UploadTaken];
            problem.status >= 500 && ![Kind::NoSpace, Kind::Damaged].contains(&problem.kind)
                || of_upload.contains(&problem.kind)
        }
        _ => false,
    }
}
