//! The words of lists in the languages of a collection.

use crate::{Error, Words};

/// The languages of the collection, its own first one first.
pub(super) struct Languages(Vec<Box<dyn Words>>);

impl Languages {
    pub(super) fn new(words: Vec<Box<dyn Words>>) -> Result<Self, Error> {
        if words.is_empty() { Err(Error::NoWords) } else { Ok(Self(words)) }
    }

    /// The columns of a property whose values are words of a list: one, or one for each language, `prop__en`.
    pub(super) fn columns(&self, property: &str) -> Vec<String> {
        match self.0.as_slice() {
            [_] => vec![property.to_owned()],
            several => several.iter().map(|words| format!("{property}__{}", words.language())).collect(),
        }
    }

    /// The cells of these columns.
    pub(super) fn cells(&self, say: impl Fn(&dyn Words) -> String) -> Vec<String> {
        self.0.iter().map(|words| say(&**words)).collect()
    }

    /// Something in the first language.
    pub(super) fn first(&self, say: impl Fn(&dyn Words) -> String) -> String {
        self.0.first().map(|words| say(&**words)).unwrap_or_default()
    }
}
