//! The clock as the operator sees it, and her word that it is right.

use kua_clock::Reading;
use kua_protocol::day::Day;
use serde::{Deserialize, Serialize};

use super::proof::{Bounds, Proof};
use super::register::Earned;
use super::{GRACE, State, Timekeeper, date};

/// The clock as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockStatus {
    /// What the wall clock shows, as HTTP writes dates.
    pub now: String,
    /// The UTC day of what comes in now.
    pub today: Day,
    /// Whether it has been proven.
    pub proof: Proof,
    /// Hours of serving until serving proves it; none where it is proven, or where serving alone does not.
    pub hours_left: Option<u64>,
    /// What the drop has earned.
    pub earned: Earned,
    /// Why it cannot be true, if it cannot.
    pub impossible: Option<String>,
}

impl Timekeeper {
    /// The clock as the operator sees it.
    pub fn status(&self) -> ClockStatus {
        let state = self.state();
        let now = self.clock.read();
        let proof = state.register.proof();
        ClockStatus {
            now: date(now.wall),
            today: state.today(now),
            proof,
            hours_left: state.register.hours_left(now.day(), &state.bounds),
            earned: state.register.earned(),
            impossible: state.impossible(now),
        }
    }

    /// Takes the operator's word that the clock is right.
    ///
    /// # Errors
    ///
    /// Why it cannot be.
    pub async fn confirm(&self) -> anyhow::Result<()> {
        let before;
        {
            let mut state = self.state();
            let now = self.clock.read();
            state.look(now, true);
            let bounds = state.bounds;
            before = state.register.clone();
            if !state.register.confirm(now, &bounds) {
                let why = state.impossible(now).unwrap_or_default();
                anyhow::bail!("the clock cannot be right: {why}. Set it first");
            }
            state.witnesses.forget();
        }
        if let Err(error) = self.save().await {
            self.state().register.take_back(before);
            return Err(error);
        }
        tracing::info!("the clock is proven: the operator says so");
        Ok(())
    }
}

impl State {
    /// Why the wall clock cannot be true, for people; none when it may be.
    pub(super) fn impossible(&self, now: Reading) -> Option<String> {
        let (day, Bounds { earliest, latest }) = (now.day(), self.bounds);
        if day < earliest {
            return Some(format!(
                "it shows {day}, and this drop knows that it is {} or later",
                earliest.plus(GRACE)
            ));
        }
        // A proven clock that is beyond the roster's time says that the roster has ended.
        let proven = self.register.proof().is_proven();
        let latest = latest.filter(|latest| day > *latest && !proven)?;
        Some(format!("it shows {day}, and the roster's time ended on {}", latest.plus(-GRACE)))
    }
}
