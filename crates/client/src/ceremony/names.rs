//! The names of a roster's coordinators.

use kua_protocol::roster::Roster;

use crate::error::Error;

/// Lists the names of a roster's coordinators.
pub fn names(roster: &Roster) -> Vec<&str> {
    roster.coordinators.iter().map(|known| known.name.as_str()).collect()
}

/// Makes the error of a name that the roster does not have.
pub(super) fn no_such(roster: &Roster, name: &str) -> Error {
    Error::NoSuchCoordinator { name: name.to_owned(), known: names(roster).join(", ") }
}
