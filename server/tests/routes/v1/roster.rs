//! `/v1/roster`.

use kua_protocol::api::path;

use crate::harness::{Pin, Request, Stage, next_roster, root, roster, stalling, stranger};

fn put(body: Vec<u8>) -> Request {
    Request::new("PUT", path::ROSTER).bytes(body)
}

#[tokio::test(start_paused = true)]
async fn a_newer_roster_is_put_in_the_place_of_the_one_before() {
    let mut pin = Pin::new("v1-roster");
    pin.ask("the first", &mut Stage::without_roster().await, &put(roster().to_json())).await;
    let mut stage = Stage::new().await;
    pin.ask("the same again", &mut stage, &put(roster().to_json())).await;
    let newer = next_roster(2, &root()).to_json();
    pin.ask("another root", &mut stage, &put(next_roster(2, &stranger()).to_json())).await;
    pin.ask("a newer one", &mut stage, &put(newer.clone())).await;
    pin.ask("an older one", &mut stage, &put(roster().to_json())).await;
    pin.ask("the newer one is there", &mut stage, &Request::get(path::DROP)).await;
    pin.ask("no roster at all", &mut stage, &put(b"{}".to_vec())).await;
    pin.ask("nothing", &mut stage, &put(Vec::new())).await;
    pin.ask("too large", &mut stage, &put(vec![b' '; 256 * 1024 + 1])).await;
    let request = put(newer.clone());
    let answer = stage.ask_with(&request, stalling(newer.into())).await;
    pin.note("one that never comes to its end", &request, answer);
    stage.hand.pass(100 * 86_400);
    pin.ask("one whose time is over", &mut stage, &put(next_roster(3, &root()).to_json())).await;
    pin.hold();
}
