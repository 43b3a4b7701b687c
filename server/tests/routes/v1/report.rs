//! `/v1/reports/{id}`.

use kua_protocol::api::path;
use kua_protocol::id::ObjectId;
use kua_store::testing::objects;
use kua_store::{Kind, NewObject, Owner};

use crate::harness::{Pin, Request, Stage, aigul, marat, sealed, vector};

async fn with_a_report() -> (Stage, ObjectId) {
    let stage = Stage::new().await;
    let report = NewObject { sealed: vector(), kind: Kind::Report, owner: Owner::Nobody, day: stage.today() };
    let id = stage.put(report).await.id;
    (stage, id)
}

/// What becomes of a request about something that is no report.
async fn absent(pin: &mut Pin, stage: &mut Stage, request: impl Fn(&str) -> Request) {
    let reply =
        NewObject { sealed: sealed(9, 500), kind: Kind::Reply, owner: Owner::Nobody, day: stage.today() };
    let reply = stage.put(reply).await.id;
    let gone = stage.put(objects::report(8, 500, stage.today())).await.id;
    stage.app.store.delete(gone).await.unwrap();
    pin.signed("unknown", stage, &aigul(), &request(&ObjectId::of(b"?").to_string())).await;
    pin.signed("no id", stage, &aigul(), &request("7598573e")).await;
    pin.signed("no text", stage, &aigul(), &request("%ff")).await;
    pin.signed("a reply", stage, &aigul(), &request(&reply.to_string())).await;
    pin.signed("gone", stage, &aigul(), &request(&gone.to_string())).await;
}

#[tokio::test(start_paused = true)]
async fn coordinators_read_reports() {
    let mut pin = Pin::new("v1-report-get");
    let (mut stage, id) = with_a_report().await;
    let read = Request::get(path::report(id));
    pin.signed("whole", &mut stage, &aigul(), &read).await;
    pin.signed("its head", &mut stage, &aigul(), &Request::head(path::report(id))).await;
    for range in ["bytes=0-9", "bytes=1700-", "bytes=-10", "bytes=0-99999", "bytes=-99999"] {
        pin.signed("a range", &mut stage, &aigul(), &read.clone().field("range", range)).await;
    }
    for range in ["bytes=1746-", "bytes=5-4", "bytes=-0", "lines=1-2", "bytes=0-1,3-4", "bytes=a-b", ""] {
        pin.signed("no range of it", &mut stage, &aigul(), &read.clone().field("range", range)).await;
    }
    let head = Request::head(path::report(id)).field("range", "bytes=0-9");
    pin.signed("the head of a range", &mut stage, &aigul(), &head).await;
    pin.refusals(&mut stage, &aigul(), &read).await;
    absent(&mut pin, &mut stage, |id| Request::get(format!("/v1/reports/{id}"))).await;
    pin.signed("no roster", &mut Stage::without_roster().await, &aigul(), &read).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn a_long_report_comes_in_parts() {
    let mut stage = Stage::new().await;
    let large = objects::report(1, 1_500_000, stage.today());
    let id = stage.put(large.clone()).await.id;
    let answer = stage.signed(&aigul(), &Request::get(path::report(id))).await;
    assert_eq!(answer.body, large.sealed.as_bytes());
    assert_eq!(answer.field("content-length"), large.sealed.size().to_string());
}

#[tokio::test]
async fn damage_on_the_disk_is_named() {
    let mut pin = Pin::new("v1-report-get-disk");
    let (mut stage, folder) = Stage::on_disk(0).await;
    let report = NewObject { sealed: vector(), kind: Kind::Report, owner: Owner::Nobody, day: stage.today() };
    let id = stage.put(report).await.id;
    let read = Request::get(path::report(id));
    pin.signed("whole", &mut stage, &aigul(), &read).await;
    let segment = std::fs::read_dir(folder.path().join("segments")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&segment).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    pin.signed("damaged", &mut stage, &aigul(), &read).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn two_coordinators_delete_a_report() {
    let mut pin = Pin::new("v1-report-delete");
    let (mut stage, id) = with_a_report().await;
    let delete = Request::delete(path::report(id));
    pin.refusals(&mut stage, &aigul(), &delete).await;
    pin.signed("the first word", &mut stage, &aigul(), &delete).await;
    pin.signed("the same word again", &mut stage, &aigul(), &delete).await;
    pin.signed("the second word", &mut stage, &marat(), &delete).await;
    pin.signed("once more", &mut stage, &marat(), &delete).await;
    absent(&mut pin, &mut stage, |id| Request::delete(format!("/v1/reports/{id}"))).await;
    pin.signed("no roster", &mut Stage::without_roster().await, &aigul(), &delete).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn a_wish_is_taken_back_for_reports_alone() {
    let mut pin = Pin::new("v1-report-keep-absent");
    let mut stage = Stage::new().await;
    absent(&mut pin, &mut stage, |id| Request::post(format!("/v1/reports/{id}/keep"))).await;
    pin.hold();
}
