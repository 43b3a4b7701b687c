//! Sample reports and files to attach: eight incidents reported from Kazakhstan in October 2010, by role and not by name.
//!
//! Files are made in code, the same bytes for the same request, so that no picture of a real person is ever needed.

mod document;
mod photo;

pub use document::document;
pub use photo::photo;

use serde_json::{Map, Value};

/// One sample report.
#[derive(Clone, Debug)]
pub struct Sample {
    /// A short name, unique among the samples: `car-explosion`.
    pub key: String,
    /// What `kua submit --report` takes: a draft of format `kua-report/1`.
    pub draft: Value,
}

/// Gives all sample reports, in the order of the file.
#[expect(clippy::expect_used, reason = "the file is part of this crate, and a test parses it")]
pub fn incidents() -> Vec<Sample> {
    let incidents: Vec<Map<String, Value>> =
        serde_json::from_str(include_str!("incidents.json")).expect("incidents.json is a list of objects");
    incidents.into_iter().map(sample).collect()
}

/// Maps an incident to a draft: the narrative is the description, and the key is not the person's.
fn sample(mut draft: Map<String, Value>) -> Sample {
    let key = draft.remove("key").and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default();
    let description = draft.remove("narrative").unwrap_or_default();
    draft.extend([("format".to_owned(), "kua-report/1".into()), ("description".to_owned(), description)]);
    Sample { key, draft: draft.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kua_report::Draft;

    #[test]
    fn every_incident_is_a_draft_and_loses_nothing() {
        let source: Vec<Value> = serde_json::from_str(include_str!("incidents.json")).unwrap();
        let samples = incidents();
        assert_eq!((source.len(), samples.len()), (8, 8));
        for (sample, source) in samples.iter().zip(&source) {
            let draft = Draft::from_value(sample.draft.clone())
                .unwrap_or_else(|error| panic!("{}: {error}", sample.key));
            let mut back = serde_json::to_value(draft.event()).unwrap();
            let fields = back.as_object_mut().unwrap();
            let narrative = fields.remove("description").unwrap();
            fields.insert("narrative".to_owned(), narrative);
            fields.insert("key".to_owned(), sample.key.clone().into());
            assert_eq!(&back, source);
        }
    }

    #[test]
    fn every_field_of_the_samples_is_one_that_a_report_knows() {
        let known: Value =
            serde_json::from_str(include_str!("../../docs/schema/kua-report-1.schema.json")).unwrap();
        for sample in incidents() {
            for field in sample.draft.as_object().unwrap().keys() {
                assert!(known["properties"].get(field).is_some(), "{}: {field}", sample.key);
            }
        }
    }
}
