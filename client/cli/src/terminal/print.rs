//! Standard output, which may be a pipe that its reader closes.

use std::fmt::Arguments;
use std::io::{self, Write as _};

use serde::Serialize;

use crate::error::Error;

/// Prints a line to standard output. When nobody reads it any more, the program ends quietly, as others do.
macro_rules! outln {
    ($($text:tt)*) => {
        $crate::terminal::print::line(format_args!($($text)*))
    };
}

/// Prints a line, at once.
pub fn line(text: Arguments<'_>) {
    // In one piece: standard output would write a long line in many small ones.
    let line = format!("{text}\n");
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush());
    if let Err(error) = written {
        if error.kind() != io::ErrorKind::BrokenPipe {
            eprintln!("kua: standard output cannot be written: {error}");
        }
        std::process::exit(1);
    }
}

/// Prints a view as JSON.
///
/// # Errors
///
/// When it has a path that is no text.
pub fn json<T: Serialize>(value: &T) -> Result<(), Error> {
    outln!("{}", to_json(value)?);
    Ok(())
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::system)
}

/// JSON of what a command found, printed value by value, so that it needs no memory however much it is: a list, or a
/// single value as it is.
#[derive(Debug)]
pub struct JsonList {
    single: bool,
    begun: bool,
}

impl JsonList {
    /// Begins a list; or prints the one value that there will be, if any, without one.
    pub fn new(single: bool) -> Self {
        Self { single, begun: false }
    }

    /// Prints the next value.
    ///
    /// # Errors
    ///
    /// When it has a path that is no text.
    pub fn push<T: Serialize>(&mut self, value: &T) -> Result<(), Error> {
        let value = to_json(value)?;
        let before = match (self.single, self.begun) {
            (true, _) => "",
            (false, true) => ",",
            (false, false) => "[",
        };
        self.begun = true;
        outln!("{before}{value}");
        Ok(())
    }

    /// Ends the list, where one is `wanted`.
    pub fn end(self, wanted: bool) {
        if wanted && !self.single {
            outln!("{}", if self.begun { "]" } else { "[]" });
        }
    }
}
