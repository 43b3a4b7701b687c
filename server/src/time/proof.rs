//! Whether the wall clock has been proven, and why not.

use kua_protocol::day::Day;
use serde::{Deserialize, Serialize};

/// Seconds of serving that prove a clock, added up over starts of the machine, as long as it is not stepped.
pub const PROVING: u64 = 72 * 3600;

/// Whether the wall clock has been proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Proof {
    /// It has been proven, and ran evenly ever since.
    Proven,
    /// It may be wrong: nothing is deleted by time.
    Unproven {
        /// What it is doubted for.
        why: Doubt,
        /// Seconds of serving since then without a step.
        served: u64,
    },
}

/// What a wall clock is doubted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// Nothing is known of this clock yet.
    New,
    /// The machine was started anew. Nobody knows for how long it was off.
    Restart,
    /// After a start the clock shows less than before.
    Back,
    /// It was stepped by more than an hour.
    Step,
    /// As many coordinators as can prove it signed other days than it shows.
    Contradicted,
}

impl Doubt {
    /// The doubt in words, as the end of a sentence that begins with "the clock is not proven:".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::New => "this drop has not watched it yet",
            Self::Restart => "the machine was started anew",
            Self::Back => "after a start it showed less than before",
            Self::Step => "it was stepped by more than an hour",
            Self::Contradicted => "the coordinators' devices show another day",
        }
    }
}

/// The days between which the wall clock can be true, as far as the drop can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The first possible day: that of the drop's seed, or of the roster's signing, with a day's grace.
    pub earliest: Day,
    /// The last day of the roster with a day's grace; none without a roster.
    pub latest: Option<Day>,
}

impl Proof {
    /// A clock of which nothing is known.
    pub const NEW: Self = Self::Unproven { why: Doubt::New, served: 0 };

    /// Whether it has been proven.
    pub fn is_proven(self) -> bool {
        self == Self::Proven
    }

    /// Takes a doubt in. The hours of serving before a mere start of the machine still count: they add up over starts.
    pub(super) fn doubt(&mut self, doubt: Doubt) {
        let adds_up = doubt == Doubt::Restart && matches!(self, Self::Unproven { .. });
        if !adds_up {
            *self = Self::Unproven { why: doubt, served: 0 };
        }
    }

    /// Whether coordinators' devices have said otherwise, and nobody since that it is right.
    pub(super) fn is_contradicted(self) -> bool {
        matches!(self, Self::Unproven { why: Doubt::Contradicted, .. })
    }

    /// Counts serving without a step.
    pub(super) fn serve(&mut self, seconds: u64) {
        if let Self::Unproven { served, .. } = self {
            *served = served.saturating_add(seconds);
        }
    }

    /// Whether serving alone has proven a clock that shows this day. Where people said otherwise, or the day cannot be
    /// true, it never does.
    pub(super) fn is_earned(self, is_possible: bool) -> bool {
        match self {
            Self::Proven => true,
            Self::Unproven { why, served } => why != Doubt::Contradicted && is_possible && served >= PROVING,
        }
    }

    /// Hours of serving that are left until the clock is proven by them; none where they do not prove it.
    pub(super) fn hours_left(self) -> Option<u64> {
        match self {
            Self::Proven | Self::Unproven { why: Doubt::Contradicted, .. } => None,
            Self::Unproven { served, .. } => Some(PROVING.saturating_sub(served).div_ceil(3600)),
        }
    }
}
