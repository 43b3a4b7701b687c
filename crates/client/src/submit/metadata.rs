//! Metadata of the files that go with a report: shown to the person, and taken out if she wants it so.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kua_metadata::{Format, LARGEST, NotCleaned};
use kua_report::Metadata;

use crate::error::Error;
use crate::events::{Observer, Question, Warning};

/// A choice of what is to be done with metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Ask at a terminal; without one it stays, and is named.
    Ask,
    /// It stays.
    Keep,
    /// It goes, or nothing is sent.
    Strip,
}

/// A file to go with a report, with or without what is hidden in it.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    path: PathBuf,
    strip: bool,
}

/// The bytes of a file, from the disk or cleaned in memory.
pub(crate) enum Bytewise {
    /// The file itself.
    Whole(File),
    /// A copy of it without metadata.
    Cleaned(Cursor<Bytes>),
}

impl Read for Bytewise {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Whole(file) => file.read(buffer),
            Self::Cleaned(bytes) => bytes.read(buffer),
        }
    }
}

impl Content {
    /// Opens it for reading as it is sent. A file that is cleaned is cleaned anew each time, so that no more than one is
    /// in memory and none is on the disk.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or not be cleaned any more.
    pub(crate) fn open(&self) -> io::Result<Bytewise> {
        if !self.strip {
            return File::open(&self.path).map(Bytewise::Whole);
        }
        let cleaned = kua_metadata::clean(&read(&self.path)?).map_err(io::Error::other)?;
        Ok(Bytewise::Cleaned(Cursor::new(cleaned.bytes)))
    }
}

/// Looks into a file, shows what was found, and settles what becomes of it.
///
/// # Errors
///
/// When the file cannot be read; when it is to be cleaned and cannot be; when the person ends it.
pub(crate) fn settle(
    path: &Path,
    choice: Choice,
    observer: &dyn Observer,
) -> Result<(Content, Metadata), Error> {
    let content = |strip| Content { path: path.to_owned(), strip };
    if !can_be_cleaned(path).map_err(Error::file(path))? {
        if choice != Choice::Keep {
            observer.warn(&Warning::MetadataUnknown { file: path });
        }
        return Ok((content(false), Metadata::NotChecked));
    }
    let cleaned = match kua_metadata::clean(&read(path).map_err(Error::file(path))?) {
        Ok(cleaned) => cleaned,
        Err(_) if choice == Choice::Keep => return Ok((content(false), Metadata::NotChecked)),
        Err(error) => return unclean(path, choice, error, observer),
    };
    if cleaned.findings.is_empty() {
        return Ok((content(false), Metadata::NoneFound));
    }
    if choice != Choice::Keep {
        observer.warn(&Warning::MetadataFound { file: path, findings: &cleaned.findings });
    }
    let strip = match choice {
        Choice::Ask => match observer.ask(&Question::StripMetadata { file: path })? {
            Some(strip) => strip,
            None => {
                observer.warn(&Warning::MetadataKept { file: path });
                false
            }
        },
        other => other == Choice::Strip,
    };
    if strip {
        observer.warn(&Warning::MetadataRemoved { file: path });
    }
    Ok((content(strip), if strip { Metadata::Removed } else { Metadata::Kept }))
}

/// Settles what becomes of an image that cannot be cleaned: it goes as it is if the person says so.
fn unclean(
    path: &Path,
    choice: Choice,
    error: NotCleaned,
    observer: &dyn Observer,
) -> Result<(Content, Metadata), Error> {
    let answer = match choice {
        Choice::Ask => observer.ask(&Question::SendUnclean { file: path, error: &error })?,
        Choice::Keep | Choice::Strip => None,
    };
    match answer {
        Some(true) => Ok((Content { path: path.to_owned(), strip: false }, Metadata::NotChecked)),
        Some(false) => Err(Error::Ended),
        None => Err(Error::NotCleaned { path: path.to_owned(), error }),
    }
}

/// Says whether it is an image of a kind and size that can be cleaned, by its content and not by its name.
fn can_be_cleaned(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let small = file.metadata()?.len() <= LARGEST;
    let mut beginning = Vec::new();
    Read::take(&mut file, 12).read_to_end(&mut beginning)?;
    Ok(small && Format::of(&beginning).is_some())
}

fn read(path: &Path) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    // One byte more than can be cleaned, should the file have grown.
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}
