//! Files that an editor on Windows saved: a byte order mark before the text is no fault of the person.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance::processes::{Binaries, DropFolder, Profile, Run as _};
use acceptance::samples;

use crate::stage::Stage;

/// Puts a byte order mark before a text, in a file beside it.
fn marked(path: &Path) -> PathBuf {
    let marked = path.with_extension("marked");
    let text = fs::read(path).unwrap();
    assert!(!text.starts_with(b"\xef\xbb\xbf"));
    fs::write(&marked, [b"\xef\xbb\xbf", &*text].concat()).unwrap();
    marked
}

#[test]
fn a_byte_order_mark_is_passed_over_in_every_file_that_people_keep() {
    let stage = Stage::with(&["Aigul"]);
    let reader = &stage.team.coordinators[0];
    let passphrase = marked(&reader.passphrase_file);
    let mut inbox = stage.kua.command();
    inbox.args(["inbox", &stage.link, "--json", "--key"]).arg(&reader.vault);
    inbox.arg("--passphrase-file").arg(&passphrase).json().unwrap();

    // Codename, draft and receipt.
    let (draft, receipt) = (marked(&stage.draft(&samples::incidents()[0])), stage.path("receipt.json"));
    let sent = stage.submit(&draft).arg("--receipt").arg(&receipt).json().unwrap();
    let codename = marked(&stage.write("codename.txt", sent["codename"].as_str().unwrap()));
    let mut back = stage.kua.command();
    back.args(["return", &stage.link, "--json", "--codename-file"]).arg(&codename).json().unwrap();
    let mut verify = stage.kua.command();
    verify.args(["receipt", "verify"]).arg(marked(&receipt));
    verify.arg("--roster").arg(marked(&stage.roster)).succeed().unwrap();

    // Cards, roster and seed.
    let data = DropFolder::init(&Binaries::locate(Profile::Dev).unwrap(), stage.path("second")).unwrap();
    let (card, roster) = (reader.card(&stage.kua).unwrap(), stage.path("second.json"));
    let mut new = stage.kua.command();
    new.args(["roster", "new", "--name", "Steppe Watch", "--drop"]).arg(marked(&data.card()));
    new.arg("--card").arg(marked(&card)).arg("--out").arg(&roster);
    stage.team.root.unlock(&mut new).succeed().unwrap();
    let seed = data.path().join("drop.seed");
    fs::rename(marked(&seed), &seed).unwrap();
    data.install(&marked(&roster)).unwrap();
    data.serve().unwrap();
}
