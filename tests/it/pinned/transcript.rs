//! A transcript: commands as they were typed, and what came of them.

use std::fmt::Write as _;
use std::process::Command;

use acceptance::processes::{Output, Run as _, line_of};
use acceptance::samples;
use serde_json::Value;

use super::scrub::Scrub;
use super::views;
use crate::impostor::roster_of;
use crate::stage::Stage;

/// A story that is played on a stage and written down.
pub struct Transcript {
    pub stage: Stage,
    scrub: Scrub,
    language: &'static str,
    told: String,
}

impl Transcript {
    /// A story at a drop with the coordinators Aigul and Marat.
    pub fn new() -> Self {
        Self::on(Stage::new())
    }

    /// A story at a drop where Aigul's key sorts before Marat's. What both wrote at the same place of a log is in the order
    /// of their keys, which are random.
    pub fn in_order_of_keys() -> Self {
        loop {
            let stage = Stage::new();
            let keys: Vec<[u8; 32]> = roster_of(&stage)
                .coordinators
                .iter()
                .map(|coordinator| *coordinator.keys[0].sign.as_bytes())
                .collect();
            if keys.is_sorted() {
                return Self::on(stage);
            }
        }
    }

    /// A story at this drop.
    pub fn on(stage: Stage) -> Self {
        Self::scrubbed(stage, Scrub::new(Some(crate::today())))
    }

    /// A story in which days are examples and stay as they are.
    pub fn of_examples() -> Self {
        Self::scrubbed(Stage::new(), Scrub::new(None))
    }

    fn scrubbed(stage: Stage, mut scrub: Scrub) -> Self {
        scrub.know(&stage.link, "[link]");
        scrub.know(stage.drop.origin(), "[origin]");
        scrub.know(stage.drop.address(), "[host]");
        scrub.know(stage.path("").to_str().unwrap(), "[folder]/");
        Self { stage, scrub, language: "en", told: String::new() }
    }

    /// Replaces this text by a placeholder from now on.
    pub fn know(&mut self, text: &str, placeholder: &str) {
        self.scrub.know(text, placeholder);
    }

    /// A place to come back to.
    pub fn mark(&self) -> Mark {
        Mark { scrub: self.scrub.clone(), told: self.told.len() }
    }

    /// Forgets what was written down since then.
    pub fn forget_since(&mut self, mark: Mark) {
        self.scrub = mark.scrub;
        self.told.truncate(mark.told);
    }

    /// Speaks this language from now on, as `LANG` names it.
    pub fn speak(&mut self, language: &'static str) {
        self.language = language;
        let _ = write!(self.told, "\n# LANG={language}\n");
    }

    /// Runs `kua` with the words of a line, in the test's own folder. `LINK` stands for the link, and `'…'` for one word.
    pub fn kua(&mut self, line: &str) -> Output {
        let mut command = self.command(line);
        self.play(&mut command, |_, _| ())
    }

    /// Runs `kua` with somebody's vault.
    pub fn by(&mut self, name: &str, line: &str) -> Output {
        self.kua(&as_typed_by(name, line))
    }

    /// As [`Transcript::kua`], with what is said of several reports in the order in which these were first named.
    ///
    /// A drop lists in the order of ids, and these are random: that what was printed was in their order is checked here.
    pub fn listed(&mut self, line: &str) -> Output {
        let mut command = self.command(line);
        self.play(&mut command, |told, output| output.stdout = told.in_known_order(&output.stdout))
    }

    /// As [`Transcript::listed`], with somebody's vault.
    pub fn listed_by(&mut self, name: &str, line: &str) -> Output {
        self.listed(&as_typed_by(name, line))
    }

    /// A command with the words of a line, in the test's own folder, that was not run yet.
    pub fn command(&self, line: &str) -> Command {
        let mut command = self.stage.kua.command();
        command.current_dir(self.stage.path("")).env("LANG", self.language);
        for word in shell_words(line) {
            command.arg(if word == "LINK" { &self.stage.link } else { &word });
        }
        command
    }

    /// Runs a command and writes it down, after a change to what is never the same.
    pub fn play(&mut self, command: &mut Command, change: impl Fn(&Self, &mut Output)) -> Output {
        let output = command.run().unwrap();
        views::check(&line_of(command), &output);
        let typed = self.scrub.scrub(&line_of(command));
        let mut shown = output.clone();
        change(self, &mut shown);
        let (stdout, stderr) = (self.scrub.scrub(&shown.stdout), self.scrub.scrub(&shown.stderr));
        let _ = write!(self.told, "\n$ {typed}\n");
        if output.code != Some(0) {
            let _ = writeln!(self.told, "[exit code {:?}]", output.code.unwrap());
        }
        for (name, text) in [("stdout", stdout), ("stderr", stderr)] {
            if !text.is_empty() {
                let end = if text.ends_with('\n') { "" } else { "[no line end]\n" };
                let _ = write!(self.told, "[{name}]\n{text}{end}");
            }
        }
        output
    }

    /// Writes a remark between commands.
    pub fn remark(&mut self, text: &str) {
        let text = self.scrub.scrub(text);
        let _ = write!(self.told, "\n# {text}\n");
    }

    /// Writes down the names of the files below a folder of the test.
    pub fn files(&mut self, folder: &str) {
        let root = self.stage.path(folder);
        let mut paths: Vec<String> = crate::secrets::everything_under(&root)
            .into_iter()
            .map(|(path, _)| path.strip_prefix(&root).unwrap().display().to_string())
            .collect();
        paths.sort_by_key(|path| (self.scrub.first_id(path), path.clone()));
        let list: String = paths.iter().map(|path| self.scrub.scrub(path) + "\n").collect();
        let _ = write!(self.told, "\n# files in {folder}\n{list}");
    }

    /// Submits a sample with further options, for a program, and gives what was printed.
    pub fn submitted(&mut self, sample: usize, options: &str) -> Sent {
        let draft = self.stage.draft(&samples::incidents()[sample]);
        let draft = draft.file_name().unwrap().to_str().unwrap().to_owned();
        let output = self.kua(&format!("submit LINK --json --report {draft} {options}"));
        let value: Value = serde_json::from_str(&output.stdout).unwrap();
        let text = |field: &str| value[field].as_str().unwrap().to_owned();
        Sent { id: text("report_id"), codename: text("codename") }
    }

    /// Compares what was played with the snapshot of this name.
    #[track_caller]
    pub fn pin(self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let told = self.told;
        settings.bind(|| insta::assert_snapshot!(name, told));
    }

    /// Puts blocks of lines, or the values of a JSON list, into the order in which their reports were first named.
    fn in_known_order(&self, stdout: &str) -> String {
        if stdout.starts_with('[') {
            let mut values: Vec<Value> = serde_json::from_str(stdout).unwrap();
            // Either all in one line, or a line for each.
            let in_lines = stdout.contains("\n,") || stdout.ends_with("\n]\n");
            let as_text = |values: &[Value]| {
                let separator = if in_lines { "\n," } else { "," };
                let values = values.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator);
                format!("[{values}{}]\n", if in_lines { "\n" } else { "" })
            };
            assert_eq!(as_text(&values), stdout, "parsing and printing changes nothing");
            assert!(values.is_sorted_by_key(id_of), "the list is not in the order of ids");
            values.sort_by_key(|value| self.scrub.first_id(&id_of(value)).expect("a known report"));
            return as_text(&values);
        }
        let mut blocks: Vec<String> = Vec::new();
        for line in stdout.split_inclusive('\n') {
            match blocks.last_mut() {
                Some(block) if line.starts_with(' ') => block.push_str(line),
                _ => blocks.push(line.to_owned()),
            }
        }
        assert!(blocks.is_sorted(), "the list is not in the order of ids");
        blocks.sort_by_key(|block| self.scrub.first_id(block).expect("a known report"));
        blocks.concat()
    }
}

/// A place in a transcript.
pub struct Mark {
    scrub: Scrub,
    told: usize,
}

/// A report that was taken in.
pub struct Sent {
    pub id: String,
    pub codename: String,
}

impl Sent {
    /// The digits of the id that a person types.
    pub fn short(&self) -> &str {
        &self.id[..8]
    }
}

/// The id of the report that a value of a list is about.
fn id_of(value: &Value) -> String {
    let places = ["/report_id", "/custody/report_id"];
    places.iter().find_map(|at| value.pointer(at)).unwrap().as_str().unwrap().to_owned()
}

fn as_typed_by(name: &str, line: &str) -> String {
    format!("{line} --key {name}.kua --passphrase-file {name}.passphrase")
}

/// The words of a line, of which those in single quotes may hold spaces.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    for letter in line.chars() {
        match letter {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}
