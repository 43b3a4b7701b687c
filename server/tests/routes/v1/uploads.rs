//! `/v1/uploads` and `/v1/uploads/{id}`.

use axum::body::{Body, Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kua_protocol::api::{path, tus as fields};
use kua_protocol::keys::SigningKey;
use kua_store::{Kind, NewObject, Owner};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::harness::{Pin, Request, Stage, breaking, sealed, stalling, stranger, submitter, tus, vector};

fn creation(len: u64) -> Request {
    tus("POST", path::UPLOADS).field(fields::LENGTH, len.to_string())
}

fn patch(upload: &str, offset: usize, bytes: impl Into<Bytes>) -> Request {
    tus("PATCH", upload)
        .field("content-type", fields::MEDIA_TYPE)
        .field(fields::OFFSET, offset.to_string())
        .bytes(bytes)
}

/// Begins an upload and returns its path.
async fn begun(stage: &mut Stage, key: &SigningKey, len: u64) -> String {
    stage.signed(key, &creation(len)).await.field("location").to_owned()
}

#[tokio::test(start_paused = true)]
async fn an_upload_begins() {
    let mut pin = Pin::new("v1-uploads-post");
    let mut stage = Stage::with(|config| {
        config.report_mib = 4;
        config.mailbox_uploads = 2;
        config.mailbox_objects = 2;
    })
    .await;
    let me = submitter();
    pin.signed("an upload", &mut stage, &me, &creation(100_000)).await;
    pin.refusals(&mut stage, &me, &creation(100_000)).await;
    let metadata = creation(100_000).field("upload-metadata", "filename d29ybGQ=");
    pin.signed("with metadata", &mut stage, &me, &metadata).await;
    pin.signed("one too many", &mut stage, &me, &creation(100_000)).await;
    let other = stranger();
    pin.signed("too large", &mut stage, &other, &creation(8 << 20)).await;
    for length in ["", "-1", "1 ", "0x10", "18446744073709551616"] {
        let request = tus("POST", path::UPLOADS).field(fields::LENGTH, length);
        pin.signed("no length", &mut stage, &other, &request).await;
    }
    pin.signed("no length", &mut stage, &other, &tus("POST", path::UPLOADS)).await;
    let deferred = tus("POST", path::UPLOADS).field("upload-defer-length", "1");
    pin.signed("a length that comes later", &mut stage, &other, &deferred).await;
    let request = creation(100).without(fields::RESUMABLE);
    pin.signed("no version", &mut stage, &other, &request).await;
    pin.signed("another version", &mut stage, &other, &request.field(fields::RESUMABLE, "0.2.2")).await;
    for seed in 1..=2 {
        let report = Request::post(path::REPORTS).digested(sealed(seed, 500).as_bytes().clone());
        stage.signed(&other, &report).await;
    }
    pin.signed("a full mailbox", &mut stage, &other, &creation(100_000)).await;
    let mut closed = Stage::without_roster().await;
    pin.signed("no roster", &mut closed, &me, &creation(100_000)).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn an_upload_comes_in_portions() {
    let mut pin = Pin::new("v1-upload-patch");
    let mut stage = Stage::new().await;
    let (me, object) = (submitter(), sealed(1, 300_000));
    let bytes = object.as_bytes();
    let upload = begun(&mut stage, &me, object.size()).await;
    pin.ask("how far it came", &mut stage, &tus("HEAD", &*upload)).await;
    pin.ask("a portion", &mut stage, &patch(&upload, 0, bytes.slice(..100_000))).await;
    pin.ask("how far it came", &mut stage, &tus("HEAD", &*upload)).await;
    pin.ask("another offset", &mut stage, &patch(&upload, 7, bytes.slice(7..50))).await;
    let longer = [&bytes[100_000..], b"and more"].concat();
    pin.ask("more than announced", &mut stage, &patch(&upload, 100_000, longer)).await;
    let request = patch(&upload, 100_000, bytes.slice(100_000..110_000)).without("content-type");
    pin.ask("no media type", &mut stage, &request).await;
    let other = request.field("content-type", "application/octet-stream");
    pin.ask("another media type", &mut stage, &other).await;
    let request = patch(&upload, 100_000, bytes.slice(100_000..110_000)).without(fields::OFFSET);
    pin.ask("no offset", &mut stage, &request).await;
    pin.ask("no number", &mut stage, &request.clone().field(fields::OFFSET, "-1")).await;
    let twice = request.field(fields::OFFSET, "100000").field(fields::OFFSET, "100000");
    pin.ask("two offsets", &mut stage, &twice).await;
    for version in [None, Some("0.2.2")] {
        let request = patch(&upload, 100_000, bytes.slice(100_000..110_000)).without(fields::RESUMABLE);
        let request = version.map_or(request.clone(), |version| request.field(fields::RESUMABLE, version));
        pin.ask("no version, or another", &mut stage, &request).await;
    }
    let portion = patch(&upload, 100_000, bytes.slice(100_000..200_000));
    let sha256 = STANDARD.encode(Sha256::digest(&portion.body));
    let checked = |value: String| portion.clone().field(fields::CHECKSUM, value);
    pin.ask("another checksum", &mut stage, &checked(format!("sha1 {}", STANDARD.encode([0; 20])))).await;
    pin.ask("an unknown checksum", &mut stage, &checked("md5 AAAA".to_owned())).await;
    pin.ask("its checksum", &mut stage, &checked(format!("sha256 {sha256}"))).await;
    let sha1 = STANDARD.encode(Sha1::digest(&bytes[200_000..]));
    let last =
        patch(&upload, 200_000, bytes.slice(200_000..)).field(fields::CHECKSUM, format!("sha1 {sha1}"));
    pin.ask("the last one", &mut stage, &last).await;
    pin.ask("how far it came", &mut stage, &tus("HEAD", &*upload)).await;
    pin.ask("after the end", &mut stage, &patch(&upload, 300_000, "")).await;
    pin.ask("given up after the end", &mut stage, &tus("DELETE", &*upload)).await;
    stage.app.store.delete(object.id()).await.unwrap();
    pin.ask("its report was deleted", &mut stage, &tus("HEAD", &*upload)).await;
    pin.ask("its report was deleted", &mut stage, &patch(&upload, 0, "")).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_cannot_go_on_says_why() {
    let mut pin = Pin::new("v1-upload-patch-refused");
    let mut stage = Stage::with(|config| config.report_mib = 1).await;
    let (me, object) = (submitter(), sealed(1, 300_000));
    let bytes = object.as_bytes();
    let unknown = format!("{}/{}", path::UPLOADS, "A".repeat(22));
    pin.ask("unknown", &mut stage, &patch(&unknown, 0, "x")).await;
    pin.ask("no text", &mut stage, &patch("/v1/uploads/%ff", 0, "x")).await;
    let upload = begun(&mut stage, &me, 5000).await;
    pin.ask("plaintext", &mut stage, &patch(&upload, 0, "Dear friends, ".repeat(30))).await;
    pin.ask("after plaintext", &mut stage, &tus("HEAD", &*upload)).await;

    let large = sealed(2, (1 << 20) + 3000);
    let upload = begun(&mut stage, &me, large.size()).await;
    pin.ask("more than a report may have", &mut stage, &patch(&upload, 0, large.as_bytes().clone())).await;
    let same = NewObject { sealed: vector(), kind: Kind::Reply, owner: Owner::Nobody, day: stage.today() };
    let id = stage.put(same).await.id;
    let upload = begun(&mut stage, &me, vector().size()).await;
    pin.ask("a reply", &mut stage, &patch(&upload, 0, vector().as_bytes().clone())).await;
    stage.app.store.delete(id).await.unwrap();
    let upload = begun(&mut stage, &me, vector().size()).await;
    pin.ask("one that was deleted", &mut stage, &patch(&upload, 0, vector().as_bytes().clone())).await;

    let upload = begun(&mut stage, &me, object.size()).await;
    let request = patch(&upload, 0, bytes.slice(..100_000));
    let answer = stage.ask_with(&request, breaking(bytes.slice(..50_000))).await;
    pin.note("a line that breaks", &request, answer);
    pin.ask("what came is kept", &mut stage, &tus("HEAD", &*upload)).await;
    let request = patch(&upload, 50_000, bytes.slice(50_000..100_000));
    let answer = stage.ask_with(&request, stalling(bytes.slice(50_000..60_000))).await;
    pin.note("a line that stalls", &request, answer);
    pin.ask("what came is kept", &mut stage, &tus("HEAD", &*upload)).await;
    let request = patch(&upload, 60_000, bytes.slice(60_000..100_000));
    let first = tokio::spawn(stage.to_ask(&request, stalling(bytes.slice(60_000..70_000))));
    tokio::task::yield_now().await;
    pin.ask("a newcomer asks", &mut stage, &tus("HEAD", &*upload)).await;
    pin.note("the one before is interrupted", &request, first.await.unwrap());
    let request = patch(&upload, 70_000, bytes.slice(70_000..100_000));
    let last = tokio::spawn(stage.to_ask(&request, stalling(bytes.slice(70_000..80_000))));
    tokio::task::yield_now().await;
    drop(stage.stop.take());
    pin.note("the drop stops", &request, last.await.unwrap());
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn an_upload_is_asked_after() {
    let mut pin = Pin::new("v1-upload-head");
    let mut stage = Stage::new().await;
    let upload = begun(&mut stage, &submitter(), vector().size()).await;
    pin.ask("begun", &mut stage, &tus("HEAD", &*upload)).await;
    pin.ask("no version", &mut stage, &Request::head(&*upload)).await;
    let unknown = format!("{}/{}", path::UPLOADS, "A".repeat(22));
    pin.ask("unknown", &mut stage, &tus("HEAD", unknown)).await;
    // Whole, and not finished: the process ended in between.
    let id = kua_protocol::id::Digest::of(upload.rsplit('/').next().unwrap().as_bytes());
    let mut writer = stage.app.store.append(id, 0).await.unwrap();
    writer.write(vector().as_bytes().clone()).await.unwrap();
    writer.sync().await.unwrap();
    drop(writer);
    pin.ask("whole, and finished by this", &mut stage, &tus("HEAD", &*upload)).await;
    for _ in 0..26 {
        stage.hand.pass(3600);
        stage.app.time.steady();
    }
    stage.app.time.sweep(&*stage.app.store).await.unwrap();
    pin.ask("after its time", &mut stage, &tus("HEAD", &*upload)).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn an_upload_is_given_up() {
    let mut pin = Pin::new("v1-upload-delete");
    let mut stage = Stage::new().await;
    let upload = begun(&mut stage, &submitter(), vector().size()).await;
    pin.ask("no version", &mut stage, &Request::delete(&*upload)).await;
    pin.ask("given up", &mut stage, &tus("DELETE", &*upload)).await;
    pin.ask("given up before", &mut stage, &tus("DELETE", &*upload)).await;
    pin.ask("given up before", &mut stage, &tus("HEAD", &*upload)).await;
    let answer = stage.ask_with(&tus("DELETE", "/v1/uploads/x"), Body::empty()).await;
    pin.note("no token", &tus("DELETE", "/v1/uploads/x"), answer);
    pin.hold();
}

#[tokio::test]
async fn a_disk_up_to_its_reserve_begins_no_upload() {
    let mut pin = Pin::new("v1-uploads-post-disk");
    let (mut stage, _folder) = Stage::on_disk(u64::MAX).await;
    pin.signed("a full disk", &mut stage, &submitter(), &creation(100_000)).await;
    pin.hold();
}
