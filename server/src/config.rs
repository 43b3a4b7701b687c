//! `kua.toml`: what an operator may set.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use kua_protocol::limits::Limits;
use kua_store::Retention;
use serde::{Deserialize, Deserializer};

/// The configuration that `init` writes, with every default spelled out.
pub const TEMPLATE: &str = include_str!("kua.toml");

/// The configuration of a drop. An unknown key is an error, so that a typing error is not a default.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where submitters and coordinators reach the drop.
    pub listen: Listen,
    /// Where the operator's own tools reach it; none for `admin.sock` in the data folder.
    pub admin_listen: Option<Listen>,
    /// Mebibytes that are kept free on the disk.
    pub disk_reserve_mib: u64,
    /// Most connections at a time.
    pub max_connections: usize,
    /// Seconds within which a request's header has to arrive.
    pub header_seconds: u64,
    /// Seconds within which a request has to arrive whole.
    pub request_seconds: u64,
    /// Most objects of one mailbox.
    pub mailbox_objects: u64,
    /// Most mebibytes of one report, before sealing.
    pub report_mib: u64,
    /// Most unfinished uploads of one mailbox.
    pub mailbox_uploads: u64,
    /// Hours that an unfinished upload is kept.
    pub upload_hours: u64,
    /// Seconds within which some bytes of an upload have to arrive, again and again.
    pub progress_seconds: u64,
    /// How many bytes these are.
    pub progress_bytes: u64,
    /// Most files that the form without JavaScript takes a day; with 0 it is shut.
    pub form_files: u64,
    /// Most mebibytes of them together.
    pub form_mib: u64,
    /// Days that reports and replies are kept.
    pub retention_days: u32,
    /// Days by which each goes earlier or later, so that its end does not betray its beginning.
    pub retention_spread_days: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: Listen::Tcp("127.0.0.1:7171".to_owned()),
            admin_listen: None,
            disk_reserve_mib: 1024,
            max_connections: 512,
            header_seconds: 20,
            request_seconds: 600,
            mailbox_objects: 500,
            report_mib: 2048,
            mailbox_uploads: 4,
            upload_hours: 24,
            progress_seconds: 60,
            progress_bytes: 4096,
            form_files: 200,
            form_mib: 1024,
            retention_days: 180,
            retention_spread_days: 7,
        }
    }
}

/// What the form for sealed files takes, from all senders together.
#[derive(Debug, Clone, Copy)]
pub struct FormBounds {
    /// Most files of one UTC day.
    pub files: u64,
    /// Most bytes of one UTC day.
    pub bytes: u64,
    /// Bytes of the disk below which it is shut.
    pub free_bytes: u64,
}

impl Config {
    /// What the drop takes.
    pub fn limits(&self) -> Limits {
        let report = self.report_mib.saturating_mul(1 << 20);
        let defaults = Limits::default();
        Limits {
            report,
            whole_report: defaults.whole_report.min(report),
            mailbox_objects: self.mailbox_objects,
            open_uploads: self.mailbox_uploads,
            ..defaults
        }
    }

    /// What the form for sealed files takes. It ends before the disk's reserve does, which is there for those who prove
    /// who they are.
    pub fn form_bounds(&self) -> FormBounds {
        FormBounds {
            files: self.form_files,
            bytes: self.form_mib.saturating_mul(1 << 20),
            free_bytes: self.disk_reserve_mib.saturating_mul(2 << 20),
        }
    }

    /// Whether what is set about time can be meant.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to set instead.
    pub fn check(&self) -> Result<(), String> {
        let (days, spread) = (self.retention_days, self.retention_spread_days);
        if days == 0 || u64::from(days) < 2 * u64::from(spread) {
            let least = 2 * u64::from(spread).max(1);
            return Err(format!(
                "retention_days is {days}, and has to be at least twice retention_spread_days ({spread}): set {least} or more"
            ));
        }
        Ok(())
    }

    /// How long objects are kept.
    pub fn retention(&self) -> Retention {
        Retention { days: self.retention_days, spread: self.retention_spread_days }
    }
}

/// An address to listen at: `HOST:PORT` or `unix:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// A TCP address, resolved when it is bound.
    Tcp(String),
    /// A Unix domain socket.
    Unix(PathBuf),
}

/// Why a text is not an address to listen at.
#[derive(Debug, thiserror::Error)]
#[error("an address to listen at is HOST:PORT or unix:PATH, for example 127.0.0.1:7171, not {0:?}")]
pub struct ListenError(String);

impl FromStr for Listen {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Self, ListenError> {
        let host_and_port = |text: &str| {
            text.parse::<SocketAddr>().is_ok()
                || text
                    .rsplit_once(':')
                    .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        };
        match text.strip_prefix("unix:") {
            Some(path) if !path.is_empty() => Ok(Self::Unix(path.into())),
            None if host_and_port(text) => Ok(Self::Tcp(text.to_owned())),
            _ => Err(ListenError(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_the_default_and_names_every_key() {
        let template: Config = toml::from_str(TEMPLATE).unwrap();
        assert_eq!(format!("{template:?}"), format!("{:?}", Config::default()));
        for key in [
            "listen",
            "admin_listen",
            "disk_reserve_mib",
            "max_connections",
            "header_seconds",
            "request_seconds",
            "mailbox_objects",
            "retention_days",
            "retention_spread_days",
            "report_mib",
            "mailbox_uploads",
            "upload_hours",
            "progress_seconds",
            "progress_bytes",
            "form_files",
            "form_mib",
        ] {
            assert!(TEMPLATE.contains(&format!("{key} = ")), "{key}");
        }
    }

    #[test]
    fn a_retention_that_the_spread_would_eat_up_is_refused() {
        let check = |days: u32, spread: u32| {
            Config { retention_days: days, retention_spread_days: spread, ..Config::default() }.check()
        };
        assert_eq!(check(180, 7), Ok(()));
        assert_eq!(check(14, 7), Ok(()));
        assert_eq!(check(1, 0), Ok(()));
        for (days, spread) in [(13, 7), (0, 0), (5, u32::MAX)] {
            assert!(check(days, spread).unwrap_err().contains("retention_days is"), "{days} {spread}");
        }
    }

    #[test]
    fn a_typing_error_is_no_default() {
        assert!(toml::from_str::<Config>("lissten = \"127.0.0.1:1\"").is_err());
        assert!(toml::from_str::<Config>("listen = \"127.0.0.1\"").is_err());
        assert_eq!("unix:/run/k".parse::<Listen>().unwrap(), Listen::Unix("/run/k".into()));
        assert!("unix:".parse::<Listen>().is_err());
    }
}
