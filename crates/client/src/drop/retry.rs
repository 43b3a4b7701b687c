//! Trying again: one policy for every request that sends something (protocol, "Trying again").

use std::time::{Duration, Instant};

use kua_protocol::problem::{
    MOST_FAILURES, PATIENCE_SECONDS, PAUSES_MS, PORTIONS, Retry, SUCCESSES_UNTIL_LARGER,
};

use crate::error::Error;

/// The time without progress after which sending is given up.
pub(super) const PATIENCE: Duration = Duration::from_secs(PATIENCE_SECONDS);

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
        Self { since: Instant::now(), pause: Duration::from_millis(PAUSES_MS.0), patience, failures: 0 }
    }

    /// Counts from here again: something came of it.
    pub(super) fn succeeded(&mut self) {
        *self = Self::for_at_most(self.patience);
    }

    /// Waits, longer every time and never as long as others who were cut at the same moment.
    ///
    /// # Errors
    ///
    /// The error itself when it will not pass, or patience is over.
    pub(super) async fn pause(&mut self, error: Error, waiting: impl FnOnce()) -> Result<(), Error> {
        let retry = retry_of(&error);
        self.failures += u32::from(retry == Retry::Few);
        let is_over = self.since.elapsed() > self.patience || self.failures >= MOST_FAILURES;
        if retry == Retry::Never || is_over {
            return Err(error);
        }
        waiting();
        let mut jitter = [0];
        getrandom::fill(&mut jitter).map_err(|error| Error::System(error.to_string()))?;
        tokio::time::sleep(self.pause / 2 + self.pause * u32::from(jitter[0]) / 255).await;
        self.pause = (self.pause * 2).min(Duration::from_millis(PAUSES_MS.1));
        Ok(())
    }
}

/// Says whether what was sent may be sent again after this error.
pub(super) fn retry_of(error: &Error) -> Retry {
    match error {
        Error::Unreachable { .. } => Retry::Wait,
        Error::Problem(problem) => problem.kind.retry(),
        Error::Interposed { status, .. } => Retry::of_status(*status),
        _ => Retry::Never,
    }
}

/// The size of an upload's portions, by what the line bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PortionSize {
    bytes: usize,
    /// Portions of this size that got through in a row.
    successes: u32,
}

impl PortionSize {
    /// Begins with the largest portions: on a line that bears them nothing is faster.
    pub(super) fn largest() -> Self {
        Self { bytes: PORTIONS.1, successes: 0 }
    }

    /// Gives the bytes of the next portion.
    pub(super) fn bytes(self) -> usize {
        self.bytes
    }

    /// Halves it: a smaller portion may get through where this one did not.
    pub(super) fn failed(&mut self) {
        *self = Self { bytes: (self.bytes / 2).max(PORTIONS.0), successes: 0 };
    }

    /// Doubles it once it has got through several times: what just failed would fail again.
    pub(super) fn succeeded(&mut self) {
        self.successes += 1;
        if self.successes == SUCCESSES_UNTIL_LARGER {
            *self = Self { bytes: (self.bytes * 2).min(PORTIONS.1), successes: 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_grow_and_shrink_as_the_vectors_say() {
        let vectors = include_str!("../../../../tests/vectors/behaviour/retry.json");
        let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
        for case in vectors["sizes"].as_array().unwrap() {
            let mut size = PortionSize::largest();
            for what in case["after"].as_str().unwrap().chars() {
                if what == 's' { size.succeeded() } else { size.failed() }
            }
            assert_eq!(case["bytes"], size.bytes(), "{case}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_drop_that_fails_is_believed_the_third_time_and_one_that_is_full_is_waited_for() {
        use kua_protocol::problem::{Kind, Problem};

        let problem = |kind: Kind| Error::Problem(Box::new(Problem::from(kind)));
        let mut tries = Tries::for_at_most(PATIENCE);
        assert!(tries.pause(problem(Kind::Internal), || {}).await.is_ok());
        assert!(tries.pause(problem(Kind::Internal), || {}).await.is_ok());
        assert!(tries.pause(problem(Kind::Internal), || {}).await.is_err());
        tries.succeeded();
        for _ in 0..50 {
            assert!(tries.pause(problem(Kind::NoSpace), || {}).await.is_ok());
        }
        for kind in [Kind::TooLarge, Kind::MailboxFull, Kind::CaseFull, Kind::Damaged, Kind::NotOpen] {
            assert!(Tries::for_at_most(PATIENCE).pause(problem(kind), || {}).await.is_err(), "{kind}");
        }
    }
}
