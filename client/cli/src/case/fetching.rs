//! Fetching what is new of case logs, opened and checked.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use indicatif::ProgressBar;
use kua_protocol::api::{EntryRow, ReportRow};
use kua_protocol::id::ObjectId;

use super::memory::{Kept, What};
use super::{Cases, opening};
use crate::error::Error;

/// How many entries are fetched at a time.
pub(super) const AT_ONCE: usize = 16;
/// Days before the last known one from which entries are asked for.
const LOOKING_BACK: i64 = 3;
/// What was learnt is saved every so often, so that a long first look over a bad line is not for nothing.
const SAVED_EVERY: Duration = Duration::from_secs(10);

/// What came in since the last time.
#[derive(Debug, Default)]
pub struct News {
    /// The reports whose logs have new entries that this coordinator can read.
    pub changed: BTreeSet<ObjectId>,
    /// The reports that this coordinator was let into.
    pub granted: BTreeSet<ObjectId>,
    /// What could not be fetched; it is asked for again the next time.
    pub failed: Vec<Error>,
}

impl Cases<'_> {
    /// Fetches what is new of all logs. `listed` are all reports of the drop: logs of others are forgotten.
    ///
    /// # Errors
    ///
    /// When the list cannot be had, or what was learnt cannot be saved.
    pub async fn refresh(&self, listed: &[ReportRow], bar: &ProgressBar) -> Result<News, Error> {
        let there = listed.iter().map(|row| row.report_id).collect();
        let since = {
            let mut memory = self.memory();
            memory.keep_only(&there)?;
            // A drop whose clock was wrong for a while may have dated something in the future, or behind what came before.
            memory.since().map(|last| last.min(self.session.drop.today()).plus(-LOOKING_BACK))
        };
        let rows = self.session.drop.all_entries(since, self.session.keys.signing()).await?;
        let rows: Vec<EntryRow> = rows.into_iter().filter(|row| there.contains(&row.report_id)).collect();
        let news = self.fetch(&rows, bar).await?;
        if let Some(last) = rows.last().filter(|_| news.failed.is_empty()) {
            self.memory().set_since(last.day);
        }
        self.memory().save()?;
        Ok(news)
    }

    /// Fetches what is new of one log.
    pub(super) async fn update(&self, report: ObjectId) -> Result<(), Error> {
        let rows = self.session.drop.entries(report, self.session.keys.signing()).await?;
        let news = self.fetch(&rows, &ProgressBar::hidden()).await?;
        news.failed.into_iter().next().map_or(Ok(()), Err)
    }

    /// Fetches and opens those that are not known yet.
    async fn fetch(&self, rows: &[EntryRow], bar: &ProgressBar) -> Result<News, Error> {
        let mut news = News::default();
        let mut unknown = Vec::new();
        for row in rows {
            if !self.memory().knows(row)? {
                unknown.push(row);
            }
        }
        bar.inc_length(unknown.len() as u64);
        let key = self.session.keys.signing();
        let fetches =
            unknown.into_iter().map(|row| async move { (row, self.session.drop.entry(row, key).await) });
        let mut fetches = futures_util::stream::iter(fetches).buffer_unordered(AT_ONCE);
        let mut saved = Instant::now();
        while let Some((row, fetched)) = fetches.next().await {
            bar.inc(1);
            if saved.elapsed() > SAVED_EVERY {
                self.memory().save()?;
                saved = Instant::now();
            }
            match fetched {
                Ok(sealed) => {
                    let what = opening::open(&sealed, row, self.session);
                    match &what {
                        What::Entry(_) => drop(news.changed.insert(row.report_id)),
                        What::Grant(_) => drop(news.granted.insert(row.report_id)),
                        What::ForOthers | What::Refused(_) => {}
                    }
                    self.memory().keep(row.report_id, row.entry_id, Kept { stored: row.day, what })?;
                }
                Err(error) => news.failed.push(error),
            }
        }
        Ok(news)
    }
}
