//! The people of a drop: a root and coordinators, each with a vault and a passphrase file.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Failure, Kua, Run as _};

/// A person with a vault.
#[derive(Debug, Clone)]
pub struct Member {
    /// How the person is called.
    pub name: String,
    /// The vault.
    pub vault: PathBuf,
    /// The file that holds the vault's passphrase.
    pub passphrase_file: PathBuf,
}

impl Member {
    /// Makes a person's vault in `folder` with the real `kua key new`, under a random passphrase.
    ///
    /// Argon2id takes 256 MiB and about a second. A root's vault signs rosters and reads nothing.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`], [`Failure::Io`] or [`Failure::NoRandomness`].
    pub fn new(kua: &Kua, folder: &Path, name: &str, root: bool) -> Result<Self, Failure> {
        let file = |ending: &str| folder.join(name.to_lowercase().replace(' ', "-") + ending);
        let member =
            Self { name: name.to_owned(), vault: file(".kua"), passphrase_file: file(".passphrase") };
        write_secret(&member.passphrase_file, &passphrase()?)?;
        let mut new = kua.command();
        new.args(["key", "new", "--name", name]).arg("--out").arg(&member.vault);
        if root {
            new.arg("--root");
        }
        new.arg("--passphrase-file").arg(&member.passphrase_file).succeed()?;
        Ok(member)
    }

    /// Adds this person's vault and passphrase to a command that takes `--key`.
    pub fn unlock<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.arg("--key").arg(&self.vault).arg("--passphrase-file").arg(&self.passphrase_file)
    }

    /// Writes this person's public card beside the vault, with the real `kua key show`.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] or [`Failure::Io`].
    pub fn card(&self, kua: &Kua) -> Result<PathBuf, Failure> {
        let mut show = kua.command();
        show.args(["key", "show", "--json"]).arg(&self.vault);
        let card = show.arg("--passphrase-file").arg(&self.passphrase_file).succeed()?;
        let path = self.vault.with_extension("card.json");
        fs::write(&path, card).map_err(Failure::io(&path))?;
        Ok(path)
    }
}

/// Those who sign for a drop, and those who read.
#[derive(Debug, Clone)]
pub struct Team {
    /// Signs the roster.
    pub root: Member,
    /// Read the reports, in the roster's order.
    pub coordinators: Vec<Member>,
}

impl Team {
    /// Makes a root and coordinators of these names in `folder`, with real vaults.
    ///
    /// Who has vaults already writes a `Team` of them instead.
    ///
    /// # Errors
    ///
    /// As [`Member::new`].
    pub fn new(kua: &Kua, folder: &Path, names: &[&str]) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(Failure::io(folder))?;
        let coordinators = names.iter().map(|name| Member::new(kua, folder, name, false));
        Ok(Self {
            root: Member::new(kua, folder, "Root", true)?,
            coordinators: coordinators.collect::<Result<_, _>>()?,
        })
    }

    /// Signs the first roster of the drop whose card this is, to the file `out`, with the real `kua roster new`.
    ///
    /// # Errors
    ///
    /// [`Failure::Ended`] or [`Failure::Io`].
    pub fn sign_roster(
        &self,
        kua: &Kua,
        drop_name: &str,
        drop_card: &Path,
        out: &Path,
    ) -> Result<(), Failure> {
        let mut new = kua.command();
        new.args(["roster", "new", "--name", drop_name]).arg("--drop").arg(drop_card);
        for coordinator in &self.coordinators {
            new.arg("--card").arg(coordinator.card(kua)?);
        }
        self.root.unlock(new.arg("--out").arg(out)).succeed().map(drop)
    }
}

/// Makes a passphrase of six random words of three syllables: 108 bits, and in no dictionary.
///
/// # Errors
///
/// [`Failure::NoRandomness`].
pub fn passphrase() -> Result<String, Failure> {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aiou";
    let mut random = [0; 18];
    getrandom::fill(&mut random).map_err(|_| Failure::NoRandomness)?;
    let syllable = |byte: &u8| {
        let (consonant, vowel) = (usize::from(byte >> 4), usize::from(byte & 3));
        [char::from(CONSONANTS[consonant]), char::from(VOWELS[vowel])]
    };
    let words: Vec<String> = random.chunks(3).map(|word| word.iter().flat_map(syllable).collect()).collect();
    Ok(words.join(" "))
}

/// Writes a file that only its owner reads.
fn write_secret(path: &Path, secret: &str) -> Result<(), Failure> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{secret}"));
    written.map_err(Failure::io(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passphrases_are_six_words_and_never_the_same() {
        let (one, other) = (passphrase().unwrap(), passphrase().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.split(' ').count(), 6);
        assert!(one.split(' ').all(|word| word.len() == 6), "{one}");
        let entropy = zxcvbn::zxcvbn(&one, &[]);
        assert_eq!(u8::from(entropy.score()), 4, "{one}");
    }
}
