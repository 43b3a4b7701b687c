//! Every limit of what is read and written over connections, made from the configuration. Whoever reads takes its figures
//! from here.
//!
//! An answer is written as fast as its reader takes it, a part at a time; no rule ends one that is not taken.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Config;

/// Bytes that all bodies held in memory may take together at a time.
const BODIES: usize = 64 << 20;
/// How long open requests may take to end once the drop was told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How long nobody is let in after one could not be: out of file descriptors, most likely, so that others have to end first.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bytes up to which a body is read although nobody wants it: somewhat more than the largest report in one request.
const UNWANTED: u64 = 2 << 20;
/// The same of an upload: somewhat more than a portion.
const UNWANTED_PORTION: u64 = 9 << 20;
/// The same of the form: a film that somebody chose by mistake. A browser shows no answer before it has sent everything.
const UNWANTED_FILE: u64 = 64 << 20;
/// How long more of an upload's unwanted bytes is waited for.
const PAUSE: Duration = Duration::from_secs(2);

/// Bytes of an upload that are gathered before they go to the disk, as long as they come without a pause.
pub(crate) const GATHERED: usize = 256 << 10;
/// Bytes of an upload after which what was written is made durable, so that a cut costs no more.
pub(crate) const PORTION: u64 = 8 << 20;
/// Bytes of an answer that are read from the disk at a time.
pub(crate) const ANSWER_PART: u64 = 256 << 10;
/// Most bytes of a form before its file: a line and a few header fields, of which one has the file's name.
pub(crate) const FORM_HEAD: usize = 16 << 10;

/// The limits of a listener, and of what is read from its connections.
#[derive(Debug, Clone, Copy)]
pub struct HttpLimits {
    /// Most connections at a time.
    pub connections: usize,
    /// How long a request's header may take to arrive.
    pub header: Duration,
    /// How long a request that is held in memory may take to arrive whole.
    pub request: Duration,
    /// How much of any other body has to arrive.
    pub progress: ProgressRule,
    /// Bytes that all bodies held in memory may take together at a time.
    pub bodies: usize,
    /// How long open requests may take to end once the drop was told to stop.
    pub drain: Duration,
}

/// How much of a body that nobody wants is read, so that its sender gets to see the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwanted {
    /// Most bytes.
    pub bytes: u64,
    /// How long more is waited for.
    pub pause: Duration,
}

impl HttpLimits {
    /// The limits of this configuration.
    pub fn of(config: &Config) -> Self {
        Self {
            connections: config.max_connections,
            header: Duration::from_secs(config.header_seconds),
            request: Duration::from_secs(config.request_seconds),
            progress: ProgressRule {
                time: Duration::from_secs(config.progress_seconds),
                bytes: config.progress_bytes,
            },
            bodies: BODIES,
            drain: DRAIN,
        }
    }

    /// What is read of a body that goes to an address which wants none, or no more.
    pub(crate) fn unwanted(&self) -> Unwanted {
        Unwanted { bytes: UNWANTED, pause: self.request }
    }

    /// The same of a portion of an upload.
    pub(crate) fn unwanted_portion(&self) -> Unwanted {
        Unwanted { bytes: UNWANTED_PORTION, pause: PAUSE.min(self.request) }
    }

    /// The same of the form with its file.
    pub(crate) fn unwanted_file(&self) -> Unwanted {
        Unwanted { bytes: UNWANTED_FILE, pause: self.request }
    }
}

/// The rule for whatever may take long: so many bytes within so much time, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressRule {
    /// The time.
    pub time: Duration,
    /// How many bytes have to come within it.
    pub bytes: u64,
}

/// A body under a [`ProgressRule`].
#[derive(Debug)]
pub(crate) struct Progress {
    rule: ProgressRule,
    /// By when enough has to have come.
    by: Instant,
    /// How much has come since the rule was last kept.
    bytes: u64,
}

/// Too little came in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stalled;

impl Progress {
    /// Begins now.
    pub(crate) fn under(rule: ProgressRule) -> Self {
        Self { rule, by: Instant::now() + rule.time, bytes: 0 }
    }

    /// By when more has to have come.
    pub(crate) fn deadline(&self) -> Instant {
        self.by
    }

    /// Counts bytes that came; enough of them begin the time anew.
    pub(crate) fn count(&mut self, bytes: u64) -> Result<(), Stalled> {
        self.bytes += bytes;
        if self.bytes >= self.rule.bytes {
            *self = Self::under(self.rule);
        } else if Instant::now() >= self.by {
            return Err(Stalled);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const RULE: ProgressRule = ProgressRule { time: Duration::from_mins(1), bytes: 4096 };

    #[tokio::test(start_paused = true)]
    async fn what_trickles_stalls_however_often_something_comes() {
        let mut progress = Progress::under(RULE);
        for _ in 0..59 {
            advance(Duration::from_secs(1)).await;
            assert_eq!(progress.count(10), Ok(()));
        }
        advance(Duration::from_secs(1)).await;
        assert_eq!(progress.count(10), Err(Stalled));
    }

    #[tokio::test(start_paused = true)]
    async fn enough_bytes_begin_the_time_anew() {
        let mut progress = Progress::under(RULE);
        for _ in 0..100 {
            advance(Duration::from_secs(59)).await;
            assert_eq!(progress.count(4096), Ok(()));
            assert_eq!(progress.deadline(), Instant::now() + RULE.time);
        }
        // Enough counts even when it comes late: whoever waits ends it by the deadline.
        advance(Duration::from_mins(2)).await;
        assert_eq!(progress.count(4096), Ok(()));
    }

    #[test]
    fn an_unwanted_portion_is_waited_for_no_longer_than_a_request() {
        let limits = |seconds| HttpLimits::of(&Config { request_seconds: seconds, ..Config::default() });
        assert_eq!(limits(600).unwanted_portion().pause, Duration::from_secs(2));
        assert_eq!(limits(1).unwanted_portion().pause, Duration::from_secs(1));
        assert_eq!(limits(1).unwanted().pause, Duration::from_secs(1));
    }
}
