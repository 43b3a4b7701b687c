//! A stage for a test: a served drop with a team, in a folder that goes away in the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::processes::{Binaries, Drop, DropFolder, Kua, Member, Profile, Run as _, Team, passphrase};
use acceptance::samples::Sample;
use kua_sealing::{Argon2Cost, Vault, VaultKind};
use serde_json::Value;
use tempfile::TempDir;

/// A drop that serves, the people around it, and a folder for what a test writes.
pub struct Stage {
    // Dropped first: the process ends before its folder goes.
    pub drop: Drop,
    pub kua: Kua,
    pub team: Team,
    pub roster: PathBuf,
    pub link: String,
    folder: TempDir,
}

impl Stage {
    /// A drop with the coordinators Aigul and Marat.
    pub fn new() -> Self {
        Self::with(&["Aigul", "Marat"])
    }

    /// A drop with coordinators of these names.
    pub fn with(names: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("kua-it-").tempdir().unwrap();
        let data = folder.path().join("drop");
        Self::build(folder, names, &data, None)
    }

    /// A drop whose data folder lies elsewhere, with a configuration of its own.
    pub fn on(data: &Path, config: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("kua-it-").tempdir().unwrap();
        Self::build(folder, &["Aigul"], data, Some(config))
    }

    fn build(folder: TempDir, names: &[&str], data: &Path, config: Option<&str>) -> Self {
        let binaries = Binaries::locate(Profile::Dev).unwrap();
        let kua = Kua::new(&binaries, folder.path().join("cache"));
        let team = team(folder.path(), names);
        let data = DropFolder::init(&binaries, data).unwrap();
        if let Some(config) = config {
            fs::write(data.path().join("kua.toml"), config).unwrap();
        }
        let roster = folder.path().join("roster.json");
        team.sign_roster(&kua, "Steppe Watch", &data.card(), &roster).unwrap();
        data.install(&roster).unwrap();
        let drop = data.serve().unwrap();
        let link = drop.link(&kua, &roster).unwrap();
        Self { drop, kua, team, roster, link, folder }
    }

    /// A path in the test's own folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the test's own folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Writes a sample as the file that `--report` takes.
    pub fn draft(&self, sample: &Sample) -> PathBuf {
        self.write(&format!("{}.json", sample.key), sample.draft.to_string())
    }

    /// `kua submit LINK --report DRAFT --json`, to which a test may add.
    pub fn submit(&self, draft: &Path) -> Command {
        let mut submit = self.kua.command();
        submit.args(["submit", &self.link, "--json", "--report"]).arg(draft);
        submit
    }

    /// Submits the text-only draft of one sample and gives what `kua` printed.
    pub fn submitted(&self, sample: &Sample) -> Value {
        self.submit(&self.draft(sample)).json().unwrap()
    }

    /// A coordinator's command with the link, vault and passphrase: `reader("open", 0)`.
    pub fn reader(&self, command: &str, coordinator: usize) -> Command {
        let mut reader = self.kua.command();
        reader.args([command, &self.link]);
        self.team.coordinators[coordinator].unlock(&mut reader);
        reader
    }

    /// The inbox of one coordinator.
    pub fn inbox(&self, coordinator: usize) -> Vec<Value> {
        self.reader("inbox", coordinator).arg("--json").json().unwrap().as_array().unwrap().clone()
    }
}

/// A root and coordinators whose vaults open quickly: tests that are about vaults make real ones.
fn team(folder: &Path, names: &[&str]) -> Team {
    let coordinators = names.iter().map(|name| member(folder, name, VaultKind::Coordinator)).collect();
    Team { root: member(folder, "Root", VaultKind::Root), coordinators }
}

/// A person with a quick vault.
pub fn member(folder: &Path, name: &str, kind: VaultKind) -> Member {
    let member = Member {
        name: name.to_owned(),
        vault: folder.join(format!("{name}.kua")),
        passphrase_file: folder.join(format!("{name}.passphrase")),
    };
    let passphrase = passphrase().unwrap();
    let vault =
        Vault::generate(kind, name).unwrap().lock(&passphrase, Argon2Cost::quick_for_tests()).unwrap();
    fs::write(&member.vault, vault).unwrap();
    fs::write(&member.passphrase_file, passphrase).unwrap();
    member
}
