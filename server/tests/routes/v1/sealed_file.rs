//! `/v1/sealed-file`.

use axum::body::Body;
use kua_protocol::api::path;
use kua_store::{Kind, NewObject, Owner};

use crate::harness::{Pin, Request, Stage, breaking, form, sealed, stalling, vector};

#[tokio::test(start_paused = true)]
async fn a_sealed_file_is_handed_in() {
    let mut pin = Pin::new("v1-sealed-file-post");
    let mut stage = Stage::new().await;
    let request = form(vector().as_bytes());
    pin.ask("a sealed file", &mut stage, &request).await;
    pin.ask("the same again", &mut stage, &request).await;
    let russian = form(sealed(1, 500).as_bytes()).at("/v1/sealed-file?language=ru");
    pin.ask("in the language of the page", &mut stage, &russian).await;
    let accepted = form(sealed(2, 500).as_bytes()).field("accept-language", "de, ar;q=0.5");
    pin.ask("in a language of the browser", &mut stage, &accepted).await;
    let large = form(sealed(3, 3 << 20).as_bytes());
    pin.ask("one that needs a file of its own", &mut stage, &large).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn what_is_no_sealed_file_from_the_drops_own_page_is_refused() {
    let mut pin = Pin::new("v1-sealed-file-post-refused");
    let mut stage = Stage::new().await;
    let own = form(vector().as_bytes());
    pin.ask("from elsewhere", &mut stage, &own.clone().field("sec-fetch-site", "cross-site")).await;
    let other = own.clone().without("origin").field("origin", "https://other.example");
    pin.ask("from elsewhere, as older browsers tell", &mut stage, &other).await;
    pin.ask("plaintext", &mut stage, &form(b"Dear friends,")).await;
    pin.ask("no file chosen", &mut stage, &form(b"")).await;
    pin.ask("no form", &mut stage, &Request::post(path::SEALED_FILE).bytes("x")).await;
    pin.ask("nothing", &mut stage, &Request::post(path::SEALED_FILE)).await;
    let two = [vector().as_bytes(), &b"\r\n------geckoformboundary6e2f9d\r\n\r\nmore"[..]].concat();
    pin.ask("two parts", &mut stage, &form(&two)).await;
    let request = form(sealed(1, 5000).as_bytes());
    let answer = stage.ask_with(&request, breaking(request.body.slice(..1000))).await;
    pin.note("a line that breaks", &request, answer);
    let answer = stage.ask_with(&request, stalling(request.body.slice(..1000))).await;
    pin.note("a line that stalls", &request, answer);
    let answer = stage.ask_with(&request, stalling(request.body.slice(..20))).await;
    pin.note("a line that stalls in the form's head", &request, answer);
    let reply =
        NewObject { sealed: sealed(2, 500), kind: Kind::Reply, owner: Owner::Nobody, day: stage.today() };
    let id = stage.put(reply).await.id;
    pin.ask("a reply", &mut stage, &form(sealed(2, 500).as_bytes())).await;
    stage.app.store.delete(id).await.unwrap();
    pin.ask("one that was deleted", &mut stage, &form(sealed(2, 500).as_bytes())).await;
    let held = stage.app.memory.read(Body::from(vec![0; 40 << 20]), usize::MAX).await.unwrap();
    pin.ask("little memory left", &mut stage, &own).await;
    drop(held);
    pin.ask("no roster", &mut Stage::without_roster().await, &own).await;
    pin.hold();
}

#[tokio::test(start_paused = true)]
async fn the_form_takes_so_much_a_day() {
    let mut pin = Pin::new("v1-sealed-file-post-budget");
    let shut = Stage::with(|config| config.form_files = 0);
    pin.ask("shut", &mut shut.await, &form(vector().as_bytes())).await;
    let mut stage = Stage::with(|config| {
        config.form_files = 1;
        config.form_mib = 1;
    })
    .await;
    pin.ask("more than any day takes", &mut stage, &form(sealed(1, 2 << 20).as_bytes())).await;
    pin.ask("the first", &mut stage, &form(vector().as_bytes())).await;
    pin.ask("the second", &mut stage, &form(sealed(2, 500).as_bytes())).await;
    stage.hand.pass(86_400);
    pin.ask("the next day", &mut stage, &form(sealed(2, 500).as_bytes())).await;
    pin.hold();
}

#[tokio::test]
async fn a_disk_up_to_its_reserve_takes_no_file() {
    let mut pin = Pin::new("v1-sealed-file-post-disk");
    let (mut stage, _folder) = Stage::on_disk(u64::MAX).await;
    pin.ask("a full disk", &mut stage, &form(vector().as_bytes())).await;
    pin.hold();
}
