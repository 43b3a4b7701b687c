//! What time brings: wishes that are due, retention, and days that close.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use tokio::sync::mpsc;

use super::closing::close;
use super::commit::{Command, is_out_of_space};
use super::index::Index;
use super::recovery::{catch_up, copy_ledger};
use super::{Parts, between, tell_blocking};
use crate::{Kind, Retention, StoreError, Tidied};

/// Days of a wish for deletion that have to end before it is fulfilled, the day of the wish included.
const DAYS_OF_GRACE: i64 = 3;
/// Objects that are deleted at a time; others are let in between.
const PORTION: usize = 64;

/// Fulfils wishes, ends what is past its retention, and closes days. It runs on a thread that may block.
pub(super) fn tidy(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    today: Day,
    retention: Retention,
) -> Result<Tidied, StoreError> {
    if let Some(reason) = parts.read_only.get() {
        return Err(StoreError::ReadOnly(reason.clone()));
    }
    let _alone = parts.tidying.lock().unwrap_or_else(PoisonError::into_inner);
    let due = parts.ask(|index| index.asked_before(today.plus(1 - DAYS_OF_GRACE)))?;
    let deleted = delete(queue, &due)?;
    let expired = delete(queue, &expired(parts, today, retention)?)?;
    let closed = close_days(parts, queue, today).map_err(|error| match error {
        StoreError::Io(error) if is_out_of_space(&error) => StoreError::Full,
        other => other,
    })?;
    Ok(Tidied { deleted, expired, closed })
}

fn expired(parts: &Parts, today: Day, retention: Retention) -> Result<Vec<ObjectId>, StoreError> {
    let before = today.plus(i64::from(retention.spread) - i64::from(retention.days));
    let mut ids = Vec::new();
    for kind in [Kind::Report, Kind::Reply] {
        ids.extend(parts.ask(|index| {
            let old = index.came_before(kind, before).filter(|old| {
                old.as_ref().map_or(true, |(day, id)| today.days_since(*day) > retention.of(*id))
            });
            old.map(|old| old.map(|(_, id)| id)).collect::<Result<Vec<_>, _>>()
        })?);
    }
    Ok(ids)
}

fn delete(queue: &mpsc::Sender<Command>, ids: &[ObjectId]) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for ids in ids.chunks(PORTION) {
        deleted += tell_blocking(queue, |reply| Command::DeleteAll(ids.to_vec(), reply))?;
    }
    Ok(deleted)
}

fn close_days(parts: &Parts, queue: &mpsc::Sender<Command>, today: Day) -> Result<Vec<Day>, StoreError> {
    let days: BTreeSet<_> = parts.segments.names()?.iter().map(|name| name.day).collect();
    let (mut closed, mut outcome) = (Vec::new(), Ok(()));
    for day in days.into_iter().filter(|day| *day < today) {
        match close_if_open(parts, queue, day, today) {
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

fn close_if_open(
    parts: &Parts,
    queue: &mpsc::Sender<Command>,
    day: Day,
    today: Day,
) -> Result<bool, StoreError> {
    let row = parts.segments.row(day)?;
    Ok(row.iter().any(|segment| !segment.is_closed()) && close(parts, queue, day, today)?)
}

/// Puts a new ledger in the place of the one that serves: sled's log keeps the order in which things were written.
fn renew_ledger(parts: &Parts, queue: &mpsc::Sender<Command>) -> Result<(), StoreError> {
    let ends = between(queue, |parts| Ok(parts.ask(Index::ends)?))?;
    let (new, graves) = copy_ledger(parts, &ends)?;
    between(queue, move |parts| {
        parts.segments.erase(&graves)?;
        for grave in graves {
            new.tell(|index| index.erased(grave.id))?;
        }
        catch_up(&new, &parts.segments)?;
        if new.totals() != parts.ledger().totals() {
            // Frames of today are damaged, of which only the old one knows: it stays.
            tracing::error!("the segments hold less than the ledger knows; a check tells what is damaged");
            return Ok(());
        }
        new.enthrone()?;
        let old = std::mem::replace(
            &mut *parts.ledger.write().unwrap_or_else(PoisonError::into_inner),
            Arc::new(new),
        );
        old.retire();
        Ok(())
    })
}
