//! Messages in the person's language, from the Fluent files in `client/locales/`.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kua_protocol::roster::Texts;
use unic_langid::LanguageIdentifier;

macro_rules! locale {
    ($language:literal, $file:literal) => {
        include_str!(concat!("../../../locales/", $language, "/", $file, ".ftl"))
    };
}

macro_rules! languages {
    ($($language:literal)*) => {
        &[$((
            $language,
            &[
                locale!($language, "submitter"),
                locale!($language, "coordinator"),
                locale!($language, "errors"),
                locale!($language, "vocabulary"),
            ],
        )),*]
    };
}

/// The languages in which the program speaks, and their files. English comes first: it is for those who speak none of them.
const LANGUAGES: &[(&str, &[&str])] = languages!("en" "ru" "kk" "ar" "es" "fr");

/// The messages of one language.
pub struct Words {
    language: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The messages in the language of the system's locale (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    pub fn of_system() -> Self {
        Self::of_locale(&sys_locale::get_locale().unwrap_or_default())
    }

    /// The messages in the language of a locale such as `ru-KZ`, or in English.
    pub fn of_locale(locale: &str) -> Self {
        let wanted = locale.split(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
        let known = LANGUAGES.iter().find(|(language, _)| *language == wanted).or(LANGUAGES.first());
        let (language, files) = known.copied().unwrap_or(("en", &[]));
        let id: LanguageIdentifier = language.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // A terminal shows the marks that would isolate directions as boxes.
        bundle.set_use_isolating(false);
        for file in files {
            // The tests show that every file parses and no message stands twice.
            let resource =
                FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The messages in one of the languages that there are, by its code.
    ///
    /// # Errors
    ///
    /// Names the languages when there is none of this code.
    pub fn of_language(code: &str) -> Result<Self, String> {
        let known: Vec<&str> = LANGUAGES.iter().map(|(language, _)| *language).collect();
        if known.contains(&code) {
            Ok(Self::of_locale(code))
        } else {
            Err(format!("a language is one of {}", known.join(", ")))
        }
    }

    /// All languages, one after the other.
    #[cfg(test)]
    pub fn in_every_language() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(|(language, _)| Self::of_locale(language))
    }

    /// The language, as a BCP 47 tag.
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The text of a roster in this language; else in English, or in any.
    pub fn own<'t>(&self, texts: &'t Texts) -> &'t str {
        let text = texts.get(self.language).or_else(|| texts.get("en")).or_else(|| texts.values().next());
        text.map(String::as_str).unwrap_or_default()
    }

    /// A message without arguments.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// A message with arguments. A key that is missing is shown as itself; a test keeps that from happening.
    pub fn say_with(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let args: FluentArgs = args.iter().cloned().collect();
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    /// Every message of some Fluent files, with the arguments that it uses.
    fn messages(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for file in files {
            assert!(
                FluentResource::try_new((*file).to_owned()).is_ok(),
                "a Fluent file does not parse: {file}"
            );
            let mut key = String::new();
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) =
                    line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
                {
                    name.clone_into(&mut key);
                    assert!(messages.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
                }
                let arguments = line.split('$').skip(1).map(|rest| {
                    rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                        .next()
                        .unwrap_or_default()
                        .to_owned()
                });
                messages.entry(key.clone()).or_default().extend(arguments);
            }
        }
        messages.remove("");
        messages
    }

    #[test]
    fn every_language_has_every_message_with_the_same_arguments() {
        let english = messages(LANGUAGES[0].1);
        assert!(english.len() > 300);
        assert_eq!(LANGUAGES.len(), 6);
        for (language, files) in LANGUAGES {
            let other = messages(files);
            for (key, arguments) in &english {
                assert_eq!(other.get(key), Some(arguments), "{language}: {key}");
            }
            assert_eq!(other.len(), english.len(), "{language} has messages that English does not have");
        }
    }

    /// All string literals of the client's code that look like a message's key.
    fn keys_in(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_in(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in [
                    "row(words, \"",
                    "add(\"",
                    "say(\"",
                    "own(\"",
                    "of_path(\"",
                    "NoTerminal(\"",
                    "say_with(\"",
                    "ask(\"",
                    "say_with(\n",
                ] {
                    let keys = text
                        .split(call)
                        .skip(1)
                        .filter_map(|rest| rest.trim_start().trim_start_matches('"').split('"').next());
                    found.extend(keys.filter(|key| !key.contains(['{', '\\'])).map(str::to_owned));
                }
            }
        }
    }

    #[test]
    fn every_message_that_the_code_asks_for_exists() {
        let mut used = BTreeSet::new();
        for folder in ["src", "../../crates/export/src"] {
            keys_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut used);
        }
        let english = messages(LANGUAGES[0].1);
        let missing: Vec<_> = used.iter().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty(), "not in client/locales/en: {missing:?}");
        assert!(used.len() > 60, "the search for keys finds hardly any: {used:?}");
    }

    /// The keys of a message's variants, select by select.
    fn variants(files: &[&str]) -> Vec<BTreeSet<String>> {
        let mut selects = Vec::new();
        for line in files.iter().flat_map(|file| file.lines()) {
            if line.contains("->") {
                selects.push(BTreeSet::new());
            }
            let key = line.trim_start().trim_start_matches('*').strip_prefix('[');
            if let (Some((key, _)), Some(select)) =
                (key.and_then(|key| key.split_once(']')), selects.last_mut())
            {
                select.insert(key.to_owned());
            }
        }
        selects
    }

    #[test]
    fn numbers_have_the_plural_forms_of_their_language() {
        // CLDR's cardinal categories, without those that only fractions or millions have.
        for (language, forms) in [
            ("en", &["one", "other"][..]),
            ("es", &["one", "other"]),
            ("fr", &["one", "other"]),
            ("kk", &["one", "other"]),
            ("ru", &["one", "few", "other"]),
            ("ar", &["one", "two", "few", "other"]),
        ] {
            let (_, files) = LANGUAGES.iter().find(|(name, _)| *name == language).unwrap();
            let selects = variants(files);
            assert!(selects.len() > 15, "{language}: hardly a select was found");
            for select in selects {
                let whole = select.iter().filter(|key| key.parse::<u32>().is_err()).collect::<Vec<_>>();
                // Where one form serves every number, it is the only one.
                let missing = forms.iter().filter(|form| !select.contains(**form));
                assert!(whole.len() == 1 || missing.count() == 0, "{language}: {select:?}");
                let known = |key: &&String| {
                    forms.contains(&key.as_str())
                        || (language == "ar" && ["zero", "many"].contains(&key.as_str()))
                };
                assert!(whole.iter().all(known), "{language}: {select:?}");
            }
        }
    }

    #[test]
    fn no_line_breaks_before_french_punctuation() {
        let (_, files) = LANGUAGES.iter().find(|(name, _)| *name == "fr").unwrap();
        for line in files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
            for space in [' ', '\u{202f}'] {
                for mark in [';', ':', '!', '?', '»'] {
                    assert!(!line.contains(&format!("{space}{mark}")), "{line}");
                }
            }
        }
    }

    #[test]
    fn the_locale_chooses_the_language() {
        assert_eq!(Words::of_locale("ru-KZ").language(), "ru");
        assert_eq!(Words::of_locale("ru_RU.UTF-8").language(), "ru");
        assert_eq!(Words::of_locale("tlh").language(), "en");
        assert_eq!(Words::of_locale("kk_KZ.UTF-8").say("answer-yes"), "иә");
        assert_eq!(Words::of_locale("fr_FR.UTF-8").say("inbox-empty"), "Aucun signalement.");
        assert_ne!(Words::of_locale("ru").say("act-life"), Words::of_locale("en").say("act-life"));
    }
}
