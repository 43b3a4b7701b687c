//! The case log from outside: what coordinators see of it whatever happens on the way.

#![allow(clippy::unwrap_used, reason = "clippy's own exemption for tests stops at their functions")]

mod convergence;
mod hostile;
mod rules;
mod team;
