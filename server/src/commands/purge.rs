//! `kua-server purge`.

use http::Method;
use kua_protocol::day::Day;
use kua_store::Store as _;

use crate::admin::{Purged, ask};
use crate::folder::Folder;
use crate::serve::open_store;

/// Does now what `serve` does by itself: deletes what is past its time and closes the days that are over.
///
/// # Errors
///
/// When the store cannot be opened, or refuses.
pub async fn purge(folder: &Folder) -> anyhow::Result<()> {
    folder.secret()?;
    let answer = ask::whole(&folder.admin_socket(), Method::POST, "/purge", Vec::new()).await?;
    let purged = if let Some(answer) = answer {
        serde_json::from_slice(&answer)?
    } else {
        let config = folder.config()?;
        let store = open_store(&folder.store(), &config)?;
        Purged::from(&store.tidy(Day::today(), config.retention()).await?)
    };
    println!("Deleted on coordinators' wish: {}. Past their time: {}.", purged.deleted, purged.expired);
    let days: Vec<String> = purged.closed.iter().map(ToString::to_string).collect();
    if !days.is_empty() {
        println!("Closed: {}.", days.join(", "));
    }
    Ok(())
}
