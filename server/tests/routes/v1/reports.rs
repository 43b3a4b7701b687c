//! `/v1/reports`.

use axum::body::Body;
use kua_protocol::api::path;
use kua_protocol::signature::{CONTENT_DIGEST, content_digest};
use kua_store::testing::objects;
use kua_store::{Kind, NewObject, Owner};

use crate::harness::{
    Pin, Request, Stage, aigul, breaking, marat, sealed, stalling, stranger, submitter, vector,
};

fn report(bytes: impl Into<axum::body::Bytes>) -> Request {
    Request::post(path::REPORTS).digested(bytes)
}

#[tokio::test(start_paused = true)]
async fn a_sealed_report_is_taken_in() {
    let mut pin = Pin::new("v1-reports-post");
    let mut stage = Stage::new().await;
    let (me, vector) = (submitter(), report(vector().as_bytes().clone()));
    pin.signed("a sealed report", &mut stage, &me, &vector).await;
    pin.signed("the same again", &mut stage, &me, &vector).await;
    pin.signed("the same from somebody else", &mut stage, &stranger(), &vector).await;
    let request = report(sealed(1, 500).as_bytes().clone());
    pin.refusals(&mut stage, &me, &request).await;
    pin.signed("one that needs a file of its own", &mut stage, &me, &{
        // More than a segment takes, in header alone.
        let lines = format!("-> nobody\n{}\n", ("A".repeat(64) + "\n").repeat(3000));
        let mac = "A".repeat(43);
        let header = format!("age-encryption.org/v1\n{lines}--- {mac}\n");
        report([header.as_bytes(), &vec![7; 16 * 17 + (1 << 20)]].concat())
    })
    .await;

    let other = Request::post(path::REPORTS)
        .field(CONTENT_DIGEST, content_digest(b"other"))
        .bytes(sealed(2, 500).as_bytes().clone());
    pin.signed("the digest of other bytes", &mut stage, &me, &other).await;
    let none = Request::post(path::REPORTS).bytes(sealed(2, 500).as_bytes().clone());
    pin.signed("no digest", &mut stage, &me, &none).await;
    pin.signed("plaintext", &mut stage, &me, &report("Dear friends,")).await;
    pin.signed("nothing", &mut stage, &me, &report("")).await;
    let cut = sealed(2, 500).as_bytes().slice(..90);
    pin.signed("a header without a payload", &mut stage, &me, &report(cut)).await;
    let large = report(sealed(3, (1 << 20) + 4096).as_bytes().clone());
    pin.signed("more than one request may have", &mut stage, &me, &large).await;
    pin.signed("far more", &mut stage, &me, &report(vec![b'x'; 3 << 20])).await;
    let reply =
        NewObject { sealed: sealed(4, 500), kind: Kind::Reply, owner: Owner::Nobody, day: stage.today() };
    stage.put(reply.clone()).await;
    pin.signed("a reply", &mut stage, &me, &report(reply.sealed.as_bytes().clone())).await;
    stage.app.store.delete(reply.sealed.id()).await.unwrap();
    pin.signed("one that was deleted", &mut stage, &me, &report(reply.sealed.as_bytes().clone())).await;

    let bytes = sealed(5, 500).as_bytes().clone();
    let request = report(bytes.clone());
    let signed = request.signed(&me, &stage.nonce);
    let answer = stage.ask_with(&signed, breaking(bytes.slice(..200))).await;
    pin.note("a line that breaks", &request, answer);
    let answer = stage.ask_with(&signed, stalling(bytes.slice(..200))).await;
    pin.note("a line that stalls", &request, answer);
    let held = stage.app.memory.read(Body::from(vec![0; 64 << 20]), usize::MAX).await.unwrap();
    pin.signed("no memory left", &mut stage, &me, &request).await;
    drop(held);
    pin.signed("memory again", &mut stage, &me, &request).await;
    stage.hand.pass(100 * 86_400);
    stage.ask(&Request::get(path::DROP)).await;
    pin.signed("after the roster's time", &mut stage, &me, &request).await;
    pin.signed("no roster", &mut Stage::without_roster().await, &me, &request).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn a_mailbox_holds_so_many_reports_and_no_more() {
    let mut pin = Pin::new("v1-reports-post-quota");
    let mut stage = Stage::with(|config| config.mailbox_objects = 2).await;
    let (me, other) = (submitter(), stranger());
    let number = |seed| report(sealed(seed, 500).as_bytes().clone());
    for seed in 1..=2 {
        pin.signed("room", &mut stage, &me, &number(seed)).await;
    }
    pin.signed("full", &mut stage, &me, &number(3)).await;
    pin.signed("what is there already", &mut stage, &me, &number(2)).await;
    pin.signed("another mailbox", &mut stage, &other, &number(3)).await;
    pin.hold();
}

#[tokio::test]
async fn a_disk_up_to_its_reserve_takes_no_report() {
    let mut pin = Pin::new("v1-reports-post-disk");
    let (mut stage, _folder) = Stage::on_disk(u64::MAX).await;
    let request = report(vector().as_bytes().clone());
    pin.signed("a full disk", &mut stage, &submitter(), &request).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn coordinators_list_reports() {
    let mut pin = Pin::new("v1-reports-get");
    let mut stage = Stage::new().await;
    pin.signed("none", &mut stage, &aigul(), &Request::get(path::REPORTS)).await;
    let (me, today) = (submitter(), stage.today());
    let vector = report(vector().as_bytes().clone());
    stage.signed(&me, &vector).await;
    let nobodys = stage.put(objects::report(1, 500, today.plus(-2))).await.id;
    let old = stage.put(objects::report(2, 500, today.plus(-300))).await.id;
    let entry =
        NewObject { sealed: sealed(3, 500), kind: Kind::Entry, owner: Owner::Case(nobodys), day: today };
    stage.put(entry).await;
    stage.signed(&marat(), &Request::delete(path::report(nobodys))).await;
    let list = Request::get(path::REPORTS);
    pin.signed("all", &mut stage, &aigul(), &list).await;
    pin.refusals(&mut stage, &aigul(), &list).await;
    let since = Request::get(format!("/v1/reports?since={}", today.plus(-2)));
    pin.signed("since a day", &mut stage, &aigul(), &since).await;
    pin.signed("its head", &mut stage, &aigul(), &Request::head(path::REPORTS)).await;
    let after = |day, id| Request::get(format!("/v1/reports?after={day}.{id}"));
    pin.signed("after a row", &mut stage, &aigul(), &after(today.plus(-300), old)).await;
    for query in ["since=yesterday", "after=2026-03-21", "since=2026-03-21&since=2026-03-22"] {
        pin.signed("malformed", &mut stage, &aigul(), &Request::get(format!("/v1/reports?{query}"))).await;
    }
    pin.signed("an unknown parameter", &mut stage, &aigul(), &Request::get("/v1/reports?a=1")).await;
    let with_day = list.clone().field("kua-day", "2026-03-21");
    pin.signed("with the day of her device", &mut stage, &aigul(), &with_day).await;
    let with_day = list.clone().field("kua-day", "today");
    pin.signed("with a day that is none", &mut stage, &aigul(), &with_day).await;
    let mut empty = Stage::without_roster().await;
    pin.signed("no roster", &mut empty, &aigul(), &list).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn long_listings_come_in_pages() {
    let mut pin = Pin::new("v1-reports-get-pages");
    let mut stage = Stage::new().await;
    for seed in 0..1001 {
        stage.put(objects::report(seed, 200, stage.today())).await;
    }
    let first = stage.signed(&aigul(), &Request::get(path::REPORTS)).await;
    let page: serde_json::Value = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(page["reports"].as_array().unwrap().len(), 1000);
    let next = page["next"].as_str().unwrap();
    let request = Request::get(format!("/v1/reports?after={next}"));
    pin.signed("the last page", &mut stage, &aigul(), &request).await;
    pin.hold();
}
