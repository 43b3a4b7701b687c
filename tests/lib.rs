//! What the acceptance tests, `cargo xtask demo` and `cargo xtask bench` share: sample reports, and the real binaries as processes.

pub mod processes;
pub mod samples;
