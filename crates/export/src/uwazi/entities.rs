//! One type of entity: ZIP archives with `import.csv` at their root and files beside it.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::folder::{self, Folder};
use crate::{Error, told};

/// Uwazi takes uploads of up to 50 MB. An archive is ended before its files come to more, unless a single report has more.
const VOLUME: u64 = 45_000_000;

/// The rows and files of one type of entity.
pub(super) struct Entities {
    name: &'static str,
    columns: Vec<String>,
    volume: Option<Volume>,
    volumes: u32,
}

/// One archive under way.
struct Volume {
    name: String,
    rows: csv::Writer<BufWriter<File>>,
    zip: ZipWriter<BufWriter<File>>,
    bytes: u64,
}

impl Entities {
    /// Entities of these columns, in archives whose names begin so.
    pub(super) fn new(name: &'static str, columns: Vec<String>) -> Self {
        Self { name, columns, volume: None, volumes: 0 }
    }

    /// Writes an entity, with which files of so many bytes will come.
    pub(super) fn add(&mut self, folder: &mut Folder, cells: &[String], files: u64) -> Result<(), Error> {
        let bytes = files + cells.iter().map(|cell| cell.len() as u64).sum::<u64>();
        if self.volume.as_ref().is_some_and(|volume| volume.bytes + bytes > VOLUME) {
            self.end(folder)?;
        }
        if self.volume.is_none() {
            self.volumes += 1;
            self.volume = Some(Volume::begin(self.name, self.volumes, &self.columns, folder)?);
        }
        let Some(volume) = &mut self.volume else { return Ok(()) };
        volume.bytes += bytes;
        volume.rows.write_record(cells).map_err(Error::write(folder.path(&volume.name)))
    }

    /// Writes a file of the entity that was added last.
    pub(super) fn attach(
        &mut self,
        folder: &Folder,
        name: &str,
        file: &told::File,
        content: &mut dyn Read,
    ) -> Result<(), Error> {
        let Some(volume) = &mut self.volume else { return Ok(()) };
        let path = folder.path(&volume.name);
        // Photos and films are as small as they get.
        let options = options(CompressionMethod::Stored).large_file(file.size >= u64::from(u32::MAX));
        volume.zip.start_file(name, options).map_err(Error::write(&path))?;
        folder::copy(file, content, &mut volume.zip, &path)
    }

    /// Ends the last archive. There is none when no entity was added.
    pub(super) fn end(&mut self, folder: &mut Folder) -> Result<(), Error> {
        let Some(volume) = self.volume.take() else { return Ok(()) };
        let path = folder.path(&volume.name);
        let name = volume.name.clone();
        volume.end().map_err(Error::write(&path))?;
        folder.keep(&name)
    }
}

impl Volume {
    fn begin(name: &str, number: u32, columns: &[String], folder: &Folder) -> Result<Self, Error> {
        let name = format!("{name}-{number:02}.zip");
        let zip = ZipWriter::new(BufWriter::new(folder.create(&name)?));
        let mut rows = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(BufWriter::new(folder.passing()?));
        rows.write_record(columns).map_err(Error::write(folder.path(&name)))?;
        Ok(Self { name, rows, zip, bytes: 0 })
    }

    fn end(mut self) -> io::Result<()> {
        self.rows.flush()?;
        let mut rows = self.rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        rows.rewind()?;
        let mut rows = rows.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.zip.start_file("import.csv", options(CompressionMethod::Deflated))?;
        io::copy(&mut rows, &mut self.zip)?;
        self.zip.finish()?.flush()
    }
}

/// Every file is of the first day that a ZIP can name, and its owner's alone.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method).unix_permissions(0o600)
}
