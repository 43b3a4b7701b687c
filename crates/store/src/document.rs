//! Small documents that a drop keeps beside its objects.

/// A document that a drop keeps: there is one of each at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Document {
    /// The installed roster, as its root signed it.
    Roster,
    /// The register of the drop's clock.
    Clock,
    /// Since when each wish for deletion stands.
    Wishes,
}

impl Document {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Roster, Self::Clock, Self::Wishes];

    /// What it is called where it is a file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Roster => "roster.json",
            Self::Clock => "clock.json",
            Self::Wishes => "wishes.json",
        }
    }
}
