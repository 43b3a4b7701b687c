//! The addresses outside `/v1/`: the page and its parts.

use kua_site::SERVED;

use crate::harness::{Pin, Request, Stage};

#[tokio::test(start_paused = true)]
async fn the_page_is_served_as_it_was_built() {
    let mut pin = Pin::new("pages");
    let mut stage = Stage::new().await;
    for served in SERVED {
        pin.ask("plain", &mut stage, &Request::get(served.path)).await;
        let packed = Request::get(served.path).field("accept-encoding", "br, gzip");
        pin.ask("packed, where that is worth it", &mut stage, &packed).await;
        pin.ask("its head", &mut stage, &Request::head(served.path)).await;
    }
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn where_there_is_nothing_nothing_is_told() {
    let mut pin = Pin::new("unknown");
    let mut stage = Stage::new().await;
    for target in ["/favicon.ico", "/index.html", "/v1", "/v1/", "/v1/nothing", "/v1/drop/", "/v2/drop", "//"]
    {
        pin.ask("unknown", &mut stage, &Request::get(target)).await;
    }
    pin.ask("unknown, with a body", &mut stage, &Request::post("/v1/nothing").bytes("x")).await;
    pin.ask(
        "unknown, before a request of another origin",
        &mut stage,
        &Request::new("OPTIONS", "/v1/nothing"),
    )
    .await;
    pin.ask("unknown, before a request of another origin", &mut stage, &Request::new("OPTIONS", "/nothing"))
        .await;
    pin.hold();
}
