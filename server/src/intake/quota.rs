//! How many objects of one kind an owner may hold.

use kua_protocol::limits::MAX_CASE_ENTRIES;
use kua_protocol::problem::Kind;

use crate::error::ApiError;
use crate::state::App;

/// A number of objects, and the answer where as many are held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quota {
    objects: u64,
    full: Kind,
}

impl Quota {
    /// The reports, or the replies, that one mailbox may hold.
    pub(super) fn of_mailbox(app: &App) -> Self {
        Self { objects: app.limits.mailbox_objects, full: Kind::MailboxFull }
    }

    /// The entries that one case may hold.
    pub(super) fn of_case() -> Self {
        Self { objects: MAX_CASE_ENTRIES, full: Kind::CaseFull }
    }

    /// The number, as far as anybody has to count.
    pub(super) fn most(self) -> usize {
        usize::try_from(self.objects).unwrap_or(usize::MAX)
    }

    /// Lets an owner of so many objects hold one more.
    ///
    /// # Errors
    ///
    /// [`Kind::MailboxFull`] or [`Kind::CaseFull`].
    pub(super) fn one_more(self, held: usize) -> Result<(), ApiError> {
        if held < self.most() { Ok(()) } else { Err(self.full.into()) }
    }
}
