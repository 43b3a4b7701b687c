//! The words of an export, in somebody's language.

/// Messages in one language, by their keys.
///
/// The keys are those of `client/locales`: the lists of a report by their `fluent_key`, and what this crate says itself,
/// which begins with `export-`.
pub trait Words {
    /// The language, as a BCP 47 tag.
    fn language(&self) -> &str;

    /// One message with its arguments.
    fn say_with(&self, key: &str, args: &[(&str, &str)]) -> String;

    /// One message without arguments.
    fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }
}
