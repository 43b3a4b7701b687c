//! `PUT /v1/roster`: anyone may bring a newer roster, and nobody another one.

use kua_protocol::api::path;
use kua_protocol::dsse::Envelope;
use kua_protocol::id::DropId;
use kua_protocol::problem::Kind;
use kua_protocol::secret::Seed;
use kua_sealing::RootKey;

use super::{Answer, Request, Wire};

fn put(wire: &Wire, envelope: &Envelope) -> Answer {
    wire.ask(&Request::new("PUT", path::ROSTER).with_other_bytes(envelope.to_json()))
}

#[test]
fn a_newer_roster_counts_at_once() {
    let mut wire = Wire::new();
    let newer = wire.signed_roster(|roster| {
        roster.serial = 2;
        roster.coordinators.truncate(1);
    });
    assert_eq!(wire.coordinator(1, "GET", path::REPORTS).status, 200);
    let answer = put(&wire, &newer);
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(wire.roster().digest(), newer.digest());
    assert_eq!(wire.coordinator(0, "GET", path::REPORTS).status, 200);
    assert_eq!(wire.coordinator(1, "GET", path::REPORTS).problem(), Kind::Unauthorised);
    assert_eq!(put(&wire, &newer).status, 204, "bringing it again does no harm");

    wire.stage.drop.kill().unwrap();
    wire.stage.drop.restart().unwrap();
    assert_eq!(wire.roster().digest(), newer.digest());
}

#[test]
fn a_roster_that_does_not_follow_is_refused() {
    let wire = Wire::new();
    let (older, today) = (wire.signed_roster(|_| {}), crate::today());
    assert_eq!(put(&wire, &wire.signed_roster(|roster| roster.serial = 3)).status, 204);
    let present = wire.roster();
    let later = |change: fn(&mut kua_protocol::roster::Roster)| {
        wire.signed_roster(|roster| {
            roster.serial = 4;
            change(roster);
        })
    };
    let other_root = RootKey::from_seed(&Seed::generate().unwrap());
    let mut expired = present.roster().clone();
    (expired.serial, expired.issued, expired.expires) = (4, today.plus(-60), today.plus(-2));
    let refused = [
        ("serial 3 was seen", older),
        (
            "two different rosters",
            wire.signed_roster(|roster| _ = roster.name.insert("ru".into(), "Дозор".into())),
        ),
        ("another root", Envelope::sign(&expired, other_root.signing()).unwrap()),
        ("time ended", Envelope::sign(&expired, wire.root.signing()).unwrap()),
        ("another drop", later(|roster| roster.drop = DropId::from_bytes([7; 16]))),
        ("91 days", later(|roster| roster.expires = roster.issued.plus(91))),
        ("receipt key", later(|roster| roster.drop_key[0].key = roster.coordinators[0].keys[0].sign)),
        ("0 coordinators", later(|roster| roster.coordinators.clear())),
    ];
    for (why, envelope) in refused {
        let answer = put(&wire, &envelope);
        assert_eq!(answer.problem(), Kind::RosterRefused, "{why}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(why), "{why}: {detail}");
        assert_eq!(wire.roster().digest(), present.digest(), "{why}");
    }
    let mut bent = wire.signed_roster(|roster| roster.serial = 4).to_json();
    let middle = bent.len() / 2;
    bent[middle] = if bent[middle] == b'A' { b'B' } else { b'A' };
    for (body, kind) in [
        (bent, Kind::RosterRefused),
        (b"{}".to_vec(), Kind::RosterRefused),
        (vec![], Kind::RosterRefused),
        (vec![b' '; 256 * 1024 + 1], Kind::TooLarge),
    ] {
        assert_eq!(wire.ask(&Request::new("PUT", path::ROSTER).with_other_bytes(body)).problem(), kind);
    }
    assert_eq!(wire.roster().digest(), present.digest());
}
