//! What was found, for the person to see.

/// Something that an image tells besides its picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Where it was taken.
    Location(Option<Position>),
    /// With which device.
    Device(String),
    /// By whom, or for whom.
    Author(String),
    /// When.
    Time(String),
    /// A small picture of its own, which may show what was cut off.
    Thumbnail,
    /// A text.
    Comment(String),
    /// With which program it was made or changed.
    Software(String),
    /// What was done to it (XMP, IPTC).
    History,
    /// A colour profile, which may name the device.
    Profile,
    /// So many bytes after the end of the picture: a film, another picture, anything.
    Trailing(u64),
    /// Something of a kind that has this name and is not known here.
    Unknown(String),
}

/// A place on the earth, in degrees north and east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north; negative in the south.
    pub latitude: f64,
    /// Degrees east; negative in the west.
    pub longitude: f64,
}

impl Finding {
    /// A stable name of its kind, for messages: `location`, `device`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Location(_) => "location",
            Self::Device(_) => "device",
            Self::Author(_) => "author",
            Self::Time(_) => "time",
            Self::Thumbnail => "thumbnail",
            Self::Comment(_) => "comment",
            Self::Software(_) => "software",
            Self::History => "history",
            Self::Profile => "profile",
            Self::Trailing(_) => "trailing",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What it says, where that is a few words: for the person alone, and never for a log.
    pub fn says(&self) -> Option<String> {
        match self {
            Self::Location(Some(at)) => Some(format!("{:.5}, {:.5}", at.latitude, at.longitude)),
            Self::Device(text)
            | Self::Author(text)
            | Self::Time(text)
            | Self::Comment(text)
            | Self::Software(text)
            | Self::Unknown(text) => Some(text.clone()),
            Self::Trailing(bytes) => Some(bytes.to_string()),
            Self::Location(None) | Self::Thumbnail | Self::History | Self::Profile => None,
        }
    }
}

/// A text of unknown encoding, cut to what a person would read.
pub(crate) fn text(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes).chars().filter(|letter| !letter.is_control()).collect();
    text.trim().chars().take(80).collect()
}
