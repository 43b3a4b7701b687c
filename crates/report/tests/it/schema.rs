//! The JSON Schema in docs/ says what the types say.

use std::fs;
use std::path::Path;

use kua_report::Report;

#[test]
fn the_schema_in_the_docs_is_the_types_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/kua-report-1.schema.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap() + "\n";
    if std::env::var_os("KUA_BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == schema,
        "docs/schema/kua-report-1.schema.json is not what the types say; write it anew with `KUA_BLESS=1 cargo test -p kua-report`"
    );
}
