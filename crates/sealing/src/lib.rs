//! Sealing and opening: the only crate of a Kuä client that turns text into ciphertext and back.
//!
//! A submitter's client makes a [`Codename`], derives her [`SubmitterKeys`], lists the [`Recipients`] of a verified roster
//! and seals an archive by a [`SealPlan`], whose size is known beforehand. A coordinator opens a [`Vault`] with a passphrase,
//! derives her [`CoordinatorKeys`] and calls [`open`]. [`Share`]s of a vault's seed, kept by several people, restore it when
//! it is lost. Sealed objects and vaults are age v1 files; the reference is the protocol page of the documentation, and the
//! vectors under `tests/vectors/` fix every byte.
//!
//! Both directions are streams that need the same memory for 10 KB and for 2 GiB.

mod argon2id;
mod codename;
mod grant;
mod keys;
mod open;
mod seal;
mod shares;
mod vault;

pub use argon2id::Argon2Cost;
pub use codename::{Codename, CodenameError};
pub use grant::{file_key, open_granted};
pub use keys::{CoordinatorKeys, RootKey, SubmitterKeys};
pub use kua_protocol::padding::Floor;
pub use open::{OpenError, Opened, open};
pub use seal::{Recipients, SealError, SealPlan, Sealed};
pub use shares::{MAX_SHARES, Share, ShareError};
pub use vault::{Vault, VaultError, VaultKind};

/// There is not enough free memory to derive a key: close other programs and try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is not enough free memory to derive the key; close other programs and try again")]
pub struct OutOfMemory;
