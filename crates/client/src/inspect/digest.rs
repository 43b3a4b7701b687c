//! A case log in a few words, and the text of it that is searched.

use kua_caselog::State;
use kua_protocol::entry::Status;
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::search::normalise;

/// The coordinators' progress: how far their work on a report has come, as a list shows it and a filter asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseProgress {
    /// How far.
    pub status: Status,
    /// How urgent it is, where a coordinator said so.
    pub severity: Option<Severity>,
    /// The signing key of the one who works on it.
    pub assignee: Option<PublicKey>,
    /// The labels that are on, sorted.
    pub labels: Vec<String>,
    /// Whether people who had not seen each other's word said different things.
    pub disputed: bool,
}

/// A case log in a few words: what a list says of it, and what coordinators wrote, as it is searched.
pub struct CaseDigest {
    /// What a list says of it.
    pub progress: CaseProgress,
    /// Notes, answers, labels, and to whom it was handed out, folded.
    pub text: Zeroizing<String>,
}

impl CaseDigest {
    /// Digests the state of a case, to be remembered.
    pub fn of(state: &State) -> Self {
        let notes = state.notes.iter().map(|note| note.text.as_str());
        let answers = state.replies.iter().map(|answer| answer.text.as_str());
        let others = state.handed_out.iter().map(|handed| handed.to.as_str());
        let texts: Vec<&str> = notes.chain(answers).chain(others).chain(state.labels()).collect();
        Self {
            progress: CaseProgress::of(state),
            text: Zeroizing::new(normalise(&Zeroizing::new(texts.join("\n")))),
        }
    }
}

impl CaseProgress {
    /// Sums up the state of a case.
    pub fn of(state: &State) -> Self {
        Self {
            status: state.status.value,
            severity: state.severity.value,
            assignee: state.assignee.value,
            labels: state.labels().map(str::to_owned).collect(),
            disputed: state.is_disputed(),
        }
    }
}
