//! `/v1/reports/{id}/keep`.

use kua_protocol::api::path;
use kua_store::testing::objects;

use crate::harness::{Pin, Request, Stage, aigul, marat};

#[tokio::test(start_paused = true)]
async fn a_report_whose_deletion_was_asked_for_is_kept() {
    let mut pin = Pin::new("v1-report-keep");
    let mut stage = Stage::new().await;
    let id = stage.put(objects::report(1, 500, stage.today())).await.id;
    let keep = Request::post(path::keep(id));
    pin.refusals(&mut stage, &aigul(), &keep).await;
    pin.signed("without a wish", &mut stage, &aigul(), &keep).await;
    stage.signed(&aigul(), &Request::delete(path::report(id))).await;
    pin.signed("with a wish", &mut stage, &marat(), &keep).await;
    pin.signed("the first word after it", &mut stage, &marat(), &Request::delete(path::report(id))).await;
    pin.signed("no roster", &mut Stage::without_roster().await, &aigul(), &keep).await;
    pin.hold();
}
