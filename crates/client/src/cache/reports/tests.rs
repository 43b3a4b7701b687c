mod two_processes;

use kua_protocol::id::Digest;
use kua_protocol::secret::Seed;
use kua_sealing::CoordinatorKeys;
use std::sync::Arc;
use zeroize::Zeroizing;

use super::texts::{self, FULL};
use super::*;
use crate::inspect::{CaseDigest, CaseProgress, Summary};

fn open(title: &str, text: &str, verified: bool) -> Inspected {
    let summary = Summary {
        title: title.into(),
        acts: vec!["01".into()],
        place: None,
        severity: None,
        language: None,
        sender: None,
        thread: None,
        occurred: None,
        attachments: 1,
        text: Digest::of(text.as_bytes()),
        disagreements: Vec::new(),
        verified,
    };
    Inspected::open((summary, Zeroizing::new(text.to_owned())))
}

fn id(n: u32) -> ObjectId {
    ObjectId::of(&n.to_le_bytes())
}

/// A folder for memories, and whose they are.
struct Place(tempfile::TempDir, Arc<CoordinatorKeys>);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap(), Arc::new(CoordinatorKeys::from_seed(&Seed::generate().unwrap())))
    }

    fn memory(&self) -> ReportCache {
        ReportCache::open(SealedFolder::at(self.0.path().into(), &self.1)).unwrap()
    }

    fn volumes(&self) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(VOLUME)).collect()
    }
}

fn found(memory: &mut ReportCache, word: &str) -> Vec<ObjectId> {
    memory.search(&[word.to_owned()]).unwrap().into_iter().collect()
}

#[test]
fn what_the_drop_showed_before_is_held_against_what_it_serves() {
    let place = Place::new();
    let mut memory = place.memory();
    let [same, other, text, for_others, new] = [1, 2, 3, 4, 5].map(id);
    memory.learn(same, open("as it is", "text", false));
    memory.learn(other, open("made up", "text", false));
    memory.learn(text, open("as it is", "made up", false));
    memory.learn(for_others, Inspected { view: ReportView::NotForYou { verified: false }, text: None });
    let mut shown_otherwise = |id| memory.correct(id, open("as it is", "text", true));
    let otherwise = [same, other, text, for_others, new].map(&mut shown_otherwise);
    assert_eq!(otherwise, [false, true, true, true, false]);
    assert_eq!(found(&mut memory, "text").len(), 5);
    assert_eq!(found(&mut memory, "made"), []);
    // A beginning that is made up later changes nothing of it.
    memory.learn(same, open("made up", "made up", false));
    assert!(memory.view(&same).unwrap().is_verified() && found(&mut memory, "made").is_empty());
    memory.keep_only(&BTreeSet::from([same, new]));
    assert_eq!((memory.rows.reports.len(), found(&mut memory, "text").len()), (2, 2));
}

#[test]
fn what_is_forgotten_leaves_the_volumes_and_what_is_new_joins_the_last() {
    let place = Place::new();
    let long = "x".repeat(FULL / 3);
    let mut memory = place.memory();
    for n in 0..7 {
        memory.learn(id(n), open("title", &format!("{long} word{n}"), true));
    }
    memory.save().unwrap();
    assert_eq!(place.volumes().len(), 3);
    let before = place.volumes();

    // Little is added: one volume is written anew.
    let mut memory = place.memory();
    assert_eq!(found(&mut memory, "word3"), [id(3)]);
    memory.learn(id(9), open("title", "little", true));
    memory.save().unwrap();
    assert_eq!(before.iter().filter(|path| path.exists()).count(), 2);
    assert_eq!(place.volumes().len(), 3);

    // What goes leaves nothing of its text.
    let mut memory = place.memory();
    memory.keep_only(&[2, 3, 9].map(id).into());
    assert_eq!(found(&mut memory, "word1"), []);
    memory.save().unwrap();
    let mut memory = place.memory();
    assert_eq!(memory.search(&[]).unwrap(), [2, 3, 9].map(id).into());
    assert!(memory.lost().is_empty());
    let texts: Vec<_> =
        memory.rows.volumes.iter().map(|name| texts::bytes(&memory.folder, name).unwrap()).collect();
    assert!(texts.iter().all(|text| memchr::memmem::find(text, b"word1").is_none()));

    // Nothing new is nothing written.
    let before = place.volumes();
    memory.learn(id(9), open("title", "little", true));
    memory.save().unwrap();
    assert_eq!(place.volumes(), before);
}

#[test]
fn a_volume_that_is_damaged_or_gone_is_looked_for_again() {
    for damage in
        [|path| std::fs::remove_file(path).unwrap(), |path| std::fs::write(path, "damaged").unwrap()]
    {
        let place = Place::new();
        let mut memory = place.memory();
        memory.learn(id(1), open("title", "text", true));
        memory.save().unwrap();
        let damage: fn(std::path::PathBuf) = damage;
        damage(place.volumes().remove(0));

        let mut memory = place.memory();
        assert_eq!(found(&mut memory, "text"), []);
        assert_eq!(*memory.lost(), BTreeSet::from([id(1)]));
        // Its beginning is enough to search it again, and it stays verified.
        memory.learn(id(1), open("title", "text", false));
        assert_eq!(found(&mut memory, "text"), [id(1)]);
        memory.save().unwrap();
        let mut memory = place.memory();
        assert_eq!(found(&mut memory, "text"), [id(1)]);
        assert!(memory.view(&id(1)).unwrap().is_verified());
    }
}

#[test]
fn rows_of_another_form_or_damaged_ones_are_learnt_anew() {
    let place = Place::new();
    let mut memory = place.memory();
    memory.learn(id(1), open("title", "text", true));
    memory.save().unwrap();
    assert!(place.memory().view(&id(1)).is_some());
    let older = br#"{"form":3,"reports":{}}"#;
    SealedFolder::at(place.0.path().into(), &place.1).put(ROWS, older).unwrap();
    let mut memory = place.memory();
    assert_eq!(memory.view(&id(1)), None);
    memory.learn(id(1), open("title", "text", true));
    memory.save().unwrap();
    assert_eq!(place.volumes().len(), 1, "the volumes that nobody names are gone");
    std::fs::write(place.0.path().join(ROWS), "damaged").unwrap();
    assert_eq!(place.memory().view(&id(1)), None);
}

mod reference {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_search_finds_what_looking_at_every_text_finds(
            texts in btree_map(0..40_u32, "[абв ]{0,8}", 0..20),
            later in btree_map(0..40_u32, "[абв ]{0,8}", 0..20),
            kept in vec(0..40_u32, 20..40),
            words in vec("[абв]{1,2}", 0..3),
        ) {
            let place = Place::new();
            let mut memory = place.memory();
            for (n, text) in &texts {
                memory.learn(id(*n), open("title", text, true));
            }
            memory.save().unwrap();
            let mut memory = place.memory();
            let mut expected = texts.clone();
            for (n, text) in &later {
                memory.learn(id(*n), open("title", text, true));
                expected.insert(*n, text.clone());
            }
            memory.keep_only(&kept.iter().map(|n| id(*n)).collect());
            expected.retain(|n, text| kept.contains(n) && words.iter().all(|word| text.contains(word)));
            let expected: BTreeSet<_> = expected.keys().map(|n| id(*n)).collect();
            prop_assert_eq!(&memory.search(&words).unwrap(), &expected);
            memory.save().unwrap();
            prop_assert_eq!(&place.memory().search(&words).unwrap(), &expected);
        }
    }
}

#[test]
fn what_coordinators_wrote_is_searched_with_the_report_and_forgotten_with_it() {
    let told =
        |text: &str| CaseDigest { progress: CaseProgress::default(), text: Zeroizing::new(text.to_owned()) };
    let roster = Digest::of(b"roster");
    let place = Place::new();
    let mut memory = place.memory();
    for n in 0..3 {
        memory.learn(id(n), open("title", &format!("report{n} police"), true));
    }
    memory.set_case(id(0), 1, roster, Some(told("the lawyer called")));
    memory.set_case(id(1), 1, roster, Some(told("")));
    memory.set_case(id(2), 1, roster, None);
    memory.save().unwrap();
    let mut memory = place.memory();
    let search = |memory: &mut ReportCache, words: &[&str]| -> Vec<ObjectId> {
        memory
            .search(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
            .unwrap()
            .into_iter()
            .collect()
    };
    assert_eq!(search(&mut memory, &["lawyer"]), [id(0)]);
    assert_eq!(search(&mut memory, &["lawyer", "report0"]), [id(0)]);
    assert_eq!(search(&mut memory, &["lawyer", "report1"]), []);

    // What was undone is found no more, and nothing of it stays on the disk.
    memory.set_case(id(0), 2, roster, Some(told("")));
    memory.set_case(id(1), 2, roster, Some(told("another word")));
    memory.save().unwrap();
    let mut memory = place.memory();
    assert_eq!((search(&mut memory, &["lawyer"]), search(&mut memory, &["another"])), (vec![], vec![id(1)]));
    let held = |memory: &ReportCache, word: &str| {
        let volumes = memory.rows.notes.iter().map(|name| texts::bytes(&memory.folder, name).unwrap());
        volumes.filter(|text| memchr::memmem::find(text, word.as_bytes()).is_some()).count()
    };
    assert_eq!((held(&memory, "lawyer"), held(&memory, "another")), (0, 1));

    // A log whose words are missing is read again.
    let row = |n: u32| kua_protocol::api::ReportRow {
        report_id: id(n),
        day: kua_protocol::day::Day::from_number(20_000),
        size: 1,
        mailbox: None,
        entries: 2,
        delete_asked: None,
        expired: None,
    };
    assert!(memory.knows_case(&row(1), roster));
    std::fs::remove_file(place.0.path().join(&memory.rows.notes[0])).unwrap();
    assert_eq!(search(&mut memory, &["another"]), []);
    assert!(!memory.knows_case(&row(1), roster) && memory.knows_case(&row(0), roster));
    memory.set_case(id(1), 2, roster, Some(told("another word")));
    assert_eq!(search(&mut memory, &["another"]), [id(1)]);
    memory.keep_only(&BTreeSet::from([id(0)]));
    memory.save().unwrap();
    assert_eq!(held(&place.memory(), "another"), 0);
}
