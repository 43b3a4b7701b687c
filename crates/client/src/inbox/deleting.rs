//! Asking the drop to delete reports, or to keep what a colleague wanted deleted.

use futures_util::{Stream, StreamExt as _};
use kua_protocol::api::{Deletion, ReportRow};
use kua_protocol::id::ObjectId;

use crate::error::Error;
use crate::session::Session;

/// Reports that are asked for at a time.
const AT_ONCE: usize = 8;

/// Asks to delete each report, or to `keep` it.
pub fn delete_each(
    session: &Session,
    rows: &[ReportRow],
    keep: bool,
) -> impl Stream<Item = (ObjectId, Result<Deletion, Error>)> {
    let asking = move |row: &ReportRow| {
        let (id, key) = (row.report_id, session.keys().signing());
        async move {
            let asked = if keep {
                session.client().keep(id, key).await
            } else {
                session.client().delete(id, key).await
            };
            (id, asked)
        }
    };
    futures_util::stream::iter(rows).map(asking).buffered(AT_ONCE)
}
