//! What time brings: what is due for deletion goes, and days close.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use tokio::sync::mpsc;

use crate::ledger::index::Index;
use crate::upkeep::compaction::compact_day;
use crate::upkeep::recovery::{catch_up, copy_ledger};
use crate::writer::{Command, is_out_of_space};
use crate::{Parts, between, tell_blocking};
use kua_store::{DeleteAsked, Due, Expiring, Kind, Retention, StoreError, Tidied};

/// Objects that are deleted at a time; others are let in between.
const PORTION: usize = 64;

/// Deletes what is due, and closes days. It runs on a thread that may block.
pub(crate) fn tidy(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    today: Day,
    due: &Due,
) -> Result<Tidied, StoreError> {
    if let Some(reason) = parts.read_only.get() {
        return Err(StoreError::ReadOnly(reason.clone()));
    }
    let _alone = parts.tidying.lock().unwrap_or_else(PoisonError::into_inner);
    let wished: Vec<Going> = due.wished.iter().map(|(id, wish)| (*id, Some(*wish))).collect();
    let deleted = delete(queue, &wished)?;
    let expired = match due.through {
        Some(through) => delete(queue, &expiring(parts, through, due.retention)?)?,
        None => 0,
    };
    let closed = compact_days(parts, queue, today).map_err(|error| match error {
        StoreError::Io(error) if is_out_of_space(&error) => StoreError::Full,
        other => other,
    })?;
    Ok(Tidied { deleted, expired, closed })
}

/// An object that goes, and the wish that has to stand still if it goes for that.
type Going = (ObjectId, Option<DeleteAsked>);

/// The objects whose last day is this or earlier.
fn expiring(parts: &Parts, through: Day, retention: Retention) -> Result<Vec<Going>, StoreError> {
    let mut going = Vec::new();
    each_expiring(parts, through, retention, |id, _| going.push((id, None)))?;
    Ok(going)
}

/// Counts them.
pub(crate) fn count(parts: &Parts, through: Day, retention: Retention) -> Result<Expiring, StoreError> {
    let mut found = Expiring::default();
    each_expiring(parts, through, retention, |_, last| {
        found.objects += 1;
        found.oldest = Some(found.oldest.map_or(last, |oldest| oldest.min(last)));
    })?;
    Ok(found)
}

fn each_expiring(
    parts: &Parts,
    through: Day,
    retention: Retention,
    mut with: impl FnMut(ObjectId, Day),
) -> Result<(), StoreError> {
    // Nothing that came on this day or later can be among them.
    let before = through.plus(1 - retention.least());
    for kind in [Kind::Report, Kind::Reply] {
        parts.ask(|index| {
            for old in index.came_before(kind, before) {
                let (day, id) = old?;
                let last = retention.last_day(day, id);
                if last <= through {
                    with(id, last);
                }
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn delete(queue: &mpsc::Sender<Command>, going: &[Going]) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for portion in going.chunks(PORTION) {
        deleted += tell_blocking(queue, |reply| Command::DeleteAll(portion.to_vec(), reply))?;
    }
    Ok(deleted)
}

fn compact_days(parts: &Parts, queue: &mpsc::Sender<Command>, today: Day) -> Result<Vec<Day>, StoreError> {
    let days: BTreeSet<_> = parts.segments.names()?.iter().map(|name| name.day).collect();
    let (mut closed, mut outcome) = (Vec::new(), Ok(()));
    for day in days.into_iter().filter(|day| *day < today) {
        match compact_if_open(parts, queue, day, today) {
            Ok(true) => closed.push(day),
            Ok(false) => {}
            Err(error) => {
                outcome = Err(error);
                break;
            }
        }
    }
    if !closed.is_empty() {
        renew_ledger(parts, queue)?;
    }
    outcome.map(|()| closed)
}

fn compact_if_open(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    day: Day,
    today: Day,
) -> Result<bool, StoreError> {
    let row = parts.segments.row(day)?;
    Ok(row.iter().any(|segment| !segment.is_closed()) && compact_day(parts, queue, day, today)?)
}

/// Puts a new ledger in the place of the one that serves: sled's log keeps the order in which things were written.
fn renew_ledger(parts: &Parts, queue: &mpsc::Sender<Command>) -> Result<(), StoreError> {
    let ends = between(queue, |parts| Ok(parts.ask(Index::ends)?))?;
    let (new, erasures) = copy_ledger(parts, &ends)?;
    between(queue, move |parts| {
        parts.segments.erase(&erasures)?;
        for erasure in erasures {
            new.tell(|index| index.erased(erasure.id))?;
        }
        catch_up(&new, &parts.segments)?;
        if new.totals() != parts.ledger().totals() {
            // Frames of today are damaged, of which only the old one knows: it stays.
            tracing::error!("the segments hold less than the ledger knows; a check tells what is damaged");
            return Ok(());
        }
        new.activate()?;
        let old = std::mem::replace(
            &mut *parts.ledger.write().unwrap_or_else(PoisonError::into_inner),
            Arc::new(new),
        );
        old.retire();
        Ok(())
    })
}
