//! Noting: one entry for each of several reports, with what a coordinator wants said of them.

use std::collections::BTreeSet;

use futures_util::{Stream, StreamExt as _};
use kua_caselog::State;
use kua_protocol::api::ReportRow;
use kua_protocol::entry::{Change, Relation, Status, is_plain};
use kua_protocol::id::{Digest, IdPrefix, ObjectId};
use kua_protocol::keys::PublicKey;
use kua_report::vocabulary::Severity;

use super::{Case, Cases};
use crate::error::Error;

/// Reports that are worked on at a time.
const AT_ONCE: usize = 8;

/// What a coordinator wants noted.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// How far the work has come.
    pub status: Option<Status>,
    /// How urgent it is; none inside leaves it to the report.
    pub severity: Option<Option<Severity>>,
    /// The signing key of whoever works on it; none inside for nobody.
    pub assignee: Option<Option<PublicKey>>,
    /// Labels to be put on.
    pub label: Vec<String>,
    /// Labels to be taken off.
    pub unlabel: Vec<String>,
    /// Reports that it has to do with.
    pub link: Vec<ObjectId>,
    /// Reports that it has nothing to do with after all.
    pub unlink: Vec<IdPrefix>,
    /// The relation of links that are made or ended; related where none is given, or of whichever kind when they end.
    pub relation: Option<Relation>,
    /// A remark.
    pub note: Option<String>,
    /// An entry that is not to hold.
    pub undo: Option<IdPrefix>,
    /// Entries that do not count and are taken up.
    pub build_on: Vec<IdPrefix>,
}

/// A case after noting.
pub struct Noted {
    /// The case.
    pub case: Case,
    /// The new entry; none where there was nothing to note.
    pub entry: Option<Digest>,
}

impl Wishes {
    /// Gives the changes that are the same for every report.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] for a note that cannot be one.
    fn changes(&self) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        changes.extend(self.status.map(|status| Change::Status { status }));
        changes.extend(self.severity.map(|severity| Change::Severity {
            severity: severity.map(|severity| severity.code().to_owned()),
        }));
        changes.extend(self.assignee.map(|to| Change::Assignee { to }));
        for (labels, on) in [(&self.label, true), (&self.unlabel, false)] {
            changes.extend(labels.iter().map(|label| Change::Label { label: label.trim().to_owned(), on }));
        }
        let relation = self.relation.unwrap_or(Relation::Related);
        changes.extend(self.link.iter().map(|to| Change::Link { to: *to, relation, on: true }));
        if let Some(text) = &self.note {
            let text = text.replace("\r\n", "\n").trim_end().to_owned();
            if !is_plain(&text) {
                return Err(Error::Refused("a note is not empty and holds no control characters".into()));
            }
            changes.push(Change::Note { text });
        }
        Ok(changes)
    }
}

impl Cases {
    /// Appends one entry to the case log of each report, where there is anything to note.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] for wishes that no report can fulfil.
    pub fn notes<'a>(
        &'a self,
        rows: &'a [ReportRow],
        wishes: &'a Wishes,
    ) -> Result<impl Stream<Item = (&'a ReportRow, Result<Noted, Error>)>, Error> {
        let changes = wishes.changes()?;
        let notes = rows.iter().map(move |row| {
            let changes = changes.clone();
            async move { (row, self.note(row, changes, wishes).await) }
        });
        Ok(futures_util::stream::iter(notes).buffered(AT_ONCE))
    }

    /// Reads the log of a report and appends to it, if there is anything to say.
    async fn note(&self, row: &ReportRow, mut changes: Vec<Change>, wishes: &Wishes) -> Result<Noted, Error> {
        let mut case = self.case(row).await?;
        if !wishes.unlink.is_empty() {
            let state = case.read(&self.session).state();
            for prefix in &wishes.unlink {
                changes.extend(unlinking(row.report_id, &state, prefix, wishes.relation)?);
            }
        }
        if let Some(prefix) = &wishes.undo {
            let entry = entry(&case, prefix)?;
            check_undoing(&case, &entry)?;
            changes.push(Change::Undo { entry });
        }
        let adopted = wishes.build_on.iter().map(|prefix| entry(&case, prefix));
        let adopted = adopted.collect::<Result<Vec<Digest>, Error>>()?;
        if changes.is_empty() {
            return Ok(Noted { case, entry: None });
        }
        let itself = |change: &Change| matches!(change, Change::Link { to, .. } if *to == row.report_id);
        if changes.iter().any(itself) {
            return Err(Error::Refused("a report is not linked with itself".into()));
        }
        let entry = self.append(&mut case, changes, &adopted).await?;
        Ok(Noted { case, entry: Some(entry) })
    }
}

/// Finds the entry of a case whose digest begins as typed.
fn entry(case: &Case, prefix: &IdPrefix) -> Result<Digest, Error> {
    let digests = case.graph.entries().map(|kept| kept.entry.digest());
    let fits = |digest: &Digest| prefix.matches(&ObjectId::from_bytes(*digest.as_bytes()));
    match digests.filter(fits).collect::<Vec<_>>().as_slice() {
        [only] => Ok(*only),
        [] => Err(Error::Refused(format!(
            "no entry of {} begins with {prefix}; kua custody lists them",
            case.row.report_id.short()
        ))),
        several => Err(Error::Ambiguous {
            prefix: prefix.to_string(),
            ids: several.iter().map(ToString::to_string).collect(),
        }),
    }
}

/// Ends the links of a report to the one whose id begins so: those that hold, or that people disagree about.
fn unlinking(
    report: ObjectId,
    state: &State,
    prefix: &IdPrefix,
    relation: Option<Relation>,
) -> Result<Vec<Change>, Error> {
    let links: BTreeSet<(ObjectId, Relation)> = state
        .links
        .iter()
        .filter(|((to, kind), on)| {
            prefix.matches(to)
                && relation.is_none_or(|wanted| wanted == *kind)
                && (on.value || on.is_disputed())
        })
        .map(|(link, _)| *link)
        .collect();
    let ids: BTreeSet<ObjectId> = links.iter().map(|(to, _)| *to).collect();
    if ids.len() > 1 {
        let ids = ids.iter().map(ToString::to_string).collect();
        return Err(Error::Ambiguous { prefix: prefix.to_string(), ids });
    }
    if links.is_empty() {
        let kind = relation.map(|kind| format!(" as {}", kind.code())).unwrap_or_default();
        let id = report.short();
        return Err(Error::Refused(format!(
            "{id} has no link to {prefix}{kind}; kua triage LINK --key FILE.kua {id} shows its links"
        )));
    }
    Ok(links.into_iter().map(|(to, relation)| Change::Link { to, relation, on: false }).collect())
}

/// Checks that an entry can be undone: what was done outside of the log stays done.
fn check_undoing(case: &Case, entry: &Digest) -> Result<(), Error> {
    let changes = case.graph.get(entry).map(|kept| kept.entry.entry().changes.as_slice()).unwrap_or_default();
    let lasting = |change: &Change| {
        matches!(change, Change::Reply { .. } | Change::GrantMade { .. } | Change::HandedOut { .. })
    };
    if changes.iter().all(lasting) {
        return Err(Error::Refused(
            "an answer, a grant or a file that was handed out cannot be undone; add a note instead".into(),
        ));
    }
    Ok(())
}
