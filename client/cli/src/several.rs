//! Work on several reports: one that fails keeps nobody from the others, and every error stands under the id of its report.

use indicatif::ProgressBar;
use kua_protocol::id::ObjectId;

use crate::error::Error;
use crate::progress;
use crate::words::Words;

/// What became of several reports so far.
pub struct Several<'w> {
    words: &'w Words,
    bar: ProgressBar,
    count: usize,
    failed: usize,
    /// What went wrong with the only report.
    only: Option<Error>,
}

impl<'w> Several<'w> {
    /// So many reports, with a bar that counts them. There is nothing to count of one.
    pub fn counted(count: usize, doing: &str, words: &'w Words) -> Self {
        let several = || progress::bar(count as u64, &words.say(doing));
        Self::shown_by(if count == 1 { ProgressBar::hidden() } else { several() }, count, words)
    }

    /// So many reports, whose progress this bar shows.
    pub fn shown_by(bar: ProgressBar, count: usize, words: &'w Words) -> Self {
        Self { words, bar, count, failed: 0, only: None }
    }

    /// The bar.
    pub fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    /// Lets something be printed where the bar stands.
    pub fn show<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// What came of a report, if it is done. What went wrong with it is said at once; of the only one, at the end.
    pub fn take<T>(&mut self, id: ObjectId, outcome: Result<T, Error>) -> Option<T> {
        match outcome {
            Ok(done) => return Some(done),
            Err(error) if self.count == 1 => self.only = Some(error),
            Err(error) => self.show(|| error.tell_of(id, self.words)),
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
        self.bar.finish_and_clear();
        match (self.only, self.failed) {
            (Some(error), _) => Err(error),
            (None, 0) => Ok(()),
            (None, failed) => Err(Error::Several { failed, count: self.count }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_the_only_report_is_that_of_the_command() {
        let words = Words::of_locale("en");
        let mut one = Several::counted(1, "triage-noting", &words);
        assert_eq!(one.take(ObjectId::of(b"1"), Ok(7)), Some(7));
        assert!(one.take::<()>(ObjectId::of(b"1"), Err(Error::NotOpen)).is_none());
        assert!(matches!(one.end(), Err(Error::NotOpen)));
    }

    #[test]
    fn of_several_it_is_said_how_many_were_left_undone() {
        let words = Words::of_locale("en");
        let mut several = Several::counted(3, "triage-noting", &words);
        assert!(several.take(ObjectId::of(b"1"), Ok(())).is_some());
        assert!(several.take::<()>(ObjectId::of(b"2"), Err(Error::NotOpen)).is_none());
        assert!(several.take(ObjectId::of(b"3"), Ok(())).is_some());
        let error = several.end().unwrap_err();
        assert!(error.in_words(&words).starts_with("Left undone: 1 of 3 reports"), "{error}");
    }
}
