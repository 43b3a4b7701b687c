//! `kua-server init`.

use std::path::Path;

use kua_clock::Clock;

use crate::folder::Folder;

/// Makes a drop and says what to do next.
///
/// # Errors
///
/// When something is at the place already, or the disk refuses.
pub fn init(path: &Path) -> anyhow::Result<()> {
    let (folder, card) = Folder::create(path, Clock::system().today())?;
    println!(
        "A new drop is in {data}. Its id is {drop}.

Next:
 1. Copy {seed} to a place of your own, apart from this machine and from its
    backups: without it receipts cannot be signed any more. It opens no report.
 2. Give {card} to the coordinators. Offline, they make the roster with
      kua roster new --key ROOT.kua --drop drop-card.json --name NAME --card CARD… --out roster.json
 3. Install what they sign:
      kua-server roster install --data {data} roster.json
 4. Serve, behind Tor or HTTPS:
      kua-server serve --data {data}
Until there is a roster, every submission is answered with \"not open yet\".",
        data = path.display(),
        drop = card.drop,
        seed = folder.seed_file().display(),
        card = folder.card_file().display(),
    );
    Ok(())
}
