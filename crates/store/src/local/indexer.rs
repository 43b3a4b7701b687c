//! The indexer: a thread that writes down what the ledger has in memory, while the writer goes on.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::ledger::Ledger;
use super::{LedgerFault, Parts};

/// So many times as much as is worth being written down makes the writer wait: memory is bounded.
const TOO_MUCH: usize = 4;

/// The writer's end of the thread.
#[derive(Debug)]
pub(super) struct Indexer {
    ledgers: Option<SyncSender<Arc<Ledger>>>,
    thread: Option<JoinHandle<()>>,
}

impl Indexer {
    /// Starts the thread.
    pub(super) fn start(parts: Arc<Parts>) -> io::Result<Self> {
        let (ledgers, waiting) = sync_channel::<Arc<Ledger>>(1);
        let thread = thread::Builder::new().name("store-indexer".into()).spawn(move || {
            for ledger in waiting {
                // One that was replaced meanwhile is of no account.
                if let Err(fault) = ledger.ask(super::index::Index::write_down)
                    && Arc::ptr_eq(&ledger, &parts.ledger())
                {
                    parts.fail("indexing", &fault.into());
                }
            }
        })?;
        Ok(Self { ledgers: Some(ledgers), thread: Some(thread) })
    }

    /// Has written down what is in memory, if it is much; waits where it has become too much.
    pub(super) fn relieve(&self, ledger: &Arc<Ledger>) -> Result<(), LedgerFault> {
        ledger.ask(|index| {
            if index.is_full(TOO_MUCH) {
                return index.write_down_all();
            }
            if index.is_full(1)
                && index.cut()
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
