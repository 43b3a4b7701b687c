//! What is hidden in the files that go with a report: shown to the person, and taken out if she wants it so.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kua_metadata::{Cleaned, Format, LARGEST};
use kua_report::Metadata;

use crate::ask;
use crate::error::Error;
use crate::show;
use crate::words::Words;

/// What is to be done with what is hidden.
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
pub struct Content {
    path: PathBuf,
    strip: bool,
}

/// The bytes of a file, from the disk or cleaned in memory.
pub enum Bytewise {
    Whole(File),
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
    pub fn open(&self) -> io::Result<Bytewise> {
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
pub fn settle(path: &Path, choice: Choice, words: &Words) -> Result<(Content, Metadata), Error> {
    let content = |strip| Content { path: path.to_owned(), strip };
    let name = show::one_line(&path.file_name().unwrap_or_default().to_string_lossy());
    let tell = |key: &str| eprintln!("{}", words.say_with(key, &[("name", name.clone().into())]));
    if !can_be_cleaned(path).map_err(Error::file(path))? {
        if choice != Choice::Keep {
            tell("hidden-other-format");
        }
        return Ok((content(false), Metadata::NotChecked));
    }
    let cleaned = match kua_metadata::clean(&read(path).map_err(Error::file(path))?) {
        Ok(cleaned) => cleaned,
        Err(_) if choice == Choice::Keep => return Ok((content(false), Metadata::NotChecked)),
        Err(error) if choice == Choice::Ask && ask::is_interactive() => {
            eprintln!("{name}: {error}");
            return if ask::yes(words, &words.say("hidden-send-unclean"))? {
                Ok((content(false), Metadata::NotChecked))
            } else {
                Err(Error::Ended)
            };
        }
        Err(error) => return Err(Error::NotCleaned { path: path.to_owned(), error }),
    };
    if cleaned.findings.is_empty() {
        return Ok((content(false), Metadata::NoneFound));
    }
    if choice != Choice::Keep {
        tell("hidden-found");
        list(&cleaned, words);
    }
    let strip = match choice {
        Choice::Ask if ask::is_interactive() => ask::yes(words, &words.say("hidden-ask"))?,
        Choice::Ask => {
            tell("hidden-kept");
            false
        }
        other => other == Choice::Strip,
    };
    if strip {
        tell("hidden-removed");
    }
    Ok((content(strip), if strip { Metadata::Removed } else { Metadata::Kept }))
}

fn list(cleaned: &Cleaned, words: &Words) {
    for finding in &cleaned.findings {
        let kind = words.say(&format!("hidden-{}", finding.kind()));
        match finding.says().filter(|text| !text.is_empty()) {
            Some(text) => eprintln!("  {kind}: {}", show::one_line(&text)),
            None => eprintln!("  {kind}"),
        }
    }
}

/// Whether it is an image of a kind and size that can be cleaned, by its content and not by its name.
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

#[cfg(test)]
mod tests {
    use kua_metadata::Finding;

    use super::*;

    #[test]
    fn every_kind_of_finding_has_a_message() {
        let findings = [
            Finding::Location(None),
            Finding::Device(String::new()),
            Finding::Author(String::new()),
            Finding::Time(String::new()),
            Finding::Thumbnail,
            Finding::Comment(String::new()),
            Finding::Software(String::new()),
            Finding::History,
            Finding::Profile,
            Finding::Trailing(0),
            Finding::Unknown(String::new()),
        ];
        let words = Words::of_locale("en");
        for finding in findings {
            let key = format!("hidden-{}", finding.kind());
            assert_ne!(words.say(&key), key);
        }
    }
}
