//! `kua-server check`.

use anyhow::bail;
use kua_store_local::LocalStore;

use crate::folder::Folder;
use crate::operator::admin::Checkup;
use crate::operator::care;

/// Reads every object; the answer is an error when anything is not as it should be.
///
/// # Errors
///
/// When something is damaged, or the store cannot be read.
pub async fn check(folder: &Folder, rebuild_ledger: bool, json: bool) -> anyhow::Result<()> {
    folder.secret()?;
    let checkup = match care::watch(&folder.admin_socket(), "/check", "Checking").await? {
        Some(_) if rebuild_ledger => bail!("the drop serves: stop it before its ledger is made anew"),
        Some(checkup) => checkup,
        None => offline(folder, rebuild_ledger)?,
    };
    let Checkup { objects, bytes, faults } = &checkup;
    if json {
        println!("{}", serde_json::to_string(&checkup)?);
    } else {
        for fault in faults {
            println!("{fault}");
        }
        println!("{objects} objects of {bytes} bytes are whole.");
    }
    match faults.len() {
        0 => Ok(()),
        count => bail!("{count} faults: restore what is damaged from a backup"),
    }
}

fn offline(folder: &Folder, rebuild_ledger: bool) -> anyhow::Result<Checkup> {
    if rebuild_ledger {
        let bar = care::bar("Rebuilding the ledger");
        LocalStore::rebuild_ledger(folder.store(), |progress| care::show(&bar, progress))?;
        bar.finish_and_clear();
    }
    let bar = care::bar("Checking");
    let checked = LocalStore::check_stopped(folder.store(), |progress| care::show(&bar, progress))?;
    bar.finish_and_clear();
    Ok(checked.into())
}
