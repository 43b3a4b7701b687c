//! The page holds what people wrote as text, and its policy lets nothing else happen.

use kua_export::{Format, Made};

use crate::stage::{Told, case, export, incidents, made, nasty, told};

#[test]
fn what_people_wrote_is_text() {
    let page =
        export(Format::Html, made(), &[Told { case: case(), ..told(nasty(), &[]) }]).text("reports.html");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains("<script"));
    assert!(!page.contains("<b>"));
    assert!(page.contains("Steppe &lt;Watch&gt;"));
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    assert!(!page.contains("http://evil.example\""), "no link of a stranger's");
    for gone in ["<img", "<link", "<iframe", "style=\"", "onload", "src=\""] {
        assert!(!page.contains(gone), "{gone}");
    }
}

#[test]
fn every_incident_stands_in_the_timeline_and_as_an_article() {
    let all = incidents();
    let page = export(Format::Html, made(), &all).text("reports.html");
    for told in &all {
        let number = &told.id.to_string()[..12];
        assert!(page.contains(&format!("<article id=\"r{number}\">")));
        assert!(page.contains(&format!("href=\"#r{number}\"")));
        assert!(page.contains(&told.id.to_string()), "the digest");
    }
    let timeline: Vec<usize> =
        ["2010</td>", "2010-10-05", "2010-10-11"].iter().map(|date| page.find(date).unwrap()).collect();
    assert!(timeline.is_sorted(), "{timeline:?}");
}

#[test]
fn a_redacted_page_says_so() {
    let page = export(Format::Html, Made { redacted: true, ..made() }, &incidents()).text("reports.html");
    assert!(page.contains("class=\"careful\""));
}
