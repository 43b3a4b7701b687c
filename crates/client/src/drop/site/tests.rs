//! Another version, a changed page, and header fields, told apart.

use http::{HeaderName, HeaderValue};

use super::*;

/// What a drop shows that has these files, and this list of them.
fn site(change: impl Fn(&'static str) -> Option<&'static [u8]>) -> Site {
    let shown = SERVED.iter().map(|served| {
        let fields = served.fields().unwrap();
        let fields = fields.iter().map(|(name, value)| {
            (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap())
        });
        let body = change(served.path).unwrap_or(served.body).to_vec();
        SiteFile::new(served, StatusCode::OK, &fields.collect(), Some(body)).unwrap()
    });
    Site(shown.collect())
}

fn list(script: &str) -> &'static [u8] {
    let ours = SERVED.iter().find(|served| served.path == SUMS).unwrap().body;
    let lines = std::str::from_utf8(ours).unwrap().lines().map(|line| match line.split_once("  ") {
        Some((_, "page.js")) => format!("{}  page.js\n", Digest::of(script.as_bytes())),
        _ => format!("{line}\n"),
    });
    lines.collect::<String>().into_bytes().leak()
}

#[test]
fn another_version_is_told_from_a_changed_page() {
    assert!(site(|_| None).agrees());
    let changed = site(|path| (path == "/page.js").then_some(b"evil"));
    assert!(!changed.agrees());
    assert_eq!(changed.other_version(), None);
    let sums = list("newer");
    let newer = site(|path| match path {
        "/page.js" => Some(b"newer"),
        SUMS => Some(sums),
        _ => None,
    });
    assert_eq!(newer.other_version(), Some(Digest::of(sums)));
    let half = site(|path| match path {
        "/page.js" => Some(b"evil"),
        SUMS => Some(sums),
        _ => None,
    });
    assert_eq!(half.other_version(), None);
    let leave = site(|path| match path {
        "/page.js" => Some(b"newer"),
        SUMS => Some(sums),
        "/leave" => Some(b"stay"),
        _ => None,
    });
    assert_eq!(leave.other_version(), None);
}

#[test]
fn fields_are_the_same_missing_changed_or_added() {
    let expected = || BTreeMap::from([("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())]);
    let shown = |fields: &[(&'static str, &'static str)]| {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        differing(expected(), &map)
    };
    assert_eq!(shown(&[("a", "1"), ("b", "2"), ("date", "now"), ("via", "1.1 Caddy")]), []);
    let field = |name: &str, expected: Option<&str>, shown: Option<&str>| SiteField {
        name: name.into(),
        expected: expected.map(Into::into),
        shown: shown.map(Into::into),
    };
    assert_eq!(
        shown(&[("b", "2"), ("b", "2"), ("set-cookie", "c=1")]),
        [
            field("a", Some("1"), None),
            field("b", Some("2"), Some("2, 2")),
            field("set-cookie", None, Some("c=1"))
        ]
    );
}
