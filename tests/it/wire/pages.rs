//! What a browser is shown: the page, byte for byte as it was built, and otherwise nothing.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use kua_protocol::api::NONCE;
use kua_site::SERVED;

use super::{Answer, Request, Wire};

/// Fields that HTTP itself adds.
const OF_HTTP: [&str; 2] = ["content-length", "date"];

fn fields(answer: &Answer) -> BTreeMap<String, String> {
    let own = answer.fields.iter().filter(|(name, _)| !OF_HTTP.contains(&name.as_str()));
    own.cloned().collect()
}

#[test]
fn the_page_is_served_as_it_was_built_and_tells_nothing_else() {
    let wire = Wire::new();
    for served in SERVED {
        let answer = wire.ask(&Request::new("GET", served.path));
        assert_eq!((answer.status, fields(&answer)), (200, served.fields().unwrap()), "{}", served.path);
        assert!(answer.body == served.body, "{} has other bytes", served.path);
        let head = wire.ask(&Request::new("HEAD", served.path));
        let length = served.body.len().to_string();
        assert_eq!((head.status, head.field("content-length")), (200, Some(&*length)), "{}", served.path);
        assert_eq!(fields(&head), served.fields().unwrap());
    }
    let leave = wire.ask(&Request::new("GET", "/leave?"));
    assert_eq!(leave.field("clear-site-data"), Some("\"cache\", \"cookies\", \"storage\""));
    assert!(leave.body.is_empty());
}

#[test]
fn the_page_comes_packed_to_who_takes_it_so() {
    let wire = Wire::new();
    let mut sent = 0;
    for served in SERVED {
        let answer =
            wire.ask(&Request::new("GET", served.path).field("accept-encoding", "gzip, deflate, br, zstd"));
        let mut expected = served.fields().unwrap();
        let mut body = Vec::new();
        if answer.field("content-encoding").is_some() {
            expected.insert("content-encoding".into(), "gzip".into());
            GzDecoder::new(&*answer.body).read_to_end(&mut body).unwrap();
        } else {
            body.clone_from(&answer.body);
        }
        assert_eq!(fields(&answer), expected, "{}", served.path);
        assert!(body == served.body, "{}", served.path);
        if ["/", "/page.js", "/page.css", "/worker.js"].contains(&served.path) {
            sent += answer.body.len();
        }
    }
    assert!(sent < 150_000, "the page takes {sent} bytes of a slow line");
}

#[test]
fn elsewhere_there_is_nothing() {
    let wire = Wire::new();
    for target in
        ["/favicon.ico", "/index.html", "/page.js/", "/v1", "/healthz", "/metrics", "/status", "//", "/..%2f"]
    {
        let answer = wire.ask(&Request::new("GET", target));
        assert_eq!((answer.status, answer.text()), (404, "There is nothing here.\n"), "{target}");
        assert_eq!(answer.field("content-security-policy"), Some("default-src 'none'"));
        assert_eq!((answer.field(NONCE), answer.field("access-control-allow-origin")), (None, None));
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(wire.ask(&Request::new(method, "/")).status, 405, "{method}");
    }
}
