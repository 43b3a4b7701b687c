//! Granting: a coordinator of the roster is let into reports that are not sealed to her.

use std::io::Cursor;

use futures_util::{Stream, StreamExt as _};
use kua_protocol::api::ReportRow;
use kua_protocol::dsse::Envelope;
use kua_protocol::entry::Change;
use kua_protocol::grant::Grant;
use kua_protocol::keys::PublicKey;

use super::{Case, Cases};
use crate::error::Error;

/// Reports that are worked on at a time.
const AT_ONCE: usize = 8;

/// A choice of reports that somebody is let into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granting {
    /// Those that were named: what was done before is done again.
    Named,
    /// All reports of the drop: what was done before is passed over. Their logs were fetched by [`Cases::refresh`].
    All,
}

impl Cases {
    /// Lets a coordinator into each report that can be read here. Says of each whether that was still to do.
    pub fn grants_to<'a>(
        &'a self,
        newcomer: PublicKey,
        rows: &'a [ReportRow],
        granting: Granting,
    ) -> impl Stream<Item = (&'a ReportRow, Result<bool, Error>)> {
        let grant = async move |row: &ReportRow| {
            let mut case = match granting {
                Granting::All => self.known(row).await?,
                Granting::Named => self.case(row).await?,
            };
            self.grant(&mut case, newcomer, granting == Granting::Named).await
        };
        let grants = rows.iter().map(move |row| async move { (row, grant(row).await) });
        futures_util::stream::iter(grants).buffer_unordered(AT_ONCE)
    }

    /// Lets a coordinator of the roster into a report, and shows her all earlier entries. Says whether that was still to do;
    /// where the log says that it was done, it is done `again` if that is wanted.
    ///
    /// The word that it was done comes last: what was interrupted is done again from the beginning.
    ///
    /// # Errors
    ///
    /// When this coordinator cannot read the report, or the drop does not take it.
    pub async fn grant(&self, case: &mut Case, newcomer: PublicKey, again: bool) -> Result<bool, Error> {
        let session = &*self.session;
        let done = case.read(session).readers().contains(&newcomer);
        if case.to.contains(&newcomer) || (done && !again) {
            return Ok(false);
        }
        let row = case.row.clone();
        let (drop, report) = (session.drop_id(), row.report_id);
        let beginning = self.beginning(&row).await?;
        let key = self.known_key(report, &mut Cursor::new(beginning.sealed.as_slice()))?;
        let (day, file_key) = (session.client().today(), key.into_file_key());
        let grant = Grant { drop, report, to: newcomer, day, file_key };
        let grant = Envelope::sign(&grant, session.keys().signing())
            .map_err(|error| Error::System(error.to_string()))?;
        self.post_sealed(report, &grant, &[newcomer]).await?;
        for envelope in self.envelopes(report)? {
            self.post_sealed(report, &envelope, &[newcomer]).await?;
        }
        self.append(case, vec![Change::GrantMade { to: newcomer }], &[]).await?;
        Ok(true)
    }
}
