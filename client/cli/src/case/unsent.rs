//! Entries that the drop does not have yet: noted while it could not be asked, and sent as soon as it can.
//!
//! Each lies, as the protocol has it, in a sealed file of its own: a later version can send it, and two processes may add and
//! send at the same time. One that is sent twice is one entry all the same, since entries are told apart by what is signed.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use kua_protocol::day::Day;
use kua_protocol::dsse::{Envelope, EnvelopeError};
use kua_protocol::entry::{Change, Entry};
use kua_protocol::id::{Digest, ObjectId};
use kua_protocol::problem::Kind;
use zeroize::Zeroizing;

use super::Cases;
use super::fetching::AT_ONCE;
use super::memory::{Kept, Memory, What};
use crate::cache::Cache;
use crate::error::Error;
use crate::progress;
use crate::words::Words;

/// What the names of the files begin with.
const UNSENT: &str = "unsent-";

/// An entry that waits to be sent.
#[derive(Clone)]
pub(super) struct Unsent {
    pub(super) entry: Digest,
    pub(super) report: ObjectId,
    pub(super) made: Day,
    pub(super) envelope: Envelope,
}

/// What waits, by the digests of the entries.
pub(super) type Waiting = BTreeMap<Digest, Unsent>;

/// Reads what waits.
pub(super) fn read(cache: &Cache) -> Result<Waiting, Error> {
    let mut waiting = Waiting::new();
    for name in cache.names(UNSENT)? {
        // Another kua may have sent it meanwhile.
        let Some(bytes) = cache.get(&name)? else { continue };
        let unsent = Envelope::parse_entry(&bytes).and_then(Unsent::of);
        let unsent = unsent.map_err(|_| cache.damaged(&name))?;
        waiting.insert(unsent.entry, unsent);
    }
    Ok(waiting)
}

impl Unsent {
    fn of(envelope: Envelope) -> Result<Self, EnvelopeError> {
        let verified = envelope.verify::<Entry>(|_| true)?;
        let Entry { report, day, .. } = verified.statement;
        Ok(Self { entry: verified.digest, report, made: day, envelope })
    }
}

impl Memory<'_> {
    /// Has an entry wait. It is on the disk when this returns.
    pub(super) fn wait(&mut self, unsent: Unsent) -> Result<(), Error> {
        self.cache.put(&file_of(&unsent.entry), &Zeroizing::new(unsent.envelope.to_json()))?;
        self.waiting.insert(unsent.entry, unsent);
        Ok(())
    }

    /// Forgets an entry that waits no more.
    fn done(&mut self, entry: &Digest) -> Result<(), Error> {
        self.cache.remove(&file_of(entry))?;
        self.waiting.remove(entry);
        Ok(())
    }
}

impl Cases<'_> {
    /// Whether this entry waits to be sent.
    pub fn waits(&self, entry: &Digest) -> bool {
        self.memory().waiting.contains_key(entry)
    }

    /// Sends what waits, and says so. What cannot be sent now goes on waiting.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read or written.
    pub async fn deliver(&self, words: &Words) -> Result<(), Error> {
        let waiting: Vec<Unsent> = self.memory().waiting.values().cloned().collect();
        if self.session.is_offline() || waiting.is_empty() {
            return Ok(());
        }
        let bar = progress::bar(waiting.len() as u64, &words.say("unsent-sending"));
        let sends = waiting.iter().map(|unsent| async move { (unsent, self.send(unsent).await) });
        let mut sends = futures_util::stream::iter(sends).buffer_unordered(AT_ONCE);
        let (mut sent, mut failure) = (0_usize, None);
        while let Some((unsent, outcome)) = sends.next().await {
            bar.inc(1);
            match outcome {
                Ok(()) => sent += 1,
                // A drop that never heard of the report may have been restored without it: that is no reason to forget.
                Err(Error::Problem(problem)) if problem.kind == Kind::Gone => {
                    let args = [("id", unsent.report.short().into())];
                    bar.suspend(|| eprintln!("{}", words.say_with("unsent-gone", &args)));
                }
                Err(error) => {
                    failure = Some(error);
                    continue;
                }
            }
            self.memory().done(&unsent.entry)?;
        }
        bar.finish_and_clear();
        if sent > 0 {
            self.save()?;
            eprintln!("{}", words.say_with("unsent-sent", &[("count", sent.into())]));
        }
        if let Some(error) = failure {
            let args = [("count", self.memory().waiting.len().into()), ("why", error.in_words(words).into())];
            eprintln!("{}", words.say_with("unsent-stays", &args));
        }
        Ok(())
    }

    /// Seals an entry to all who can read the report by now, and leaves it there.
    async fn send(&self, unsent: &Unsent) -> Result<(), Error> {
        let Unsent { report, envelope, .. } = unsent;
        self.update(*report).await?;
        let known = self.memory().to(*report)?;
        let to = match known {
            Some(to) => to.keys,
            None => {
                let rows = self.session.reports(None).await?;
                let row = rows.iter().find(|row| row.report_id == *report);
                self.to(row.ok_or_else(|| Error::NoSuchReport(report.short()))?).await?
            }
        };
        let (graph, _) = self.graph(*report)?;
        let mut readers = graph.read(&to, self.session.drop.roster().roster()).readers().to_vec();
        let entry = Entry::verify(envelope, self.session.drop_id(), *report);
        let changes = entry.as_ref().map(|entry| entry.entry().changes.as_slice()).unwrap_or_default();
        readers.extend(changes.iter().filter_map(Change::lets_in));
        self.check_reader(*report, &readers)?;
        let row = self.leave(*report, envelope, &readers).await?;
        let kept = Kept { stored: row.day, what: What::Entry(envelope.clone()) };
        self.memory().keep(*report, row.entry_id, kept)
    }

    /// Saves what was learnt, and says how much waits to be sent.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(&self, words: &Words) -> Result<(), Error> {
        let waiting = self.memory().waiting.len();
        if waiting > 0 {
            eprintln!("{}", words.say_with("unsent-waits", &[("count", waiting.into())]));
        }
        self.save()
    }
}

fn file_of(entry: &Digest) -> String {
    format!("{UNSENT}{entry}.age")
}
