//! Without us: what was sealed opens with another age and with tar, and what another age sealed opens with `kua`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use acceptance::processes::Run as _;
use acceptance::samples;
use serde_json::Value;

use crate::stage::Stage;

/// npm's `age-encryption` as a program, which shares no line with ours.
pub struct StockAge(PathBuf);

impl StockAge {
    /// Finds it. Where it was not built this says so, and nothing is shown.
    pub fn find() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop");
        let program = folder.join("build/age.js");
        if program.exists() && folder.join("node_modules").exists() {
            return Some(Self(program));
        }
        let required = std::env::var_os("KUA_REQUIRE_INTEROP").is_some_and(|value| value == "1");
        assert!(!required, "tests/interop is not built");
        println!("skipped in part: tests/interop is not built (npm ci && npm run build in that folder)");
        None
    }

    /// Opens a sealed file with an identity: `age -d -i IDENTITY < SEALED > OPENED`.
    pub fn open(&self, identity: &Path, sealed: &Path, opened: &Path) {
        self.run("open", identity, sealed, opened);
    }

    /// Seals a file to a recipient: `age -r RECIPIENT < PLAIN > SEALED`.
    fn seal(&self, recipient: &str, plain: &Path, sealed: &Path) {
        self.run("seal", recipient.as_ref(), plain, sealed);
    }

    fn run(&self, command: &str, key: &Path, from: &Path, to: &Path) {
        let mut node = Command::new("node");
        node.arg(&self.0).arg(command).arg(key);
        let output =
            node.stdin(File::open(from).unwrap()).stdout(File::create(to).unwrap()).stderr(Stdio::piped());
        let output = output.spawn().unwrap().wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Unpacks an archive with the system's tar into a new folder.
pub fn untar(archive: &Path, folder: &Path) {
    fs::create_dir(folder).unwrap();
    let said = Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(folder).run().unwrap();
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""), "and tar finds nothing odd in it");
}

/// A report with two files, one with a name in Cyrillic, as a coordinator saved it; and who may open it elsewhere.
struct Saved {
    stage: Stage,
    draft: Value,
    sealed: PathBuf,
    identity: PathBuf,
}

const PHOTO: &str = "Фото с площади.jpg";
const LETTER: &str = "letter.pdf";

fn saved() -> Saved {
    let stage = Stage::new();
    let sample = &samples::incidents()[4];
    let photo = stage.write(PHOTO, samples::photo(2));
    let letter = stage.write(LETTER, samples::document("To the ombudsman"));
    let mut submit = stage.submit(&stage.draft(sample));
    let sent = submit.arg("--attach").arg(photo).arg("--attach").arg(letter).json().unwrap();
    let id = sent["report_id"].as_str().unwrap();
    stage.reader("fetch", 1).arg(&id[..8]).arg("--out").arg(stage.path("sealed")).succeed().unwrap();

    let marat = &stage.team.coordinators[1];
    let mut export = stage.kua.command();
    export.args(["key", "export", "--age"]).arg(&marat.vault);
    let identity = export.arg("--passphrase-file").arg(&marat.passphrase_file).succeed().unwrap();
    Saved {
        draft: sample.draft.clone(),
        sealed: stage.path("sealed").join(format!("{id}.age")),
        identity: stage.write("identity.txt", identity),
        stage,
    }
}

/// `kua open --sealed`, which needs no drop.
fn opened_by_us(stage: &Stage, sealed: &Path, out: &Path) -> Value {
    let mut open = stage.kua.command();
    open.arg("open").arg("--sealed").arg(sealed).args(["--json", "--out"]).arg(out);
    stage.team.coordinators[1].unlock(&mut open).json().unwrap()
}

fn assert_same_files(one: &Path, other: &Path) {
    for name in ["report.json".to_owned(), format!("attachments/{PHOTO}"), format!("attachments/{LETTER}")] {
        let (one, other) = (fs::read(one.join(&name)).unwrap(), fs::read(other.join(&name)).unwrap());
        assert!(one == other, "{name}");
    }
}

#[test]
fn a_saved_report_opens_with_another_age_and_tar() {
    let Some(age) = StockAge::find() else { return };
    let mut saved = saved();
    // All that is needed lies on this machine.
    saved.stage.drop.stop().unwrap();
    let (archive, theirs, ours) =
        (saved.stage.path("r.tar"), saved.stage.path("theirs"), saved.stage.path("ours"));
    age.open(&saved.identity, &saved.sealed, &archive);
    untar(&archive, &theirs);
    opened_by_us(&saved.stage, &saved.sealed, &ours);
    assert_same_files(&theirs, &ours);
    assert!(fs::read(theirs.join("attachments").join(PHOTO)).unwrap() == samples::photo(2));
    let report: Value = serde_json::from_slice(&fs::read(theirs.join("report.json")).unwrap()).unwrap();
    for (field, value) in saved.draft.as_object().unwrap() {
        assert_eq!(&report[field], value, "{field}");
    }
}

#[test]
fn a_report_that_another_age_sealed_opens_with_kua() {
    let Some(age) = StockAge::find() else { return };
    let saved = saved();
    let marat = &saved.stage.team.coordinators[1];
    let card: Value =
        serde_json::from_slice(&fs::read(marat.card(&saved.stage.kua).unwrap()).unwrap()).unwrap();
    let (archive, resealed, sealed_again) =
        (saved.stage.path("r.tar"), saved.stage.path("resealed.age"), saved.stage.path("resealed"));
    age.open(&saved.identity, &saved.sealed, &archive);
    age.seal(card["recipient"].as_str().unwrap(), &archive, &resealed);
    assert!(fs::read(&resealed).unwrap() != fs::read(&saved.sealed).unwrap());

    let json = opened_by_us(&saved.stage, &resealed, &sealed_again);
    assert_eq!(json["title"], saved.draft["title"]);
    untar(&archive, &saved.stage.path("untarred"));
    assert_same_files(&sealed_again, &saved.stage.path("untarred"));

    // One flipped bit in what the other sealed, and nothing is written.
    let mut bytes = fs::read(&resealed).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let damaged = saved.stage.write("damaged.age", bytes);
    let mut open = saved.stage.kua.command();
    open.arg("open").arg("--sealed").arg(damaged).arg("--out").arg(saved.stage.path("nothing"));
    assert_eq!(marat.unlock(&mut open).run().unwrap().code, Some(1));
    assert!(!saved.stage.path("nothing").exists());
}
