//! The page on which a recovery share is printed, and kept as a file.
//!
//! Four lines name the key, the drop, the set and the day in the same form in every language; then comes the share, in groups
//! of six characters.

use kua_client::ceremony::KEY_LINE;
use kua_protocol::day::Day;
use kua_sealing::{Share, VaultKind};
use zeroize::Zeroizing;

use super::i18n::Words;

/// Characters in a group, and groups in a row: three rows for a share.
const GROUP: usize = 6;
const ROW: usize = 5;

/// What stands on every page of a split.
pub struct Pages<'a> {
    /// The name of the person or of the root.
    pub key: &'a str,
    /// The drop, as it is to be found again.
    pub drop: &'a str,
    /// How many shares were made.
    pub shares: u8,
    /// The day of the splitting.
    pub today: Day,
}

impl Pages<'_> {
    /// Writes the page of one share.
    pub fn write(&self, share: &Share, words: &Words) -> Zeroizing<String> {
        let args = [
            ("index", share.index().into()),
            ("shares", self.shares.into()),
            ("threshold", share.threshold().into()),
        ];
        let say = |key: &str| words.say_with(key, &args);
        let what = match share.kind() {
            VaultKind::Coordinator => "share-page-coordinator",
            VaultKind::Root => "share-page-root",
        };
        let (Self { key, drop, today, .. }, set) = (self, share.set());
        let head = format!(
            "{}\n\n{KEY_LINE}{key}\ndrop  {drop}\nset   {set}\nmade  {today}\n\n",
            say("share-page-title")
        );
        let foot = format!("\n{}\n\n{}\n", say(what), say("share-page-keep"));
        // Room beforehand: a string that grows leaves copies of itself behind.
        let mut page = Zeroizing::new(String::with_capacity(head.len() + 256 + foot.len()));
        page.push_str(&head);
        for (at, letter) in share.reveal().chars().enumerate() {
            page.push_str(match at {
                0 => "    ",
                at if at % (GROUP * ROW) == 0 => "\n    ",
                at if at % GROUP == 0 => " ",
                _ => "",
            });
            page.push(letter);
        }
        page.push('\n');
        page.push_str(&foot);
        page
    }
}

#[cfg(test)]
mod tests {
    use kua_client::ceremony::key_name;
    use kua_protocol::secret::Seed;
    use kua_sealing::Vault;

    use super::*;

    #[test]
    fn a_page_is_read_back_in_every_language() {
        let vault = Vault::new(VaultKind::Root, "Корень «Дозора»", Seed::take(&mut [7; 32])).unwrap();
        let shares = Share::split(&vault, 5, 3).unwrap();
        for words in Words::in_every_language() {
            let pages =
                Pages { key: vault.name(), drop: "Steppe Watch", shares: 5, today: Day::from_number(20_000) };
            let page = pages.write(&shares[1], &words);
            assert_eq!(*page.parse::<Share>().unwrap().reveal(), *shares[1].reveal(), "{}", *page);
            assert_eq!(key_name(&page).as_deref(), Some("Корень «Дозора»"));
            assert!(page.lines().all(|line| line.chars().count() <= 80), "it fits on paper: {}", *page);
            assert!(page.contains(&format!("\nset   {}\n", shares[0].set())));
        }
        assert_eq!(key_name("share1qqq"), None);
    }
}
