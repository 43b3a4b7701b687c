//! The commands, one module each: the options become a request, the client does its work, the terminal shows what came of it.

pub mod custody;
pub mod delete;
pub mod export;
pub mod fetch;
pub mod grant;
pub mod inbox;
pub mod key;
pub mod open;
pub mod receipt;
pub mod reply;
pub mod return_;
pub mod roster;
pub mod seal;
pub mod submit;
pub mod triage;
pub mod verify_site;

use std::sync::Arc;

use kua_client::events::SharedObserver;
use kua_client::session::{Reach, Session};
use kua_clock::Clock;
use kua_protocol::link::DropLink;

use crate::args::At;
use crate::error::Error;
use crate::terminal::{Terminal, passphrase};

/// Opens the vault, and reaches the drop that the link names.
///
/// # Errors
///
/// When the link is none or the vault does not open; and those of [`Session::open`].
async fn session(
    At { link, vault, network }: &At,
    reach: Reach,
    clock: &Clock,
    terminal: &Arc<Terminal>,
) -> Result<Arc<Session>, Error> {
    let link: DropLink = link.parse()?;
    let keys = passphrase::coordinator(vault.locked(), terminal.words())?;
    let observer: SharedObserver = Arc::clone(terminal) as SharedObserver;
    let session = Session::open(&link, keys, network.proxy.as_deref(), reach, clock, observer).await;
    session.map_err(|error| match error {
        kua_client::Error::NotOnTheRoster => {
            let file = vault.key.display();
            Error::refused(format!(
                "the roster of this drop does not name the key in {file}: ask the holder of the root to add it"
            ))
        }
        error => error.into(),
    })
}
