//! Fetching what is new of case logs, opened and checked.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use kua_protocol::api::{EntryRow, ReportRow};
use kua_protocol::id::ObjectId;

use super::{Cases, objects};
use crate::cache::{CachedObject, LogObject};
use crate::error::Error;

/// Entries that are fetched at a time.
pub(super) const AT_ONCE: usize = 16;
/// Days before the last known one from which entries are asked for.
const LOOKING_BACK: i64 = 3;
/// The longest time for which what was learnt is not saved, so that a long first look over a bad line is not for nothing.
const SAVED_EVERY: Duration = Duration::from_secs(10);

/// News: what came in since the last time.
#[derive(Debug, Default)]
pub struct News {
    /// The reports whose logs have new entries that this coordinator can read.
    pub changed: BTreeSet<ObjectId>,
    /// The reports that this coordinator was let into.
    pub granted: BTreeSet<ObjectId>,
    /// What could not be fetched; it is asked for again the next time.
    pub failed: Vec<Error>,
}

impl Cases {
    /// Fetches what is new of all logs. `listed` are all reports of the drop: logs of others are forgotten.
    ///
    /// # Errors
    ///
    /// When the list cannot be had, or what was learnt cannot be saved.
    pub async fn refresh(&self, listed: &[ReportRow]) -> Result<News, Error> {
        let there = listed.iter().map(|row| row.report_id).collect();
        let since = {
            let mut logs = self.logs()?;
            logs.keep_only(&there)?;
            // A drop whose clock was wrong for a while may have dated something in the future, or behind what came before.
            logs.since().map(|last| last.min(self.session.client().today()).plus(-LOOKING_BACK))
        };
        let rows = self.session.client().all_entries(since, self.session.keys().signing()).await?;
        let rows: Vec<EntryRow> = rows.into_iter().filter(|row| there.contains(&row.report_id)).collect();
        let news = self.fetch(&rows).await?;
        if let Some(last) = rows.last().filter(|_| news.failed.is_empty()) {
            self.logs()?.set_since(last.day);
        }
        self.save()?;
        Ok(news)
    }

    /// Fetches what is new of one log.
    pub(super) async fn update(&self, report: ObjectId) -> Result<(), Error> {
        let rows = self.session.client().entries(report, self.session.keys().signing()).await?;
        let news = self.fetch(&rows).await?;
        news.failed.into_iter().next().map_or(Ok(()), Err)
    }

    /// Fetches and opens those that are not known yet.
    async fn fetch(&self, rows: &[EntryRow]) -> Result<News, Error> {
        let mut news = News::default();
        let mut unknown = Vec::new();
        for row in rows {
            if !self.logs()?.knows(row)? {
                unknown.push(row);
            }
        }
        let key = self.session.keys().signing();
        let fetches =
            unknown.into_iter().map(|row| async move { (row, self.session.client().entry(row, key).await) });
        let mut fetches = futures_util::stream::iter(fetches).buffer_unordered(AT_ONCE);
        let mut saved = Instant::now();
        while let Some((row, fetched)) = fetches.next().await {
            if saved.elapsed() > SAVED_EVERY {
                self.save()?;
                saved = Instant::now();
            }
            match fetched {
                Ok(sealed) => {
                    let object = objects::open(&sealed, row, &self.session);
                    match &object {
                        LogObject::Entry(_) => drop(news.changed.insert(row.report_id)),
                        LogObject::Grant(_) => drop(news.granted.insert(row.report_id)),
                        LogObject::ForOthers | LogObject::Refused(_) => {}
                    }
                    let object = CachedObject { stored: row.day, object };
                    self.logs()?.keep(row.report_id, row.entry_id, object)?;
                }
                Err(error) => news.failed.push(error),
            }
        }
        Ok(news)
    }
}
