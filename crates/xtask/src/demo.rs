//! `cargo xtask demo`: the whole way of a report on one machine, with the real programs and in plain words.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::processes::{Binaries, Drop, DropFolder, Kua, Profile, Run as _, Team, line_of};
use acceptance::samples::{self, Sample};
use anyhow::{Context as _, ensure};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::stock::Stock;

/// The report that gets the attachments and is opened.
const OPENED: usize = 0;

/// Shows everything, then serves until Ctrl-C unless `once`. Without `data` it works in a temporary folder.
pub(crate) fn run(data: Option<&Path>, once: bool) -> anyhow::Result<()> {
    // From here on Ctrl-C ends programs that run, and not this one before it has cleaned up.
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    say("Building kua-server and kua in release mode.");
    let binaries = Binaries::build(Profile::Release)?;

    let temporary = tempfile::Builder::new().prefix("kua-demo-").tempdir()?;
    let folder = match data {
        Some(folder) => std::path::absolute(folder)?,
        None => temporary.path().to_owned(),
    };
    ensure!(
        !folder.join("drop").exists(),
        "{} holds a demo already: name another folder, or remove it",
        folder.display()
    );
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;

    let stage = Stage::set(&binaries, folder)?;
    let ids = stage.submit_all()?;
    stage.inbox()?;
    stage.open(&ids[OPENED])?;
    stage.with_stock_tools(&ids[OPENED])?;

    if !once {
        stage.by_hand(&binaries, &ids[OPENED]);
        println!("\nThe drop keeps serving. Ctrl-C ends it.");
        signals.forever().next();
    }
    stage.close(data.is_some())
}

/// A new paragraph of the story.
fn say(text: &str) {
    println!("\n• {text}");
}

/// Shows what a command answered.
fn quote(text: &str) {
    for line in text.trim_end().lines() {
        println!("  │ {line}");
    }
}

/// The drop and its people.
struct Stage {
    folder: PathBuf,
    kua: Kua,
    team: Team,
    drop: Drop,
    link: String,
}

impl Stage {
    fn set(binaries: &Binaries, folder: PathBuf) -> anyhow::Result<Self> {
        say("The operator makes a drop: a folder, the drop's own keys, and a card for those who will sign.");
        let drop_folder = DropFolder::init(binaries, folder.join("drop"))?;
        println!("  {}", drop_folder.path().display());

        say(
            "Offline, a root and two coordinators make their keys, each in a vault under a passphrase (Argon2id, 256 MiB).",
        );
        let kua = Kua::new(binaries, folder.join("cache"));
        let team = Team::new(&kua, &folder.join("team"), &["Aigul", "Marat"])?;
        for member in [&team.root].into_iter().chain(&team.coordinators) {
            println!("  {:<6} {}", member.name, member.vault.display());
            println!("         passphrase in {}", member.passphrase_file.display());
        }

        say(
            "The root signs the roster: who the coordinators are, and which drop they read. The operator installs it.",
        );
        let roster = folder.join("roster.json");
        team.sign_roster(&kua, "Steppe Watch", &drop_folder.card(), &roster)?;
        drop_folder.install(&roster)?;

        say("The drop serves. Its link names the root, so that no server can put in other readers:");
        let drop = drop_folder.serve()?;
        let link = drop.link(&kua, &roster)?;
        println!("  {link}");
        println!("  Below it is called $LINK, and paths are those in {}.", folder.display());
        Ok(Self { folder, kua, team, drop, link })
    }

    /// Sends every sample; answers with the reports' ids.
    fn submit_all(&self) -> anyhow::Result<Vec<String>> {
        let folder = self.folder.join("reports");
        fs::create_dir_all(&folder)?;
        say(
            "Submitters seal eight reports on their own devices and send them; the first one with a photo and a document.",
        );
        let ids: Vec<String> = samples::incidents()
            .iter()
            .enumerate()
            .map(|(n, sample)| self.submit(&folder, sample, n == OPENED))
            .collect::<anyhow::Result<_>>()?;
        println!(
            "  What the drop holds is sealed: it cannot read a word of it, and reports without files are all one size."
        );
        Ok(ids)
    }

    fn submit(&self, folder: &Path, sample: &Sample, with_files: bool) -> anyhow::Result<String> {
        let report = folder.join(format!("{}.json", sample.key));
        fs::write(&report, serde_json::to_vec_pretty(&sample.draft)?)?;
        let mut submit = self.kua.command();
        submit.args(["submit", &self.link]).arg("--report").arg(&report);
        if with_files {
            for (name, bytes) in attachments(sample) {
                let path = folder.join(name);
                fs::write(&path, bytes)?;
                submit.arg("--attach").arg(path);
            }
        }
        let sent = submit.arg("--json").json()?;
        let field = |name: &str| sent[name].as_str().map(str::to_owned);
        let id = field("report_id").context("kua submit named no report")?;
        if with_files {
            self.show(&submit);
            println!(
                "  The submitter keeps eight words, her only secret: {}",
                field("codename").unwrap_or_default()
            );
        }
        println!("  {}  {:>7} bytes sealed  {}", &id[..8], sent["size"], sample.key);
        Ok(id)
    }

    fn inbox(&self) -> anyhow::Result<()> {
        say("Aigul lists what came in. The titles are opened on her machine.");
        let mut inbox = self.kua.command();
        self.aigul(inbox.args(["inbox", &self.link]));
        self.show(&inbox);
        let rows = inbox.succeed()?;
        ensure!(rows.lines().count() >= samples::incidents().len(), "the inbox is not complete:\n{rows}");
        quote(&rows);
        Ok(())
    }

    fn open(&self, id: &str) -> anyhow::Result<()> {
        say(
            "She opens one and saves it with its attachments. Nothing is written unless every byte was verified.",
        );
        let out = self.folder.join("opened");
        let mut open = self.kua.command();
        self.aigul(open.args(["open", &self.link, &id[..8]])).arg("--out").arg(&out);
        self.show(&open);
        quote(&open.succeed()?);
        compare(&out)?;
        println!("  The photo and the document are byte for byte what was sent.");
        Ok(())
    }

    fn with_stock_tools(&self, id: &str) -> anyhow::Result<()> {
        say("None of this depends on us: the same bytes open with age (1.3 or later) and tar.");
        let folder = self.folder.join("by-hand");
        let mut fetch = self.kua.command();
        self.aigul(fetch.args(["fetch", &self.link, id])).arg("--out").arg(&folder).succeed()?;
        let aigul = &self.team.coordinators[0];
        let mut export = self.kua.command();
        export.args(["key", "export", "--age"]).arg(&aigul.vault);
        let identity = export.arg("--passphrase-file").arg(&aigul.passphrase_file).succeed()?;
        let stock = Stock::lay_out(&folder, id, &identity)?;
        for line in stock.commands() {
            println!("  $ {line}");
        }
        match stock.run()? {
            Ok(()) => {
                compare(&folder)?;
                println!("  age and tar were run just now, and gave the same photo and document.");
            }
            Err(why_not) => println!("  They were not run here: {why_not}."),
        }
        Ok(())
    }

    fn by_hand(&self, binaries: &Binaries, id: &str) {
        say("To go on by hand, in another terminal:");
        let bin = binaries.kua().parent().unwrap_or(Path::new("."));
        let aigul = &self.team.coordinators[0];
        println!("  cd {}", self.folder.display());
        println!("  export PATH={}:$PATH KUA_CACHE=$PWD/cache LINK='{}'", bin.display(), self.link);
        println!("  kua submit \"$LINK\"");
        let unlock = format!(
            "--key team/{} --passphrase-file team/{}",
            aigul.vault.file_name().unwrap_or_default().display(),
            aigul.passphrase_file.file_name().unwrap_or_default().display()
        );
        println!("  kua inbox \"$LINK\" {unlock}");
        println!("  kua open \"$LINK\" {unlock} {}", &id[..8]);
        println!("  kua-server status --data drop");
    }

    /// Ends the server and says what stays.
    fn close(mut self, stays: bool) -> anyhow::Result<()> {
        let ended = self.drop.stop()?;
        ensure!(
            ended.is_some_and(|status| status.success()),
            "kua-server did not end cleanly:\n{}",
            self.drop.log()?
        );
        if stays {
            say(&format!("The drop has ended. Everything stays in {}.", self.folder.display()));
        } else {
            say("The drop has ended, and the temporary folder is removed.");
        }
        Ok(())
    }

    /// Shows the command that comes next, as a person would type it in the demo's folder.
    fn show(&self, command: &Command) {
        let folder = format!("{}/", self.folder.display());
        let link = format!("'{}'", self.link);
        println!("  $ {}", line_of(command).replace(&folder, "").replace(&link, "\"$LINK\""));
    }

    fn aigul<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        self.team.coordinators[0].unlock(command)
    }
}

/// The files that go with the first report.
fn attachments(sample: &Sample) -> [(&'static str, Vec<u8>); 2] {
    let title = sample.draft["title"].as_str().unwrap_or_default();
    [("photo.jpg", samples::photo(1)), ("statement.pdf", samples::document(title))]
}

/// Checks that the attachments under a folder are those that were sent.
fn compare(opened: &Path) -> anyhow::Result<()> {
    for (name, sent) in samples::incidents().get(OPENED).map(attachments).into_iter().flatten() {
        let path = opened.join("attachments").join(name);
        let got = fs::read(&path).with_context(|| path.display().to_string())?;
        ensure!(got == sent, "{} is not what was sent", path.display());
    }
    Ok(())
}
