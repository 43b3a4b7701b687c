//! Frames that come again, and crashes in the middle of writing down.

use std::ops::Range;

use kua_protocol::day::Day;
use kua_protocol::keys::PublicKey;
use proptest::prelude::*;

use super::*;
use crate::ledger::record::Record;
use crate::segments::Erasure;
use crate::segments::frame::{FrameKind, Header, Place};
use kua_store::{Kind, Owner};

fn index() -> Index {
    Index::open(&sled::Config::new().temporary(true).open().unwrap()).unwrap()
}

fn frame(frame_kind: FrameKind, id: u8, len: u64) -> Header {
    Header { frame_kind, id: ObjectId::from_bytes([id; 32]), day: Day::from_number(100), len }
}

fn at(offset: u64) -> Position {
    Position { segment: SegmentName { day: Day::from_number(100), number: 0 }, offset }
}

#[test]
fn frames_applied_again_change_nothing() {
    let index = index();
    let case = Owner::Case(ObjectId::from_bytes([1; 32]));
    let frames = [
        frame(FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment), 1, 10),
        frame(FrameKind::Object(Kind::Entry, case, Place::Segment), 2, 20),
        frame(FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment), 3, 30),
        frame(FrameKind::Tombstone, 3, 0),
        frame(FrameKind::Tombstone, 4, 0),
    ];
    let run = || {
        for (frame, offset) in frames.iter().zip(32..) {
            index.apply(frame, at(offset)).unwrap();
        }
        let page = index.list(Kind::Report, Day::from_number(0), None, 9).unwrap();
        (page, index.count().unwrap(), index.known(frames[3].id).unwrap())
    };
    let once = run();
    assert_eq!(once.0.rows.len(), 1);
    assert_eq!(once.0.rows[0].entries, 1);
    assert_eq!(once.1, (2, 30));
    assert_eq!(
        once.2,
        Known::Gone(Some(Erasure { id: frames[3].id, at: at(34), len: 30, place: Place::Segment }))
    );
    assert_eq!(run(), once);
}

#[test]
fn the_later_of_two_copies_counts() {
    let index = index();
    let object = frame(FrameKind::Object(Kind::Report, Owner::Nobody, Place::Segment), 1, 10);
    assert_eq!(index.apply(&object, at(32)).unwrap().came, Some(10));
    assert_eq!(index.apply(&object, at(500)).unwrap(), Change::default());
    assert!(matches!(index.known(object.id).unwrap(), Known::Present(record) if record.at == at(500)));
}

/// What happens after a frame was applied.
#[derive(Debug, Clone, Copy)]
enum Then {
    Nothing,
    Cut,
    WriteDown,
    /// The process is killed after so many steps of writing down.
    Crash(usize),
}

fn then() -> impl Strategy<Value = Then> {
    prop_oneof![
        6 => Just(Then::Nothing),
        3 => Just(Then::Cut),
        1 => Just(Then::WriteDown),
        2 => (0..=8usize).prop_map(Then::Crash),
    ]
}

/// Frames of one segment; those of bodies that were erased are void.
type Frames = Vec<Option<Header>>;

fn any_frame(index: &Index, what: u8, id: u8) -> Header {
    let case = Owner::Case(ObjectId::from_bytes([0; 32]));
    let (kind, owner) = if id == 0 { (Kind::Report, Owner::Nobody) } else { (Kind::Entry, case) };
    let by = PublicKey::from_bytes(&std::array::from_fn(|i| if i == 0 { 0x58 } else { 0x66 })).unwrap();
    let frame_kind = match what {
        0..=3 => FrameKind::Object(kind, owner, Place::Segment),
        4 => FrameKind::Tombstone,
        5 | 6 => FrameKind::DeleteAsked(by),
        _ => FrameKind::Kept,
    };
    // Nothing is said of what is not there, and what was deleted is not taken in again.
    let frame_kind = match index.known(ObjectId::from_bytes([id; 32])).unwrap() {
        Known::Present(_) => frame_kind,
        Known::Gone(_) => FrameKind::Tombstone,
        Known::Unknown => FrameKind::Object(kind, owner, Place::Segment),
    };
    let day = if let FrameKind::DeleteAsked(_) = frame_kind { 100 + u32::from(what) } else { 100 };
    Header { day: Day::from_number(day), ..frame(frame_kind, id, 10) }
}

/// As taking in does it.
fn take_in(index: &Index, frames: &mut Frames, range: Range<usize>) {
    let mut erasures = Vec::new();
    for number in range.clone() {
        if let Some(frame) = &frames[number] {
            erasures.extend(index.apply(frame, at(HEAD_LEN + number as u64)).unwrap().erasure);
        }
    }
    for erasure in erasures {
        frames[usize::try_from(erasure.at.offset - HEAD_LEN).unwrap()] = None;
        index.erased(erasure.id);
    }
    index.note_read(at(HEAD_LEN + range.end as u64));
}

type State = (Vec<(ObjectId, Known)>, Vec<DayRow>, Vec<OwnerRow>, Vec<WishRow>);

fn state(index: &Index) -> State {
    let ids = (0..5).map(|id| ObjectId::from_bytes([id; 32]));
    // Where the erasure of an object was, or which of its copies counts, is another matter.
    let known = |id| match index.known(id).unwrap() {
        Known::Present(record) => Known::Present(Record { at: at(0), ..record }),
        Known::Gone(_) => Known::Gone(None),
        Known::Unknown => Known::Unknown,
    };
    (
        ids.map(|id| (id, known(id))).collect(),
        index.days.keys(&[], [0; _]).collect::<Result<_, _>>().unwrap(),
        index.owners.keys(&[], [0; _]).collect::<Result<_, _>>().unwrap(),
        index.asked.keys(&[], [0; _]).collect::<Result<_, _>>().unwrap(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn the_same_frames_put_right_what_a_crash_cut_short(
        events in proptest::collection::vec((0..8u8, 0..5u8, then()), 1..40),
    ) {
        let db = sled::Config::new().temporary(true).flush_every_ms(None).open().unwrap();
        let (mut index, undisturbed) = (Index::open(&db).unwrap(), self::index());
        let mut frames = Frames::new();
        for (what, id, then) in events {
            let new = any_frame(&undisturbed, what, id);
            let number = frames.len();
            frames.push(Some(new));
            take_in(&undisturbed, &mut frames.clone(), number..number + 1);
            take_in(&index, &mut frames, number..number + 1);
            match then {
                Then::Nothing => {}
                Then::Cut => drop(index.cut()),
                Then::WriteDown => index.write_down().unwrap(),
                Then::Crash(steps) => {
                    index.write_down_to(&mut index.leaving.lock().unwrap(), steps).unwrap();
                    index = Index::open(&db).unwrap();
                    if steps % 2 == 0 {
                        index.learn().unwrap();
                    }
                    let read = index.read_up_to(at(0).segment).unwrap() - HEAD_LEN;
                    let end = frames.len();
                    take_in(&index, &mut frames, usize::try_from(read).unwrap()..end);
                }
            }
            prop_assert_eq!(state(&index), state(&undisturbed));
        }
    }
}
