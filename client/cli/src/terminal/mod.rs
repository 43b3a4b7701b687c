//! The terminal: asking, printing, progress, messages in the person's language. Nothing else of the program speaks to it.

#[macro_use]
pub mod print;

pub mod ask;
pub mod batch;
pub mod case;
pub mod codename;
pub mod errors;
pub mod event;
pub mod export;
pub mod i18n;
pub mod inbox;
pub mod interrupt;
pub mod interview;
mod observer;
pub mod passphrase;
pub mod progress;
pub mod qr;
pub mod report;
pub mod sanitise;
pub mod share_page;
pub mod thread;

use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::MultiProgress;

use self::i18n::Words;

/// The terminal, and the language of the person at it.
pub struct Terminal {
    words: Words,
    bars: MultiProgress,
    /// Whether something is just printed where progress is shown.
    showing: AtomicBool,
}

impl Terminal {
    /// Speaks in this language.
    pub fn new(words: Words) -> Self {
        Self { words, bars: MultiProgress::new(), showing: AtomicBool::new(false) }
    }

    /// Gives the messages.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Lets something be printed where progress is shown.
    pub fn show<T>(&self, print: impl FnOnce() -> T) -> T {
        // What is printed may print in turn.
        if self.showing.swap(true, Ordering::Relaxed) {
            return print();
        }
        let shown = self.bars.suspend(print);
        self.showing.store(false, Ordering::Relaxed);
        shown
    }
}
