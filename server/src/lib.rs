//! The drop: takes in sealed reports, keeps them, hands them to the coordinators of its roster.
//!
//! Nothing that this crate links can open what it holds. Read from here: [`serve`] puts the pieces together,
//! [`routes`] has every address, [`intake`] takes in what is sent to them, [`http`] bounds what comes over a connection and says
//! who asks, [`state`] is what all requests share, [`time`] what day it is and what that may delete, [`operator`] what is asked
//! from the machine itself.

pub mod config;
pub mod error;
pub mod folder;
pub mod http;
mod intake;
pub mod operator;
pub mod routes;
pub mod serve;
pub mod state;
pub mod time;
