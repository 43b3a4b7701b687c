//! Progress on a terminal, and nothing where there is none; or lines of JSON, for a program.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::drop::Watch;
use crate::words::Words;

/// A program is told no oftener than this.
const JSON_PAUSE: Duration = Duration::from_millis(500);

/// A turning mark with a message, on standard error when that is a terminal.
pub fn spinner(message: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(message.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

/// A bar that counts up to `length`.
pub fn bar(length: u64, message: &str) -> ProgressBar {
    styled(ProgressBar::new(length), "{msg} [{bar:30}] {pos}/{len} {eta}", message)
}

/// A bar that counts bytes, with their rate and the time that is left.
pub fn bytes(length: u64, message: &str) -> ProgressBar {
    let template = "{msg} [{bar:24}] {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta} left";
    styled(ProgressBar::new(length), template, message)
}

fn styled(bar: ProgressBar, template: &str, message: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("=> ")).with_message(message.to_owned())
}

/// How far a report has got.
pub struct Sending {
    bar: ProgressBar,
    size: u64,
    under_way: String,
    waiting: String,
    over: String,
    lines: Option<Mutex<Lines>>,
}

/// Lines of JSON on standard error.
struct Lines {
    last: Option<Instant>,
    state: &'static str,
}

impl Sending {
    /// Shows how a report of so many sealed bytes is sent. `lines` asks for JSON.
    pub fn new(size: u64, words: &Words, lines: bool) -> Self {
        let say = |key| words.say(key);
        let sending = say("submit-sending");
        let bar = if lines { ProgressBar::hidden() } else { bytes(size, &sending) };
        bar.enable_steady_tick(Duration::from_millis(250));
        let lines = lines.then(|| Mutex::new(Lines { last: None, state: "" }));
        Self {
            bar,
            size,
            under_way: sending,
            waiting: say("submit-waiting"),
            over: say("submit-starts-over"),
            lines,
        }
    }

    /// The drop has forgotten what was sent, and all of it is sealed and sent anew.
    pub fn starts_over(&self) {
        self.bar.suspend(|| eprintln!("{}", self.over));
        self.bar.reset();
        self.line("starts-over", 0);
    }

    /// Nothing more is shown.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self, state: &'static str, sent: u64) {
        let Some(lines) = &self.lines else { return };
        let mut lines = lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let due = lines.last.is_none_or(|last| last.elapsed() >= JSON_PAUSE);
        if due || lines.state != state || sent == self.size {
            eprintln!("{}", json!({ "state": state, "sent": sent, "size": self.size }));
            *lines = Lines { last: Some(Instant::now()), state };
        }
    }
}

impl Watch for Sending {
    fn sent(&self, bytes: u64) {
        self.bar.set_message(self.under_way.clone());
        self.bar.set_position(bytes);
        self.line("sending", bytes);
    }

    fn waiting(&self) {
        self.bar.set_message(self.waiting.clone());
        self.line("waiting", self.bar.position());
    }
}
