//! Several processes of one coordinator at one folder.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn roster() -> Digest {
    Digest::of(b"roster")
}

fn digest(text: &str) -> CaseDigest {
    CaseDigest { progress: CaseProgress::default(), text: Zeroizing::new(text.to_owned()) }
}

#[test]
fn what_one_has_learnt_is_there_after_the_other_wrote() {
    let place = Place::new();
    let (mut one, mut other) = (place.memory(), place.memory());
    one.learn(id(1), open("one", "first text", true));
    one.set_case(id(1), 2, roster(), Some(digest("the lawyer called")));
    other.learn(id(2), open("two", "second text", true));
    other.set_case(id(2), 1, roster(), Some(digest("nobody called")));
    one.save().unwrap();
    other.save().unwrap();
    let mut all = place.memory();
    assert_eq!(found(&mut all, "text").len(), 2);
    assert_eq!((found(&mut all, "lawyer"), found(&mut all, "nobody")), (vec![id(1)], vec![id(2)]));
    // The other one has it, too, and the first one finds out when it looks.
    assert_eq!(found(&mut other, "first"), [id(1)]);
    assert_eq!(found(&mut one, "second"), [id(2)]);
    assert!(one.lost().is_empty() && other.lost().is_empty());
}

#[test]
fn what_was_read_whole_stands_against_a_beginning_and_an_opened_report_against_a_closed_one() {
    let place = Place::new();
    let (mut one, mut other) = (place.memory(), place.memory());
    one.learn(id(1), open("as it is", "as it is", true));
    one.learn(id(2), open("granted", "granted", false));
    one.save().unwrap();
    other.learn(id(1), open("made up", "made up", false));
    other.learn(id(2), Inspected { view: ReportView::NotForYou { verified: true }, text: None });
    other.save().unwrap();
    for mut memory in [place.memory(), one, other] {
        assert_eq!((found(&mut memory, "made"), found(&mut memory, "as")), (vec![], vec![id(1)]));
        assert_eq!(found(&mut memory, "granted"), [id(2)]);
        assert!(memory.view(&id(1)).unwrap().is_verified() && memory.lost().is_empty());
    }
}

#[test]
fn what_the_drop_has_no_more_is_not_brought_back() {
    let place = Place::new();
    let mut one = place.memory();
    one.learn(id(1), open("one", "gone", true));
    one.learn(id(2), open("two", "here", true));
    one.save().unwrap();
    let mut other = place.memory();
    one.keep_only(&BTreeSet::from([id(2)]));
    one.save().unwrap();
    other.learn(id(3), open("three", "here", true));
    other.save().unwrap();
    let mut all = place.memory();
    assert_eq!((found(&mut all, "gone"), found(&mut all, "here").len()), (vec![], 2));
    assert!(all.view(&id(1)).is_none() && other.view(&id(1)).is_none());
}

#[test]
fn a_longer_log_stands_against_a_shorter_one() {
    let place = Place::new();
    let (mut one, mut other) = (place.memory(), place.memory());
    one.learn(id(1), open("one", "text", true));
    one.set_case(id(1), 5, roster(), Some(digest("five entries")));
    one.save().unwrap();
    other.set_case(id(1), 3, roster(), Some(digest("three entries")));
    other.save().unwrap();
    let mut all = place.memory();
    assert_eq!((found(&mut all, "five"), found(&mut all, "three")), (vec![id(1)], vec![]));
}

#[derive(Debug, Clone)]
enum Step {
    Learn(usize, u32, bool),
    Note(usize, u32, u32),
    Search(usize),
    Save(usize),
    Restart(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..3_usize;
    let step = prop_oneof![
        (who(), 0..6_u32, any::<bool>()).prop_map(|(who, n, whole)| Step::Learn(who, n, whole)),
        (who(), 0..6_u32, 1..5_u32).prop_map(|(who, n, entries)| Step::Note(who, n, entries)),
        who().prop_map(Step::Search),
        who().prop_map(Step::Save),
        (select(vec![0_usize, 1, 2])).prop_map(Step::Restart),
    ];
    vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_the_order_nothing_that_was_saved_is_lost(steps in steps()) {
        let place = Place::new();
        let mut owners = [place.memory(), place.memory(), place.memory()];
        let (mut learnt, mut noted) = (vec![BTreeSet::new(); 3], vec![BTreeMap::<u32, u32>::new(); 3]);
        let (mut reports, mut logs) = (BTreeSet::new(), BTreeMap::<u32, u32>::new());
        for step in steps {
            match step {
                Step::Learn(who, n, whole) => {
                    owners[who].learn(id(n), open("title", &format!("report{n}"), whole));
                    learnt[who].insert(n);
                }
                // A log has nothing to be searched without its report.
                Step::Note(who, n, entries) if owners[who].view(&id(n)).is_some() => {
                    owners[who].set_case(id(n), entries, roster(), Some(digest(&format!("note{n}x{entries}"))));
                    noted[who].insert(n, entries);
                }
                Step::Note(..) => {}
                Step::Search(who) => {
                    owners[who].search(&[]).unwrap();
                    prop_assert!(owners[who].lost().is_empty());
                }
                Step::Save(who) => {
                    owners[who].save().unwrap();
                    reports.append(&mut learnt[who]);
                    for (n, entries) in std::mem::take(&mut noted[who]) {
                        let known = logs.entry(n).or_default();
                        *known = entries.max(*known);
                    }
                }
                Step::Restart(who) => {
                    owners[who] = place.memory();
                    (learnt[who], noted[who]) = (BTreeSet::new(), BTreeMap::new());
                }
            }
        }
        let mut all = place.memory();
        for n in &reports {
            prop_assert_eq!(found(&mut all, &format!("report{n}")), [id(*n)]);
        }
        for (n, entries) in &logs {
            prop_assert!(all.rows.cases[&id(*n)].entries <= *entries);
            let note = format!("note{n}x");
            prop_assert!(found(&mut all, &note).contains(&id(*n)));
        }
        prop_assert!(all.lost().is_empty());
    }
}
