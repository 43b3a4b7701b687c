//! A small report with attachments, and ways to write and read it.

use std::io::{self, Cursor, Read};

use kua_protocol::id::{DropId, ReportNumber};
use kua_report::{Archive, ArchiveReader, Attachment, Draft, Error, Metadata, Reply, Report, Routing};
use serde_json::json;

pub(crate) fn recipient() -> String {
    format!("age1pq1{}", "q".repeat(1952))
}

pub(crate) fn draft() -> serde_json::Value {
    json!({
        "format": "kua-report/1",
        "title": "Office searched without a warrant",
        "description": "Пятеро в штатском вошли ночью.",
        "occurred": {"from": "2010-10-05", "precision": "day", "part_of_day": "night"},
        "place": {"name": "Almaty", "country": "KZ", "lat": 43.238, "lon": 76.945},
        "acts": ["privacy"],
        "severity": "high"
    })
}

pub(crate) fn routing() -> Routing {
    let key = kua_report::Base64Url::new([7; 32]);
    Routing {
        number: ReportNumber::from_bytes([1; 16]),
        drop: DropId::from_bytes([2; 16]),
        to: vec![key],
        reply: Reply::new(recipient().try_into().unwrap(), key),
        thread: None,
    }
}

/// A report with these files, each given as name and content.
pub(crate) fn report(files: &[(&str, &[u8])]) -> Report {
    let attachments = files
        .iter()
        .map(|(name, content)| {
            Attachment::measure(name.parse().unwrap(), "image/jpeg", Metadata::NotChecked, *content).unwrap()
        })
        .collect();
    Report::new(Draft::from_value(draft()).unwrap(), routing(), attachments).unwrap()
}

/// The archive's bytes.
pub(crate) fn write(report: &Report, files: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    let archive = Archive::new(report).unwrap();
    let mut bytes = Vec::new();
    archive.source(|index, _| Ok(Cursor::new(files[index].1.to_vec()))).read_to_end(&mut bytes)?;
    assert_eq!(bytes.len() as u64, archive.total_len());
    Ok(bytes)
}

/// Attachments by name and content.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Everything that an archive holds: the report, and each attachment by name.
pub(crate) fn read(bytes: &[u8]) -> Result<(Report, Files), Error> {
    let mut reader = ArchiveReader::new(bytes)?;
    let names: Vec<String> = reader.report().attachments().iter().map(|file| file.name.to_string()).collect();
    let mut files = Vec::new();
    while let Some(mut file) = reader.next_attachment()? {
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        files.push((names[files.len()].clone(), content));
    }
    Ok((reader.finish()?, files))
}
