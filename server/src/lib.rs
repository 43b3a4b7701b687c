//! The drop: takes in sealed reports, keeps them, hands them to the coordinators of its roster.
//!
//! Nothing that this crate links can open what it holds. Read from here: [`serve`] puts the pieces together,
//! [`routes`] has every address, [`auth`] says who asks, [`state`] is what all requests share, [`time`] what day it is and what that may delete.

pub mod admin;
pub mod auth;
pub mod body;
pub mod care;
pub mod commands;
pub mod config;
pub mod error;
pub mod folder;
pub mod listener;
pub mod routes;
pub mod serve;
pub mod state;
pub mod time;
