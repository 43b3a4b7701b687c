//! Who may read what, and how every answer looks.

use std::collections::HashSet;
use std::thread;

use kua_protocol::api::{NONCE, ReportPage, ReportRow, SentPage, path};
use kua_protocol::id::{MailboxId, ObjectId};
use kua_protocol::keys::SigningKey;
use kua_protocol::limits::PAGE_LEN;
use kua_protocol::problem::Kind;

use super::{Answer, Request, Wire, id_of, submission, submitter, tiny};

/// Where a submitter lists what she sent.
pub(super) fn sent_by(key: &SigningKey) -> String {
    path::mailbox_reports(MailboxId::of(&key.public()))
}

#[test]
fn a_mailbox_shows_itself_to_its_own_key_alone() {
    let wire = Wire::new();
    let (me, other, stranger) = (submitter(), submitter(), submitter());
    let sealed = wire.seal(100);
    wire.submit(&me, &sealed);
    wire.submit(&other, &tiny(1));
    let list = |key: &SigningKey, target: String| wire.ask(&wire.signed(key, Request::new("GET", target)));

    let mine: SentPage = serde_json::from_slice(&list(&me, sent_by(&me)).body).unwrap();
    assert_eq!(mine.reports.len(), 1);
    assert_eq!(mine.reports[0].report_id, id_of(&sealed));
    assert_eq!(mine.reports[0].size, sealed.len() as u64);

    // Another's mailbox, one that nobody has, one's own with nothing in it, what is no mailbox at all.
    let same = |answer: Answer| {
        let fields = answer.fields.into_iter().filter(|(name, _)| !["date", NONCE].contains(&name.as_str()));
        (answer.status, fields.collect::<Vec<_>>(), answer.body)
    };
    let unknown = path::mailbox_reports(MailboxId::from_bytes([7; 16]));
    let answers = [
        list(&me, sent_by(&other)),
        list(&me, unknown.clone()),
        list(&stranger, sent_by(&other)),
        list(&stranger, unknown),
        list(&stranger, sent_by(&stranger)),
        list(&me, "/v1/mailboxes/none/reports".into()),
        list(wire.coordinators[0].signing(), sent_by(&me)),
    ];
    assert_eq!(answers[0].problem(), Kind::NotFound);
    let [first, rest @ ..] = answers.map(same);
    for answer in rest {
        assert_eq!(answer, first);
    }
    assert_eq!(wire.ask(&Request::new("GET", sent_by(&me))).problem(), Kind::Unauthorised);
}

#[test]
fn coordinators_alone_list_read_and_delete() {
    let wire = Wire::new();
    let (me, sealed) = (submitter(), wire.seal(100));
    wire.submit(&me, &sealed);
    let (report, keep) = (path::report(id_of(&sealed)), path::keep(id_of(&sealed)));
    let calls = [("GET", path::REPORTS), ("GET", &report), ("DELETE", &report), ("POST", &keep)];
    for (method, target) in calls {
        for key in [&me, &submitter(), wire.root.signing()] {
            let answer = wire.ask(&wire.signed(key, Request::new(method, target)));
            assert_eq!(answer.problem(), Kind::Unauthorised, "{method} {target}");
        }
        assert_eq!(wire.ask(&Request::new(method, target)).problem(), Kind::Unauthorised);
    }
    let answer = wire.coordinator(1, "GET", report);
    assert_eq!((answer.status, answer.body), (200, sealed), "it is still there, byte for byte");
}

#[test]
fn a_part_of_a_report_is_read_by_range() {
    let wire = Wire::new();
    let sealed = wire.seal(300_000);
    wire.submit(&submitter(), &sealed);
    let (len, target) = (sealed.len(), path::report(id_of(&sealed)));
    let read = |range: &str| {
        let request = Request::new("GET", &target).field("range", range);
        wire.ask(&wire.signed(wire.coordinators[0].signing(), request))
    };
    for (range, part) in [
        ("bytes=0-0", 0..1),
        ("bytes=100-65635", 100..65_636),
        ("bytes=262143-262145", 262_143..262_146),
        (&*format!("bytes={}-", len - 5), len - 5..len),
        ("bytes=-16", len - 16..len),
        ("bytes=10-99999999", 10..len),
    ] {
        let answer = read(range);
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.body, sealed[part.clone()], "{range}");
        let shown = format!("bytes {}-{}/{len}", part.start, part.end - 1);
        assert_eq!(answer.field("content-range"), Some(&*shown));
    }
    for range in [&*format!("bytes={len}-"), "bytes=5-4", "bytes=-0", "lines=1-2", "bytes=0-1,3-4"] {
        assert_eq!(read(range).problem(), Kind::BadRange, "{range}");
    }
    let whole = wire.coordinator(0, "GET", &target);
    assert_eq!((whole.status, whole.field("accept-ranges")), (200, Some("bytes")));
    assert_eq!(whole.body, sealed);
}

#[test]
fn what_is_not_there_is_said_to_be_not_there() {
    let wire = Wire::new();
    let coordinator = |method, target: &str| wire.coordinator(0, method, target);
    let unknown = path::report(ObjectId::of(b"never sent"));
    for target in [&*unknown, "/v1/reports/3fa91c07", "/v1/reports/x", "/v1/"] {
        assert_eq!(coordinator("GET", target).problem(), Kind::NotFound, "{target}");
    }
    assert_eq!(coordinator("DELETE", &unknown).problem(), Kind::NotFound);
    assert_eq!(coordinator("POST", &path::keep(ObjectId::of(b"never sent"))).problem(), Kind::NotFound);
    for (method, target) in
        [("PUT", path::REPORTS), ("POST", path::DROP), ("GET", path::ROSTER), ("PATCH", &unknown)]
    {
        let answer = coordinator(method, target);
        assert_eq!(answer.problem(), Kind::MethodNotAllowed, "{method} {target}");
        assert!(answer.field("allow").is_some(), "RFC 9110, 15.5.6");
    }
    for query in ["since=tomorrow", "since=2026-02-30", "after=here", "after=2026-02-01.3fa91c07"] {
        assert_eq!(coordinator("GET", &format!("/v1/reports?{query}")).problem(), Kind::Malformed, "{query}");
    }
}

#[test]
fn every_answer_has_a_nonce_and_may_be_read_by_any_page() {
    let wire = Wire::new();
    let ask = |method, target: &str| wire.ask(&Request::new(method, target));
    let answers = [
        (ask("GET", path::DROP), 200),
        (wire.submit(&submitter(), &tiny(1)), 201),
        (wire.submit(&submitter(), b"plain"), 422),
        (wire.coordinator(0, "GET", path::REPORTS), 200),
        (ask("GET", path::REPORTS), 401),
        (ask("GET", "/v1/nowhere"), 404),
        (ask("PUT", path::DROP), 405),
        (ask("PUT", path::ROSTER), 409),
        (ask("OPTIONS", path::REPORTS), 204),
    ];
    let mut nonces = HashSet::new();
    for (answer, status) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(nonces.insert(answer.field(NONCE).unwrap().to_owned()), "no nonce comes twice");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("access-control-allow-origin", "*"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.field(name), Some(value), "{name}: {answer:?}");
        }
        let exposed = answer.field("access-control-expose-headers").unwrap();
        assert!(["kua-nonce", "kua-receipt"].iter().all(|name| exposed.contains(name)), "{exposed}");
        for absent in ["set-cookie", "access-control-allow-credentials", "server"] {
            assert_eq!(answer.field(absent), None);
        }
    }
    // Any of them signs the next request.
    for nonce in nonces {
        let request = submission(&tiny(2)).signed(&submitter(), wire.id, &nonce);
        assert!([200, 201].contains(&wire.ask(&request).status));
    }
}

#[test]
fn a_page_of_another_origin_may_ask_beforehand() {
    let wire = Wire::new();
    let asked = "content-digest,range,signature,signature-input";
    for target in [path::REPORTS, path::DROP, &path::report(ObjectId::of(b"x"))] {
        let request = Request::new("OPTIONS", target)
            .field("origin", "null")
            .field("access-control-request-method", "DELETE")
            .field("access-control-request-headers", asked);
        let answer = wire.ask(&request);
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        let methods = answer.field("access-control-allow-methods").unwrap();
        assert!(["GET", "POST", "DELETE"].iter().all(|method| methods.contains(method)), "{methods}");
        let allowed: HashSet<_> = answer.field("access-control-allow-headers").unwrap().split(", ").collect();
        assert!(asked.split(',').all(|name| allowed.contains(name)), "{allowed:?}");
    }
}

#[test]
fn a_long_list_comes_in_pages_by_day_and_id() {
    let wire = Wire::new();
    let (before, reports) = (crate::today(), PAGE_LEN as u64 + 1);
    let nonce = wire.nonce();
    // Three mailboxes, since one may hold 500.
    thread::scope(|scope| {
        for mailbox in 0..3 {
            let (mut connection, me, wire, nonce) = (wire.connect(), submitter(), &wire, &nonce);
            scope.spawn(move || {
                for number in (mailbox..reports).step_by(3) {
                    let request = submission(&tiny(number)).signed(&me, wire.id, nonce);
                    assert_eq!(connection.ask(&request).status, 201);
                }
            });
        }
    });
    let page = |query: String| -> ReportPage {
        let answer = wire.coordinator(0, "GET", format!("/v1/reports?{query}"));
        serde_json::from_slice(&answer.body).unwrap()
    };
    let first = page(format!("since={before}"));
    assert_eq!(first.reports.len(), PAGE_LEN);
    let second = page(format!("since={before}&after={}", first.next.unwrap()));
    assert_eq!((second.reports.len(), second.next), (1, None));
    let rows: Vec<&ReportRow> = first.reports.iter().chain(&second.reports).collect();
    assert!(rows.is_sorted_by_key(|row| (row.day, row.report_id)));
    let listed: HashSet<_> = rows.iter().map(|row| row.report_id).collect();
    assert_eq!(listed, (0..reports).map(|number| id_of(&tiny(number))).collect());
    let mailboxes: HashSet<_> = rows.iter().map(|row| row.mailbox.unwrap()).collect();
    assert_eq!(mailboxes.len(), 3);
    assert!(page(format!("since={}", crate::today().plus(1))).reports.is_empty());
}
