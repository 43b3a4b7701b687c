//! Chains of custody of several reports, each held against the report itself.

use std::sync::Arc;

use futures_util::{Stream, StreamExt as _};
use kua_caselog::custody::Chain;
use kua_protocol::api::ReportRow;

use super::Cases;
use crate::error::Error;
use crate::events::{Progress, Work};

/// Reports that are fetched at a time.
const AT_ONCE: usize = 4;

impl Cases {
    /// Builds the chain of custody of each report. All of the report is fetched and compared with its id.
    pub fn chains<'a>(
        &'a self,
        rows: &'a [ReportRow],
    ) -> impl Stream<Item = (&'a ReportRow, Result<Chain, Error>)> {
        let amount = rows.iter().map(|row| row.size).sum();
        let progress: Arc<dyn Progress> = self.session.observer().begin(Work::Checking, amount).into();
        let chains = rows.iter().map(move |row| {
            let progress = Arc::clone(&progress);
            async move { (row, self.checked_chain(row, &*progress).await) }
        });
        futures_util::stream::iter(chains).buffered(AT_ONCE)
    }

    async fn checked_chain(&self, row: &ReportRow, progress: &dyn Progress) -> Result<Chain, Error> {
        let sealed = self.session.fetch(row, progress).await?;
        let report = self.read_whole(row, sealed).await?;
        self.learn(row.report_id, &report, true)?;
        Ok(self.chain(&self.case(row).await?))
    }
}
