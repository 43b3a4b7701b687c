//! One flat table for spreadsheets: RFC 4180 in UTF-8, every cell in quotes, a byte order mark in front.
//!
//! A spreadsheet takes a cell that begins with `=` for a formula, and a stranger wrote these cells. Numbers of ours are
//! written as they are; every other cell is [guarded](guarded), so that nothing in it begins a formula.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use kua_report::{Intervention, Perpetrator, Source, Victim};

use crate::folder::Folder;
use crate::form::Form;
use crate::told::{self, Told};
use crate::{Error, Note, Step};

const NAME: &str = "reports.csv";

/// A column's name, and its cell for a report.
type Column = (&'static str, fn(&Told) -> String);

/// The columns in their order.
const COLUMNS: &[Column] = &[
    ("report_id", |told| told.report_id.to_string()),
    ("day", |told| told.day.to_string()),
    ("size", |told| told.size.to_string()),
    ("mailbox", |told| known(told.mailbox)),
    ("status", |told| guarded(&told.case.status)),
    ("case_severity", |told| text(told.case.severity.as_deref())),
    ("assignee", |told| text(told.case.assignee.as_deref())),
    ("labels", |told| list(&told.case.labels)),
    ("disputed", |told| list(&told.case.disputed)),
    ("links", |told| list(&each(&told.case.links, |link| format!("{} {}", link.relation, link.to)))),
    ("title", |told| guarded(&told.event.title)),
    ("description", |told| guarded(&told.event.description)),
    ("language", |told| text(told.event.language.as_deref())),
    ("occurred_from", |told| known(told.event.occurred.as_ref().map(|occurred| occurred.from))),
    ("occurred_to", |told| known(told.event.occurred.as_ref().and_then(|occurred| occurred.to))),
    ("date_precision", |told| known(told.event.occurred.as_ref().map(|occurred| occurred.precision))),
    ("part_of_day", |told| known(told.event.occurred.as_ref().and_then(|occurred| occurred.part_of_day))),
    ("place", |told| text(told.event.place.as_ref().and_then(|place| place.name.as_deref()))),
    ("country", |told| text(told.event.place.as_ref().and_then(|place| place.country.as_deref()))),
    ("lat", |told| known(told.event.place.as_ref().and_then(|place| place.lat))),
    ("lon", |told| known(told.event.place.as_ref().and_then(|place| place.lon))),
    ("acts", |told| list(&each(&told.event.acts, ToString::to_string))),
    ("victims", |told| lines(&each(&told.event.victims, victim))),
    ("perpetrators", |told| lines(&each(&told.event.perpetrators, perpetrator))),
    ("sources", |told| lines(&each(&told.event.sources, source))),
    ("interventions", |told| lines(&each(&told.event.interventions, intervention))),
    ("severity", |told| known(told.event.severity)),
    ("attachments", |told| lines(&each(&told.attachments, attachment))),
    ("thread", |told| {
        known(told.routing.and_then(|routing| routing.thread.as_ref()).map(|thread| thread.first))
    }),
    ("notes", |told| lines(&each(&told.case.notes, note))),
    ("replies", |told| lines(&each(&told.case.replies, note))),
    ("custody", |told| lines(&each(&told.case.steps, step))),
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
        table.write_record(COLUMNS.iter().map(|(name, _)| name)).map_err(Error::write(folder.path(NAME)))?;
        Ok(Self(table))
    }
}

impl Form for Table {
    fn add(&mut self, folder: &mut Folder, told: &Told) -> Result<(), Error> {
        self.0
            .write_record(COLUMNS.iter().map(|(_, cell)| cell(told)))
            .map_err(Error::write(folder.path(NAME)))
    }

    fn finish(mut self: Box<Self>, folder: &mut Folder) -> Result<(), Error> {
        self.0.flush().map_err(Error::write(folder.path(NAME)))?;
        folder.keep(NAME)
    }
}

fn known(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn text(text: Option<&str>) -> String {
    guarded(text.unwrap_or_default())
}

fn each<T>(items: &[T], say: impl Fn(&T) -> String) -> Vec<String> {
    items.iter().map(say).collect()
}

fn list(items: &[String]) -> String {
    guarded(&each(items, |item| escaped(item)).join("; "))
}

fn lines(lines: &[String]) -> String {
    guarded(&lines.join("\n"))
}

fn victim(victim: &Victim) -> String {
    fields([
        ("kind", Some(victim.kind.to_string())),
        ("name", victim.name.clone()),
        ("role", victim.role.clone()),
        ("age", victim.age.map(|age| age.to_string())),
        ("count", victim.count.map(|count| count.to_string())),
        ("description", victim.description.clone()),
    ])
}

fn perpetrator(perpetrator: &Perpetrator) -> String {
    fields([
        ("type", Some(perpetrator.kind.to_string())),
        ("name", perpetrator.name.clone()),
        ("count", perpetrator.count.map(|count| count.to_string())),
        ("description", perpetrator.description.clone()),
    ])
}

fn source(source: &Source) -> String {
    let reliability = source.reliability.map(|reliability| reliability.to_string());
    fields([("connection", Some(source.connection.clone())), ("reliability", reliability)])
}

fn intervention(intervention: &Intervention) -> String {
    fields([("by", Some(intervention.by.clone())), ("result", intervention.result.clone())])
}

fn attachment(file: &told::File) -> String {
    fields([
        ("name", file.name.clone()),
        ("original_name", file.original_name.clone()),
        ("media_type", Some(file.media_type.clone())),
        ("size", Some(file.size.to_string())),
        ("sha256", Some(file.sha256.to_string())),
        ("path", file.path.clone()),
    ])
}

fn note(note: &Note) -> String {
    fields([
        ("day", Some(note.day.clone())),
        ("by", Some(note.by.clone())),
        ("text", Some(note.text.clone())),
    ])
}

fn step(step: &Step) -> String {
    fields([
        ("day", Some(step.day.clone())),
        ("stored", step.stored.clone()),
        ("by", Some(step.by.clone())),
        ("what", Some(step.what.clone())),
        ("digest", Some(step.digest.to_string())),
        ("remarks", Some(step.remarks.join(", ")).filter(|remarks| !remarks.is_empty())),
    ])
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
