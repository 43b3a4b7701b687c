//! A report as a folder of readable files, durable and whole or not there.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use kua_report::{ArchiveReader, Report};
use kua_sealing::Opened;

use crate::error::Error;
use crate::{files, sealed};

/// Writes report.json and the attachments into a new folder, which appears when all of it was verified.
pub(super) fn write(
    mut archive: ArchiveReader<Opened<&File>>,
    what: &str,
    out: &Path,
) -> Result<(Report, Vec<u8>), Error> {
    let json = archive.report_json().to_vec();
    let names: Vec<String> =
        archive.report().attachments().iter().map(|file| file.name.to_string()).collect();
    let report = files::fill_folder(out, |staged| {
        write_file(&staged.join("report.json"), &mut json.as_slice())?;
        let folder = staged.join("attachments");
        if !names.is_empty() {
            DirBuilder::new().mode(0o700).create(&folder).map_err(Error::file(&folder))?;
        }
        for name in names {
            let attachment = archive.next_attachment().map_err(|error| sealed::damage(what, error))?;
            if let Some(mut attachment) = attachment {
                write_file(&folder.join(name), &mut attachment)
                    .map_err(|error| told_by_the_seal(what, error))?;
            }
        }
        archive.finish().map_err(|error| sealed::damage(what, error))
    })?;
    Ok((report, json))
}

/// Writes one new file, which is durable when this returns.
fn write_file(path: &Path, content: &mut impl io::Read) -> Result<(), Error> {
    let mut write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        io::copy(content, &mut file)?;
        file.sync_all()
    };
    write().map_err(Error::file(path))
}

/// A copy that failed since the seal is broken says so, and not that a file could not be written.
fn told_by_the_seal(what: &str, error: Error) -> Error {
    match error {
        Error::File { error, .. } if error.kind() == io::ErrorKind::InvalidData => {
            sealed::damage(what, kua_report::Error::Io(error))
        }
        other => other,
    }
}
