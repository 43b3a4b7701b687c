//! Recovery shares: a vault's seed, split among several people so that some of them together restore it and fewer learn
//! nothing (protocol, "Recovery shares").

use std::fmt;

use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Locked, Purpose, Seed};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{Vault, VaultKind};

#[cfg(test)]
mod tests;
mod text;

/// The most shares that one seed is split into.
pub const MAX_SHARES: u8 = 16;

const SEED_LEN: usize = 32;

/// Why a text is not a share, or shares do not restore a key. Positions count from 0, in the order of the given shares.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// The text holds nothing that begins like a share.
    #[error("there is no recovery share in it; one begins with share1")]
    NotAShare,
    /// A character is wrong, missing or too many: compare it with the paper.
    #[error("the share has a typing error or is damaged; compare it with the paper, group by group")]
    Damaged,
    /// The share is of a later version of the protocol.
    #[error("the share is of a newer kind than this program knows")]
    Newer,
    /// A seed cannot be split into so many shares, or so few.
    #[error("a key is split into 2 to {MAX_SHARES} shares, of which 2 or more restore it")]
    Numbers,
    /// These shares are of another split than most.
    #[error("some of the shares belong to another split of a key")]
    Foreign(Vec<usize>),
    /// One share was given twice.
    #[error("one share was given twice")]
    Twice(usize, usize),
    /// Two shares have one number and are not the same, so that one of them is false.
    #[error("two different shares have the same number")]
    Contradict(usize, usize),
    /// More shares are needed.
    #[error("{have} shares are not enough: {need} restore the key")]
    TooFew {
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// What the shares give is not the key that was split. The false ones are named when the others suffice without them,
    /// else the list is empty.
    #[error("the shares do not restore the key that was split: one of them at least is false")]
    DoNotFit(Vec<usize>),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

/// What all shares of one split have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Split {
    kind: VaultKind,
    /// How many shares restore the seed.
    threshold: u8,
    /// Tells this split from others, of the same seed, too.
    set: [u8; 4],
    /// The beginning of the digest of the public key that follows from the seed.
    key: [u8; 8],
}

/// One of several shares of a vault's seed.
///
/// Alone it tells the kind of key and a digest of its public half, and nothing of the seed.
pub struct Share {
    split: Split,
    /// The x of a point, which is never 0: there lies the seed.
    index: u8,
    /// The y of 32 points, one for each byte of the seed.
    value: Locked<Zeroizing<[u8; SEED_LEN]>>,
}

impl Share {
    /// Splits a vault's seed into `shares` shares, of which any `threshold` restore it.
    ///
    /// # Errors
    ///
    /// [`ShareError::Numbers`] or [`ShareError::NoRandomness`].
    pub fn split(vault: &Vault, shares: u8, threshold: u8) -> Result<Vec<Self>, ShareError> {
        if !(2..=MAX_SHARES).contains(&shares) || !(2..=shares).contains(&threshold) {
            return Err(ShareError::Numbers);
        }
        let mut set = [0; 4];
        // Also before the crate asks for randomness, which ends the program when there is none.
        getrandom::fill(&mut set).map_err(|_| ShareError::NoRandomness)?;
        let (kind, seed) = (vault.kind(), vault.seed());
        let split = Split { kind, threshold, set, key: key_digest(kind, seed) };
        let points = blahaj::Sharks(threshold).dealer(seed.expose()).take(usize::from(shares));
        Ok(points.map(|point| Self::at_point(split, &point)).collect())
    }

    /// Restores a seed, and says what it is for. The result is compared with the digest of its public key.
    ///
    /// # Errors
    ///
    /// [`ShareError::Foreign`], [`ShareError::Twice`], [`ShareError::Contradict`], [`ShareError::TooFew`] or
    /// [`ShareError::DoNotFit`], in this order.
    pub fn combine(shares: &[Self]) -> Result<(VaultKind, Seed), ShareError> {
        let Some(split) = most_common(shares) else {
            return Err(ShareError::TooFew { have: 0, need: 2 });
        };
        let foreign: Vec<usize> = (0..shares.len()).filter(|at| shares[*at].split != split).collect();
        if !foreign.is_empty() {
            return Err(ShareError::Foreign(foreign));
        }
        check_distinct(shares)?;
        let (have, need) = (shares.len(), usize::from(split.threshold));
        if have < need {
            return Err(ShareError::TooFew { have, need });
        }
        let all: Vec<&Self> = shares.iter().collect();
        match restore(split, &all) {
            Some(seed) => Ok((split.kind, seed)),
            None => Err(ShareError::DoNotFit(false_ones(split, &all))),
        }
    }

    /// Returns what the seed is for.
    pub fn kind(&self) -> VaultKind {
        self.split.kind
    }

    /// Returns this share's number, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// Returns how many shares restore the seed.
    pub fn threshold(&self) -> u8 {
        self.split.threshold
    }

    /// Returns what tells the shares of this split from all others: 8 hex digits.
    pub fn set(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.split.set))
    }

    fn at_point(split: Split, point: &blahaj::Share) -> Self {
        let bytes = Zeroizing::new(Vec::from(point));
        let mut value = Zeroizing::new([0; SEED_LEN]);
        value.copy_from_slice(&bytes[1..]);
        Self { split, index: bytes[0], value: Locked::new(value) }
    }

    fn point(&self) -> Option<blahaj::Share> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(1 + SEED_LEN));
        bytes.push(self.index);
        bytes.extend_from_slice(self.value.as_slice());
        blahaj::Share::try_from(bytes.as_slice()).ok()
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Share").field("index", &self.index).finish_non_exhaustive()
    }
}

/// The first 8 bytes of SHA-256("kua/v1/share/key" ‖ the public Ed25519 key that follows from the seed).
fn key_digest(kind: VaultKind, seed: &Seed) -> [u8; 8] {
    let purpose = match kind {
        VaultKind::Coordinator => Purpose::CoordinatorSign,
        VaultKind::Root => Purpose::RootSign,
    };
    let public = SigningKey::derive(seed, purpose).public();
    let digest = Sha256::new().chain_update("kua/v1/share/key").chain_update(public.as_bytes()).finalize();
    std::array::from_fn(|at| digest[at])
}

/// The split that most of the shares belong to; the first of them where several have as many.
fn most_common(shares: &[Share]) -> Option<Split> {
    let count = |split: Split| shares.iter().filter(|share| share.split == split).count();
    let mut found: Option<Split> = None;
    for share in shares {
        if found.is_none_or(|best| count(share.split) > count(best)) {
            found = Some(share.split);
        }
    }
    found
}

fn check_distinct(shares: &[Share]) -> Result<(), ShareError> {
    for (second, share) in shares.iter().enumerate() {
        let earlier = shares[..second].iter().position(|earlier| earlier.index == share.index);
        match earlier {
            Some(first) if shares[first].value.as_slice() == share.value.as_slice() => {
                return Err(ShareError::Twice(first, second));
            }
            Some(first) => return Err(ShareError::Contradict(first, second)),
            None => {}
        }
    }
    Ok(())
}

/// The seed at which these shares meet, if it is the one that was split.
fn restore(split: Split, shares: &[&Share]) -> Option<Seed> {
    let points: Vec<blahaj::Share> = shares.iter().filter_map(|share| share.point()).collect();
    let bytes = Zeroizing::new(blahaj::Sharks(split.threshold).recover(&points).ok()?);
    let mut seed = Zeroizing::new([0; SEED_LEN]);
    if bytes.len() != SEED_LEN {
        return None;
    }
    seed.copy_from_slice(&bytes);
    let seed = Seed::take(&mut seed);
    (key_digest(split.kind, &seed) == split.key).then_some(seed)
}

/// The positions of the shares that do not fit, where as many as are needed fit without them: at most 12,870 ways to choose.
fn false_ones(split: Split, shares: &[&Share]) -> Vec<usize> {
    let need = usize::from(split.threshold);
    let chosen = |mask: u32| -> Vec<&Share> {
        (0..shares.len()).filter(|at| mask >> at & 1 == 1).map(|at| shares[at]).collect()
    };
    let ways = (0..1_u32 << shares.len()).filter(|mask| mask.count_ones() == u32::from(split.threshold));
    let Some(good) = ways.map(chosen).find(|chosen| restore(split, chosen).is_some()) else {
        return Vec::new();
    };
    let fits = |share: &Share| {
        // In the place of one of the good ones, unless it is one itself.
        let others = good.iter().filter(|other| other.index != share.index).take(need - 1);
        restore(split, &others.copied().chain([share]).collect::<Vec<_>>()).is_some()
    };
    (0..shares.len()).filter(|at| !fits(shares[*at])).collect()
}
