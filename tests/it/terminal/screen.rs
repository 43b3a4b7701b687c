//! A terminal with a person before it: she reads until something stands there, and types.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::blocking::{Pty, open};
use rustix::termios::{LocalModes, tcgetattr};

/// How long a person waits for a program, on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that runs in a terminal of its own.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    output: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    /// How much of the screen was read already.
    read: usize,
}

impl Terminal {
    pub fn run(command: Command) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(50, 120)).unwrap();
        let child = pty_process::blocking::Command::from(command).spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let (sender, output) = channel();
        let reader = pty.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The end of the program is an error here, as Linux has it.
            while let Ok(count @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { pty, child, output, bytes: Vec::new(), read: 0 }
    }

    /// All that was ever on the screen.
    pub fn screen(&self) -> String {
        String::from_utf8_lossy(&self.bytes).replace('\r', "")
    }

    /// Reads on until this stands there; gives what came before it since the last time.
    pub fn expect(&mut self, text: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if let Some(found) = screen[self.read..].find(text) {
                let before = screen[self.read..self.read + found].to_owned();
                self.read += found + text.len();
                return before;
            }
            let more = self.output.recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let more = more.unwrap_or_else(|error| panic!("{error}: {text:?} did not come:\n{screen}"));
            self.bytes.extend(more);
        }
    }

    /// Types a line.
    pub fn line(&mut self, text: &str) {
        self.keys(&format!("{text}\n"));
    }

    /// Types keys: `\u{3}` is Ctrl-C.
    pub fn keys(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// Waits for a question and answers it.
    pub fn answer(&mut self, question: &str, answer: &str) {
        self.expect(question);
        self.line(answer);
    }

    /// Waits for a question with a list, and answers with the numbers of these entries.
    pub fn choose(&mut self, question: &str, prompt: &str, entries: &[&str]) {
        self.expect(question);
        let list = self.expect(prompt);
        let number = |entry: &&str| {
            let line =
                list.lines().find(|line| line.ends_with(entry)).unwrap_or_else(|| panic!("{entry}: {list}"));
            line.split_whitespace().next().unwrap().to_owned()
        };
        self.line(&entries.iter().map(number).collect::<Vec<_>>().join(" "));
    }

    /// Whether the terminal shows what is typed.
    pub fn echoes(&self) -> bool {
        tcgetattr(&*self.pty).unwrap().local_modes.contains(LocalModes::ECHO)
    }

    /// Waits until the terminal does not show what is typed: a prompt stands there a moment before.
    pub fn wait_for_silence(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.echoes() {
            assert!(Instant::now() < deadline, "what is typed would be shown:\n{}", self.screen());
            thread::yield_now();
        }
    }

    /// Reads to the end of the program.
    pub fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(more) => self.bytes.extend(more),
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap(),
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.screen()),
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
