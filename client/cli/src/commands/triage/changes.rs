//! What the options of `kua triage` want noted.

use std::collections::BTreeSet;

use kua_caselog::State;
use kua_protocol::entry::{Change, MAX_TEXT_LEN, Relation, is_plain};
use kua_protocol::id::{Digest, IdPrefix, ObjectId};
use kua_report::vocabulary::Severity;

use crate::ask;
use crate::case::Case;
use crate::cli::Triage;
use crate::error::Error;
use crate::session::Session;

/// What is typed for nobody, and for no severity.
const NONE: &str = "none";

/// What the options want noted, but for what needs the log.
pub(super) async fn of(options: &Triage, session: &Session) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    changes.extend(options.status.map(|status| Change::Status { status }));
    if let Some(code) = &options.severity {
        let severity = if code == NONE { None } else { Some(severity(code)?) };
        changes.push(Change::Severity { severity });
    }
    if let Some(name) = &options.assign {
        let to = if name == NONE { None } else { Some(session.coordinator(name)?) };
        changes.push(Change::Assignee { to });
    }
    for (labels, on) in [(&options.label, true), (&options.unlabel, false)] {
        let label = |label: &String| Change::Label { label: label.trim().to_owned(), on };
        changes.extend(labels.iter().map(label));
    }
    let relation = options.relation.unwrap_or(Relation::Related);
    for to in linked(session, &options.link_to).await? {
        changes.push(Change::Link { to, relation, on: true });
    }
    if let Some(text) = &options.note {
        let text = ask::text(text, &options.at.vault.passphrase, MAX_TEXT_LEN)?
            .replace("\r\n", "\n")
            .trim_end()
            .to_owned();
        if !is_plain(&text) {
            return Err(Error::Refused("a note is not empty and holds no control characters".into()));
        }
        changes.push(Change::Note { text });
    }
    Ok(changes)
}

fn severity(code: &str) -> Result<String, Error> {
    match code.parse::<Severity>() {
        Ok(severity) => Ok(severity.code().to_owned()),
        Err(error) => Err(Error::Refused(error.to_string())),
    }
}

async fn linked(session: &Session, prefixes: &[IdPrefix]) -> Result<Vec<ObjectId>, Error> {
    if prefixes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(session.find(prefixes).await?.into_iter().map(|row| row.report_id).collect())
}

/// What ends the links of a report to the one whose id begins so: those that hold, or that people disagree about.
pub(super) fn unlinking(
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

/// What was done outside of the log stays done.
pub(super) fn check_undoing(case: &Case, entry: &Digest) -> Result<(), Error> {
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
