//! `kua-server backup`.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use http::Method;
use http_body_util::BodyExt as _;
use kua_store::Progress;

use crate::folder::Folder;
use crate::operator::admin::{DropStatus, ask};
use crate::operator::care;
use crate::operator::commands::roster;
use crate::serve::open_store;

/// Copies sealed objects and roster into a file, which appears whole or not at all.
///
/// # Errors
///
/// When the file is there already, the store cannot be read, or the disk refuses.
pub async fn backup(folder: &Folder, to: &Path) -> anyhow::Result<()> {
    folder.secret()?;
    if to.exists() {
        bail!("{} is there already: choose another name", to.display());
    }
    let place = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let permissions = fs::Permissions::from_mode(0o600);
    let new = tempfile::Builder::new().prefix(".kua-new-").permissions(permissions).tempfile_in(place);
    let mut file = new.with_context(|| format!("cannot write to {}", place.display()))?;
    if !while_serving(folder, &mut file).await? {
        let store = open_store(folder, &folder.config()?)?;
        let envelope = roster::installed(folder)?.map(|installed| installed.envelope.to_json());
        let mut writer = std::io::BufWriter::new(file.as_file().try_clone()?);
        let copied = tokio::task::spawn_blocking(move || {
            let bar = care::bar("Copying");
            let copied = store.backup(&envelope.unwrap_or_default(), &mut writer, &mut |progress| {
                care::show(&bar, progress);
            });
            bar.finish_and_clear();
            writer.flush()?;
            copied.map_err(anyhow::Error::from)
        });
        let copied = copied.await??;
        for fault in &copied.left_out {
            eprintln!("left out: {fault}");
        }
    }
    file.as_file().sync_all()?;
    let bytes = file.as_file().metadata()?.len();
    file.persist_noclobber(to).with_context(|| format!("cannot write {}", to.display()))?;
    fs::File::open(place)?.sync_all()?;
    println!("Copied {bytes} bytes to {}.", to.display());
    println!("The drop's seed is not in it: keep the copy of drop.seed apart.");
    Ok(())
}

/// Takes the copy from the serving process; false when none serves.
async fn while_serving(folder: &Folder, file: &mut tempfile::NamedTempFile) -> anyhow::Result<bool> {
    let socket = folder.admin_socket();
    let Some(status) = ask::whole(&socket, Method::GET, "/status", Vec::new()).await? else {
        return Ok(false);
    };
    let status: DropStatus = serde_json::from_slice(&status)?;
    let Some(mut body) = ask::stream(&socket, Method::GET, "/backup", Vec::new()).await? else {
        return Ok(false);
    };
    let bar = care::bar("Copying");
    let mut done = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.context("the serving drop ended in the middle of it; its log says why")?;
        if let Ok(part) = frame.into_data() {
            file.write_all(&part)?;
            done += part.len() as u64;
            care::show(&bar, Progress { done, total: status.bytes.max(done) });
        }
    }
    bar.finish_and_clear();
    Ok(true)
}
