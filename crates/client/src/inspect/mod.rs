//! Reports and case logs in a few words: what a list says of each, what is searched, and what is remembered.

mod digest;
mod proof;
mod summary;

use kua_protocol::id::{Digest, DropId, MailboxId};
use kua_report::Report;
use kua_sealing::OpenError;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use self::digest::{CaseDigest, CaseProgress};
pub use self::proof::DISAGREES;
pub use self::summary::Summary;

use crate::error::Error;

/// A report that was inspected: what a list says of it, and its text as it is searched.
pub struct Inspected {
    /// What came of opening it.
    pub view: ReportView,
    /// Everything in it that a person reads, folded; none when it did not open.
    pub text: Option<Zeroizing<String>>,
}

impl Inspected {
    /// Inspects what came of opening a report that lies in this mailbox at this drop.
    ///
    /// # Errors
    ///
    /// When opening it failed for another reason than that it is sealed to others.
    pub fn of(
        opened: Result<Report, Error>,
        drop: DropId,
        mailbox: Option<MailboxId>,
        verified: bool,
    ) -> Result<Self, Error> {
        match opened {
            Ok(report) => Ok(Self::open(Summary::with_text(&report, drop, mailbox, verified))),
            Err(Error::Open { error: OpenError::NotForYou, .. }) => {
                Ok(Self { view: ReportView::NotForYou { verified }, text: None })
            }
            Err(error) => Err(error),
        }
    }

    /// A report that opened.
    pub fn open((summary, text): (Summary, Zeroizing<String>)) -> Self {
        Self { view: ReportView::Open(Box::new(summary)), text: Some(text) }
    }
}

/// A report as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportView {
    /// It opened.
    Open(Box<Summary>),
    /// It is sealed to others, as far as was read.
    NotForYou {
        /// Whether all of it was read and agreed with its id.
        verified: bool,
    },
}

impl ReportView {
    /// A report in a few words, if it opened.
    pub fn summary(&self) -> Option<&Summary> {
        match self {
            Self::Open(summary) => Some(summary),
            Self::NotForYou { .. } => None,
        }
    }

    /// The digest of its text, if it opened.
    pub fn text(&self) -> Option<Digest> {
        self.summary().map(|summary| summary.text)
    }

    /// Says whether all of it was read and agreed with its id.
    pub fn is_verified(&self) -> bool {
        match self {
            Self::Open(summary) => summary.verified,
            Self::NotForYou { verified } => *verified,
        }
    }

    /// Marks it as one of which all was read.
    #[must_use]
    pub fn verified(mut self) -> Self {
        match &mut self {
            Self::Open(summary) => summary.verified = true,
            Self::NotForYou { verified } => *verified = true,
        }
        self
    }
}
