//! Work on several reports: one that fails keeps nobody from the others, and every error stands under the id of its report.

use kua_client::Error as ClientError;
use kua_client::events::Progress as _;
use kua_protocol::id::ObjectId;

use super::Terminal;
use super::errors::InWords as _;
use super::progress::Bar;
use crate::error::Error;

/// What became of several reports so far.
pub struct Batch<'t> {
    terminal: &'t Terminal,
    bar: Bar,
    count: usize,
    failed: usize,
    /// What went wrong with the only report.
    only: Option<ClientError>,
}

impl<'t> Batch<'t> {
    /// Begins with so many reports, and a bar that counts them. There is nothing to count of one.
    pub fn counted(count: usize, doing: &str, terminal: &'t Terminal) -> Self {
        let bar = if count == 1 { Bar::hidden() } else { terminal.bar(count as u64, doing) };
        Self { terminal, bar, count, failed: 0, only: None }
    }

    /// Begins with so many reports, whose progress is shown elsewhere.
    pub fn new(count: usize, terminal: &'t Terminal) -> Self {
        Self { terminal, bar: Bar::hidden(), count, failed: 0, only: None }
    }

    /// Counts one report more.
    pub fn advance(&self) {
        self.bar.advance(1);
    }

    /// Takes what came of a report, if it is done. What went wrong with it is said at once; of the only one, at the end.
    pub fn take<T>(&mut self, id: ObjectId, outcome: Result<T, ClientError>) -> Option<T> {
        match outcome {
            Ok(done) => return Some(done),
            Err(error) if self.count == 1 => self.only = Some(error),
            Err(error) => self.terminal.show(|| error.tell_of(id, self.terminal.words())),
        }
        self.failed += 1;
        None
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// What went wrong with the only report, or with how many of several.
    pub fn end(self) -> Result<(), Error> {
        match (self.only, self.failed) {
            (Some(error), _) => Err(error.into()),
            (None, 0) => Ok(()),
            (None, failed) => Err(Error::Several { failed, count: self.count }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::i18n::Words;

    #[test]
    fn the_error_of_the_only_report_is_that_of_the_command() {
        let terminal = Terminal::new(Words::of_locale("en"));
        let mut one = Batch::counted(1, "triage-noting", &terminal);
        assert_eq!(one.take(ObjectId::of(b"1"), Ok(7)), Some(7));
        assert!(one.take::<()>(ObjectId::of(b"1"), Err(ClientError::NotOpen)).is_none());
        assert!(matches!(one.end(), Err(Error::Client(ClientError::NotOpen))));
    }

    #[test]
    fn of_several_it_is_said_how_many_were_left_undone() {
        let terminal = Terminal::new(Words::of_locale("en"));
        let mut several = Batch::counted(3, "triage-noting", &terminal);
        assert!(several.take(ObjectId::of(b"1"), Ok(())).is_some());
        assert!(several.take::<()>(ObjectId::of(b"2"), Err(ClientError::NotOpen)).is_none());
        assert!(several.take(ObjectId::of(b"3"), Ok(())).is_some());
        let error = several.end().unwrap_err();
        assert!(error.in_words(terminal.words()).starts_with("Left undone: 1 of 3 reports"), "{error}");
    }
}
