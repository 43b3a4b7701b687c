//! Standard output, which may be a pipe that its reader closes.

use std::fmt::Arguments;
use std::io::{self, Write as _};

use serde_json::Value;

/// Prints a line to standard output. When nobody reads it any more, the program ends quietly, as others do.
macro_rules! outln {
    ($($text:tt)*) => {
        $crate::out::line(format_args!($($text)*))
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
    pub fn push(&mut self, value: &Value) {
        let before = match (self.single, self.begun) {
            (true, _) => "",
            (false, true) => ",",
            (false, false) => "[",
        };
        self.begun = true;
        outln!("{before}{value}");
    }

    /// Ends the list.
    pub fn end(self) {
        if !self.single {
            outln!("{}", if self.begun { "]" } else { "[]" });
        }
    }
}
