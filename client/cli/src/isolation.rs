//! Isolation of this process from others: what the system can do for the keys in its memory. Linux's own.

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// Switches core dumps off, and with them other programs of this user that would look into the memory.
pub fn switch_off_core_dumps() {
    // Where the system does not know the call there is nothing to switch off.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
