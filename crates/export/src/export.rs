//! An export from its beginning to its end.

use std::fmt;
use std::io;
use std::path::Path;
use std::str::FromStr;

use kua_protocol::day::Day;
use kua_protocol::id::{Digest, DropId};

use crate::folder::Folder;
use crate::form::Form;
use crate::html::Paper;
use crate::json::Json;
use crate::table::Table;
use crate::told::Told;
use crate::uwazi::Uwazi;
use crate::{Error, Record, Words};

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// A ZIP for each type of entity, for import into Uwazi.
    Uwazi,
    /// One JSON file with all there is, `kua-export/1`.
    Json,
    /// One flat table, for a spreadsheet.
    Csv,
    /// One page to read and to print.
    Html,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::Uwazi, Self::Json, Self::Csv, Self::Html];

    /// The format as it is typed.
    pub fn code(self) -> &'static str {
        match self {
            Self::Uwazi => "uwazi",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied().find(|format| format.code() == code);
        known.ok_or_else(|| "a format is one of uwazi, json, csv and html".to_owned())
    }
}

/// By whom an export is made, from where, and what is left out.
#[derive(Clone, Debug)]
pub struct Made {
    /// The UTC day.
    pub day: Day,
    /// The name of the coordinator.
    pub by: String,
    /// The drop.
    pub drop: DropId,
    /// The drop's name.
    pub drop_name: String,
    /// Whether names and contacts of victims and sources are left out, and attachments with them.
    pub redacted: bool,
    /// Whether attachments are written.
    pub attachments: bool,
}

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// How many reports.
    pub reports: u64,
    /// How many files, `SHA256SUMS` not counted.
    pub files: u64,
    /// How many bytes are in these files.
    pub bytes: u64,
    /// The SHA-256 of `SHA256SUMS`, and so of all that was written.
    pub sums: Digest,
}

/// An export under way.
pub struct Export {
    folder: Folder,
    made: Made,
    form: Box<dyn Form>,
    reports: u64,
}

impl Export {
    /// Begins an export in a folder that is there and empty.
    ///
    /// `words` says the words of the export; several of them are for Uwazi alone, its own first language first.
    ///
    /// # Errors
    /// [`Error::Write`], and [`Error::NoWords`] when there are none.
    pub fn begin(
        format: Format,
        folder: &Path,
        made: Made,
        words: Vec<Box<dyn Words>>,
    ) -> Result<Self, Error> {
        let folder = Folder::new(folder)?;
        let form: Box<dyn Form> = match format {
            Format::Uwazi => Box::new(Uwazi::begin(words)?),
            Format::Json => Box::new(Json::begin(&folder, &made)?),
            Format::Csv => Box::new(Table::begin(&folder)?),
            Format::Html => Box::new(Paper::begin(&folder, made.clone(), words)?),
        };
        Ok(Self { folder, made, form, reports: 0 })
    }

    /// Writes one report more.
    ///
    /// # Errors
    /// [`Error::Write`] and [`Error::Attachment`]; then nothing of the export is of use.
    pub fn add(&mut self, record: &mut Record) -> Result<(), Error> {
        let mut told = Told::of(record, self.made.redacted);
        if self.made.attachments && !self.made.redacted {
            let paths: Vec<_> = told.attachments.iter().map(|file| self.form.path_of(&told, file)).collect();
            told.attachments.iter_mut().zip(paths).for_each(|(file, path)| file.path = path);
        }
        self.form.add(&mut self.folder, &told)?;
        self.reports += 1;
        let mut wanted = told.attachments.iter().filter_map(|file| Some((file, file.path.as_deref()?)));
        if wanted.clone().next().is_some() {
            let (form, folder) = (&mut self.form, &mut self.folder);
            record.files.each(&mut |content| match wanted.next() {
                Some((file, path)) => form.attach(folder, path, file, content),
                None => Ok(()),
            })?;
        }
        match wanted.next() {
            None => Ok(()),
            Some((file, _)) => Err(Error::Attachment {
                name: file.name.clone().unwrap_or_default(),
                error: io::ErrorKind::UnexpectedEof.into(),
            }),
        }
    }

    /// Writes what comes after the last report. Only then may the folder be shown.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(mut self) -> Result<Written, Error> {
        self.form.finish(&mut self.folder)?;
        let (files, bytes, sums) = self.folder.finish()?;
        Ok(Written { reports: self.reports, files, bytes, sums })
    }
}
