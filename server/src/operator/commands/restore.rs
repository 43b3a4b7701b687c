//! `kua-server restore`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, ensure};
use kua_protocol::dsse::Envelope;
use kua_protocol::link::RootFingerprint;
use kua_protocol::roster::VerifiedRoster;
use kua_store::{Document, Progress, StoreError};
use kua_store_local::LocalStore;

use crate::folder::{DropSecret, Folder};
use crate::operator::care;
use crate::serve;

/// Makes a data folder from a backup and the drop's seed. It appears when everything was verified.
///
/// # Errors
///
/// When something is at the place, the backup is damaged or of another drop, or the disk refuses.
pub fn restore(from: &Path, drop_seed: &Path, to: &Path) -> anyhow::Result<()> {
    let backup = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let total = backup.metadata().with_context(|| format!("cannot read {}", from.display()))?.len();
    let secret = DropSecret::read(drop_seed)?;
    let mut objects = 0;
    Folder::appear(to, &secret, |new| {
        // Into files, and not through a store: a backup is that of a store on a disk, and one that is opened has a lock, a
        // ledger and threads before the first object is verified. The folder is nobody's until it gets its name.
        let bar = care::bar("Restoring");
        let restored =
            LocalStore::restore(BufReader::new(backup), new.store(), |Progress { done, .. }| {
                care::show(&bar, Progress { done, total: total.max(done) });
            });
        let (roster, copied) = restored.with_context(|| format!("{} was not restored", from.display()))?;
        bar.finish_and_clear();
        objects = copied.objects;
        if roster.is_empty() {
            return Ok(());
        }
        let envelope = Envelope::parse(&roster)?;
        let verified = VerifiedRoster::verify(&envelope, &RootFingerprint::of(&envelope.claimed_signer()))?;
        ensure!(
            verified.roster().drop == secret.drop,
            "the backup is of the drop {}, and {} is the seed of {}",
            verified.roster().drop,
            drop_seed.display(),
            secret.drop
        );
        let set = serve::documents(new).replace(Document::Roster, &envelope.to_json());
        set.map_err(|error| match error {
            StoreError::Io(error) => {
                let file = new.path().join(Document::Roster.file_name());
                anyhow::Error::from(error).context(file.display().to_string())
            }
            other => other.into(),
        })
    })?;
    println!("Restored {objects} objects to {}. The configuration is the default one:", to.display());
    println!("look at {}, then serve.", Folder::at(to).config_file().display());
    Ok(())
}
