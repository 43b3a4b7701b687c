//! Progress on a terminal, and nothing where there is none; or lines of JSON, for a program.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use kua_client::events::{Progress, Watch};
use serde_json::json;

use super::Terminal;

/// The shortest pause between two lines for a program.
const JSON_PAUSE: Duration = Duration::from_millis(500);

/// A bar or a turning mark on standard error, where that is a terminal. It goes when it is dropped.
pub struct Bar(ProgressBar);

impl Bar {
    /// Counts what is not shown.
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&self, by: u64) {
        self.0.inc(by);
    }

    fn take_back(&self, by: u64) {
        self.0.dec(by);
    }

    fn extend(&self, by: u64) {
        self.0.inc_length(by);
    }
}

impl Terminal {
    /// Shows a turning mark with this message.
    pub fn spinner(&self, key: &str) -> Bar {
        let spinner = ProgressBar::new_spinner().with_message(self.words().say(key));
        spinner.enable_steady_tick(Duration::from_millis(120));
        Bar(spinner)
    }

    /// Shows a bar that counts up to `length`.
    pub fn bar(&self, length: u64, key: &str) -> Bar {
        self.styled(length, "{msg} [{bar:30}] {pos}/{len} {eta}", key)
    }

    /// Shows a bar that counts bytes, with their rate and the time that is left.
    pub fn bytes(&self, length: u64, key: &str) -> Bar {
        let template =
            "{msg} [{bar:24}] {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta} left";
        self.styled(length, template, key)
    }

    fn styled(&self, length: u64, template: &str, key: &str) -> Bar {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = self.bars.add(ProgressBar::new(length));
        Bar(bar.with_style(style.progress_chars("=> ")).with_message(self.words().say(key)))
    }

    /// Shows how a report of so many sealed bytes is sent. `lines` asks for JSON.
    pub fn sending(&self, size: u64, lines: bool) -> Arc<Sending> {
        let say = |key| self.words().say(key);
        let bar = if lines { Bar::hidden() } else { self.bytes(size, "submit-sending") };
        bar.0.enable_steady_tick(Duration::from_millis(250));
        let lines = lines.then(|| Mutex::new(Lines { last: None, state: "" }));
        Arc::new(Sending {
            bar,
            size,
            under_way: say("submit-sending"),
            waiting: say("submit-waiting"),
            over: say("submit-starts-over"),
            lines,
        })
    }
}

/// How far a report has got.
pub struct Sending {
    bar: Bar,
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
    fn line(&self, state: &'static str, sent: u64) {
        let Some(lines) = &self.lines else { return };
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        let due = lines.last.is_none_or(|last| last.elapsed() >= JSON_PAUSE);
        if due || lines.state != state || sent == self.size {
            eprintln!("{}", json!({ "state": state, "sent": sent, "size": self.size }));
            *lines = Lines { last: Some(Instant::now()), state };
        }
    }
}

impl Watch for Sending {
    fn sent(&self, bytes: u64) {
        self.bar.0.set_message(self.under_way.clone());
        self.bar.0.set_position(bytes);
        self.line("sending", bytes);
    }

    fn waiting(&self) {
        self.bar.0.set_message(self.waiting.clone());
        self.line("waiting", self.bar.0.position());
    }

    fn starts_over(&self) {
        self.bar.0.suspend(|| eprintln!("{}", self.over));
        self.bar.0.reset();
        self.line("starts-over", 0);
    }
}
