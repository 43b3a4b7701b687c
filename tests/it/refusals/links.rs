//! Links that lead nowhere, or to the wrong place.

use std::net::{TcpListener, TcpStream};

use acceptance::samples;
use kua_sealing::VaultKind;

use super::{assert_says, refusal};
use crate::impostor::root_key;
use crate::stage::{Stage, member};

/// A character that the alphabet of links has and that is not this one.
fn another(character: u8) -> &'static str {
    if character == b'q' { "p" } else { "q" }
}

#[test]
fn a_link_that_is_not_right_is_refused_before_anything_is_asked() {
    let mut stage = Stage::new();
    let draft = stage.draft(&samples::incidents()[0]);
    let link = stage.link.clone();
    let (address, fingerprint) = link.split_once('#').unwrap();
    let bent = |position: usize| {
        let mut bent = link.clone();
        bent.replace_range(position..=position, another(link.as_bytes()[position]));
        bent
    };
    let cases = [
        (bent(link.len() - 1), ["typing error", "Compare it with the link"]),
        (bent(address.len() + 10), ["typing error", "nothing was sent"]),
        (link[..link.len() - 1].to_owned(), ["typing error", "nothing was sent"]),
        (address.to_owned(), ["part after # is missing", "ask for it again"]),
        (format!("{address}#"), ["part after # is missing", "Quote the link"]),
        (format!("http://drop.example/#{fingerprint}"), ["not safe", "begins with https://"]),
        (format!("http://192.0.2.7/#{fingerprint}"), ["not safe", "begins with https://"]),
        (format!("http://onion.example/#{fingerprint}"), ["not safe", "ends in .onion"]),
        (format!("{address}inbox#{fingerprint}"), ["nothing between the host and the #", "Ask for the link"]),
        (format!("drop.example/#{fingerprint}"), ["not a link", "https://drop.example/#kua1"]),
    ];
    for (wrong, words) in cases {
        assert_ne!(wrong, link);
        stage.link = wrong;
        assert_says(&refusal(&mut stage.submit(&draft)), &words);
        assert_says(&refusal(stage.reader("inbox", 0).arg("--json")), &words);
    }
    stage.link = link;
    assert!(stage.inbox(0).is_empty());
    stage.submitted(&samples::incidents()[0]);
}

#[test]
fn the_link_of_another_root_stops_everybody() {
    let mut stage = Stage::new();
    let other = root_key(&member(&stage.path(""), "Stranger", VaultKind::Root)).signing().public();
    let fingerprint = kua_protocol::link::RootFingerprint::of(&other);
    let right = std::mem::take(&mut stage.link);
    stage.link = format!("{}/#{fingerprint}", stage.drop.origin());
    let draft = stage.draft(&samples::incidents()[0]);
    for command in [&mut stage.submit(&draft), stage.reader("inbox", 0).arg("--json")] {
        assert_says(&refusal(command), &["STOP", "Send nothing", "tell the people who gave you the link"]);
    }
    stage.link = right;
    assert!(stage.inbox(0).is_empty());
}

#[test]
fn a_drop_that_is_not_there_is_said_to_be_away() {
    let mut stage = Stage::new();
    let draft = stage.draft(&samples::incidents()[0]);
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (_, fingerprint) = stage.link.split_once('#').unwrap();
    stage.link = format!("http://127.0.0.1:{port}/#{fingerprint}");
    let words = ["127.0.0.1 cannot be reached", "refused", "try again", "nothing was lost"];
    assert_says(&refusal(&mut stage.submit(&draft)), &words);
    assert_says(&refusal(&mut stage.reader("inbox", 0)), &words);
}

#[test]
fn an_onion_is_reached_through_tor_alone() {
    let mut stage = Stage::new();
    let draft = stage.draft(&samples::incidents()[0]);
    let (_, fingerprint) = stage.link.split_once('#').unwrap();
    stage.link = format!("http://{}.onion/#{fingerprint}", "kua2".repeat(14));
    if TcpStream::connect("127.0.0.1:9050").is_ok() {
        println!("skipped in part: something listens where Tor does on this machine");
    } else {
        let words = ["through Tor alone", "Start Tor", "--proxy socks5h://127.0.0.1:9050"];
        assert_says(&refusal(&mut stage.submit(&draft)), &words);
    }
    // A proxy that would resolve the name on this device, or look into the traffic, is none.
    for proxy in ["socks5://127.0.0.1:9050", "http://127.0.0.1:8080", "127.0.0.1:9050"] {
        let message = refusal(stage.submit(&draft).args(["--proxy", proxy]));
        assert_says(&message, &[proxy, "write socks5h://HOST:PORT"]);
    }
}
