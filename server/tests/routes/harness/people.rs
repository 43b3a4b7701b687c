//! The keys of a drop and of those around it. They follow from constants, so that every run signs the same.

use kua_protocol::day::Day;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::DropId;
use kua_protocol::keys::SigningKey;
use kua_protocol::roster::{Coordinator, CoordinatorKeys, DropKey, FORMAT, RecipientText, Roster};
use kua_protocol::secret::{Purpose, Seed};
use kua_server::folder::DropSecret;
use serde_json::Map;

/// The drop's id.
pub const DROP: DropId = DropId::from_bytes([9; 16]);

fn key(number: u8, purpose: Purpose) -> SigningKey {
    SigningKey::derive(&Seed::take(&mut [number; 32]), purpose)
}

/// The mailbox key of somebody who sends reports.
pub fn submitter() -> SigningKey {
    key(1, Purpose::SubmitterSign)
}

/// The mailbox key of somebody else, who is no coordinator either.
pub fn stranger() -> SigningKey {
    key(2, Purpose::SubmitterSign)
}

/// The signing key of the first coordinator.
pub fn aigul() -> SigningKey {
    key(10, Purpose::CoordinatorSign)
}

/// The signing key of the second coordinator.
pub fn marat() -> SigningKey {
    key(11, Purpose::CoordinatorSign)
}

/// The key that signs the drop's rosters.
pub fn root() -> SigningKey {
    key(20, Purpose::RootSign)
}

/// The day of the drop's making and of its roster's signing.
fn first_day() -> Day {
    "2026-03-21".parse().unwrap()
}

/// The drop's own secret.
pub fn secret() -> DropSecret {
    DropSecret { drop: DROP, seed: Seed::take(&mut [9; 32]), from: first_day() }
}

/// The roster that is installed: Aigul and Marat, serial 1, for 90 days.
pub fn roster() -> Envelope {
    next_roster(1, &root())
}

/// The same with another serial, signed by this key.
pub fn next_roster(serial: u64, root: &SigningKey) -> Envelope {
    let coordinator = |name: &str, key: SigningKey| Coordinator {
        name: name.to_owned(),
        role: String::new(),
        keys: vec![CoordinatorKeys {
            sign: key.public(),
            // No drop reads it: its form is enough.
            recipient: RecipientText::try_from(format!(
                "age1pq1{}",
                name.to_lowercase().repeat(400).get(..1952).unwrap()
            ))
            .unwrap(),
            from: first_day(),
            until: None,
            more: Map::new(),
        }],
        more: Map::new(),
    };
    let roster = Roster {
        format: FORMAT.to_owned(),
        drop: DROP,
        name: [("en".to_owned(), "Drop".to_owned())].into(),
        welcome: [].into(),
        serial,
        issued: first_day(),
        expires: first_day().plus(90),
        drop_key: vec![DropKey {
            key: secret().receipt_key().public(),
            from: first_day(),
            until: None,
            more: Map::new(),
        }],
        coordinators: vec![coordinator("Aigul", aigul()), coordinator("Marat", marat())],
        more: Map::new(),
    };
    roster.sign(root).unwrap()
}
