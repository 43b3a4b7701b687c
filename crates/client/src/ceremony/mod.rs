//! Ceremonies: making vaults, recovery shares and rosters. All of it works offline.

mod leaving;
mod names;
mod roster;
mod shares;
mod vault;

pub use self::leaving::{Leaving, LeavingHow, remove, rotate};
pub use self::names::names;
pub use self::roster::{
    Beginning, NewRoster, Renewal, begin, coordinators, read, read_drop_card, renew, texts,
};
pub use self::shares::{KEY_LINE, drop_name, key_name, read_shares};
pub use self::vault::{VaultFile, check_strength, coordinator_card, save};
