//! A report: `report.json` of format `kua-report/1`, as it is sealed and as a coordinator reads it.

use std::collections::HashSet;

use kua_protocol::id::{DropId, ObjectId, ReportNumber};
use kua_protocol::roster::RecipientText;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json::{self, Extra};
use crate::{
    Attachment, Base64Url, COORDINATOR_LIMIT, Draft, Error, Event, HexText, REPORT_JSON_LIMIT, text,
};

/// An incident report as it is sealed: the event, where it goes, how to answer, and what comes with it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "kua-report/1")]
pub struct Report {
    format: Format,
    #[serde(flatten)]
    routing: Routing,
    /// The files that come with it, in the order of the archive (0167).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
    #[serde(flatten)]
    event: Event,
}

/// The one format of report.json that exists so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub enum Format {
    /// The first format.
    #[serde(rename = "kua-report/1")]
    V1,
}

/// Where a report goes and how to answer it: what the client adds to a draft.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Routing {
    /// The report's own random number, 16 bytes: no two reports are the same bytes.
    #[serde(deserialize_with = "text::hex")]
    #[schemars(with = "HexText<16>")]
    pub number: ReportNumber,
    /// The drop that it was written for.
    #[serde(deserialize_with = "text::hex")]
    #[schemars(with = "HexText<16>")]
    pub drop: DropId,
    /// The Ed25519 keys of the coordinators who can read it, at least one, each once.
    #[schemars(length(min = 1, max = COORDINATOR_LIMIT))]
    pub to: Vec<Base64Url<32>>,
    /// How to answer.
    pub reply: Reply,
    /// For a follow-up: the thread that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
}

/// The mailbox to which coordinators answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Reply {
    /// The age recipient that replies are sealed to.
    #[serde(deserialize_with = "text::recipient")]
    #[schemars(with = "text::RecipientForm")]
    pub recipient: RecipientText,
    /// The mailbox's Ed25519 key.
    pub sign: Base64Url<32>,
    #[serde(flatten)]
    extra: Extra,
}

/// The thread that a follow-up belongs to, and the proof that the same person writes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Thread {
    /// The id of the first report of the thread.
    #[serde(deserialize_with = "text::hex")]
    #[schemars(with = "HexText<32>")]
    pub first: ObjectId,
    /// The mailbox key's word for it: a DSSE envelope of type `application/vnd.kua.followup+json` over drop id, that id
    /// and this report's number.
    pub proof: Map<String, Value>,
    #[serde(flatten)]
    extra: Extra,
}

impl Reply {
    /// Names the mailbox: where replies are sealed to, and the key that opens it at the drop.
    pub fn new(recipient: RecipientText, sign: Base64Url<32>) -> Self {
        Self { recipient, sign, extra: Extra::new() }
    }
}

impl Thread {
    /// Names the thread by its first report, with the signed statement that proves it.
    pub fn new(first: ObjectId, proof: Map<String, Value>) -> Self {
        Self { first, proof, extra: Extra::new() }
    }
}

impl Routing {
    /// The names of what a client adds, which a draft therefore must not hold.
    pub(crate) const FIELDS: [&str; 6] = ["number", "drop", "to", "reply", "thread", "attachments"];

    fn check(&self) -> Result<(), Error> {
        if self.to.is_empty() || self.to.len() > COORDINATOR_LIMIT {
            return Err(Error::field(
                "to",
                format!("between 1 and {COORDINATOR_LIMIT} coordinators are needed"),
            ));
        }
        let mut seen = HashSet::new();
        if !self.to.iter().all(|key| seen.insert(key)) {
            return Err(Error::field("to", "a coordinator stands there twice"));
        }
        Ok(())
    }
}

impl Report {
    /// Makes a report of a draft.
    ///
    /// # Errors
    /// [`Error::Field`] for no coordinator, or one twice; [`Error::NameTwice`] for attachments that some system could
    /// not keep apart.
    pub fn new(draft: Draft, routing: Routing, attachments: Vec<Attachment>) -> Result<Self, Error> {
        let report = Self { format: Format::V1, routing, attachments, event: draft.into_event() };
        report.check()?;
        Ok(report)
    }

    /// Parses report.json, at most [`REPORT_JSON_LIMIT`] bytes; what it does not know it keeps.
    ///
    /// # Errors
    /// [`Error::ReportTooLarge`], [`Error::Json`], [`Error::Format`], [`Error::Missing`], [`Error::Field`] or
    /// [`Error::NameTwice`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > REPORT_JSON_LIMIT {
            return Err(Error::ReportTooLarge);
        }
        let value = json::parse(bytes)?;
        check_format(value.get("format"))?;
        let report: Self = serde_path_to_error::deserialize(value)
            .map_err(|error| Error::field(error.path().to_string(), error.inner().to_string()))?;
        report.check()?;
        Ok(report)
    }

    /// Writes report.json, compact; the same report gives the same bytes.
    ///
    /// # Errors
    /// [`Error::ReportTooLarge`] above [`REPORT_JSON_LIMIT`].
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        let bytes = serde_json::to_vec(self).map_err(|error| Error::Json(error.to_string()))?;
        if bytes.len() > REPORT_JSON_LIMIT { Err(Error::ReportTooLarge) } else { Ok(bytes) }
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Where it goes and how to answer.
    pub fn routing(&self) -> &Routing {
        &self.routing
    }

    /// The files that come with it, in the order of the archive.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    fn check(&self) -> Result<(), Error> {
        self.event.check()?;
        self.routing.check()?;
        let mut seen = HashSet::new();
        for attachment in &self.attachments {
            attachment.check()?;
            if !seen.insert(attachment.name.folded()) {
                return Err(Error::NameTwice(attachment.name.to_string()));
            }
        }
        Ok(())
    }
}

/// Accepts the one format that exists and names any other.
pub(crate) fn check_format(found: Option<&Value>) -> Result<(), Error> {
    match found {
        Some(Value::String(format)) if format == "kua-report/1" => Ok(()),
        Some(other) => Err(Error::Format(other.to_string())),
        None => Err(Error::Format("without a name of its format".to_owned())),
    }
}
