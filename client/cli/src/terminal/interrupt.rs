//! Ctrl-C, and a terminal that is closed: the program ends at once, the terminal echoes again, and nothing readable that
//! was not finished stays on the disk.

use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use kua_client::files::remove_unfinished;
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use tokio::signal::unix::{SignalKind, signal};

/// A flag: whether the screen is cleared when the program ends.
static CLEAR: AtomicBool = AtomicBool::new(false);

/// Lets the screen be cleared however the program ends from now on.
pub fn clear_screen_at_end() {
    CLEAR.store(true, Ordering::Relaxed);
}

/// Clears the screen, and what can be scrolled back to, if that is wanted and standard output is a terminal.
pub fn clear_screen_if_wanted() {
    if CLEAR.load(Ordering::Relaxed) && std::io::stdout().is_terminal() {
        print!("\x1b[H\x1b[2J\x1b[3J");
        let _ = std::io::stdout().flush();
    }
}

/// Watches for SIGINT, SIGTERM and SIGHUP from now on. To be called within the runtime.
pub fn watch() {
    let terminal = File::open("/dev/tty").ok();
    let modes = terminal.and_then(|terminal| tcgetattr(&terminal).ok().map(|modes| (terminal, modes)));
    for (kind, code) in
        [(SignalKind::interrupt(), 130), (SignalKind::terminate(), 143), (SignalKind::hangup(), 129)]
    {
        let modes =
            modes.as_ref().and_then(|(terminal, modes)| Some((terminal.try_clone().ok()?, modes.clone())));
        let Ok(mut signals) = signal(kind) else { continue };
        tokio::spawn(async move {
            signals.recv().await;
            if let Some((terminal, modes)) = modes {
                let _ = tcsetattr(&terminal, OptionalActions::Now, &modes);
            }
            end(code);
        });
    }
}

/// Ends the program with the exit code of one that SIGINT ended: for a Ctrl-C that was read as a key.
pub fn end_as_by_sigint() -> ! {
    end(130)
}

fn end(code: i32) -> ! {
    // Held to the end of the process.
    let _none_begins = remove_unfinished();
    eprintln!();
    clear_screen_if_wanted();
    std::process::exit(code)
}
