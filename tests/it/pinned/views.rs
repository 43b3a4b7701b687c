//! What commands print with `--json`, held against the schemas in the documentation.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use acceptance::processes::Output;
use jsonschema::Validator;
use serde_json::Value;

/// Commands whose JSON is a format of its own.
const OWN_FORMATS: &[&str] = &["kua custody", "kua key show", "kua roster show"];

static SCHEMAS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let text = include_str!("../../../docs/schema/kua-views.schema.json");
    let schemas: BTreeMap<String, Value> = serde_json::from_str(text).unwrap();
    let validator = |schema: &Value| jsonschema::validator_for(schema).unwrap();
    schemas.iter().map(|(command, schema)| (command.clone(), validator(schema))).collect()
});

/// Checks what a command printed, where it was JSON.
pub fn check(line: &str, output: &Output) {
    let asks = line.split_whitespace().any(|word| word == "--json");
    let Some(printed) = Some(&output.stdout).filter(|text| asks && !text.is_empty()) else { return };
    let is_of = |command: &str| line.strip_prefix(command).is_some_and(|rest| rest.starts_with(' '));
    if OWN_FORMATS.iter().any(|command| is_of(command)) {
        return;
    }
    let schema = SCHEMAS.iter().find(|(command, _)| is_of(command));
    let (command, schema) = schema.unwrap_or_else(|| panic!("docs/schema has nothing of `{line}`"));
    let value: Value = serde_json::from_str(printed).unwrap();
    let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{command} prints what its schema does not have: {errors:?}\n{printed}");
}
