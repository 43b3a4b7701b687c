//! The indexer: a thread that writes down what the ledger has in memory, while the writer goes on. Before that it looks
//! through what an earlier run left.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::ledger::Ledger;
use crate::ledger::index::Index;
use crate::{LedgerFault, Parts};

/// So many times as much as is worth being written down makes the writer wait: memory is bounded.
const TOO_MUCH: usize = 4;

/// The writer's end of the thread.
#[derive(Debug)]
pub(crate) struct Indexer {
    ledgers: Option<SyncSender<Arc<Ledger>>>,
    thread: Option<JoinHandle<()>>,
    /// Whether the thread was sent to learn.
    learning: bool,
}

impl Indexer {
    /// Starts the thread.
    pub(crate) fn start(parts: Arc<Parts>) -> io::Result<Self> {
        let (ledgers, waiting) = sync_channel::<Arc<Ledger>>(1);
        let thread = thread::Builder::new().name("store-indexer".into()).spawn(move || {
            let mut learnt = false;
            for ledger in waiting {
                let work = |index: &Index| {
                    // A ledger that takes the place of this one is made from nothing, and knows all of it.
                    if learnt { Ok(()) } else { index.learn() }?;
                    index.write_down()
                };
                // One that was replaced meanwhile is of no account.
                if let Err(fault) = ledger.ask(work)
                    && Arc::ptr_eq(&ledger, &parts.ledger())
                {
                    parts.fail("indexing", &fault.into());
                }
                learnt = true;
            }
        })?;
        Ok(Self { ledgers: Some(ledgers), thread: Some(thread), learning: false })
    }

    /// Has written down what is in memory, if it is much; waits where it has become too much.
    pub(crate) fn relieve(&mut self, ledger: &Arc<Ledger>) -> Result<(), LedgerFault> {
        let first = !std::mem::replace(&mut self.learning, true);
        ledger.ask(|index| {
            if index.is_full(TOO_MUCH) {
                return index.write_down_all();
            }
            if (first || index.is_full(1) && index.cut())
                && let Some(ledgers) = &self.ledgers
                && ledgers.send(Arc::clone(ledger)).is_err()
            {
                tracing::error!("the store's indexer has stopped");
            }
            Ok(())
        })
    }
}

impl Drop for Indexer {
    fn drop(&mut self) {
        self.ledgers = None;
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the store's indexer had panicked");
        }
    }
}
