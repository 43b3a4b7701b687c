//! Replies in mailboxes: who may leave, list, read and delete them, and what everybody else is told.

use kua_protocol::api::{MessagePage, MessageRow, NONCE, path};
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::problem::Kind;

use super::{Answer, Request, Wire, id_of, submitter, tiny};

fn mailbox(key: &SigningKey) -> MailboxId {
    MailboxId::of(&key.public())
}

impl Wire {
    fn leave(&self, to: MailboxId, sealed: &[u8]) -> Answer {
        let request = Request::new("POST", path::messages(to)).body(sealed);
        self.ask(&self.signed(self.coordinators[0].signing(), request))
    }

    fn as_submitter(&self, key: &SigningKey, method: &str, target: String) -> Answer {
        self.ask(&self.signed(key, Request::new(method, target)))
    }
}

#[test]
fn replies_are_left_by_coordinators_and_read_and_deleted_by_the_one_mailbox() {
    let wire = Wire::new();
    let (me, other) = (submitter(), submitter());
    wire.submit(&me, &tiny(1));
    wire.submit(&other, &tiny(2));
    let sealed = wire.seal(3000);
    let left = wire.leave(mailbox(&me), &sealed);
    assert_eq!(left.status, 201, "{left:?}");
    let row: MessageRow = serde_json::from_slice(&left.body).unwrap();
    assert_eq!((row.message_id, row.size), (id_of(&sealed), sealed.len() as u64));
    assert_eq!(wire.leave(mailbox(&me), &sealed).status, 200, "the same bytes are one reply");
    assert_eq!(wire.leave(mailbox(&submitter()), &wire.seal(3001)).problem(), Kind::NotFound);
    assert_eq!(wire.leave(mailbox(&me), b"plain text").problem(), Kind::NotSealed);
    let by_submitter = Request::new("POST", path::messages(mailbox(&me))).body(tiny(7));
    assert_eq!(wire.ask(&wire.signed(&me, by_submitter)).problem(), Kind::Unauthorised);

    let listed = wire.as_submitter(&me, "GET", path::messages(mailbox(&me)));
    let page: MessagePage = serde_json::from_slice(&listed.body).unwrap();
    assert_eq!(page.messages, std::slice::from_ref(&row));
    let nothing = wire.as_submitter(&other, "GET", path::messages(mailbox(&other)));
    assert_eq!((nothing.status, nothing.json()["messages"].as_array().unwrap().len()), (200, 0));
    let message = path::message(mailbox(&me), row.message_id);
    assert_eq!(wire.as_submitter(&me, "GET", message.clone()).body, sealed);
    // A reply is no report, and a report is no reply.
    assert_eq!(wire.coordinator(0, "GET", path::report(row.message_id)).problem(), Kind::NotFound);
    let report = path::message(mailbox(&me), id_of(&tiny(1)));
    assert_eq!(wire.as_submitter(&me, "GET", report).problem(), Kind::NotFound);

    assert_eq!(wire.as_submitter(&me, "DELETE", message.clone()).status, 204);
    assert_eq!(wire.as_submitter(&me, "GET", message).problem(), Kind::NotFound);
    assert_eq!(
        wire.leave(mailbox(&me), &sealed).problem(),
        Kind::Gone,
        "what was deleted does not come back"
    );
}

#[test]
fn unknown_and_foreign_mailboxes_are_answered_alike() {
    let wire = Wire::new();
    let (me, other, stranger) = (submitter(), submitter(), submitter());
    wire.submit(&me, &tiny(1));
    wire.submit(&other, &tiny(2));
    let left: MessageRow =
        serde_json::from_slice(&wire.leave(mailbox(&other), &wire.seal(3000)).body).unwrap();
    let same = |answer: Answer| {
        let fields = answer.fields.into_iter().filter(|(name, _)| !["date", NONCE].contains(&name.as_str()));
        (answer.status, fields.collect::<Vec<_>>(), answer.body)
    };
    let unknown = MailboxId::from_bytes([7; 16]);
    let nowhere = ObjectId::of(b"nothing");
    let mut answers = Vec::new();
    for key in [&me, &stranger] {
        for target in [
            path::messages(mailbox(&other)),
            path::messages(unknown),
            "/v1/mailboxes/none/messages".to_owned(),
            path::message(mailbox(&other), left.message_id),
            path::message(unknown, left.message_id),
            path::message(mailbox(key), left.message_id),
            path::message(mailbox(key), nowhere),
        ] {
            answers.push(same(wire.as_submitter(key, "GET", target.clone())));
            if target.split('/').count() == 6 {
                answers.push(same(wire.as_submitter(key, "DELETE", target)));
            }
        }
    }
    answers.push(same(wire.coordinator(0, "GET", path::message(mailbox(&other), left.message_id))));
    assert_eq!(answers[0].0, 404);
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    let untouched = wire.as_submitter(&other, "GET", path::messages(mailbox(&other)));
    assert_eq!(untouched.json()["messages"].as_array().unwrap().len(), 1);
}

#[test]
fn a_full_mailbox_hurts_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::on(&folder.path().join("drop"), "mailbox_objects = 2\n");
    let (me, other) = (submitter(), submitter());
    for number in 1..=2 {
        assert_eq!(wire.submit(&me, &tiny(number)).status, 201);
        assert_eq!(wire.leave(mailbox(&me), &wire.seal(3000 + number)).status, 201);
    }
    assert_eq!(wire.submit(&me, &tiny(3)).problem(), Kind::MailboxFull);
    assert_eq!(wire.leave(mailbox(&me), &wire.seal(5000)).problem(), Kind::MailboxFull);
    assert_eq!(wire.begin(&me, 1000).problem(), Kind::MailboxFull);
    assert_eq!(wire.submit(&other, &tiny(4)).status, 201);
    assert_eq!(wire.leave(mailbox(&other), &wire.seal(6000)).status, 201);
}
