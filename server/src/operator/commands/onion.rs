//! `kua-server onion`.

use std::net::SocketAddr;
use std::path::Path;

use crate::config::{Config, Listen};

/// Prints what Tor has to be told so that an onion service leads to the drop: lines for `torrc` (tor(1), "HIDDEN SERVICE
/// OPTIONS").
pub fn onion(config: &Config, service: &Path) {
    print!("{}", lines(config, service));
}

fn lines(config: &Config, service: &Path) -> String {
    // Tor splits a line at spaces unless the value is quoted, and knows the escapes of C in it.
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let target = match &config.listen {
        Listen::Tcp(address) => reachable(address),
        Listen::Unix(path) => {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            format!("unix:{}", quoted(&whole.display().to_string()))
        }
    };
    let folder = service.display().to_string();
    let folder = if folder.contains([' ', '"', '\\', '#']) { quoted(&folder) } else { folder };
    format!(
        "\
# The drop as an onion service. Add these lines to torrc and restart Tor; then the address is
# in the file `hostname` of that folder, and the coordinators print the link with it:
#   kua roster show roster.json --host ADDRESS.onion
HiddenServiceDir {folder}
HiddenServicePort 80 {target}
"
    )
}

/// Whoever listens at every address is reached at the machine's own.
fn reachable(address: &str) -> String {
    match address.parse::<SocketAddr>() {
        Ok(SocketAddr::V4(all)) if all.ip().is_unspecified() => format!("127.0.0.1:{}", all.port()),
        Ok(SocketAddr::V6(all)) if all.ip().is_unspecified() => format!("[::1]:{}", all.port()),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(listen: &str, service: &str) -> Vec<String> {
        let config = Config { listen: listen.parse().unwrap(), ..Config::default() };
        let lines = lines(&config, Path::new(service));
        lines.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    }

    #[test]
    fn the_service_leads_to_where_the_drop_listens() {
        assert_eq!(
            said("127.0.0.1:7180", "/var/lib/tor/kua/"),
            ["HiddenServiceDir /var/lib/tor/kua/", "HiddenServicePort 80 127.0.0.1:7180"]
        );
        assert_eq!(said("0.0.0.0:7171", "/t")[1], "HiddenServicePort 80 127.0.0.1:7171");
        assert_eq!(said("[::]:7171", "/t")[1], "HiddenServicePort 80 [::1]:7171");
        assert_eq!(
            said("unix:/run/kua/the \"drop\".sock", "/srv/my tor"),
            [
                "HiddenServiceDir \"/srv/my tor\"",
                "HiddenServicePort 80 unix:\"/run/kua/the \\\"drop\\\".sock\""
            ]
        );
    }
}
