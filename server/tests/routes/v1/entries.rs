//! `/v1/reports/{id}/entries`, `/v1/reports/{id}/entries/{entry}` and `/v1/entries`.

use kua_protocol::api::path;
use kua_protocol::id::ObjectId;
use kua_store::testing::objects;
use kua_store::{Kind, NewObject, Owner};

use crate::harness::{Pin, Request, Stage, aigul, marat, sealed, vector};

fn entry(report: ObjectId, seed: u64) -> Request {
    Request::post(path::entries(report)).digested(sealed(seed, 3000).as_bytes().clone())
}

/// A drop with two reports: the first has two entries, the second was deleted with its only one.
async fn with_a_case() -> (Stage, ObjectId, ObjectId) {
    let mut stage = Stage::new().await;
    let report = stage.put(objects::report(1, 500, stage.today())).await.id;
    let gone = stage.put(objects::report(2, 500, stage.today())).await.id;
    for (report, seed) in [(report, 10), (report, 11), (gone, 12)] {
        stage.signed(&aigul(), &entry(report, seed)).await;
    }
    stage.app.store.delete(gone).await.unwrap();
    (stage, report, gone)
}

#[tokio::test(start_paused = true)]
async fn coordinators_add_entries_to_a_case() {
    let mut pin = Pin::new("v1-report-entries-post");
    let (mut stage, report, gone) = with_a_case().await;
    pin.signed("an entry", &mut stage, &aigul(), &entry(report, 20)).await;
    pin.signed("the same again", &mut stage, &marat(), &entry(report, 20)).await;
    pin.refusals(&mut stage, &aigul(), &entry(report, 21)).await;
    pin.signed("of an unknown report", &mut stage, &aigul(), &entry(ObjectId::of(b"?"), 22)).await;
    pin.signed("of no report", &mut stage, &aigul(), &entry(report, 22).at("/v1/reports/1/entries")).await;
    pin.signed("of a deleted report", &mut stage, &aigul(), &entry(gone, 22)).await;
    pin.signed("one that was deleted", &mut stage, &aigul(), &entry(report, 12)).await;
    let other = stage.put(objects::report(3, 500, stage.today())).await.id;
    pin.signed("that lies in another case", &mut stage, &aigul(), &entry(other, 20)).await;
    let as_entry = Request::post(path::entries(other)).digested(objects::sealed(1, 500).as_bytes().clone());
    pin.signed("a report", &mut stage, &aigul(), &as_entry).await;
    pin.signed("plaintext", &mut stage, &aigul(), &Request::post(path::entries(report)).digested("note"))
        .await;
    let large = Request::post(path::entries(report)).digested(sealed(30, 3_300_000).as_bytes().clone());
    pin.signed("too large", &mut stage, &aigul(), &large).await;
    let largest = Request::post(path::entries(report)).digested(sealed(31, 3_200_000).as_bytes().clone());
    pin.signed("a large one", &mut stage, &aigul(), &largest).await;
    let other_digest = entry(report, 40).bytes(sealed(41, 500).as_bytes().clone());
    pin.signed("the digest of other bytes", &mut stage, &aigul(), &other_digest).await;
    pin.signed("no roster", &mut Stage::without_roster().await, &aigul(), &entry(report, 22)).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn a_case_has_so_many_entries_and_no_more() {
    let mut pin = Pin::new("v1-report-entries-post-quota");
    let mut stage = Stage::new().await;
    let report = stage.put(objects::report(0, 500, stage.today())).await.id;
    for seed in 1..=1000 {
        let (kind, owner, day) = (Kind::Entry, Owner::Case(report), stage.today());
        stage.put(NewObject { sealed: sealed(seed, 200), kind, owner, day }).await;
    }
    pin.signed("full", &mut stage, &aigul(), &entry(report, 2000)).await;
    let again = Request::post(path::entries(report)).digested(sealed(7, 200).as_bytes().clone());
    pin.signed("what is there already", &mut stage, &aigul(), &again).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn coordinators_list_the_entries_of_a_report() {
    let mut pin = Pin::new("v1-report-entries-get");
    let (mut stage, report, gone) = with_a_case().await;
    let list = |report: ObjectId| Request::get(path::entries(report));
    pin.signed("all", &mut stage, &marat(), &list(report)).await;
    pin.signed("their head", &mut stage, &marat(), &Request::head(path::entries(report))).await;
    let empty = stage.put(objects::report(3, 500, stage.today())).await.id;
    pin.signed("none", &mut stage, &marat(), &list(empty)).await;
    pin.refusals(&mut stage, &marat(), &list(report)).await;
    pin.signed("of an unknown report", &mut stage, &marat(), &list(ObjectId::of(b"?"))).await;
    pin.signed("of no report", &mut stage, &marat(), &Request::get("/v1/reports/1/entries")).await;
    pin.signed("of a deleted report", &mut stage, &marat(), &list(gone)).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn coordinators_read_an_entry() {
    let mut pin = Pin::new("v1-report-entry-get");
    let (mut stage, report, _) = with_a_case().await;
    let read = |id: ObjectId| Request::get(path::entry(report, id));
    let id = sealed(10, 3000).id();
    pin.signed("whole", &mut stage, &marat(), &read(id)).await;
    pin.signed("its head", &mut stage, &marat(), &Request::head(path::entry(report, id))).await;
    pin.signed("a range", &mut stage, &marat(), &read(id).field("range", "bytes=10-19")).await;
    pin.signed("no range of it", &mut stage, &marat(), &read(id).field("range", "bytes=5000-")).await;
    pin.refusals(&mut stage, &marat(), &read(id)).await;
    pin.signed("unknown", &mut stage, &marat(), &read(ObjectId::of(b"?"))).await;
    let no_id = Request::get(format!("{}/1", path::entries(report)));
    pin.signed("no id", &mut stage, &marat(), &no_id).await;
    pin.signed("a deleted one", &mut stage, &marat(), &read(sealed(12, 3000).id())).await;
    pin.signed("the report itself", &mut stage, &marat(), &read(report)).await;
    let other = stage.put(objects::report(3, 500, stage.today())).await.id;
    let elsewhere = Request::get(path::entry(other, id));
    pin.signed("of another case", &mut stage, &marat(), &elsewhere).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn coordinators_list_the_entries_of_all_reports() {
    let mut pin = Pin::new("v1-entries-get");
    pin.signed("none", &mut Stage::new().await, &aigul(), &Request::get(path::ENTRIES)).await;
    let (mut stage, report, _) = with_a_case().await;
    let list = Request::get(path::ENTRIES);
    pin.signed("all", &mut stage, &aigul(), &list).await;
    pin.signed("their head", &mut stage, &aigul(), &Request::head(path::ENTRIES)).await;
    pin.refusals(&mut stage, &aigul(), &list).await;
    let after = format!("/v1/entries?since={}&after={}.{report}", stage.today(), stage.today());
    pin.signed("after a row", &mut stage, &aigul(), &Request::get(after)).await;
    let later = format!("/v1/entries?since={}", stage.today().plus(1));
    pin.signed("since tomorrow", &mut stage, &aigul(), &Request::get(later)).await;
    for query in ["since=0", "after=x"] {
        pin.signed("malformed", &mut stage, &aigul(), &Request::get(format!("/v1/entries?{query}"))).await;
    }
    let nobodys =
        NewObject { sealed: vector(), kind: Kind::Entry, owner: Owner::Nobody, day: stage.today().plus(-1) };
    stage.put(nobodys).await;
    pin.signed("an entry of no case is left out", &mut stage, &aigul(), &list).await;
    pin.hold();
}
