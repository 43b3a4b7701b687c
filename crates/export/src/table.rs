//! One flat table for spreadsheets: RFC 4180 in UTF-8, every cell in quotes, a byte order mark in front.
//!
//! A spreadsheet takes a cell that begins with `=` for a formula, and a stranger wrote these cells. Numbers of ours are
//! written as they are; every other cell is [guarded](guarded), so that nothing in it begins a formula.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use kua_report::{Event, Occurred, Place};

use crate::error::Error;
use crate::export::Form;
use crate::folder::Folder;
use crate::told::Told;

const NAME: &str = "reports.csv";

/// The names of the columns, in their order.
const COLUMNS: [&str; 32] = [
    "report_id",
    "day",
    "size",
    "mailbox",
    "status",
    "case_severity",
    "assignee",
    "labels",
    "disputed",
    "links",
    "title",
    "description",
    "language",
    "occurred_from",
    "occurred_to",
    "date_precision",
    "part_of_day",
    "place",
    "country",
    "lat",
    "lon",
    "acts",
    "victims",
    "perpetrators",
    "sources",
    "interventions",
    "severity",
    "attachments",
    "thread",
    "notes",
    "replies",
    "custody",
];

/// The table as it is written.
pub(crate) struct Table(csv::Writer<BufWriter<File>>);

impl Table {
    pub(crate) fn begin(folder: &Folder) -> Result<Self, Error> {
        let mut file = BufWriter::new(folder.create(NAME)?);
        // Without the mark, Excel takes UTF-8 for something else.
        file.write_all("\u{feff}".as_bytes()).map_err(Error::write(folder.path(NAME)))?;
        let mut table = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .terminator(csv::Terminator::CRLF)
            .from_writer(file);
        table.write_record(COLUMNS).map_err(Error::write(folder.path(NAME)))?;
        Ok(Self(table))
    }
}

impl Form for Table {
    fn add(&mut self, folder: &mut Folder, told: &Told) -> Result<(), Error> {
        self.0.write_record(row(told)).map_err(Error::write(folder.path(NAME)))
    }

    fn finish(mut self: Box<Self>, folder: &mut Folder) -> Result<(), Error> {
        self.0.flush().map_err(Error::write(folder.path(NAME)))?;
        folder.keep(NAME)
    }
}

fn row(told: &Told) -> [String; COLUMNS.len()] {
    let Event { occurred, place, .. } = &*told.event;
    let (event, case) = (&*told.event, &told.case);
    let text = |text: Option<&str>| guarded(text.unwrap_or_default());
    let list =
        |items: Vec<String>| guarded(&items.iter().map(|item| escaped(item)).collect::<Vec<_>>().join("; "));
    let lines = |lines: Vec<String>| guarded(&lines.join("\n"));
    let occurred = |of: fn(&Occurred) -> String| occurred.as_ref().map(of).unwrap_or_default();
    let degrees = |of: fn(&Place) -> Option<f64>| {
        place.as_ref().and_then(of).map(|degrees| degrees.to_string()).unwrap_or_default()
    };
    let notes = |notes: &[crate::Note]| {
        lines(
            notes
                .iter()
                .map(|note| {
                    fields([
                        ("day", Some(note.day.clone())),
                        ("by", Some(note.by.clone())),
                        ("text", Some(note.text.clone())),
                    ])
                })
                .collect(),
        )
    };
    [
        told.report_id.to_string(),
        told.day.to_string(),
        told.size.to_string(),
        told.mailbox.map(|mailbox| mailbox.to_string()).unwrap_or_default(),
        text(Some(&case.status)),
        text(case.severity.as_deref()),
        text(case.assignee.as_deref()),
        list(case.labels.clone()),
        list(case.disputed.clone()),
        list(case.links.iter().map(|link| format!("{} {}", link.relation, link.to)).collect()),
        text(Some(&event.title)),
        text(Some(&event.description)),
        text(event.language.as_deref()),
        occurred(|occurred| occurred.from.to_string()),
        occurred(|occurred| occurred.to.map(|to| to.to_string()).unwrap_or_default()),
        occurred(|occurred| occurred.precision.to_string()),
        occurred(|occurred| occurred.part_of_day.map(|part| part.to_string()).unwrap_or_default()),
        text(place.as_ref().and_then(|place| place.name.as_deref())),
        text(place.as_ref().and_then(|place| place.country.as_deref())),
        degrees(|place| place.lat),
        degrees(|place| place.lon),
        list(event.acts.iter().map(ToString::to_string).collect()),
        lines(
            event
                .victims
                .iter()
                .map(|victim| {
                    fields([
                        ("kind", Some(victim.kind.to_string())),
                        ("name", victim.name.clone()),
                        ("role", victim.role.clone()),
                        ("age", victim.age.map(|age| age.to_string())),
                        ("count", victim.count.map(|count| count.to_string())),
                        ("description", victim.description.clone()),
                    ])
                })
                .collect(),
        ),
        lines(
            event
                .perpetrators
                .iter()
                .map(|perpetrator| {
                    fields([
                        ("type", Some(perpetrator.kind.to_string())),
                        ("name", perpetrator.name.clone()),
                        ("count", perpetrator.count.map(|count| count.to_string())),
                        ("description", perpetrator.description.clone()),
                    ])
                })
                .collect(),
        ),
        lines(
            event
                .sources
                .iter()
                .map(|source| {
                    fields([
                        ("connection", Some(source.connection.clone())),
                        ("reliability", source.reliability.map(|reliability| reliability.to_string())),
                    ])
                })
                .collect(),
        ),
        lines(
            event
                .interventions
                .iter()
                .map(|intervention| {
                    fields([("by", Some(intervention.by.clone())), ("result", intervention.result.clone())])
                })
                .collect(),
        ),
        text(event.severity.map(|severity| severity.code())),
        lines(
            told.attachments
                .iter()
                .map(|file| {
                    fields([
                        ("name", file.name.clone()),
                        ("original_name", file.original_name.clone()),
                        ("media_type", Some(file.media_type.clone())),
                        ("size", Some(file.size.to_string())),
                        ("sha256", Some(file.sha256.to_string())),
                        ("path", file.path.clone()),
                    ])
                })
                .collect(),
        ),
        told.routing
            .and_then(|routing| routing.thread.as_ref())
            .map(|thread| thread.first.to_string())
            .unwrap_or_default(),
        notes(&case.notes),
        notes(&case.replies),
        lines(
            case.steps
                .iter()
                .map(|step| {
                    fields([
                        ("day", Some(step.day.clone())),
                        ("stored", step.stored.clone()),
                        ("by", Some(step.by.clone())),
                        ("what", Some(step.what.clone())),
                        ("digest", Some(step.digest.to_string())),
                        ("remarks", Some(step.remarks.join(", ")).filter(|remarks| !remarks.is_empty())),
                    ])
                })
                .collect(),
        ),
    ]
}

/// What is known of one thing, in a line: `kind=individual; role=teacher`.
fn fields<const N: usize>(fields: [(&str, Option<String>); N]) -> String {
    let known = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    known.map(|(name, value)| format!("{name}={}", escaped(&value))).collect::<Vec<_>>().join("; ")
}

/// A text within a list: `\`, `;` and ends of lines become `\\`, `\;`, `\n` and `\r`.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace('\n', "\\n").replace('\r', "\\r")
}

/// What may stand before the beginning of a cell. With commas between cells, a spreadsheet in a language that has commas in
/// numbers may part them at `;` or at an end of line, quotes or not.
const EDGES: [char; 6] = [',', ';', '\t', '\r', '\n', '"'];

/// What begins a formula, in some spreadsheet of some language; and the mark that keeps it from being one.
const BEGINNINGS: [char; 9] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\''];

/// Puts an apostrophe before all that could begin a formula, at the beginning and behind whatever could end a cell.
pub(crate) fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len() + 8);
    let mut before = None;
    for char in text.chars() {
        let begins = match before {
            None => BEGINNINGS.contains(&char) || ['\t', '\r'].contains(&char),
            Some(before) => EDGES.contains(&before) && BEGINNINGS.contains(&char),
        };
        if begins {
            guarded.push('\'');
        }
        guarded.push(char);
        before = Some(char);
    }
    guarded
}

/// Gives the text of a cell as it was before the apostrophes: one is taken away at the beginning, and one behind each
/// comma, semicolon, tabulator, quotation mark and end of line.
pub fn unguarded(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(mut char) = chars.next() {
        let begins = text.chars().next_back().is_none_or(|before| EDGES.contains(&before));
        if begins && char == '\'' {
            match chars.next() {
                Some(guarded) => char = guarded,
                None => break,
            }
        }
        text.push(char);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_that_a_stranger_wrote_begins_a_formula() {
        for (text, cell) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+7 701", "'+7 701"),
            ("\tx", "'\tx"),
            ("\r\n@x", "'\r\n'@x"),
            ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
            ("one\n- two", "one\n'- two"),
            ("'quoted'", "''quoted'"),
            ("a=b, c-d", "a=b, c-d"),
            ("＝1", "'＝1"),
        ] {
            assert_eq!(guarded(text), cell);
            assert_eq!(unguarded(cell), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back(text in "[-a=+@;,'\"\t\r\n\\\\＝ ]{0,12}|.*") {
            prop_assert_eq!(unguarded(&guarded(&text)), text);
        }
    }
}
