//! Retention in days, as the register keeps it.

use kua_store::Retention;
use serde::{Deserialize, Serialize};

/// A retention as it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionDays {
    days: u32,
    spread: u32,
}

impl From<Retention> for RetentionDays {
    fn from(Retention { days, spread }: Retention) -> Self {
        Self { days, spread }
    }
}

impl From<RetentionDays> for Retention {
    fn from(RetentionDays { days, spread }: RetentionDays) -> Self {
        Self { days, spread }
    }
}
