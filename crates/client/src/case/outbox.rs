//! Flushing the outbox: entries that were noted while the drop could not be asked are sent as soon as it can.

use futures_util::StreamExt as _;
use kua_protocol::entry::{Change, Entry};
use kua_protocol::problem::Kind;

use super::Cases;
use super::fetching::AT_ONCE;
use crate::cache::{CachedObject, LogObject, Waiting};
use crate::error::Error;
use crate::events::{Warning, Work};

impl Cases {
    /// Sends what waits, and says so. What cannot be sent now goes on waiting.
    ///
    /// # Errors
    ///
    /// When what is remembered cannot be read or written.
    pub async fn flush(&self) -> Result<(), Error> {
        let waiting: Vec<Waiting> = self.session.cache().outbox()?.entries().cloned().collect();
        if self.session.is_offline() || waiting.is_empty() {
            return Ok(());
        }
        let observer = self.session.observer();
        let progress = observer.begin(Work::FlushingOutbox, waiting.len() as u64);
        let sends = waiting.iter().map(|entry| async move { (entry, self.send(entry).await) });
        let mut sends = futures_util::stream::iter(sends).buffer_unordered(AT_ONCE);
        let (mut sent, mut failure) = (0_usize, None);
        while let Some((entry, outcome)) = sends.next().await {
            progress.advance(1);
            match outcome {
                Ok(()) => sent += 1,
                // A drop that never heard of the report may have been restored without it: that is no reason to forget.
                Err(Error::Problem(problem)) if problem.kind == Kind::Gone => {
                    observer.warn(&Warning::OutboxGone(entry.report));
                }
                Err(error) => {
                    failure = Some(error);
                    continue;
                }
            }
            self.session.cache().outbox()?.forget(&entry.entry)?;
        }
        drop(progress);
        if sent > 0 {
            self.save()?;
            observer.warn(&Warning::OutboxSent { count: sent });
        }
        if let Some(why) = failure {
            let count = self.session.cache().outbox()?.len();
            observer.warn(&Warning::OutboxStays { count, why: &why });
        }
        Ok(())
    }

    /// Seals an entry to all who can read the report by now, and posts it there.
    async fn send(&self, entry: &Waiting) -> Result<(), Error> {
        let Waiting { report, envelope, .. } = entry;
        self.update(*report).await?;
        let known = self.logs()?.readers(*report)?;
        let to = match known {
            Some(readers) => readers.keys,
            None => {
                let rows = self.session.reports(None).await?;
                let row = rows.iter().find(|row| row.report_id == *report);
                self.readers(row.ok_or_else(|| Error::NoSuchReport(report.short()))?).await?
            }
        };
        let (graph, _) = self.graph(*report)?;
        let mut readers = graph.read(&to, self.session.client().roster().roster()).readers().to_vec();
        let entry = Entry::verify(envelope, self.drop_id(), *report);
        let changes = entry.as_ref().map(|entry| entry.entry().changes.as_slice()).unwrap_or_default();
        readers.extend(changes.iter().filter_map(Change::lets_in));
        self.check_reader(*report, &readers)?;
        let row = self.post_sealed(*report, envelope, &readers).await?;
        let object = CachedObject { stored: row.day, object: LogObject::Entry(envelope.clone()) };
        self.logs()?.keep(*report, row.entry_id, object)
    }

    /// Saves what was learnt, and says how much waits to be sent.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn finish(&self) -> Result<(), Error> {
        let count = self.session.cache().outbox()?.len();
        if count > 0 {
            self.session.observer().warn(&Warning::OutboxWaits { count });
        }
        self.save()
    }
}
