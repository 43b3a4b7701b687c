//! The commands, one file each but for those of a few lines.

pub mod backup;
pub mod check;
pub mod clock;
pub mod init;
pub mod onion;
pub mod purge;
pub mod restore;
pub mod roster;
pub mod status;

use kua_clock::Clock;
use tokio::sync::watch;

use crate::folder::Folder;
use crate::serve::open_store;
use crate::state::App;

/// The drop of a folder that no process serves, for one command.
///
/// # Errors
///
/// When the folder holds no drop, its store cannot be opened, or its roster cannot be read.
fn at_rest(folder: &Folder) -> anyhow::Result<App> {
    let (secret, config) = (folder.secret()?, folder.config()?);
    let store = open_store(folder, &config)?;
    let (_, stopping) = watch::channel(());
    Ok(App::new(&secret, store, &config, Clock::system(), stopping)?)
}
