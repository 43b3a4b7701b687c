//! What may be true after calls of which nobody knows what they did.

/// All that may be true of one thing, as far as its keeper was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Possible<T>(Vec<T>);

impl<T: Copy + PartialEq + std::fmt::Debug> Possible<T> {
    /// This alone may be true.
    pub(super) fn only(truth: T) -> Self {
        Self(vec![truth])
    }

    /// Takes in that something was tried: it ended as was told, or nobody knows whether it was done.
    pub(super) fn set(&mut self, outcome: Option<T>, tried: T) {
        match outcome {
            Some(told) => self.0 = vec![told],
            None if !self.0.contains(&tried) => self.0.push(tried),
            None => {}
        }
    }

    /// Whether this may be true.
    pub(super) fn may_be(&self, truth: T) -> bool {
        self.0.contains(&truth)
    }

    /// Whether nothing else may be true.
    pub(super) fn is(&self, truth: T) -> bool {
        self.0 == [truth]
    }

    /// Makes sure that what is true may be.
    pub(super) fn assert(&self, truth: T, what: &str) {
        assert!(self.may_be(truth), "{what}: {truth:?} is none of {:?}", self.0);
    }
}
