//! Sealed objects for tests: a minimal age header and a payload that nobody ever encrypted.

use bytes::Bytes;
use kua_protocol::day::Day;
use kua_protocol::keys::PublicKey;
use kua_protocol::sealed::SealedBytes;

use crate::{Kind, NewObject, Owner};

const HEADER: &str = "age-encryption.org/v1\n-> test\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

/// A sealed object of about `size` bytes, different for every `seed`.
pub fn sealed(seed: u64, size: usize) -> SealedBytes {
    let mut bytes = HEADER.as_bytes().to_vec();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while bytes.len() < size.max(HEADER.len() + 40) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend((state ^ seed).to_le_bytes());
    }
    SealedBytes::try_from(Bytes::from(bytes)).expect("a sealed file")
}

/// A day in October 2010.
pub fn day(number: u32) -> Day {
    Day::from_number(14_883 + number)
}

/// A report without a mailbox.
pub fn report(seed: u64, size: usize, on: Day) -> NewObject {
    NewObject { sealed: sealed(seed, size), kind: Kind::Report, owner: Owner::Nobody, day: on }
}

/// Two public keys whose secrets are nobody's business: the curve's base point and RFC 8032's first.
pub fn coordinator(which: bool) -> PublicKey {
    let mut base_point = [0x66; 32];
    base_point[0] = 0x58;
    let rfc = [
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e,
        0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ];
    PublicKey::from_bytes(if which { &base_point } else { &rfc }).expect("a public key")
}
