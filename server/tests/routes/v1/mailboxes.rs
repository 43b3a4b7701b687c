//! `/v1/mailboxes/{id}/reports`.

use kua_protocol::api::path;
use kua_protocol::id::MailboxId;

use crate::harness::{Pin, Request, Stage, aigul, sealed, stranger, submitter};

#[tokio::test(start_paused = true)]
async fn a_submitter_lists_what_she_sent() {
    let mut pin = Pin::new("v1-mailbox-reports-get");
    let mut stage = Stage::new().await;
    let me = submitter();
    let of = |key: &kua_protocol::keys::SigningKey| path::mailbox_reports(MailboxId::of(&key.public()));
    let list = Request::get(of(&me));
    pin.signed("nothing yet", &mut stage, &me, &list).await;
    for seed in 1..=2 {
        let report = Request::post(path::REPORTS).digested(sealed(seed, 500).as_bytes().clone());
        stage.signed(&me, &report).await;
    }
    pin.signed("all", &mut stage, &me, &list).await;
    pin.signed("its head", &mut stage, &me, &Request::head(of(&me))).await;
    pin.refusals(&mut stage, &me, &list).await;
    pin.signed("a coordinator", &mut stage, &aigul(), &list).await;
    pin.signed("somebody else's", &mut stage, &me, &Request::get(of(&stranger()))).await;
    pin.signed("no mailbox", &mut stage, &me, &Request::get("/v1/mailboxes/1/reports")).await;
    pin.signed("no text", &mut stage, &me, &Request::get("/v1/mailboxes/%ff/reports")).await;
    pin.hold();
}
