//! What is asked of a store, at random.

/// How many objects the steps are about.
pub(super) const OBJECTS: u8 = 6;

/// Something that is asked of a store, about one of a few objects where it is about one.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Takes the object in.
    Put(u8),
    /// Takes it in by an upload, from where the last try ended.
    Upload(u8),
    /// Deletes it.
    Delete(u8),
    /// Notes that its deletion is wished, or takes that back.
    Wish(u8, bool),
    /// Replaces the roster.
    Document(u8),
}

impl Step {
    /// A step for a number at random; each kind of step comes up.
    pub fn at_random(number: u64) -> Self {
        let [which, object, value, ..] = number.to_le_bytes();
        let object = object % OBJECTS;
        match which % 9 {
            0..3 => Self::Put(object),
            3..6 => Self::Upload(object),
            6 => Self::Delete(object),
            7 => Self::Wish(object, value % 2 == 0),
            _ => Self::Document(value),
        }
    }
}
