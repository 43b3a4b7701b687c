//! The inbox: the reports of a drop, refreshed, filtered, read, saved and deleted.

mod deleting;
mod filter;
mod membership;
mod reading;
mod refresh;
mod saving;

pub use self::deleting::delete_each;
pub use self::filter::{Filter, Terms, TermsError};
pub use self::membership::{Membership, Standing, disagreements};
pub use self::reading::{OpenedReport, Wanted, open_each, open_sealed};
pub use self::refresh::{Listing, choose, correct, inspect_each, refresh};
pub use self::saving::{id_of, save_each};
