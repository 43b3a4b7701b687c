//! With each export goes a list of digests that `sha256sum` checks, and nothing in it is for others' eyes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use kua_export::{Error, Export, Format};

use crate::stage::{Contents, Locale, export, made, nasty, record, told};

fn each(folder: &Path, look: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        look(&path);
        if path.is_dir() {
            each(&path, look);
        }
    }
}

#[test]
fn sha256sum_finds_every_file_right_and_only_its_owner_reads_them() {
    let sample = told(nasty(), &[("photo one.jpg", b"one"), ("қайғы.pdf", b"two")]);
    for format in Format::ALL {
        let exported = export(*format, made(), std::slice::from_ref(&sample));
        let check = Command::new("sha256sum")
            .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
            .current_dir(exported.path())
            .status()
            .unwrap();
        assert!(check.success(), "{format}");
        let (mut files, mut bytes) = (0, 0);
        each(exported.path(), &mut |path| {
            let metadata = fs::metadata(path).unwrap();
            let mode = metadata.permissions().mode() & 0o777;
            assert_eq!(mode, if metadata.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
            if metadata.is_file() && !path.ends_with("SHA256SUMS") {
                (files, bytes) = (files + 1, bytes + metadata.len());
            }
        });
        assert_eq!((exported.written.files, exported.written.bytes), (files, bytes), "{format}");
        assert_eq!(exported.text("SHA256SUMS").lines().count() as u64, files, "{format}");
    }
}

#[test]
fn attachments_that_are_not_what_the_report_says_are_refused() {
    for format in Format::ALL {
        for files in [vec![], vec![b"other".to_vec()], vec![b"photo and more".to_vec()]] {
            let sample = told(nasty(), &[("photo.jpg", b"photo")]);
            let folder = tempfile::tempdir().unwrap();
            let words = vec![Box::new(Locale::new("en")) as Box<_>];
            let mut export = Export::begin(*format, folder.path(), made(), words).unwrap();
            let error = export.add(&mut record(&sample, &mut Contents(&files))).unwrap_err();
            assert!(matches!(error, Error::Attachment { ref name, .. } if name == "photo.jpg"), "{error}");
        }
    }
}
