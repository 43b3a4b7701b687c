//! Everything that can keep a command from doing its work: what a client's work came to, and what a terminal did not give.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// A reason why a command did not do its work. How it is said to the person is in [`crate::terminal::errors`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The client's work was not done.
    #[error(transparent)]
    Client(kua_client::Error),
    /// Something was needed from a terminal and there is none. Holds the message's key.
    #[error("there is no terminal to ask at ({0})")]
    NoTerminal(&'static str),
    /// Some of several reports were left undone; what is wrong with each was said.
    #[error("{failed} of {count} reports were left undone")]
    Several {
        /// How many were.
        failed: usize,
        /// How many there are.
        count: usize,
    },
}

impl<E> From<E> for Error
where
    kua_client::Error: From<E>,
{
    fn from(error: E) -> Self {
        Self::Client(error.into())
    }
}

impl Error {
    /// Makes a function that turns an error of this file into ours.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let error = kua_client::Error::file(path);
        |io| Self::Client(error(io))
    }

    /// Makes the error of something that is not possible, for this reason.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Client(kua_client::Error::Refused(why.into()))
    }

    /// Makes the error of a machine that is out of memory or randomness.
    pub fn system(error: impl Display) -> Self {
        Self::Client(kua_client::Error::System(error.to_string()))
    }
}
