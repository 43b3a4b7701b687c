//! `kua-export/1`: all there is, for programs.
//!
//! Fields keep their names of `kua-report/1`. Their numbers in HURIDOCS' *Events Standard Formats*, and those of the
//! entries of its lists, stand once at the beginning.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use kua_protocol::id::{DropId, MailboxId, ObjectId};
use kua_report::vocabulary::{Act, DatePrecision, PerpetratorType, Reliability, Severity, VictimKind};
use kua_report::{Event, HexText, Routing};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::folder::Folder;
use crate::form::Form;
use crate::told::{self, Told};
use crate::{Case, Error, Made};

const NAME: &str = "export.json";

/// The file `export.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "kua-export/1")]
pub struct Document {
    #[serde(flatten)]
    head: Head,
    /// The reports.
    reports: Vec<Item>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
struct Head {
    format: FormatName,
    /// The UTC day on which it was made, `YYYY-MM-DD`.
    day: String,
    /// The coordinator who made it.
    by: String,
    /// The drop that the reports are from.
    #[schemars(with = "HexText<16>")]
    drop: DropId,
    /// The drop's name.
    drop_name: String,
    /// Whether it leaves out names and descriptions of victims, what sources are, mailboxes, attachments and the words of
    /// coordinators. Free text may still name people.
    redacted: bool,
    /// The numbers of the fields in HURIDOCS' Events Standard Formats.
    esf: BTreeMap<String, String>,
    /// The numbers of the entries of lists, by field and code.
    lists: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
enum FormatName {
    #[serde(rename = "kua-export/1")]
    V1,
}

/// One report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
struct Item {
    /// The SHA-256 of the sealed bytes.
    #[schemars(with = "HexText<32>")]
    report_id: ObjectId,
    /// The UTC day on which the drop took it in, `YYYY-MM-DD`.
    day: String,
    /// The size of the sealed bytes.
    size: u64,
    /// The mailbox that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<HexText<16>>")]
    mailbox: Option<MailboxId>,
    /// What happened.
    event: Event,
    /// Where the report went and how to answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    routing: Option<Routing>,
    /// The files that came with it.
    attachments: Vec<told::File>,
    /// What the coordinators say of it.
    case: Case,
}

/// `export.json` as it is written.
pub(crate) struct Json {
    file: BufWriter<File>,
    any: bool,
}

impl Json {
    pub(crate) fn begin(folder: &Folder, made: &Made) -> Result<Self, Error> {
        let mut json = Self { file: BufWriter::new(folder.create(NAME)?), any: false };
        let head = Head {
            format: FormatName::V1,
            day: made.day.to_string(),
            by: made.by.clone(),
            drop: made.drop,
            drop_name: made.drop_name.clone(),
            redacted: made.redacted,
            esf: esf(),
            lists: lists(),
        };
        let mut text = serde_json::to_string(&head).unwrap_or_default();
        // The list of reports stands where the object would end.
        text.pop();
        write!(json.file, "{text},\"reports\":[").map_err(Error::write(folder.path(NAME)))?;
        Ok(json)
    }
}

impl Form for Json {
    fn add(&mut self, folder: &mut Folder, told: &Told) -> Result<(), Error> {
        let item = Item {
            report_id: told.report_id,
            day: told.day.to_string(),
            size: told.size,
            mailbox: told.mailbox,
            event: told.event.clone().into_owned(),
            routing: told.routing.cloned(),
            attachments: told.attachments.clone(),
            case: told.case.clone(),
        };
        let before = if std::mem::replace(&mut self.any, true) { ",\n" } else { "\n" };
        let mut write = || {
            self.file.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut self.file, &item).map_err(std::io::Error::from)
        };
        write().map_err(Error::write(folder.path(NAME)))
    }

    fn finish(mut self: Box<Self>, folder: &mut Folder) -> Result<(), Error> {
        let ended = self.file.write_all(b"\n]}\n").and_then(|()| self.file.flush());
        ended.map_err(Error::write(folder.path(NAME)))?;
        folder.keep(NAME)
    }
}

fn esf() -> BTreeMap<String, String> {
    let numbers = [
        ("title", "0102"),
        ("description", "0115"),
        ("language", "2510"),
        ("occurred.from", "0113"),
        ("occurred.to", "0114"),
        ("place.name", "0112"),
        ("place.country", "0111"),
        ("acts", "2109"),
        ("victims", "2102"),
        ("victims.kind", "0902"),
        ("victims.name", "0903"),
        ("victims.role", "0923"),
        ("victims.age", "2118"),
        ("victims.count", "0931"),
        ("victims.description", "0930, 0944"),
        ("perpetrators", "2402"),
        ("perpetrators.type", "2412"),
        ("perpetrators.name", "0903"),
        ("perpetrators.count", "0931"),
        ("perpetrators.description", "0930, 0944"),
        ("sources", "2502"),
        ("sources.connection", "2509"),
        ("sources.reliability", "2553"),
        ("interventions.by", "2602"),
        ("interventions.result", "2614"),
        ("severity", "2652"),
        ("attachments", "0167"),
    ];
    numbers.into_iter().map(|(field, number)| (field.to_owned(), number.to_owned())).collect()
}

fn lists() -> BTreeMap<String, BTreeMap<String, String>> {
    macro_rules! list {
        ($field:literal, $list:ty) => {
            (
                $field.to_owned(),
                <$list>::ALL
                    .iter()
                    .filter_map(|entry| Some((entry.code().to_owned(), format!("{:02}", entry.number()?))))
                    .collect(),
            )
        };
    }
    BTreeMap::from([
        list!("acts", Act),
        list!("victims.kind", VictimKind),
        list!("perpetrators.type", PerpetratorType),
        list!("sources.reliability", Reliability),
        list!("severity", Severity),
        list!("occurred.precision", DatePrecision),
    ])
}
