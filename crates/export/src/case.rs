//! What the coordinators say of a report: the case log as an export shows it.

use kua_protocol::id::{Digest, ObjectId};
use kua_report::HexText;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The state of a case, and how it came to it. Names are those of the roster, or the beginning of a key.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// How far the work has come: `new`, `in-review`, `verified`, `needs-information`, `closed` or `rejected`.
    pub status: String,
    /// How urgent the coordinators find it; a code of list 46.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// The name of the coordinator who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Which of `status`, `severity` and `assignee` two coordinators set differently without knowing of each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputed: Vec<String>,
    /// Other reports that it has to do with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Remarks of coordinators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What the submitter was answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Note>,
    /// Who did what with the report, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What is to be known about the chain as a whole: where it forks, what is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The same as `kua custody --json` gives it, `kua-custody/1`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custody: Map<String, Value>,
}

/// Another report that this one has to do with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Its id.
    #[schemars(with = "HexText<32>")]
    pub to: ObjectId,
    /// What it has to do with it: `duplicate`, `same-event` or `related`.
    pub relation: String,
}

/// A text that a coordinator wrote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Who wrote it.
    pub by: String,
    /// The UTC day by the author's clock, `YYYY-MM-DD`.
    pub day: String,
    /// What was written.
    pub text: String,
}

/// One step of the chain of custody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// The UTC day by the author's clock, `YYYY-MM-DD`.
    pub day: String,
    /// The UTC day on which the drop took it in, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<String>,
    /// Who did it.
    pub by: String,
    /// What was done, in the words of the one who exports; never what somebody wrote.
    pub what: String,
    /// The SHA-256 of the signed statement, or of the sealed report itself.
    #[schemars(with = "HexText<32>")]
    pub digest: Digest,
    /// What is to be known about this step: a gap before it, a doubtful day, that it does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

impl Case {
    /// The same without the texts that coordinators wrote, which may name people. Labels stay.
    pub(crate) fn without_texts(self) -> Self {
        Self { notes: Vec::new(), replies: Vec::new(), custody: Map::new(), ..self }
    }
}
