//! `/v1/mailboxes/{id}/messages` and `/v1/mailboxes/{id}/messages/{message}`.

use kua_protocol::api::{path, tus as fields};
use kua_protocol::id::{MailboxId, ObjectId};

use crate::harness::{Pin, Request, Stage, aigul, marat, sealed, stranger, submitter, tus, vector};

fn mailbox() -> MailboxId {
    MailboxId::of(&submitter().public())
}

fn reply(seed: u64) -> Request {
    Request::post(path::messages(mailbox())).digested(sealed(seed, 3000).as_bytes().clone())
}

/// A drop to which the submitter sent a report, and a configuration of room for two objects.
async fn with_a_mailbox() -> Stage {
    let mut stage = Stage::with(|config| config.mailbox_objects = 2).await;
    let report = Request::post(path::REPORTS).digested(vector().as_bytes().clone());
    stage.signed(&submitter(), &report).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn a_reply_comes_in_portions() {
    let mut pin = Pin::new("v1-mailbox-uploads-post");
    let mut stage = with_a_mailbox().await;
    let object = sealed(1, 300_000);
    let begin = |mailbox: String, len: u64| {
        tus("POST", format!("/v1/mailboxes/{mailbox}/uploads")).field(fields::LENGTH, len.to_string())
    };
    let creation = begin(mailbox().to_string(), object.size());
    pin.refusals(&mut stage, &aigul(), &creation).await;
    pin.signed("to herself", &mut stage, &submitter(), &creation).await;
    let elsewhere = begin(MailboxId::of(&stranger().public()).to_string(), object.size());
    pin.signed("to who has sent nothing", &mut stage, &aigul(), &elsewhere).await;
    pin.signed("to no mailbox", &mut stage, &aigul(), &begin("1".into(), 5000)).await;
    pin.signed("too large", &mut stage, &aigul(), &begin(mailbox().to_string(), 20 << 20)).await;
    pin.signed("no version", &mut stage, &aigul(), &creation.clone().without(fields::RESUMABLE)).await;
    pin.signed("an upload", &mut stage, &aigul(), &creation).await;
    let upload = stage.signed(&aigul(), &creation).await.field("location").to_owned();
    let whole = tus("PATCH", &*upload)
        .field("content-type", fields::MEDIA_TYPE)
        .field(fields::OFFSET, "0")
        .bytes(object.as_bytes().clone());
    pin.ask("all of it", &mut stage, &whole).await;
    pin.ask("how far it came", &mut stage, &tus("HEAD", &*upload)).await;
    pin.signed("the replies", &mut stage, &submitter(), &Request::get(path::messages(mailbox()))).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn coordinators_reply_to_who_has_sent_something() {
    let mut pin = Pin::new("v1-mailbox-messages-post");
    let mut stage = with_a_mailbox().await;
    pin.refusals(&mut stage, &aigul(), &reply(1)).await;
    pin.signed("to herself", &mut stage, &submitter(), &reply(1)).await;
    pin.signed("a reply", &mut stage, &aigul(), &reply(1)).await;
    pin.signed("the same again", &mut stage, &marat(), &reply(1)).await;
    let elsewhere = Request::post(path::messages(MailboxId::of(&stranger().public())));
    let to_stranger = elsewhere.digested(sealed(2, 3000).as_bytes().clone());
    pin.signed("to who has sent nothing", &mut stage, &aigul(), &to_stranger).await;
    let nowhere = Request::post("/v1/mailboxes/1/messages").digested(sealed(2, 3000).as_bytes().clone());
    pin.signed("to no mailbox", &mut stage, &aigul(), &nowhere).await;
    let report = Request::post(path::messages(mailbox())).digested(vector().as_bytes().clone());
    pin.signed("a report", &mut stage, &aigul(), &report).await;
    pin.signed("plaintext", &mut stage, &aigul(), &Request::post(path::messages(mailbox())).digested("Hi"))
        .await;
    let large = sealed(3, (18 << 20) + 8192).as_bytes().clone();
    pin.signed("too large", &mut stage, &aigul(), &Request::post(path::messages(mailbox())).digested(large))
        .await;
    let large = sealed(4, (3 << 20) + 8192).as_bytes().clone();
    pin.signed(
        "a large one",
        &mut stage,
        &aigul(),
        &Request::post(path::messages(mailbox())).digested(large),
    )
    .await;
    pin.signed("full", &mut stage, &aigul(), &reply(5)).await;
    let first = sealed(1, 3000).id();
    stage.signed(&submitter(), &Request::delete(path::message(mailbox(), first))).await;
    pin.signed("one that she deleted", &mut stage, &aigul(), &reply(1)).await;
    pin.signed("no roster", &mut Stage::without_roster().await, &aigul(), &reply(1)).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn replies_are_listed_to_their_submitter_and_to_coordinators() {
    let mut pin = Pin::new("v1-mailbox-messages-get");
    let mut stage = with_a_mailbox().await;
    let list = Request::get(path::messages(mailbox()));
    pin.signed("none", &mut stage, &submitter(), &list).await;
    for seed in 1..=2 {
        stage.signed(&aigul(), &reply(seed)).await;
    }
    pin.signed("all", &mut stage, &submitter(), &list).await;
    pin.signed("all, to a coordinator", &mut stage, &marat(), &list).await;
    pin.signed("their head", &mut stage, &submitter(), &Request::head(path::messages(mailbox()))).await;
    pin.refusals(&mut stage, &submitter(), &list).await;
    let of_stranger = Request::get(path::messages(MailboxId::of(&stranger().public())));
    pin.signed("an empty one", &mut stage, &stranger(), &of_stranger).await;
    pin.signed("an empty one, to a coordinator", &mut stage, &aigul(), &of_stranger).await;
    pin.signed("no mailbox", &mut stage, &submitter(), &Request::get("/v1/mailboxes/1/messages")).await;
    pin.signed(
        "no mailbox, to a coordinator",
        &mut stage,
        &aigul(),
        &Request::get("/v1/mailboxes/1/messages"),
    )
    .await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn a_submitter_reads_and_deletes_her_replies() {
    let mut pin = Pin::new("v1-mailbox-message");
    let mut stage = with_a_mailbox().await;
    stage.signed(&aigul(), &reply(1)).await;
    let (me, id) = (submitter(), sealed(1, 3000).id());
    let read = |id: ObjectId| Request::get(path::message(mailbox(), id));
    pin.signed("whole", &mut stage, &me, &read(id)).await;
    pin.signed("its head", &mut stage, &me, &Request::head(path::message(mailbox(), id))).await;
    pin.signed("a range", &mut stage, &me, &read(id).field("range", "bytes=-9")).await;
    pin.signed("no range of it", &mut stage, &me, &read(id).field("range", "bytes=9-8")).await;
    pin.refusals(&mut stage, &me, &read(id)).await;
    pin.signed("a coordinator", &mut stage, &aigul(), &read(id)).await;
    let delete = |id: ObjectId| Request::delete(path::message(mailbox(), id));
    pin.refusals(&mut stage, &me, &delete(id)).await;
    pin.signed("a coordinator", &mut stage, &aigul(), &delete(id)).await;
    for request in [read, |id| Request::delete(path::message(mailbox(), id))] {
        pin.signed("unknown", &mut stage, &me, &request(ObjectId::of(b"?"))).await;
        pin.signed("her report", &mut stage, &me, &request(vector().id())).await;
    }
    let no_id = format!("{}/1", path::messages(mailbox()));
    pin.signed("no id", &mut stage, &me, &Request::get(no_id)).await;
    pin.signed("deleted now", &mut stage, &me, &delete(id)).await;
    pin.signed("deleted before", &mut stage, &me, &delete(id)).await;
    pin.signed("deleted before", &mut stage, &me, &read(id)).await;
    pin.hold();
}
