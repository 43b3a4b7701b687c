//! `/v1/drop`.

use kua_protocol::api::path;

use crate::harness::{Pin, Request, Stage};

#[tokio::test(start_paused = true)]
async fn everybody_may_know_the_roster_and_the_limits() {
    let mut pin = Pin::new("v1-drop");
    let mut stage = Stage::new().await;
    pin.ask("open", &mut stage, &Request::get(path::DROP)).await;
    pin.ask("its head", &mut stage, &Request::head(path::DROP)).await;
    pin.ask("a query that nobody reads", &mut stage, &Request::get("/v1/drop?since=x")).await;
    pin.ask("no roster yet", &mut Stage::without_roster().await, &Request::get(path::DROP)).await;
    let other = Stage::with(|config| {
        config.report_mib = 8;
        config.mailbox_objects = 3;
        config.retention_days = 20;
    });
    pin.ask("other limits", &mut other.await, &Request::get(path::DROP)).await;
    stage.hand.pass(100 * 86_400);
    pin.ask("a roster whose time is over", &mut stage, &Request::get(path::DROP)).await;
    pin.hold();
}
