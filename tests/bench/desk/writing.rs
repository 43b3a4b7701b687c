//! Reports as long as people write them, in four languages, all of them different.

use serde_json::{Value, json};

/// A few words of each language.
const LANGUAGES: [(&str, &str); 4] = [
    (
        "kk",
        "таңертең көшеде адамдар қараусыз қалған үйдің жанында полиция күзет әділет сот ұсталды айғақ көлік қала",
    ),
    (
        "ru",
        "утром на улице возле дома полиция задержала людей без объяснения причин суд свидетели машина ещё город",
    ),
    ("ar", "في الصباح الشُّرطة اعتقلت الناس أمام البيت دون سبب مَدينة المحكمة شهود سيارة الحـــرية أخبار قرية"),
    (
        "en",
        "in the morning police took people away before the house without giving a reason court witnesses car town",
    ),
];
const PLACES: [&str; 8] =
    ["Almaty", "Astana", "Shymkent", "Karaganda", "Aktau", "Atyrau", "Zhanaozen", "Taraz"];
const ACTS: [&str; 4] = ["housing", "liberty", "expression", "personal-integrity"];
const SEVERITIES: [&str; 4] = ["urgent", "high", "priority", "low"];
/// Words of a description: about 2 KiB of Cyrillic.
const LENGTH: usize = 160;

/// The nth report. What it says depends on its number alone.
pub(crate) fn draft(n: usize) -> Value {
    // Fields that go in step with one another would make one filter do the work of two.
    let (language, text) = LANGUAGES[n % 4];
    let words: Vec<&str> = text.split(' ').collect();
    let mut state = n;
    let mut description = Vec::new();
    for _ in 0..LENGTH {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        description.push(words[(state >> 33) % words.len()]);
    }
    if n.is_multiple_of(250) {
        description.push("Ёлочка");
    }
    json!({
        "title": format!("{} {} {n}", words[1], words[5]),
        "description": description.join(" "),
        "language": language,
        "occurred": { "from": format!("2010-{:02}-{:02}", n / 128 % 12 + 1, n % 28 + 1), "precision": "day" },
        "place": { "name": PLACES[n / 4 % 8], "country": "KZ" },
        "acts": [ACTS[n / 32 % 4]],
        "severity": SEVERITIES[n / 64 % 4],
        "victims": [{ "kind": "individual", "role": words[3] }],
    })
}
