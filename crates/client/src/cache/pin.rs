//! The newest roster that was seen: a drop cannot go back behind it.

use kua_protocol::id::Digest;
use kua_protocol::json;
use kua_protocol::roster::VerifiedRoster;
use serde::{Deserialize, Serialize};

use super::SealedFolder;
use crate::error::Error;

/// The file of the pin, which is JSON.
const ROSTER: &str = "roster.age";

/// A roster that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Pin {
    /// Its serial.
    serial: u64,
    /// The SHA-256 of its signed bytes.
    digest: Digest,
}

/// Checks that a roster follows the newest one that was seen, and remembers it. Another process may have seen a newer one
/// meanwhile, so that it is looked at again in turn.
///
/// # Errors
///
/// [`Error::Roster`] when it does not follow; those of the folder.
pub(super) fn follow(folder: &SealedFolder, roster: &VerifiedRoster) -> Result<(), Error> {
    let seen = Pin { serial: roster.roster().serial, digest: roster.digest() };
    if check(folder, roster)? == Some(seen) {
        return Ok(());
    }
    let _turn = folder.turn()?;
    check(folder, roster)?;
    let bytes = serde_json::to_vec(&seen).map_err(|error| Error::System(error.to_string()))?;
    folder.put(ROSTER, &bytes)
}

/// Checks a roster against the pin, and gives that.
fn check(folder: &SealedFolder, roster: &VerifiedRoster) -> Result<Option<Pin>, Error> {
    let Some(bytes) = folder.get(ROSTER)? else { return Ok(None) };
    let pin: Pin = json::from_slice(&bytes).map_err(|_| folder.damaged(ROSTER))?;
    roster.check_follows(pin.serial, pin.digest)?;
    Ok(Some(pin))
}
