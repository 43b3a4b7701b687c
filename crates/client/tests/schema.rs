//! The JSON Schemas in docs/ say what the views' types say.

use std::fs;
use std::path::Path;

use kua_client::views::schemas;

#[test]
fn the_schemas_in_the_docs_are_the_views_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/kua-views.schema.json");
    let schemas = serde_json::to_string_pretty(&schemas()).unwrap() + "\n";
    if std::env::var_os("KUA_BLESS").is_some() {
        fs::write(&path, &schemas).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == schemas,
        "docs/schema/kua-views.schema.json is not what the types say; write it anew with `KUA_BLESS=1 cargo test -p kua-client`"
    );
}
