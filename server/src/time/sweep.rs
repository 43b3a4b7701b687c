//! What time brings: every so often the drop deletes what is due and closes the days that are over.

use std::sync::Arc;

use kua_clock::Reading;
use kua_protocol::api::Overdue;
use kua_protocol::day::Day;
use kua_protocol::id::ObjectId;
use kua_store::{DeleteAsked, Document, Due, Retention, Store, StoreError, Tidied};
use serde::{Deserialize, Serialize};

use super::expiry::NOTICE;
use super::{State, Timekeeper, wishes};

/// Days after its last one on which an object is overdue.
const OVERDUE: i64 = NOTICE + 1;

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// What was deleted, and the days that were closed.
    pub tidied: Tidied,
    /// Unfinished uploads that were given up.
    pub uploads: u64,
}

/// What a sweep would do now, and what stands before the drop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// Wishes that stand.
    pub wishes: u64,
    /// Those of them that are fulfilled now.
    pub wishes_due: u64,
    /// Objects whose last day is over.
    pub expired: u64,
    /// Those of them that go now.
    pub expired_due: u64,
    /// What should have gone before.
    pub overdue: Option<Overdue>,
    /// Whether the clock lets anything be deleted by time.
    pub proven: bool,
    /// What a shorter retention would do that is configured and not in force.
    pub shorter: Option<Shorter>,
}

/// A retention that is configured and waits for the operator's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shorter {
    /// Its days.
    pub days: u32,
    /// The days that are in force.
    pub in_force: u32,
    /// Objects that would be past it today.
    pub past: u64,
}

/// What is to be done, decided at one moment.
struct Plan {
    today: Day,
    due: Due,
    steady: u64,
}

impl Timekeeper {
    /// Does what time brings.
    ///
    /// # Errors
    ///
    /// Those of the store; what was not done then is done by the next sweep.
    pub async fn sweep(&self, store: &dyn Store) -> Result<Swept, StoreError> {
        let standing = store.wishes().await?;
        // Only a day that was earned moves retention on.
        let moves = {
            let mut state = self.state();
            state.look(self.clock.read(), true);
            state.days > 0
        };
        let everything = Day::from_number(u32::MAX);
        let oldest = if moves { store.expiring(everything, self.retention()).await?.oldest } else { None };
        let mut plan = {
            let mut state = self.state();
            for _ in 0..std::mem::take(&mut state.days) {
                state.register.move_on(oldest);
            }
            let earned = state.register.earned();
            state.wishes_changed |= state.wishes.follow(&standing, earned);
            state.plan(self.clock.read(), &standing)
        };
        // Before anything is deleted: no crash gives a day's share twice.
        if let Err(error) = self.save().await {
            tracing::error!("nothing is deleted by time, since the register cannot be written: {error:#}");
            plan.due = Due::default();
        }
        let Plan { today, due, steady } = plan;
        let fulfilled: Vec<ObjectId> = due.wished.iter().map(|(id, _)| *id).collect();
        // Uploads first: on a disk that is full they make the room that closing a day needs.
        let uploads = store.expire_uploads(steady).await?;
        let tidied = store.tidy(today, due).await;
        let left: Vec<_> = standing.into_iter().filter(|(id, _)| !fulfilled.contains(id)).collect();
        self.look_for_overdue(store, &left).await?;
        let tidied = tidied?;
        if tidied.deleted + tidied.expired + uploads > 0 {
            tracing::info!(
                "deleted by time: {} on coordinators' wish, {} past their retention; given up: {uploads} unfinished uploads",
                tidied.deleted,
                tidied.expired
            );
        }
        Ok(Swept { tidied, uploads })
    }

    /// Says what a sweep would do now.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub async fn forecast(&self, store: &dyn Store) -> Result<Forecast, StoreError> {
        let standing = store.wishes().await?;
        self.look_for_overdue(store, &standing).await?;
        let Plan { today, due, .. } = {
            let state = self.state();
            state.plan(self.clock.read(), &standing)
        };
        let retention = self.retention();
        let yesterday = Some(today.plus(-1));
        let (shorter, proven) = (self.shorter(), self.state().register.proof().is_proven());
        Ok(Forecast {
            wishes: standing.len() as u64,
            wishes_due: due.wished.len() as u64,
            expired: count(store, yesterday, retention).await?,
            expired_due: count(store, due.through, retention).await?,
            overdue: self.overdue(),
            proven,
            shorter: match shorter {
                Some(days) => Some(Shorter {
                    days,
                    in_force: retention.days,
                    past: count(store, yesterday, self.configured).await?,
                }),
                None => None,
            },
        })
    }

    /// The days of the configured retention, where it is shorter than the one in force and waits for the operator's word.
    pub fn shorter(&self) -> Option<u32> {
        self.state().register.is_shorter(self.configured).then_some(self.configured.days)
    }

    /// Puts the configured retention in force.
    ///
    /// # Errors
    ///
    /// When `days` is not what is configured, or the register cannot be written.
    pub async fn confirm_retention(&self, days: u32) -> anyhow::Result<()> {
        anyhow::ensure!(
            days == self.configured.days,
            "kua.toml says {} days: set retention_days there first, and start the drop again",
            self.configured.days
        );
        let before = self.state().register.clone();
        self.state().register.set_retention(self.configured);
        let saved = self.save().await;
        if saved.is_err() {
            self.state().register.take_back(before);
        }
        saved
    }

    /// The retention in force.
    pub fn retention(&self) -> Retention {
        self.state().register.retention()
    }

    /// Writes down what is known.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub async fn save(&self) -> anyhow::Result<()> {
        // What was known later is written later.
        let _alone = self.saving.lock().await;
        let (register, wishes) = {
            let mut state = self.state();
            let wishes = std::mem::take(&mut state.wishes_changed).then(|| state.wishes.clone());
            (state.register.clone(), wishes)
        };
        let (store, again) = (Arc::clone(&self.store), wishes.is_some());
        let saved = tokio::task::spawn_blocking(move || {
            if let Some(wishes) = wishes {
                store.set_document(Document::Wishes, &to_json(&wishes))?;
            }
            store.set_document(Document::Clock, &to_json(&register))
        });
        let saved = saved.await.map_err(anyhow::Error::from).and_then(|saved| Ok(saved?));
        if saved.is_err() {
            self.state().wishes_changed |= again;
        }
        saved
    }

    /// Looks for what should have gone before, were the clock proven and the drop always on.
    async fn look_for_overdue(
        &self,
        store: &dyn Store,
        standing: &[(ObjectId, DeleteAsked)],
    ) -> Result<(), StoreError> {
        let (latest, retention) = {
            let state = self.state();
            (state.latest_day(self.clock.read()), state.register.retention())
        };
        let expired = store.expiring(latest.plus(-OVERDUE), retention).await?;
        let wished: Vec<Day> = standing
            .iter()
            .map(|(_, wish)| wishes::overdue_from(wish))
            .filter(|day| *day <= latest)
            .collect();
        let since =
            expired.oldest.map(|oldest| oldest.plus(OVERDUE)).into_iter().chain(wished.iter().copied()).min();
        self.state().overdue = since.map(|since| Overdue {
            objects: expired.objects + wished.len() as u64,
            since,
            days: u32::try_from(latest.days_since(since).max(0)).unwrap_or(u32::MAX),
        });
        Ok(())
    }
}

/// A document, for people to read too.
fn to_json(document: &impl Serialize) -> Vec<u8> {
    // Strings and numbers: nothing that could fail to be written.
    serde_json::to_vec_pretty(document).unwrap_or_default()
}

/// How many objects have their last day by then.
async fn count(store: &dyn Store, through: Option<Day>, retention: Retention) -> Result<u64, StoreError> {
    match through {
        Some(through) => Ok(store.expiring(through, retention).await?.objects),
        None => Ok(0),
    }
}

impl State {
    /// Decides what is due now.
    fn plan(&self, now: Reading, standing: &[(ObjectId, DeleteAsked)]) -> Plan {
        let earned = self.register.earned();
        let is_due = |(id, wish): &&(ObjectId, DeleteAsked)| {
            self.wishes.is_due(*id, earned) && self.register.may_fulfil(wishes::overdue_from(wish))
        };
        let wished = standing.iter().filter(is_due).copied().collect();
        let due = Due { wished, retention: self.register.retention(), through: self.register.through() };
        Plan { today: self.today(now), due, steady: self.register.steady() }
    }

    /// The latest day that is known: that of what comes in now, or the one that coordinators signed.
    fn latest_day(&self, now: Reading) -> Day {
        self.register.witnessed().map_or(self.today(now), |day| day.max(self.today(now)))
    }
}
