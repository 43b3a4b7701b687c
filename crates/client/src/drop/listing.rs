//! Listings of a drop, which come in pages.

use http::Method;
use kua_protocol::api::{EntryPage, EntryRow, Overdue, ReportPage, ReportRow};
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_protocol::keys::SigningKey;
use serde::de::DeserializeOwned;

use super::DropClient;
use crate::error::Error;

/// One page of a listing by day and id.
pub(super) trait Page: DeserializeOwned {
    type Row;
    /// What is said beside the rows.
    type Note;

    /// The rows, the `after` of the next page, and what is said beside them.
    fn parts(self) -> (Vec<Self::Row>, Option<String>, Self::Note);

    fn place(row: &Self::Row) -> (Day, ObjectId);
}

impl Page for ReportPage {
    type Row = ReportRow;
    type Note = Option<Overdue>;

    fn parts(self) -> (Vec<ReportRow>, Option<String>, Option<Overdue>) {
        (self.reports, self.next, self.overdue)
    }

    fn place(row: &ReportRow) -> (Day, ObjectId) {
        (row.day, row.report_id)
    }
}

impl Page for EntryPage {
    type Row = EntryRow;
    type Note = ();

    fn parts(self) -> (Vec<EntryRow>, Option<String>, ()) {
        (self.entries, self.next, ())
    }

    fn place(row: &EntryRow) -> (Day, ObjectId) {
        (row.day, row.entry_id)
    }
}

impl DropClient {
    /// All rows of a listing from a day on, and what was said beside the last of them.
    pub(super) async fn listed<P: Page>(
        &self,
        path: &str,
        since: Option<Day>,
        key: &SigningKey,
    ) -> Result<(Vec<P::Row>, P::Note), Error> {
        let mut rows: Vec<P::Row> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let since = since.map(|day| format!("since={day}"));
            let cursor = after.take().map(|cursor| format!("after={cursor}"));
            let query: Vec<String> = since.into_iter().chain(cursor).collect();
            let query = Some(query.join("&")).filter(|query| !query.is_empty());
            let response = self.signed(Method::GET, path, query.as_deref(), Vec::new(), key).await?;
            let (page, next, note) = self.http.json::<P>(response).await?.parts();
            // A drop that turns in circles must not hold the client for ever.
            let forward =
                rows.last().zip(page.first()).is_none_or(|(last, first)| P::place(last) < P::place(first));
            if !forward || (page.is_empty() && next.is_some()) {
                return Err(Error::Dishonest("its list does not go forward".into()));
            }
            rows.extend(page);
            match next {
                Some(next) if next.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)) => {
                    after = Some(next);
                }
                Some(_) => return Err(Error::BadAnswer("its cursor is malformed".into())),
                None => return Ok((rows, note)),
            }
        }
    }
}
