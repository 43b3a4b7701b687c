//! `kua-export/1`: everything comes back, and the schema in docs/ says what the types say.

use std::fs;
use std::path::Path;

use kua_export::{Document, Format, Made};
use kua_report::Event;
use serde_json::Value;

use crate::stage::{case, export, incidents, made, nasty, told};

#[test]
fn every_incident_comes_back_equal() {
    let mut all = incidents();
    all.push(told(nasty(), &[("photo.jpg", b"\xff\xd8"), ("қайғы.pdf", b"%PDF")]));
    let exported = export(Format::Json, made(), &all);
    let text = exported.text("export.json");
    serde_json::from_str::<Document>(&text).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["format"], "kua-export/1");
    assert_eq!(document["esf"]["title"], "0102");
    assert_eq!(document["lists"]["acts"]["housing"], "51");
    let reports = document["reports"].as_array().unwrap();
    assert_eq!(reports.len(), all.len());
    for (report, told) in reports.iter().zip(&all) {
        assert_eq!(serde_json::from_value::<Event>(report["event"].clone()).unwrap(), *told.report.event());
        assert_eq!(report["report_id"], told.id.to_string());
        assert_eq!(serde_json::from_value::<kua_export::Case>(report["case"].clone()).unwrap(), told.case);
        assert_eq!(report["routing"], serde_json::to_value(told.report.routing()).unwrap());
    }
    let files = reports.last().unwrap()["attachments"].as_array().unwrap();
    for (file, content) in files.iter().zip([&b"\xff\xd8"[..], b"%PDF"]) {
        assert_eq!(fs::read(exported.path().join(file["path"].as_str().unwrap())).unwrap(), content);
    }
}

#[test]
fn what_is_left_out_is_nowhere() {
    let mut sample = told(nasty(), &[("CANARY.jpg", b"CANARY")]);
    sample.case = case();
    sample.case.notes[0].text = "CANARY".into();
    for format in Format::ALL {
        let redacted = Made { redacted: true, ..made() };
        let exported = export(*format, redacted, std::slice::from_ref(&sample));
        let mut texts = Vec::new();
        for file in fs::read_dir(exported.path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "zip") {
                let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
                assert_eq!(zip.len(), 1, "no attachments");
                texts.push(std::io::read_to_string(zip.by_index(0).unwrap()).unwrap());
            } else {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
        let text = texts.concat();
        for gone in ["CANARY", "A|B", "A∣B", "tall", "+7 701", "twice", "anybody else", "0404040404"] {
            assert!(!text.contains(gone), "{format}: {gone}");
        }
        assert!(text.contains("teacher"), "{format}: roles stay");
    }
    let json = export(Format::Json, Made { redacted: true, ..made() }, &[sample]).text("export.json");
    assert!(json.contains("\"redacted\":true"));
}

#[test]
fn the_schema_in_the_docs_is_the_types_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/kua-export-1.schema.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Document)).unwrap() + "\n";
    if std::env::var_os("KUA_BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == schema,
        "docs/schema/kua-export-1.schema.json is not what the types say; write it anew with `KUA_BLESS=1 cargo test -p kua-export`"
    );
}
