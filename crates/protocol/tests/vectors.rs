//! The vectors that the Rust and the TypeScript code both read. Another program made them; see `tests/vectors/README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy's own exemption for tests stops at their functions"
)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, EnvelopeError, Statement};
use kua_protocol::entry::{Entry, EntryError};
use kua_protocol::followup::Followup;
use kua_protocol::grant::{Grant, GrantError};
use kua_protocol::id::{Digest, DropId, MailboxId, ObjectId};
use kua_protocol::json;
use kua_protocol::keys::{PublicKey, SigningKey};
use kua_protocol::link::{DropLink, RootFingerprint};
use kua_protocol::nonce::{LIFETIME_SECONDS, NonceKey};
use kua_protocol::padding::{padded_len, padme};
use kua_protocol::problem::{
    Kind, MOST_FAILURES, PATIENCE_SECONDS, PAUSES_MS, PORTIONS, Retry, SUCCESSES_UNTIL_LARGER,
};
use kua_protocol::receipt::{self, Receipt, ReceiptError};
use kua_protocol::reply::{Reply, ReplyError};
use kua_protocol::roster::{Roster, RosterError, VerifiedRoster};
use kua_protocol::secret::{Purpose, Seed};
use kua_protocol::signature::{
    SignatureError, SignatureFields, SignedParts, check_content_digest, content_digest,
};
use serde_json::Value;

fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The entries of a list, which is never empty.
fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    let items = value[field].as_array().unwrap_or_else(|| panic!("no {field}"));
    assert!(!items.is_empty(), "{field}");
    items
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}"))
}

/// 32 bytes in hex, through the one door that reads them.
fn bytes(value: &Value, field: &str) -> [u8; 32] {
    *text(value, field).parse::<Digest>().unwrap().as_bytes()
}

fn seed(value: &Value, field: &str) -> Seed {
    Seed::take(&mut bytes(value, field))
}

fn purpose(name: &str) -> Purpose {
    match name {
        "coordinator/age" => Purpose::CoordinatorAge,
        "coordinator/sign" => Purpose::CoordinatorSign,
        "submitter/age" => Purpose::SubmitterAge,
        "submitter/sign" => Purpose::SubmitterSign,
        "root/sign" => Purpose::RootSign,
        "drop/receipt" => Purpose::DropReceipt,
        "drop/nonce" => Purpose::DropNonce,
        "drop/admission" => Purpose::DropAdmission,
        other => panic!("no key is for {other}"),
    }
}

fn key(value: &Value, name: &str) -> SigningKey {
    SigningKey::derive(&seed(value, "seed"), purpose(name))
}

fn envelope(value: &Value) -> Result<Envelope, EnvelopeError> {
    Envelope::parse(text(value, "envelope").as_bytes())
}

/// The vectors' word for what is wrong with an envelope.
fn why(error: &EnvelopeError) -> &'static str {
    match error {
        EnvelopeError::Malformed(_) => "malformed",
        EnvelopeError::OtherKind(_) => "other-kind",
        EnvelopeError::BadSignature => "bad-signature",
        EnvelopeError::Content(_) => "content",
    }
}

/// Signs what a payload says again; the envelope has to come out byte for byte.
fn signed_again<T: Statement>(payload: &str, key: &SigningKey) -> String {
    let statement: T = json::from_slice(payload.as_bytes()).unwrap();
    String::from_utf8(Envelope::sign(&statement, key).unwrap().to_json()).unwrap()
}

#[test]
fn a_seed_gives_a_key_for_each_purpose() {
    for case in list(&vectors("hkdf.json"), "cases") {
        let name = text(case, "info").strip_prefix("kua/v1/").unwrap();
        assert_eq!(seed(case, "seed").derive(purpose(name)).expose(), &bytes(case, "key"), "{case}");
    }
}

#[test]
fn a_mailbox_is_named_after_its_key() {
    let vectors = vectors("mailbox-id.json");
    for case in list(&vectors, "cases") {
        let key = SigningKey::derive(&seed(case, "root"), Purpose::SubmitterSign).public();
        assert_eq!(key, PublicKey::from_bytes(&bytes(case, "key")).unwrap());
        assert_eq!(key.to_string(), text(case, "text"));
        assert_eq!(MailboxId::of(&key).to_string(), text(case, "mailbox"));
    }
    for case in list(&vectors, "not_a_key") {
        assert!(PublicKey::from_bytes(&bytes(case, "key")).is_err(), "{case}");
    }
}

#[test]
fn a_root_has_one_link_and_one_row_of_digits() {
    let vectors = vectors("link.json");
    for case in list(&vectors, "cases") {
        let root = key(case, "root/sign").public();
        assert_eq!(root.as_bytes(), &bytes(case, "key"));
        let fingerprint = RootFingerprint::of(&root);
        let hex = fingerprint.as_bytes().map(|byte| format!("{byte:02x}")).concat();
        assert_eq!(hex, text(case, "fingerprint"));
        assert_eq!(fingerprint.to_string(), text(case, "text"));
        assert_eq!(text(case, "text").parse(), Ok(fingerprint));
        assert_eq!(fingerprint.digits(), text(case, "digits"));
    }
    for case in list(&vectors, "links") {
        let link: DropLink = text(case, "link").parse().unwrap();
        assert_eq!(link.origin().as_str(), text(case, "origin"));
        assert_eq!(link.to_string(), text(case, "link"));
        assert_eq!(DropLink::new(text(case, "origin"), link.root()), Ok(link));
    }
    for case in list(&vectors, "refused") {
        assert!(text(case, "link").parse::<DropLink>().is_err(), "{case}");
    }
}

#[test]
fn an_envelope_comes_out_byte_for_byte() {
    let vectors = vectors("dsse.json");
    assert_eq!(text(&vectors, "payload_type"), Followup::PAYLOAD_TYPE);
    for case in list(&vectors, "cases") {
        let key = key(case, "submitter/sign");
        assert_eq!(key.public().to_string(), text(case, "key"));
        assert_eq!(signed_again::<Followup>(text(case, "payload"), &key), text(case, "envelope"));
        let read = envelope(case).unwrap();
        assert_eq!(read.digest(), Digest::of(text(case, "payload").as_bytes()));
        let verified = read.verify::<Followup>(|signer| *signer == key.public()).unwrap();
        assert_eq!(serde_json::to_string(&verified.statement).unwrap(), text(case, "payload"));
    }
    for case in list(&vectors, "taken") {
        assert!(envelope(case).unwrap().verify::<Followup>(|_| true).is_ok(), "{case}");
    }
    for case in list(&vectors, "refused") {
        let error = envelope(case).and_then(|read| read.verify::<Followup>(|_| true)).unwrap_err();
        assert_eq!(why(&error), text(case, "why"), "{case}");
    }
}

/// A request of the vectors.
fn request(case: &Value) -> SignedParts<'_> {
    SignedParts {
        method: text(case, "method"),
        path: text(case, "path"),
        query: case["query"].as_str(),
        content_digest: case["content_digest"].as_str(),
        upload_length: case["upload_length"].as_str(),
        day: case["day"].as_str(),
    }
}

fn fields(case: &Value) -> SignatureFields {
    SignatureFields {
        input: text(case, "signature_input").to_owned(),
        signature: text(case, "signature").to_owned(),
    }
}

#[test]
fn requests_are_signed_and_verified_as_rfc_9421_says() {
    let vectors = vectors("signature.json");
    let cases = list(&vectors, "cases");
    for case in cases {
        let key = key(case, text(case, "purpose"));
        let drop: DropId = text(case, "drop").parse().unwrap();
        // Ed25519 gives one signature for one message, so that equal signatures mean equal signature bases.
        assert_eq!(request(case).sign(&key, drop, text(case, "nonce")), fields(case), "{case}");
        let by = request(case).verify(&fields(case), drop).unwrap();
        assert_eq!((by.key, by.nonce.as_str()), (key.public(), text(case, "nonce")));
    }
    let (first, drop) = (&cases[0], text(&cases[0], "drop").parse().unwrap());
    for case in list(&vectors, "refused") {
        let refused = match text(case, "why") {
            "other-drop" => SignatureError::OtherDrop,
            "wrong" => SignatureError::Wrong,
            "malformed" => SignatureError::Malformed,
            other => panic!("{other}"),
        };
        assert_eq!(request(first).verify(&fields(case), drop), Err(refused), "{case}");
    }
    for case in &cases[1..] {
        assert!(request(first).verify(&fields(case), drop).is_err(), "of another request: {case}");
    }
}

#[test]
fn a_content_digest_is_that_of_rfc_9530() {
    let vectors = &vectors("signature.json")["content_digest"];
    let body = text(vectors, "body").as_bytes();
    assert_eq!(content_digest(body), text(vectors, "field"));
    let check = |field: &Value| check_content_digest(field.as_str().unwrap(), Digest::of(body).as_bytes());
    for field in list(vectors, "taken") {
        assert_eq!(check(field), Ok(()), "{field}");
    }
    for field in list(vectors, "refused") {
        assert_eq!(check(field), Err(SignatureError::OtherBody), "{field}");
    }
}

#[test]
fn a_nonce_is_taken_until_its_time_is_over() {
    let vectors = vectors("nonce.json");
    let cases = list(&vectors, "cases");
    let nonces = |case| NonceKey::derive(&seed(case, "seed"), text(case, "drop").parse().unwrap());
    let seconds = |value: &Value| value.as_str().unwrap().parse::<u64>().unwrap();
    for case in cases {
        for now in list(case, "taken_at") {
            assert!(nonces(case).check(text(case, "nonce"), seconds(now)).is_ok(), "{now}: {case}");
        }
        for now in case["refused_at"].as_array().unwrap() {
            assert!(nonces(case).check(text(case, "nonce"), seconds(now)).is_err(), "{now}: {case}");
        }
    }
    for case in list(&vectors, "refused") {
        let now = seconds(&cases[0]["taken_at"][0]);
        assert!(nonces(&cases[0]).check(text(case, "nonce"), now).is_err(), "{case}");
    }
    let now = seconds(&cases[0]["expiry"]);
    let issued = URL_SAFE_NO_PAD.decode(nonces(&cases[0]).issue(now).unwrap()).unwrap();
    assert_eq!(issued[..8], (now + LIFETIME_SECONDS).to_be_bytes());
}

/// The verified roster of `roster.json`.
fn roster() -> VerifiedRoster {
    let vectors = vectors("roster.json");
    let root = text(&vectors["root"], "text").parse().unwrap();
    VerifiedRoster::verify(&envelope(&vectors["case"]).unwrap(), &root).unwrap()
}

#[test]
fn a_roster_says_who_may_read_on_which_day() {
    let (vectors, roster) = (vectors("roster.json"), roster());
    let case = &vectors["case"];
    let root = key(&vectors["root"], "root/sign");
    assert_eq!(roster.root(), root.public());
    assert_eq!(root.public().to_string(), text(&vectors["root"], "key"));
    assert_eq!(signed_again::<Roster>(text(case, "payload"), &root), text(case, "envelope"));
    assert_eq!(roster.digest().to_string(), text(case, "digest"));
    assert_eq!(roster.roster().drop.to_string(), text(case, "drop"));
    assert_eq!(roster.roster().serial, case["serial"].as_u64().unwrap());
    for day in list(case, "days") {
        let today: Day = text(day, "day").parse().unwrap();
        let date = match roster.check_date(today) {
            Ok(()) => "holds",
            Err(RosterError::NotYet(_)) => "not-yet",
            Err(RosterError::Expired(_)) => "expired",
            Err(error) => panic!("{error}"),
        };
        assert_eq!(date, text(day, "date"), "{day}");
        let sealed_to = roster.sealing_keys(today);
        let sealed_to: Vec<_> =
            sealed_to.iter().map(|(_, keys)| Value::from(keys.sign.to_string())).collect();
        assert_eq!(sealed_to, list(day, "sealed_to"), "{day}");
    }
    for signer in list(case, "signers") {
        let found = roster.coordinator(&text(signer, "key").parse().unwrap());
        assert_eq!(found.map(|coordinator| coordinator.name.as_str()), signer["name"].as_str());
    }
}

#[test]
fn a_roster_that_breaks_a_rule_is_refused() {
    let vectors = vectors("roster.json");
    let root: RootFingerprint = text(&vectors["root"], "text").parse().unwrap();
    let verify = |case| {
        let read = envelope(case).map_err(RosterError::Envelope)?;
        VerifiedRoster::verify(&read, &root)
    };
    for case in list(&vectors, "taken") {
        assert!(verify(case).is_ok(), "{}", case["about"]);
    }
    for case in list(&vectors, "refused") {
        let found = match verify(case).unwrap_err() {
            RosterError::Envelope(error) => why(&error),
            RosterError::OtherRoot => "other-root",
            RosterError::Invalid(_) => "invalid",
            error => panic!("{error}"),
        };
        assert_eq!(found, text(case, "why"), "{}", case["about"]);
    }
}

#[test]
fn a_receipt_holds_under_a_roster_that_names_its_key() {
    let (vectors, roster) = (vectors("receipt.json"), roster());
    for case in list(&vectors, "cases") {
        let expected: Receipt = serde_json::from_value(case["receipt"].clone()).unwrap();
        let signed = expected.sign(&key(case, "drop/receipt")).unwrap();
        assert_eq!(String::from_utf8(signed.to_json()).unwrap(), text(case, "envelope"));
        assert_eq!(receipt::to_header(&signed), text(case, "header"));
        let read = receipt::from_header(text(case, "header")).unwrap();
        assert_eq!(Receipt::verify(&read, &roster).unwrap(), expected, "{}", case["about"]);
    }
    for case in list(&vectors, "refused") {
        let found = match Receipt::verify(&envelope(case).unwrap(), &roster).unwrap_err() {
            ReceiptError::Envelope(error) => why(&error),
            ReceiptError::OtherDrop => "other-drop",
            ReceiptError::KeyNotInForce => "not-in-force",
        };
        assert_eq!(found, text(case, "why"), "{}", case["about"]);
    }
}

#[test]
fn a_reply_is_good_from_a_coordinator_and_in_its_mailbox_alone() {
    let vectors = vectors("reply.json");
    let root = text(&vectors, "root").parse().unwrap();
    let roster = Envelope::parse(text(&vectors, "roster").as_bytes()).unwrap();
    let roster = VerifiedRoster::verify(&roster, &root).unwrap();
    let mailbox: MailboxId = text(&vectors, "mailbox").parse().unwrap();
    for case in list(&vectors, "cases") {
        let expected: Reply = serde_json::from_value(case["reply"].clone()).unwrap();
        let key = key(case, "coordinator/sign");
        let signed = Envelope::sign(&expected, &key).unwrap();
        assert_eq!(String::from_utf8(signed.to_json()).unwrap(), text(case, "envelope"));
        let verified = Reply::verify(&envelope(case).unwrap(), &roster, mailbox).unwrap();
        assert_eq!((&verified.reply, verified.author), (&expected, key.public()), "{}", case["about"]);
        assert_eq!(verified.name, text(case, "name"));
    }
    for case in list(&vectors, "refused") {
        let found = match Reply::verify(&envelope(case).unwrap(), &roster, mailbox).unwrap_err() {
            ReplyError::Envelope(error) => why(&error),
            ReplyError::Stranger => "stranger",
            ReplyError::OtherDrop => "other-drop",
            ReplyError::OtherMailbox => "other-mailbox",
            ReplyError::Malformed => "malformed-reply",
        };
        assert_eq!(found, text(case, "why"), "{}", case["about"]);
    }
}

#[test]
fn an_entry_is_good_under_its_authors_key_and_at_its_report_alone() {
    let vectors = vectors("entry.json");
    let drop: DropId = text(&vectors, "drop").parse().unwrap();
    let report: ObjectId = text(&vectors, "report").parse().unwrap();
    for case in list(&vectors, "cases") {
        let entry: Entry = serde_json::from_value(case["entry"].clone()).unwrap();
        let signed = entry.sign(&key(case, "coordinator/sign")).unwrap();
        assert_eq!(String::from_utf8(signed.to_json()).unwrap(), text(case, "envelope"), "{}", case["about"]);
        let verified = Entry::verify(&envelope(case).unwrap(), drop, report).unwrap();
        assert_eq!(
            (verified.entry(), verified.digest().to_string()),
            (&entry, text(case, "digest").to_owned())
        );
    }
    for case in list(&vectors, "refused") {
        let found = match Entry::verify(&envelope(case).unwrap(), drop, report).unwrap_err() {
            EntryError::Envelope(error) => why(&error),
            EntryError::OtherAuthor => "other-author",
            EntryError::OtherDrop => "other-drop",
            EntryError::OtherReport => "other-report",
            EntryError::Malformed(_) => "malformed-entry",
        };
        assert_eq!(found, text(case, "why"), "{}", case["about"]);
    }
}

#[test]
fn a_grant_is_good_at_its_report_and_for_its_reader_alone() {
    let vectors = vectors("grant.json");
    let drop: DropId = text(&vectors, "drop").parse().unwrap();
    let report: ObjectId = text(&vectors, "report").parse().unwrap();
    let to: PublicKey = text(&vectors, "to").parse().unwrap();
    for case in list(&vectors, "cases") {
        let grant: Grant = serde_json::from_value(case["grant"].clone()).unwrap();
        let author = key(case, "coordinator/sign");
        // What a later version says is read over: nobody signs another's grant anew.
        if case["grant"].get("later").is_none() {
            let signed = Envelope::sign(&grant, &author).unwrap();
            assert_eq!(
                String::from_utf8(signed.to_json()).unwrap(),
                text(case, "envelope"),
                "{}",
                case["about"]
            );
        }
        let verified = Grant::verify(&envelope(case).unwrap(), drop, report, |key| *key == to).unwrap();
        assert_eq!((verified.grant, verified.author), (grant, author.public()));
    }
    for case in list(&vectors, "refused") {
        let found = match Grant::verify(&envelope(case).unwrap(), drop, report, |key| *key == to).unwrap_err()
        {
            GrantError::Envelope(error) => why(&error),
            GrantError::OtherPlace => "other-place",
        };
        assert_eq!(found, text(case, "why"), "{}", case["about"]);
    }
}

#[test]
fn what_is_sealed_grows_to_one_of_few_sizes() {
    for case in list(&vectors("padding.json"), "cases") {
        let number = |field: &str| case[field].as_u64().unwrap();
        assert_eq!(padme(number("len")), number("padme"), "{case}");
        assert_eq!(padded_len(number("len"), number("floor")).unwrap(), number("b"), "{case}");
    }
}

#[test]
fn what_is_tried_again_and_for_how_long() {
    let vectors = vectors("behaviour/retry.json");
    let word = |retry: Retry| match retry {
        Retry::Never => "never",
        Retry::Few => "few",
        Retry::Wait => "wait",
    };
    let problems = vectors["problems"].as_object().unwrap();
    assert_eq!(problems.len(), Kind::ALL.len());
    for kind in Kind::ALL {
        assert_eq!(problems[kind.code()], word(kind.retry()), "{kind}");
    }
    for (status, retry) in vectors["statuses"].as_object().unwrap() {
        assert_eq!(*retry, word(Retry::of_status(status.parse().unwrap())), "{status}");
    }
    assert_eq!(vectors["pauses_ms"], serde_json::json!({ "first": PAUSES_MS.0, "longest": PAUSES_MS.1 }));
    assert_eq!(
        vectors["portions"],
        serde_json::json!({
            "least": PORTIONS.0, "most": PORTIONS.1, "successes_until_larger": SUCCESSES_UNTIL_LARGER,
        })
    );
    assert_eq!(
        (&vectors["patience_seconds"], &vectors["most_failures"]),
        (&PATIENCE_SECONDS.into(), &MOST_FAILURES.into())
    );
}
