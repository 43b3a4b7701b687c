//! One page to read and to print, which opens without any network.
//!
//! Its policy lets nothing run and nothing be fetched: no script, no picture, no link to a file that a stranger named. What
//! people wrote is escaped by its type and kept within its own direction of writing.

mod article;
mod front;

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write as _};

use maud::{Markup, PreEscaped, html};

use crate::folder::Folder;
use crate::form::Form;
use crate::told::Told;
use crate::{Error, Made, Words};

use front::Front;

const NAME: &str = "reports.html";

/// The page as it is written: its articles go to a file of their own, since what comes before them is known last.
pub(crate) struct Paper {
    made: Made,
    words: Box<dyn Words>,
    front: Front,
    articles: BufWriter<File>,
}

impl Paper {
    pub(crate) fn begin(folder: &Folder, made: Made, words: Vec<Box<dyn Words>>) -> Result<Self, Error> {
        let words = words.into_iter().next().ok_or(Error::NoWords)?;
        let articles = BufWriter::new(folder.passing()?);
        Ok(Self { made, words, front: Front::default(), articles })
    }

    fn write(self, mut to: impl io::Write) -> io::Result<()> {
        let (begin, end) = front::page(&self.made, &self.front, &*self.words);
        to.write_all(begin.as_bytes())?;
        let mut articles = self.articles.into_inner().map_err(io::IntoInnerError::into_error)?;
        articles.rewind()?;
        io::copy(&mut articles, &mut to)?;
        to.write_all(end.as_bytes())?;
        to.flush()
    }
}

impl Form for Paper {
    fn add(&mut self, folder: &mut Folder, told: &Told) -> Result<(), Error> {
        self.front.count(told);
        let article = article::article(told, self.made.redacted, &*self.words);
        self.articles.write_all(article.into_string().as_bytes()).map_err(Error::write(folder.path(NAME)))
    }

    fn finish(self: Box<Self>, folder: &mut Folder) -> Result<(), Error> {
        let file = BufWriter::new(folder.create(NAME)?);
        self.write(file).map_err(Error::write(folder.path(NAME)))?;
        folder.keep(NAME)
    }
}

/// People's own words in a line, kept apart from what stands around them.
fn line(text: &str) -> Markup {
    html! { bdi { (harmless(text)) } }
}

/// People's own words over several lines.
fn text(text: &str) -> Markup {
    html! { p.text dir="auto" { (harmless(text)) } }
}

/// Control characters, and marks that force letters into another order, show as the sign for something that cannot be
/// shown; ends of lines and tabulators stay.
fn harmless(text: &str) -> String {
    let hidden = |char: char| {
        matches!(char, '\u{202d}' | '\u{202e}') || (char.is_control() && !matches!(char, '\n' | '\t'))
    };
    text.replace("\r\n", "\n").replace(hidden, "\u{fffd}")
}

/// The page's style, which its policy names by its digest.
fn style() -> PreEscaped<&'static str> {
    PreEscaped(include_str!("style.css"))
}
