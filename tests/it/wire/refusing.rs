//! What the drop does not take: it says why in one of its fixed ways, and keeps nothing.

use std::fs;

use kua_protocol::api::{NONCE, path};
use kua_protocol::id::DropId;
use kua_protocol::nonce::NonceKey;
use kua_protocol::problem::Kind;
use kua_protocol::secret::Seed;
use kua_protocol::signature::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT, content_digest};
use kua_sealing::{Floor, Recipients, SealPlan};

use super::{Request, Wire, now, submission, submitter, tiny, with_header};

#[test]
fn a_signature_of_another_place_or_time_is_refused() {
    let wire = Wire::new();
    let (me, other, nonce) = (submitter(), submitter(), wire.nonce());
    let report = || submission(&tiny(1));
    let elsewhere = DropId::from_bytes([9; 16]);
    let nonces = NonceKey::derive(&wire.seed(), wire.id);
    let issued = |keys: &NonceKey, at| report().signed(&me, wire.id, &keys.issue(at).unwrap());
    let good = || report().signed(&me, wire.id, &nonce);
    let foreign = NonceKey::derive(&Seed::generate().unwrap(), wire.id);
    let bent = [
        ("signed for another drop", report().signed(&me, elsewhere, &nonce)),
        ("a nonce that is too old", issued(&nonces, now() - 660)),
        ("a nonce for another drop", issued(&NonceKey::derive(&wire.seed(), elsewhere), now())),
        ("a nonce of another drop's key", issued(&foreign, now())),
        ("no nonce", report().signed(&me, wire.id, "")),
        ("no signature", report()),
        ("half a signature", good().without(SIGNATURE)),
        ("the other half", good().without(SIGNATURE_INPUT)),
        (
            "the signature of another",
            good().with_field_of(SIGNATURE, &report().signed(&other, wire.id, &nonce)),
        ),
        (
            "another's name",
            good().bent(SIGNATURE_INPUT, &me.public().to_string(), &other.public().to_string()),
        ),
        ("another path", good().at("/v1/reports?a=1")),
        ("a digest beside the signature", {
            Request::new("POST", path::REPORTS)
                .signed(&me, wire.id, &nonce)
                .field(CONTENT_DIGEST, content_digest(&tiny(1)))
                .with_other_bytes(tiny(1))
        }),
    ];
    for (what, request) in bent {
        let answer = wire.ask(&request);
        assert_eq!(answer.problem(), Kind::Unauthorised, "{what}");
        assert!(answer.field(NONCE).is_some(), "who was too late can try again at once: {what}");
    }
    assert_eq!(wire.objects(), 0);

    // The same report with nothing bent, once under a nonce of nine minutes ago.
    assert_eq!(wire.ask(&issued(&nonces, now() - 540)).status, 201);
    assert_eq!(wire.ask(&good()).status, 200);
}

#[test]
fn a_body_that_is_not_the_signed_one_is_refused() {
    let wire = Wire::new();
    let (me, nonce) = (submitter(), wire.nonce());
    let signed = |request: Request| request.signed(&me, wire.id, &nonce);
    let without_digest = Request::new("POST", path::REPORTS).with_other_bytes(tiny(1));
    let other_digest = Request::new("POST", path::REPORTS)
        .field(CONTENT_DIGEST, content_digest(b"other"))
        .with_other_bytes(tiny(1));
    let bent = [
        ("no digest", signed(without_digest)),
        ("the digest of other bytes", signed(other_digest)),
        ("other bytes", signed(submission(&tiny(1))).with_other_bytes(tiny(2))),
        ("the digest of other bytes, by another function", {
            let md5 =
                Request::new("POST", path::REPORTS).field(CONTENT_DIGEST, "md5=:AAAAAAAAAAAAAAAAAAAAAA==:");
            signed(md5.with_other_bytes(tiny(1)))
        }),
    ];
    for (what, request) in bent {
        assert_eq!(wire.ask(&request).problem(), Kind::OtherBody, "{what}");
    }
    let twice = signed(submission(&tiny(1))).field(CONTENT_DIGEST, content_digest(&tiny(1)));
    assert_eq!(wire.ask(&twice).problem(), Kind::Malformed);
    assert_eq!(wire.objects(), 0);
}

#[test]
fn what_is_not_sealed_is_refused() {
    let wire = Wire::new();
    let sealed = wire.seal(100);
    let stanzas = |count: usize| with_header(&"-> nobody\n\n".repeat(count), &[0; 33]);
    let lines = |count: usize| format!("-> nobody\n{}\n", ("A".repeat(64) + "\n").repeat(count));
    let armoured = b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n-----END AGE ENCRYPTED FILE-----\n";
    let refused: [(&str, Vec<u8>, Kind); 10] = [
        ("nothing", vec![], Kind::NotSealed),
        ("plaintext", "Меня зовут…".into(), Kind::NotSealed),
        ("JSON", br#"{"title":"Car explosion"}"#.into(), Kind::NotSealed),
        ("a zip", [&b"PK\x03\x04\x14\0\0\0\x08\0"[..], &[7; 400]].concat(), Kind::NotSealed),
        ("an armoured file", armoured.into(), Kind::NotSealed),
        ("half a header", sealed[..1000].into(), Kind::NotSealed),
        ("a header alone", with_header("-> nobody\n\n", b""), Kind::NotSealed),
        ("no stanza", with_header("", &[0; 33]), Kind::NotSealed),
        ("65 stanzas", stanzas(65), Kind::TooLarge),
        ("a header over 256 KiB", with_header(&lines(4100), &[0; 33]), Kind::TooLarge),
    ];
    for (what, bytes, kind) in refused {
        assert_eq!(wire.submit(&submitter(), &bytes).problem(), kind, "{what}");
    }
    assert_eq!(wire.objects(), 0);
    assert_eq!(wire.submit(&submitter(), &stanzas(64)).status, 201);
    assert_eq!(wire.submit(&submitter(), &with_header(&lines(4000), &[0; 33])).status, 201);
}

#[test]
fn a_report_of_one_mebibyte_is_taken_and_a_larger_one_is_not() {
    const ROOM_FOR_GREASE: u64 = 512;
    let wire = Wire::new();
    let largest = (1 << 20) - ROOM_FOR_GREASE;
    let recipient = wire.roster().roster().coordinators[0].keys[0].recipient.clone();
    let padded = |archive| {
        let recipients = Recipients::new([(recipient.as_str(), true)]).unwrap();
        SealPlan::new(recipients, archive, Floor::Report).unwrap().padded_len()
    };
    assert_eq!(padded(largest), 1 << 20);
    assert!(padded(largest + 1) > 1 << 20);
    assert_eq!(wire.submit(&submitter(), &wire.seal(largest + 1)).problem(), Kind::TooLarge);
    assert_eq!(wire.objects(), 0);
    assert_eq!(wire.submit(&submitter(), &wire.seal(largest)).status, 201);

    // So long a body is not read to its end. It is announced, and the drop says no without seeing it.
    let endless = wire.signed(&submitter(), submission(&with_header("-> nobody\n\n", &vec![0; 3 << 20])));
    let head = endless.head();
    let mut connection = wire.connect();
    connection.send(&head);
    connection.send(&with_header("-> nobody\n\n", &vec![0; (1 << 20) + (512 << 10)]));
    assert_eq!(connection.answer().problem(), Kind::TooLarge);
    assert_eq!(wire.objects(), 1);
}

#[test]
fn a_full_mailbox_takes_no_more_and_gives_what_it_has() {
    let mut wire = Wire::new();
    fs::write(wire.stage.drop.folder().path().join("kua.toml"), "mailbox_objects = 2\n").unwrap();
    wire.stage.drop.restart().unwrap();
    let me = submitter();
    assert_eq!(wire.submit(&me, &tiny(1)).status, 201);
    assert_eq!(wire.submit(&me, &tiny(2)).status, 201);
    assert_eq!(wire.submit(&me, &tiny(3)).problem(), Kind::MailboxFull);
    assert_eq!(wire.submit(&me, &tiny(1)).status, 200, "what is there already can be sent again");
    assert_eq!(wire.submit(&submitter(), &tiny(3)).status, 201);
    assert_eq!(wire.objects(), 3);
}
