//! The case log from outside: what coordinators see of it whatever happens on the way.

mod convergence;
mod hostile;
mod rules;
mod team;
