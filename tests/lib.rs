//! What the acceptance tests and `cargo xtask demo` share.

pub mod samples;
