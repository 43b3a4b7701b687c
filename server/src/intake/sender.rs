//! Who sends an object, by what the drop knows of them. It decides where the object lies, how many may lie there, and with
//! what its bytes are compared.

use kua_protocol::id::ObjectId;
use kua_store::{Kind as ObjectKind, Owner, Store, StoreError};

use crate::error::ApiError;
use crate::http::auth::{Coordinator, Signed};

/// A sender, in one of the classes that the drop treats alike.
#[derive(Debug, Clone)]
pub(crate) enum Sender {
    /// Signs nothing and proves nothing, as whoever uses the form. What comes is nobody's.
    Nobody,
    /// Holds the key of a mailbox that was not looked up yet.
    Unknown(Signed),
    /// Holds the key of a mailbox of which no report is here.
    NewMailbox(Signed),
    /// Holds the key of a mailbox of which so many reports are here, as far as they were counted.
    KnownMailbox(Signed, usize),
    /// Is a coordinator of the installed roster. What comes lies with the mailbox or case that it is sent to.
    Coordinator(Signed),
}

impl Sender {
    /// The owner of the reports that come from this sender.
    pub(crate) fn owner(&self) -> Owner {
        match self {
            Self::Nobody => Owner::Nobody,
            Self::Unknown(signed)
            | Self::NewMailbox(signed)
            | Self::KnownMailbox(signed, _)
            | Self::Coordinator(signed) => Owner::Mailbox(signed.mailbox()),
        }
    }

    /// Looks an unknown mailbox up, and counts its reports up to `most`. Nothing is looked up of anybody else.
    ///
    /// # Errors
    ///
    /// Those of [`Store::owned`].
    pub(crate) async fn looked_up(self, store: &dyn Store, most: usize) -> Result<Self, StoreError> {
        let Self::Unknown(signed) = self else { return Ok(self) };
        let owner = Owner::Mailbox(signed.mailbox());
        let reports = store.owned(owner, ObjectKind::Report, None, most).await?.rows.len();
        Ok(if reports == 0 { Self::NewMailbox(signed) } else { Self::KnownMailbox(signed, reports) })
    }

    /// Checks that a body is the one whose digest was signed. Whoever signs nothing cannot be held to anything.
    ///
    /// # Errors
    ///
    /// As [`Signed::check_body`].
    pub(crate) fn check_body(&self, id: &ObjectId) -> Result<(), ApiError> {
        match self {
            Self::Nobody => Ok(()),
            Self::Unknown(signed)
            | Self::NewMailbox(signed)
            | Self::KnownMailbox(signed, _)
            | Self::Coordinator(signed) => signed.check_body(id),
        }
    }
}

impl From<Signed> for Sender {
    fn from(signed: Signed) -> Self {
        Self::Unknown(signed)
    }
}

impl From<Coordinator> for Sender {
    fn from(coordinator: Coordinator) -> Self {
        Self::Coordinator(coordinator.into_signed())
    }
}

#[cfg(test)]
mod tests {
    use kua_protocol::keys::SigningKey;
    use kua_protocol::problem::Kind;
    use kua_protocol::secret::{Purpose, Seed};
    use kua_store::NewObject;
    use kua_store::testing::{MemoryStore, objects};

    use super::*;

    fn signed() -> Signed {
        let key = SigningKey::derive(&Seed::take(&mut [1; 32]), Purpose::SubmitterSign);
        Signed::by(key.public())
    }

    #[tokio::test]
    async fn a_mailbox_is_new_until_a_report_of_it_is_here() {
        let store = MemoryStore::default();
        let unknown = || Sender::from(signed());
        let owner = unknown().owner();
        let reply = NewObject { owner, kind: ObjectKind::Reply, ..objects::report(9, 300, objects::day(0)) };
        store.put(reply).await.unwrap();
        assert!(matches!(unknown().looked_up(&store, 500).await, Ok(Sender::NewMailbox(_))));
        for seed in 1..=3 {
            store.put(NewObject { owner, ..objects::report(seed, 300, objects::day(0)) }).await.unwrap();
        }
        assert!(matches!(unknown().looked_up(&store, 500).await, Ok(Sender::KnownMailbox(_, 3))));
        assert!(matches!(unknown().looked_up(&store, 2).await, Ok(Sender::KnownMailbox(_, 2))));
    }

    #[tokio::test]
    async fn of_coordinators_and_nobody_nothing_is_looked_up() {
        let store = MemoryStore::default();
        let coordinator = Sender::Coordinator(signed()).looked_up(&store, 1).await;
        assert!(matches!(coordinator, Ok(Sender::Coordinator(_))));
        assert!(matches!(Sender::Nobody.looked_up(&store, 1).await, Ok(Sender::Nobody)));
    }

    #[test]
    fn who_signs_is_held_to_a_digest_and_nobody_is_not() {
        let id = ObjectId::of(b"a body");
        assert!(Sender::Nobody.check_body(&id).is_ok());
        for sender in [Sender::Unknown(signed()), Sender::Coordinator(signed())] {
            assert_eq!(sender.check_body(&id).unwrap_err().kind(), Kind::OtherBody);
        }
        assert_eq!(Sender::Nobody.owner(), Owner::Nobody);
    }
}
